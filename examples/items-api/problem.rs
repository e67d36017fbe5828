//! Problem documents (RFC 9457) of this API. Those of refused tokens come from the guards.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    #[serde(skip)]
    status: StatusCode,
    title: &'static str,
    code: &'static str,
    detail: String,
    /// The time after which the client may repeat the request.
    #[serde(skip)]
    retry_seconds: Option<u64>,
}

impl Problem {
    /// Creates a problem. `detail` contains no value of the request.
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: String) -> Self {
        let title = status.canonical_reason().unwrap_or_default();
        Self { status, title, code, detail, retry_seconds: None }
    }

    /// Tells the client to repeat the request after this time.
    pub(crate) fn retry_after(self, seconds: u64) -> Self {
        Self { retry_seconds: Some(seconds), ..self }
    }

    /// Returns the problem with the body of a request.
    pub(crate) fn of_body(rejection: &JsonRejection) -> Self {
        let code = match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => "body_too_large",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "body_not_json",
            _ => "invalid_body",
        };
        Self::new(rejection.status(), code, rejection.body_text())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let retry = self.retry_seconds.map(|seconds| [(RETRY_AFTER, seconds.to_string())]);
        let content_type = [(CONTENT_TYPE, "application/problem+json")];
        (self.status, content_type, retry, Json(self)).into_response()
    }
}
