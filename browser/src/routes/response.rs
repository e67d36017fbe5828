//! The responses that several routes have in common.

use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::Response;

use super::page;
use crate::backend::Inner;
use crate::sign_in::SignInError;
use crate::telemetry;

/// Keeps a response out of all caches.
pub(super) fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
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
