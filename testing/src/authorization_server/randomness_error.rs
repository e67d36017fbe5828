//! The response of an endpoint without randomness.

use std::io;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// The error for an operating system that returns no randomness.
pub(super) struct RandomnessError;

impl From<io::Error> for RandomnessError {
    fn from(_: io::Error) -> Self {
        Self
    }
}

impl IntoResponse for RandomnessError {
    fn into_response(self) -> Response {
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}
