//! The way of a browser from the sign-out here to the sign-out at the provider.
//!
//! The address at the provider contains the ID token as a hint. A script that signs out must not see
//! it, so the address travels in a sealed cookie, and the script gets the address of a route of this
//! backend that redirects to it.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue};
use url::Url;

use crate::cookie::{self, Cookie, CookieValue};
use crate::seal::{Purpose, SealingKeys};
use crate::settings::SameSite;

/// The time within which the page must navigate.
const LIFETIME: Duration = Duration::from_secs(60);

/// The cookie that contains the address at the provider.
pub(super) struct DepartureCookie(Cookie);

impl DepartureCookie {
    pub(super) fn new() -> Self {
        Self(Cookie::new("sign-out", SameSite::Strict))
    }

    /// Returns the line that sets the cookie. Returns `None` if the address cannot be sealed or is
    /// too long for a cookie.
    pub(super) fn set(&self, address: &Url, keys: &SealingKeys) -> Option<HeaderValue> {
        let value = keys.seal(Purpose::SignOut, &self.0.name, address.as_str().as_bytes()).ok()?;
        self.0.set(&value, Some(LIFETIME))
    }

    /// Returns the address in the cookie of a request.
    pub(super) fn open(&self, headers: &HeaderMap, keys: &SealingKeys) -> Option<Url> {
        let CookieValue::One(value) = cookie::value(headers, &self.0.name) else { return None };
        let address = keys.open(Purpose::SignOut, &self.0.name, value)?;
        String::from_utf8(address).ok()?.parse().ok()
    }

    pub(super) fn removal(&self) -> Option<HeaderValue> {
        self.0.removal()
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::COOKIE;

    use super::*;

    #[test]
    fn an_address_travels_sealed() {
        let address: Url = "https://idp.example.com/logout?id_token_hint=a.b.c".parse().unwrap();
        let (cookie, keys) = (DepartureCookie::new(), SealingKeys::new(&[1; 32], &[]));
        let line = cookie.set(&address, &keys).unwrap();
        let text = line.to_str().unwrap();
        assert!(text.starts_with("__Host-sign-out=") && !text.contains("a.b.c"), "{text}");
        let pair = text.split(';').next().unwrap().parse().unwrap();
        let headers = HeaderMap::from_iter([(COOKIE, pair)]);
        assert_eq!(cookie.open(&headers, &keys), Some(address));
        assert_eq!(cookie.open(&headers, &SealingKeys::new(&[2; 32], &[])), None);
        assert_eq!(cookie.open(&HeaderMap::new(), &keys), None);
    }

    #[test]
    fn an_address_that_is_too_long_has_no_cookie() {
        let long = format!("https://idp.example.com/logout?id_token_hint={}", "a".repeat(4000));
        let keys = SealingKeys::new(&[1; 32], &[]);
        assert_eq!(DepartureCookie::new().set(&long.parse().unwrap(), &keys), None);
    }
}
