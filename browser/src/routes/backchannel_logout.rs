//! The route `/backchannel-logout`, at which the provider says that a session has ended (OpenID
//! Connect Back-Channel Logout 1.0 section 2.5).

mod request;

use std::time::{Duration, SystemTime};

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_protected::__browser::LogoutToken;
use axum_protected::revocation::Revocation;
use serde_json::json;
use tokio::time::{Instant, sleep, timeout};

use self::request::token_of;
use super::response::no_store;
use crate::backend::{BrowserBackend, Inner};
use crate::store::StoreError;
use crate::telemetry;

/// The longest time until the answer. Providers wait only for a few seconds, and do not try again. The
/// work goes on after the answer.
const PATIENCE: Duration = Duration::from_millis(900);

/// The time for which the store is asked again to end sessions, also after the answer.
const ENDURANCE: Duration = Duration::from_secs(60);

/// The first pause before the store is asked again. Each further pause is twice as long.
const END_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// The reason why no session was ended.
struct Failure {
    error: &'static str,
    description: String,
}

/// Ends the sessions that a logout token names. The request comes from the provider, not from a
/// browser, and the signature of the token is its only credential.
///
/// The answer waits for no refresh. A refresh that runs meanwhile finds that its session has ended,
/// and drops its tokens. All failures have the status 400 (section 2.8), so that the provider logs
/// them.
pub(super) async fn backchannel_logout(backend: BrowserBackend, request: Request) -> Response {
    let failure = match timeout(PATIENCE, end(backend, request)).await {
        Ok(Ok(())) => {
            telemetry::backchannel_logout();
            return no_store(StatusCode::OK.into_response());
        }
        Ok(Err(failure)) => failure,
        Err(_) => Failure::unavailable("the logout takes too long"),
    };
    telemetry::backchannel_logout_failed(&failure.description);
    no_store(failure.into_response())
}

async fn end(backend: BrowserBackend, request: Request) -> Result<(), Failure> {
    // The body belongs to this request: a body that never ends must not outlive the answer.
    let text = token_of(request).await.map_err(Failure::invalid)?;
    // A task of its own, because the provider may stop waiting.
    let task = tokio::spawn(async move { end_sessions(backend.inner(), &text).await });
    task.await.unwrap_or_else(|_| Err(Failure::unavailable("the logout was interrupted")))
}

async fn end_sessions(inner: &Inner, text: &str) -> Result<(), Failure> {
    let verified = inner.provider.verify_logout_token(text, &inner.client.id).await;
    let token = verified.map_err(|error| {
        if error.is_unavailable() {
            Failure::unavailable("the keys of the provider are not available")
        } else {
            Failure::invalid(error.to_string())
        }
    })?;
    let now = inner.provider.now();
    revoke_access_tokens(inner, &token, now).await;
    let begin = Instant::now();
    let mut pause = END_AGAIN_AFTER;
    loop {
        let Err(error) = end_named(inner, &token, now).await else { return Ok(()) };
        telemetry::session_not_ended(&error);
        if begin.elapsed() > ENDURANCE {
            return Err(Failure::unavailable("the sessions cannot be reached"));
        }
        sleep(pause).await;
        pause = pause.saturating_mul(2);
    }
}

/// Ends the sessions that a logout token names.
async fn end_named(inner: &Inner, token: &LogoutToken, now: SystemTime) -> Result<(), StoreError> {
    match (&token.session, &token.subject) {
        (Some(session), _) => inner.sessions.end_provider_session(session, now).await,
        (None, Some(subject)) => inner.sessions.end_subject(subject, now).await,
        (None, None) => Ok(()),
    }
}

/// Revokes the access tokens that the provider has issued for these sessions, for the longest time
/// for which a session may last. The provider does not use the identifier of a session again.
async fn revoke_access_tokens(inner: &Inner, token: &LogoutToken, now: SystemTime) {
    let issuer = inner.provider.issuer();
    let revocation = match (&token.session, &token.subject) {
        (Some(session), _) => Revocation::session(issuer, session),
        (None, Some(subject)) => Revocation::subject(issuer, subject, token.issued_at),
        (None, None) => return,
    };
    let Some(until) = now.checked_add(inner.session_limit) else { return };
    if let Err(error) = inner.server.revocations().revoke(revocation, until).await {
        telemetry::access_token_not_revoked(&error);
    }
}

impl Failure {
    fn invalid(description: impl Into<String>) -> Self {
        Self { error: "invalid_request", description: description.into() }
    }

    fn unavailable(description: impl Into<String>) -> Self {
        Self { error: "temporarily_unavailable", description: description.into() }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.error, "error_description": self.description });
        (StatusCode::BAD_REQUEST, Json(body)).into_response()
    }
}
