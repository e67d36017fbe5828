//! The page of the application, in three files without a build step.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{Html, IntoResponse, Response};
use axum_protected::public;

use super::document::HEADERS;

#[public(reason = "the document contains no notes")]
pub(super) async fn document() -> Response {
    (HEADERS, Html(include_str!("page/index.html"))).into_response()
}

#[public(reason = "the script of the page")]
pub(super) async fn script() -> Response {
    file("text/javascript; charset=utf-8", include_str!("page/notes.js"))
}

#[public(reason = "the style of the pages")]
pub(super) async fn style() -> Response {
    file("text/css; charset=utf-8", include_str!("page/notes.css"))
}

fn file(content_type: &'static str, text: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, "no-cache"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text).into_response()
}
