//! The responses that several routes have in common.

use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Keeps a response out of all caches.
pub(super) fn private(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Returns the response to a request whose session cannot be read or ended now.
pub(super) fn unavailable() -> Response {
    let body = json!({
        "error": "session_unavailable",
        "error_description": "the session cannot be reached now; try again later",
    });
    (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
}
