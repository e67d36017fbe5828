//! The response of a refusal: its status, its headers and its problem document.

use std::time::Duration;

use axum_core::body::Body;
use axum_core::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

use super::challenges::Challenges;
use super::cors::DPOP_NONCE;
use super::response_cache::Text;
use crate::error::TokenError;

/// Sets the status and the headers of a refusal on `response`, which may be a response of the
/// application's [`RefusalBody`](super::RefusalBody).
pub(super) fn complete(
    mut response: Response,
    status: StatusCode,
    error: &TokenError,
    challenges: Challenges,
) -> Response {
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.remove(WWW_AUTHENTICATE);
    headers.remove(RETRY_AFTER);
    if let Some(wait) = error.retry_after() {
        headers.insert(RETRY_AFTER, whole_seconds(wait).into());
    }
    for line in challenges.into_lines() {
        headers.append(WWW_AUTHENTICATE, line);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Sets the only `DPoP-Nonce` of the response (RFC 9449 section 8.1), or removes the one that the
/// application's [`RefusalBody`](super::RefusalBody) has set.
pub(super) fn with_nonce(mut response: Response, nonce: Option<HeaderValue>) -> Response {
    let headers = response.headers_mut();
    match nonce {
        Some(nonce) => headers.insert(DPOP_NONCE, nonce),
        None => headers.remove(DPOP_NONCE),
    };
    response
}

/// Returns the problem document of a refusal.
pub(super) fn problem(text: &Text) -> Response {
    let mut response = Response::new(Body::from(text.problem.clone()));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// Converts a duration to seconds for `Retry-After`. Rounds up, so that a client does not retry too
/// early.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)).max(1)
}
