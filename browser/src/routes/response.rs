//! The responses that several routes have in common.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_protected::RefusalKind;
use serde_json::json;

use super::page;
use crate::backend::Inner;
use crate::sign_in::SignInError;
use crate::telemetry;

/// Keeps a response out of all caches.
pub(super) fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Returns the response to a request whose session cannot be read or ended now, with the members and
/// the `Retry-After` of a refusal by a guard.
pub(super) fn unavailable() -> Response {
    let kind = RefusalKind::SessionUnavailable;
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let problem = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "code": kind.code(),
        "detail": kind.description(),
    });
    let headers = [(CONTENT_TYPE, "application/problem+json"), (RETRY_AFTER, "5")];
    (status, headers, problem.to_string()).into_response()
}

/// Records the failure of a sign-in, and returns its page. A failure that only the operator can end
/// has the status of an error of the server.
pub(super) fn sign_in_failure(inner: &Inner, error: &SignInError) -> Response {
    let (code, reason) = (error.kind.code(), &*error.text);
    if error.kind.status().is_server_error() {
        telemetry::sign_in_failed(code, reason);
    } else {
        telemetry::sign_in_refused(code, reason);
    }
    page::failure(error, &inner.addresses.paths.login)
}
