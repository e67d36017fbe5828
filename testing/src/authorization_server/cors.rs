//! Cross-origin access to the authorization server.

use axum::http::Method;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::possession::{DPOP, DPOP_NONCE};
use super::registered_clients::Registration;

/// Returns a layer that allows the origins of the registered redirect URIs, because clients send
/// their requests from these origins. The layer does not allow credentials, because the server sets
/// no cookies.
pub(super) fn cors(registration: &Registration) -> CorsLayer {
    let origins = registration.origins().filter_map(|origin| HeaderValue::try_from(origin).ok());
    let dpop = HeaderName::from_static(DPOP);
    // Swagger UI sends the header `x-requested-with` with its token requests.
    let requested_with = HeaderName::from_static("x-requested-with");
    // Clients of the Model Context Protocol send this header, also with requests for metadata.
    let protocol_version = HeaderName::from_static("mcp-protocol-version");
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE, dpop, requested_with, protocol_version])
        .expose_headers([HeaderName::from_static(DPOP_NONCE), WWW_AUTHENTICATE])
}
