//! Which pages of other origins may call the server.

use axum::http::Method;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::registration::Registration;

/// Those at the origins of redirect URIs: the clients themselves. Without cookies, of which the
/// server has none.
pub(super) fn cors(registration: &Registration) -> CorsLayer {
    let origins = registration.origins().filter_map(|origin| HeaderValue::try_from(origin).ok());
    // Swagger UI sends it with its token requests.
    let requested_with = HeaderName::from_static("x-requested-with");
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE, requested_with])
}
