//! Extracts the credential that a request presents: an access token or an API key.

mod ambient;
mod authorization;
mod cache_control;
#[cfg_attr(
    not(feature = "__browser"),
    allow(unreachable_pub, reason = "for `axum-protected-browser`")
)]
mod cookie;
mod dpop;
mod header;
mod key_place;
mod place_name;
mod presentation;
mod reserved_header;
mod response_privacy;
mod same_origin;
mod scheme;
#[cfg_attr(
    not(feature = "__browser"),
    allow(dead_code, unreachable_pub, reason = "for `axum-protected-browser`")
)]
mod session_token;
mod token_location;
mod websocket;

use std::ops::Range;

use http::HeaderValue;

use crate::error::Fault;

#[cfg(feature = "__browser")]
pub use self::cookie::{RequestCookie, cookies};
pub use self::presentation::Presentation;
#[cfg(feature = "__browser")]
pub use self::session_token::{SessionError, SessionFuture, SessionSource, SessionToken};

pub(crate) use self::ambient::AmbientCredentials;
pub(crate) use self::dpop::credential_or_dpop;
pub(crate) use self::key_place::{KeyPlace, check_key, key_prefix_problem};
pub(crate) use self::place_name::{NAME_LIMIT, header_name, is_reserved_scheme, is_scheme};
pub(crate) use self::reserved_header::is_reserved_header;
pub(crate) use self::response_privacy::{ResponsePrivacy, cookies_are_taken};
pub(crate) use self::same_origin::SameOrigin;
pub(crate) use self::session_token::load_session;
pub(crate) use self::token_location::TokenLocation;
pub(crate) use self::websocket::credential as credential_or_subprotocol;

/// The maximum length of an access token, in bytes. A longer token is refused without being parsed.
pub(crate) const TOKEN_LIMIT: usize = 16 * 1024;

/// A credential that has not been validated, together with the header line that contains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Credential<'a> {
    pub(crate) presentation: Presentation,
    pub(crate) line: &'a HeaderValue,
    /// The part of the header line that should be an access token.
    pub(crate) text: &'a [u8],
}

impl Credential<'_> {
    /// Returns the byte range of `text` in `line`.
    pub(crate) fn range(&self) -> Option<Range<usize>> {
        let line = self.line.as_bytes().as_ptr().addr();
        let start = self.text.as_ptr().addr().checked_sub(line)?;
        Some(start..start.checked_add(self.text.len())?)
    }
}

/// Returns the credential as a `str` if it is a `token68` of at most [`TOKEN_LIMIT`] bytes.
pub(crate) fn token(credential: &[u8]) -> Result<&str, Fault> {
    if credential.len() > TOKEN_LIMIT {
        return Err(Fault::CredentialTooLong);
    }
    if !is_token68(credential) {
        return Err(Fault::NotToken68);
    }
    str::from_utf8(credential).map_err(|_| Fault::NotToken68)
}

/// Returns true if the text is a `token68` (RFC 9110 section 11.2): `1*( ALPHA / DIGIT / "-" / "."
/// / "_" / "~" / "+" / "/" ) *"="`
pub(crate) fn is_token68(text: &[u8]) -> bool {
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    let body = text.get(..text.len().saturating_sub(padding));
    body.is_some_and(|body| {
        // `fold` has no early exit, so that the compiler can vectorise the loop.
        let is_valid = body.iter().fold(true, |valid, byte| valid & is_token68_byte(*byte));
        !body.is_empty() && is_valid
    })
}

fn is_token68_byte(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-'..=b'/' | b'_' | b'~' | b'+')
}
