//! The headers that a CORS layer must know, so that scripts on other origins can call an API.

use http::HeaderName;
use http::header::{AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE};

use super::Refusal;
use crate::dpop::DPOP;

/// The header with the nonce for the next proof (RFC 9449 section 8.1).
pub(super) const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

impl Refusal {
    /// The response headers of refusals that a script on another origin can read only if the CORS
    /// layer exposes them: `WWW-Authenticate`, `Retry-After` and `DPoP-Nonce`. Pass them to
    /// `tower_http::cors::CorsLayer::expose_headers`.
    pub const CORS_EXPOSE_HEADERS: [HeaderName; 3] = [WWW_AUTHENTICATE, RETRY_AFTER, DPOP_NONCE];

    /// The request headers that a script on another origin may send only if the CORS layer allows
    /// them: `Authorization`, and `DPoP` with the proof for a token that is bound to a key. Pass them
    /// to `tower_http::cors::CorsLayer::allow_headers`, together with the other headers of the
    /// application.
    pub const CORS_ALLOW_HEADERS: [HeaderName; 2] = [AUTHORIZATION, DPOP];
}
