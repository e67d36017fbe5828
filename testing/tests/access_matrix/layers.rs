//! Layers that change requests or responses.

use axum::Router;
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderName, StatusCode};
use axum::middleware::{from_fn, map_request, map_response};
use axum::response::{IntoResponse, Response};

/// Adds a layer that changes each refusal in place.
pub(crate) fn changing_refusals(app: Router, change: fn(&mut Response)) -> Router {
    app.layer(map_response(move |mut response: Response| async move {
        if matches!(response.status().as_u16(), 401 | 403) {
            change(&mut response);
        }
        response
    }))
}

/// Adds a layer that replaces each response by a new one with the same status, headers and body.
pub(crate) fn rebuilding(app: Router) -> Router {
    app.layer(map_response(|response: Response| async move {
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, body).into_response()
    }))
}

/// Adds a layer that answers every request.
pub(crate) fn answering(app: Router, answer: fn() -> Response) -> Router {
    app.layer(from_fn(move |_: Request, _: axum::middleware::Next| async move { answer() }))
}

/// Adds a layer that moves a token from another place to `Authorization: Bearer x`, and removes any
/// other credential.
pub(crate) fn reading_tokens_from(app: Router, header: HeaderName, scheme: &'static str) -> Router {
    app.layer(map_request(move |mut request: Request| {
        let value = request.headers_mut().remove(&header);
        request.headers_mut().remove(AUTHORIZATION);
        let value = value.as_ref().and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.strip_prefix(scheme)).map(str::to_owned);
        if let Some(token) = token {
            let value = format!("Bearer {token}").parse().unwrap();
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        async move { request }
    }))
}

/// Returns a response that imitates a refusal.
pub(crate) fn imitation(status: StatusCode, error: &'static str) -> Response {
    let challenge = format!("Bearer realm=\"api\", error=\"{error}\"");
    let body = format!("{{\"status\":{},\"code\":\"{error}\"}}", status.as_u16());
    (status, [(WWW_AUTHENTICATE, challenge)], body).into_response()
}
