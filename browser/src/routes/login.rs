//! The route `/login`, which starts a sign-in.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::backend::BrowserBackend;

pub(super) async fn login(_backend: BrowserBackend, _request: Request) -> Response {
    StatusCode::NOT_IMPLEMENTED.into_response()
}
