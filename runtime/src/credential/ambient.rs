//! The credentials that a browser attaches to requests by itself: a token in a cookie, and the token
//! of a session.

use std::sync::{Arc, OnceLock};

use http::request::Parts;

use super::response_privacy::{note_cookies, require_privacy};
use super::same_origin::SameOrigin;
use super::{Credential, cookie, session_token};
use crate::error::Fault;
use crate::telemetry;

/// The cookies of a server that contain a token or name a session, and the rule for the requests
/// that present them.
#[derive(Debug, Clone, Default)]
pub(crate) struct AmbientCredentials {
    token_cookie: Option<Box<str>>,
    /// The name of the session's cookie. A backend for browsers sets it once, after the server was
    /// built. All servers for resources of the same API share it.
    session_cookie: Arc<OnceLock<Box<str>>>,
    same_origin: SameOrigin,
    /// Limits the warning about responses that are not made private to one.
    warning: Arc<OnceLock<()>>,
}

impl AmbientCredentials {
    pub(crate) fn new(token_cookie: Option<String>, same_origin: SameOrigin) -> Self {
        let token_cookie = token_cookie.map(String::into_boxed_str);
        if token_cookie.is_some() {
            note_cookies();
        }
        Self { token_cookie, same_origin, ..Self::default() }
    }

    #[cfg(feature = "openapi")]
    pub(crate) fn token_cookie(&self) -> Option<&str> {
        self.token_cookie.as_deref()
    }

    pub(crate) fn session_cookie(&self) -> Option<&str> {
        self.session_cookie.get().map(AsRef::as_ref)
    }

    /// Sets the name of the session's cookie. Returns false if it was set before.
    #[cfg(feature = "__browser")]
    pub(crate) fn set_session_cookie(&self, name: &str) -> bool {
        note_cookies();
        self.session_cookie.set(name.into()).is_ok()
    }

    /// Returns true if the server accepts such a credential.
    #[inline]
    pub(crate) fn is_configured(&self) -> bool {
        self.token_cookie.is_some()
            || (cfg!(feature = "__browser") && self.session_cookie.get().is_some())
    }

    /// Returns the one credential of a request. `other` is the credential in another place, or the
    /// reason why there is none. A request with two credentials is malformed (RFC 6750 section 2),
    /// and so is a cookie beside an `Authorization` header of any scheme.
    pub(crate) fn credential<'a>(
        &self,
        parts: &'a Parts,
        other: Result<Credential<'a>, Fault>,
    ) -> Result<Credential<'a>, Fault> {
        let in_cookie = match &self.token_cookie {
            Some(name) => cookie::credential(&parts.headers, name)?,
            None => None,
        };
        let in_session = match self.session_cookie() {
            Some(_) => session_token::credential(parts),
            None => None,
        };
        match (in_cookie, in_session, other) {
            (None, None, Err(Fault::NoCredential)) => Err(self.absence(parts)),
            (None, None, other) => other,
            (Some(found), None, Err(fault)) if fault.is_absence() => Ok(found),
            (None, Some(found), Err(fault)) if fault.is_absence() => found,
            _ => Err(Fault::CookieAndToken),
        }
    }

    /// Returns the reason why a request without a credential has none. A session counts only if the
    /// layer of its backend has read the cookie.
    fn absence(&self, parts: &Parts) -> Fault {
        let name = self.session_cookie();
        let is_absent =
            name.is_none_or(|name| matches!(cookie::credential(&parts.headers, name), Ok(None)));
        if is_absent { Fault::NoCredential } else { Fault::SessionNotAttached }
    }

    /// Records that the response to the request must stay private. Warns once if no layer makes it
    /// private.
    pub(crate) fn require_privacy(&self, parts: &Parts) {
        if !require_privacy(parts) {
            self.warning.get_or_init(telemetry::response_not_private);
        }
    }

    /// Checks that a page of this origin caused the request.
    pub(crate) fn check_origin(&self, parts: &Parts, is_page: bool) -> Result<(), Fault> {
        self.same_origin.check(parts, is_page)
    }
}

#[cfg(test)]
mod tests {
    use http::Request;
    use http::header::COOKIE;

    use super::*;

    #[test]
    fn a_session_without_the_layer_of_its_backend_is_named() {
        let ambient = AmbientCredentials::default();
        let fault = |cookies: &str| {
            let (parts, ()) =
                Request::get("/").header(COOKIE, cookies).body(()).unwrap().into_parts();
            ambient.credential(&parts, Err(Fault::NoCredential)).err()
        };
        assert_eq!(fault("__Host-session=abc"), Some(Fault::NoCredential));
        ambient.session_cookie.set("__Host-session".into()).unwrap();
        assert_eq!(fault("__Host-session=abc"), Some(Fault::SessionNotAttached));
        assert_eq!(fault("__Host-session="), Some(Fault::NoCredential));
        assert_eq!(fault("session=abc"), Some(Fault::NoCredential));
        assert!(Fault::SessionNotAttached.is_absence());
    }
}
