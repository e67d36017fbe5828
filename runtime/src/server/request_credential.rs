//! Extracts the credential of a request, together with the rules for the request that presents it.

use http::HeaderMap;
use http::request::Parts;

use super::ResourceServer;
use crate::credential::{
    Credential, Presentation, credential_or_dpop, credential_or_subprotocol, load_session,
};
use crate::error::Fault;
#[cfg(feature = "__browser")]
use crate::error::TokenError;

impl ResourceServer {
    /// Extracts the credential of a request. The caller must validate the credential. Returns an
    /// error if the configuration requires TLS and the credential did not come over TLS, and if a
    /// page of another origin may have caused a request with a cookie.
    pub(crate) fn credential<'a>(&self, parts: &'a Parts) -> Result<Credential<'a>, Fault> {
        let inner = self.inner();
        let mut token = self.token_in(&parts.headers);
        if inner.websocket_protocol_token {
            token = credential_or_subprotocol(parts, token);
        }
        let in_header = self.one_credential(&parts.headers, token);
        if self.takes_cookies() {
            return self.credential_or_cookie(parts, in_header);
        }
        let credential = in_header?;
        self.check_transport(parts)?;
        Ok(credential)
    }

    /// Returns the token in the headers of a request: in the configured header, or with the scheme
    /// `DPoP`.
    #[inline]
    pub(super) fn token_in<'a>(&self, headers: &'a HeaderMap) -> Result<Credential<'a>, Fault> {
        let inner = self.inner();
        let token = inner.token_location.credential(headers);
        if inner.dpop.is_some() { credential_or_dpop(headers, token) } else { token }
    }

    /// Returns true if the server also takes credentials from cookies.
    #[inline]
    pub(crate) fn takes_cookies(&self) -> bool {
        self.inner().ambient.is_configured()
    }

    #[inline]
    fn check_transport(&self, parts: &Parts) -> Result<(), Fault> {
        self.inner().secure_transport.as_ref().map_or(Ok(()), |rule| rule.check(parts))
    }

    /// Returns the credential of a request to a server that also takes credentials from cookies.
    /// The function is not inlined, so that the code for other servers stays small.
    #[inline(never)]
    fn credential_or_cookie<'a>(
        &self,
        parts: &'a Parts,
        in_header: Result<Credential<'a>, Fault>,
    ) -> Result<Credential<'a>, Fault> {
        let ambient = &self.inner().ambient;
        let credential = ambient.credential(parts, in_header);
        let presentation = match credential {
            Ok(credential) => credential.presentation,
            Err(fault) if fault.is_of_session() => Presentation::Session,
            Err(fault) => return Err(fault),
        };
        self.check_transport(parts)?;
        if presentation.is_ambient() {
            // Also the response to a refused or anonymous request depends on the cookie.
            ambient.require_privacy(parts);
            ambient.check_origin(parts, self.is_page(parts))?;
        }
        credential
    }

    /// Asks the session of a request for its token, if the request presents a session that has not
    /// been asked yet and a page of this origin caused the request. Returns true if it has asked.
    pub(crate) async fn load_session(&self, parts: &Parts) -> bool {
        let is_needed = self.credential(parts) == Err(Fault::SessionNotLoaded);
        if is_needed {
            load_session(parts).await;
        }
        is_needed
    }

    /// Checks that a page of this origin caused a request with a cookie.
    #[cfg(feature = "__browser")]
    pub(crate) fn check_origin(&self, parts: &Parts) -> Result<(), TokenError> {
        self.check_transport(parts)?;
        Ok(self.inner().ambient.check_origin(parts, false)?)
    }

    /// Sets the name of the session's cookie. Returns false if it was set before.
    #[cfg(feature = "__browser")]
    pub(crate) fn set_session_cookie(&self, name: &str) -> bool {
        self.inner().ambient.set_session_cookie(name)
    }
}
