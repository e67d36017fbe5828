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
use crate::server::{LogoutError, ResourceServer, UNKNOWN_SENDER};

/// The longest time until the answer. Issuers wait only for a few seconds. The work goes on after the
/// answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Revokes the access tokens of the session or of the user that a logout token names. The signature
/// of the token is the only credential of the request. All failures have the status 400 (section
/// 2.8).
pub(super) async fn receive(server: ResourceServer, request: Request) -> Response {
    let received = match timeout(PATIENCE, receive_logout(&server, request)).await {
        Ok(received) => received,
        // The server records the logout when it has been judged.
        Err(_) => Err(LogoutError::Unavailable("the logout takes too long".to_owned())),
    };
    match received {
        Ok(()) => response(StatusCode::OK, None),
        Err(error) => refuse(&error),
    }
}

async fn receive_logout(server: &ResourceServer, request: Request) -> Result<(), LogoutError> {
    let invalid = |text: &str| unread(server, LogoutError::Invalid(text.to_owned()));
    let (head, body) = request.into_parts();
    if !is_form(&head.headers) {
        return Err(invalid("the request is not `application/x-www-form-urlencoded`"));
    }
    let body = to_bytes(body, BODY_LIMIT).await;
    let body = body.map_err(|_| invalid("the body is incomplete or longer than 64 KiB"))?;
    let text = logout_token(&body).map_err(invalid)?;
    // A task of its own, because the issuer may stop waiting.
    let receiver = server.clone();
    let task = tokio::spawn(async move { receiver.receive_logout(&text).await });
    let interrupted = || LogoutError::Unavailable("the logout was interrupted".to_owned());
    task.await.unwrap_or_else(|_| Err(unread(server, interrupted())))
}

/// Records the error of a request whose token was not read or judged, and returns it. The server
/// records the others.
fn unread(server: &ResourceServer, error: LogoutError) -> LogoutError {
    server.record_refused_logout(UNKNOWN_SENDER, &error);
    error
}

fn refuse(error: &LogoutError) -> Response {
    let (code, description) = match error {
        LogoutError::Invalid(rule) => ("invalid_request", rule.as_str()),
        // The cause is about the parts of this API, such as its log, and not for the sender.
        LogoutError::Unavailable(_) => {
            ("temporarily_unavailable", "the logout cannot be processed now")
        }
    };
    let body = json!({ "error": code, "error_description": description });
    response(StatusCode::BAD_REQUEST, Some(&body))
}
