//! Hidden items that the crate `axum-protected-browser` uses. Applications must not use these items.

use http::request::Parts;

use crate::error::{Fault, TokenError};
use crate::policy::Requirement;
use crate::refusal::Refusal;
use crate::server::ResourceServer;

pub use crate::credential::{
    RequestCookie, SessionError, SessionFuture, SessionSource, SessionToken, cookies,
};
pub use crate::openid::{
    BODY_LIMIT as LOGOUT_BODY_LIMIT, ClientAuthentication, IdToken, IdTokenExpectation,
    LogoutToken, Occasion, OpenIdError, ProviderError, ProviderMetadata, is_form as is_logout_form,
    logout_token,
};
pub use crate::server::provider::Provider;

/// Sets the name of the cookie that names a session, so that the server accepts [`SessionToken`] and
/// its documents describe the cookie. Returns false if another backend has set it.
#[must_use]
pub fn set_session_cookie(server: &ResourceServer, name: &str) -> bool {
    server.set_session_cookie(name)
}

/// Returns true if the server refuses credentials that came without TLS.
#[must_use]
pub fn requires_https(server: &ResourceServer) -> bool {
    server.configuration().require_https
}

/// Returns the refusal of a request whose session cannot be read or ended at present, with the code
/// `session_unavailable`.
#[must_use]
pub fn session_unavailable(server: &ResourceServer, parts: &Parts) -> Refusal {
    let error = TokenError::session_unavailable(Fault::SessionNotAvailable);
    server.refusals().refuse(error, &Requirement::All(&[]), parts)
}

/// Checks that a page of the server's origin caused a request with a cookie.
///
/// # Errors
///
/// Returns the refusal with the code `cross_site_request`.
pub fn check_origin(server: &ResourceServer, parts: &Parts) -> Result<(), Refusal> {
    server
        .check_origin(parts)
        .map_err(|error| server.refusals().refuse(error, &Requirement::All(&[]), parts))
}
