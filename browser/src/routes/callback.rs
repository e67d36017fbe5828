//! The route `/callback`, to which the provider sends the browser back.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::backend::BrowserBackend;

pub(super) async fn callback(_backend: BrowserBackend, _request: Request) -> Response {
    StatusCode::NOT_IMPLEMENTED.into_response()
}
