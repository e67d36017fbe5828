//! The responses of both routes.

use axum_core::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use serde_json::Value;

/// Returns a response that no cache stores, with JSON if there is a body.
pub(super) fn response(status: StatusCode, body: Option<&Value>) -> Response {
    let mut response = match body {
        None => status.into_response(),
        Some(body) => {
            let json = (CONTENT_TYPE, HeaderValue::from_static("application/json"));
            (status, [json], body.to_string()).into_response()
        }
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
