//! The route `/backchannel-logout` (OpenID Connect Back-Channel Logout 1.0 sections 2.5 to 2.8).

use std::time::Duration;

use axum::body::to_bytes;
use axum_core::extract::Request;
use axum_core::response::Response;
use http::StatusCode;
use serde_json::json;
use tokio::time::timeout;

use super::response::response;
use crate::openid::{BODY_LIMIT, is_form, logout_token};
use crate::security_event::Receipt;
use crate::server::{LogoutError, ResourceServer};
use crate::telemetry::{self, EventOutcome};

/// The longest time until the answer. Issuers wait only for a few seconds. The work goes on after the
/// answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Revokes the access tokens of the session or of the user that a logout token names. The signature
/// of the token is the only credential of the request. All failures have the status 400 (section
/// 2.8).
pub(super) async fn receive(server: ResourceServer, request: Request) -> Response {
    let received = match timeout(PATIENCE, receive_logout(server.clone(), request)).await {
        Ok(received) => received,
        Err(_) => Err(LogoutError::Unavailable("the logout takes too long".to_owned())),
    };
    match received {
        Ok(receipt) => {
            let is_repeated = receipt == Receipt::Repeated;
            telemetry::backchannel_logout(if is_repeated {
                EventOutcome::Repeated
            } else {
                EventOutcome::Revoked
            });
            response(StatusCode::OK, None)
        }
        Err(error) => refuse(&server, &error),
    }
}

async fn receive_logout(server: ResourceServer, request: Request) -> Result<Receipt, LogoutError> {
    let invalid = |text: &str| LogoutError::Invalid(text.to_owned());
    let (head, body) = request.into_parts();
    if !is_form(&head.headers) {
        return Err(invalid("the request is not `application/x-www-form-urlencoded`"));
    }
    let body = to_bytes(body, BODY_LIMIT).await;
    let body = body.map_err(|_| invalid("the body is incomplete or longer than 64 KiB"))?;
    let text = logout_token(&body).map_err(invalid)?;
    // A task of its own, because the issuer may stop waiting.
    let task = tokio::spawn(async move { server.receive_logout(&text).await });
    task.await
        .unwrap_or_else(|_| Err(LogoutError::Unavailable("the logout was interrupted".to_owned())))
}

fn refuse(server: &ResourceServer, error: &LogoutError) -> Response {
    let (code, outcome, reason, description) = match error {
        LogoutError::Invalid(rule) => ("invalid_request", EventOutcome::Refused, rule, &**rule),
        // The cause is about the parts of this API, such as its log, and not for the sender.
        LogoutError::Unavailable(cause) => (
            "temporarily_unavailable",
            EventOutcome::Unavailable,
            cause,
            "the logout cannot be processed now",
        ),
    };
    server.record_refused_logout(outcome, reason);
    let body = json!({ "error": code, "error_description": description });
    response(StatusCode::BAD_REQUEST, Some(&body))
}
