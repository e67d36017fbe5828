//! The cookie of one sign-in. Each sign-in has its own, so that two tabs can sign in.

use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::pending::{LIFETIME, PendingSignIn};
use crate::cookie::{self, Cookie, CookieValue, HOST_PREFIX};
use crate::seal::{Purpose, SealError, SealingKeys};
use crate::settings::SameSite;

/// The largest number of sign-ins of one browser. The cookies of more sign-ins could make the header
/// of its requests too long for a proxy.
const MOST_SIGN_INS: usize = 5;
/// The largest number of cookies that one response removes.
const MOST_REMOVALS: usize = 32;

const PREFIX: &str = "login-";

/// The bytes of the hash of the `state` in the name of a cookie.
const HASH_LENGTH: usize = 9;

/// The cookie of the sign-in with one `state`.
///
/// The provider sends the browser back from another site, hence `SameSite=Lax`.
#[derive(Debug)]
pub(crate) struct LoginCookie(Cookie);

/// The reason why a request does not have the cookie of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoginCookieError {
    Absent,
    Several,
    /// The cookie was altered, was sealed with a key that this backend does not have, or belongs to
    /// another `state`.
    NotOpened,
}

impl LoginCookie {
    pub(crate) fn of_state(state: &str) -> Self {
        let hash = Sha256::digest(state);
        let short = hash.get(..HASH_LENGTH).unwrap_or_default();
        let name = format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(short));
        Self(Cookie::new(&name, SameSite::Lax))
    }

    /// Returns the line that sets the cookie. Returns `Ok(None)` if the value is too long.
    pub(crate) fn set(
        &self,
        sign_in: &PendingSignIn,
        keys: &SealingKeys,
    ) -> Result<Option<HeaderValue>, SealError> {
        let content = serde_json::to_vec(sign_in).unwrap_or_default();
        let value = keys.seal(Purpose::SignIn, &self.0.name, &content)?;
        Ok(self.0.set(&value, Some(LIFETIME)))
    }

    /// Returns the sign-in with this `state`, which began in the browser of the request.
    pub(crate) fn open(
        &self,
        headers: &HeaderMap,
        state: &str,
        keys: &SealingKeys,
    ) -> Result<PendingSignIn, LoginCookieError> {
        let value = match cookie::value(headers, &self.0.name) {
            CookieValue::One(value) => value,
            CookieValue::Absent => return Err(LoginCookieError::Absent),
            CookieValue::Several => return Err(LoginCookieError::Several),
        };
        keys.open(Purpose::SignIn, &self.0.name, value)
            .and_then(|content| serde_json::from_slice::<PendingSignIn>(&content).ok())
            .filter(|sign_in| sign_in.has_state(state))
            .ok_or(LoginCookieError::NotOpened)
    }

    pub(crate) fn removal(&self) -> Option<HeaderValue> {
        self.0.removal()
    }
}

/// Returns the lines that remove the oldest cookies of sign-ins, so that there is room for one more.
pub(crate) fn oldest_removals(headers: &HeaderMap) -> Vec<HeaderValue> {
    let prefix = format!("{HOST_PREFIX}{PREFIX}");
    let names: Vec<&str> = cookie::named(headers, &prefix).collect();
    let count = names.len().saturating_sub(MOST_SIGN_INS.saturating_sub(1)).min(MOST_REMOVALS);
    let oldest = names.into_iter().take(count);
    oldest
        .filter_map(|name| name.strip_prefix(HOST_PREFIX))
        .filter_map(|name| Cookie::new(name, SameSite::Lax).removal())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use axum::http::header::COOKIE;

    use super::*;
    use crate::sign_in::ReturnAddress;

    fn sign_in() -> PendingSignIn {
        let application = "https://notes.example.com/".parse().unwrap();
        let address = ReturnAddress::resolve(&application, "/notes?a=b").unwrap();
        PendingSignIn::begin(&address, UNIX_EPOCH + Duration::from_secs(1000)).unwrap()
    }

    fn keys(number: u8) -> SealingKeys {
        SealingKeys::new(&[number; 32], &[])
    }

    /// Returns the headers of the request that follows a response with this line.
    fn headers(line: &HeaderValue) -> HeaderMap {
        let pair = line.to_str().unwrap().split(';').next().unwrap();
        HeaderMap::from_iter([(COOKIE, pair.parse().unwrap())])
    }

    #[test]
    fn the_cookie_of_a_sign_in_contains_it() {
        let sign_in = sign_in();
        let cookie = LoginCookie::of_state(sign_in.state());
        let line = cookie.set(&sign_in, &keys(1)).unwrap().unwrap();
        let text = line.to_str().unwrap();
        assert!(text.starts_with("__Host-login-"), "{text}");
        assert!(text.ends_with("; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax"), "{text}");
        for secret in [sign_in.state(), &sign_in.nonce, &sign_in.verifier] {
            assert!(secret.len() == 43 && !text.contains(secret), "{text}");
        }
        let opened = cookie.open(&headers(&line), sign_in.state(), &keys(1)).unwrap();
        assert!(opened == sign_in);
        let application = "https://notes.example.com/".parse().unwrap();
        let address = opened.return_address(&application);
        assert_eq!(address.url().as_str(), "https://notes.example.com/notes?a=b");
    }

    #[test]
    fn a_cookie_of_another_sign_in_or_another_key_is_not_opened() {
        let (one, other) = (sign_in(), sign_in());
        let cookie = LoginCookie::of_state(one.state());
        let line = cookie.set(&one, &keys(1)).unwrap().unwrap();
        let absent = cookie.open(&HeaderMap::new(), one.state(), &keys(1));
        assert_eq!(absent.unwrap_err(), LoginCookieError::Absent);
        let other_key = cookie.open(&headers(&line), one.state(), &keys(2));
        assert_eq!(other_key.unwrap_err(), LoginCookieError::NotOpened);
        let other_state = LoginCookie::of_state(other.state());
        let opened = other_state.open(&headers(&line), other.state(), &keys(1));
        assert_eq!(opened.unwrap_err(), LoginCookieError::Absent);
        // The value of one cookie under the name of the other.
        let value = line.to_str().unwrap().split_once('=').unwrap().1.split(';').next().unwrap();
        let moved = format!("{}={value}", other_state.0.name).parse().unwrap();
        let moved = HeaderMap::from_iter([(COOKIE, moved)]);
        let opened = other_state.open(&moved, other.state(), &keys(1));
        assert_eq!(opened.unwrap_err(), LoginCookieError::NotOpened);
        // The content of one sign-in, sealed for the cookie of the other.
        let mixed = other_state.set(&one, &keys(1)).unwrap().unwrap();
        let opened = other_state.open(&headers(&mixed), other.state(), &keys(1));
        assert_eq!(opened.unwrap_err(), LoginCookieError::NotOpened);
        let mut twice = headers(&line);
        twice.append(COOKIE, twice[COOKIE].clone());
        let opened = cookie.open(&twice, one.state(), &keys(1));
        assert_eq!(opened.unwrap_err(), LoginCookieError::Several);
    }

    #[test]
    fn a_sign_in_takes_at_most_ten_minutes() {
        let sign_in = sign_in();
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        assert!(!sign_in.has_expired(at(1000)) && !sign_in.has_expired(at(1600)));
        assert!(sign_in.has_expired(at(1601)));
    }

    #[test]
    fn the_oldest_cookies_make_room_for_one_more() {
        let of = |count: usize| {
            let names = (0..count).map(|number| format!("__Host-login-{number}=x"));
            let line = names.collect::<Vec<_>>().join("; ");
            oldest_removals(&HeaderMap::from_iter([(COOKIE, line.parse().unwrap())]))
        };
        assert_eq!(of(4), Vec::<HeaderValue>::new());
        let expected = "__Host-login-0=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax";
        assert_eq!(of(5), [expected]);
        assert_eq!(of(7).len(), 3);
        assert_eq!(of(1000).len(), MOST_REMOVALS);
    }

    #[test]
    fn the_longest_return_address_fits_into_the_cookie() {
        let application = "https://notes.example.com/".parse().unwrap();
        let path = format!("/{}", "a".repeat(511));
        let address = ReturnAddress::resolve(&application, &path).unwrap();
        let sign_in = PendingSignIn::begin(&address, UNIX_EPOCH).unwrap();
        let line = LoginCookie::of_state(sign_in.state()).set(&sign_in, &keys(1)).unwrap();
        assert!(line.unwrap().len() < 1200);
    }
}
