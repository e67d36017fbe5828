//! The credential of a request: the place where a request presents its access token.

mod authorization;
mod websocket;

use std::ops::Range;

use http::HeaderValue;
use http::request::Parts;

pub(crate) use self::authorization::credential as of_authorization;

/// The longest access token that is looked at, in bytes.
pub(crate) const TOKEN_LIMIT: usize = 16 * 1024;

/// Why there is no bearer token to verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoToken {
    /// No credentials at all.
    Absent,
    /// Credentials of another scheme: no authentication information for us (RFC 6750 section 3.1).
    OtherScheme,
    /// A request that nobody may guess the meaning of (RFC 6750 section 3.1, `invalid_request`).
    Malformed,
}

/// A credential that was not looked at yet, in the header line where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Credential<'a> {
    pub(crate) line: &'a HeaderValue,
    /// A part of the line.
    pub(crate) text: &'a [u8],
}

impl Credential<'_> {
    /// The place of the text in the line.
    pub(crate) fn range(&self) -> Option<Range<usize>> {
        let line = self.line.as_bytes().as_ptr().addr();
        let start = self.text.as_ptr().addr().checked_sub(line)?;
        Some(start..start.checked_add(self.text.len())?)
    }
}

/// Finds the credential of a request, in `Authorization` or, where `websockets` says so, among the
/// subprotocols that an opening handshake offers.
pub(crate) fn credential(parts: &Parts, websockets: bool) -> Result<Credential<'_>, NoToken> {
    if websockets {
        websocket::credential(parts)
    } else {
        authorization::credential(&parts.headers)
    }
}

/// The text of a credential, if that is one token of a length that is looked at.
pub(crate) fn token(credential: &[u8]) -> Result<&str, NoToken> {
    if credential.len() > TOKEN_LIMIT || !is_token68(credential) {
        return Err(NoToken::Malformed);
    }
    str::from_utf8(credential).map_err(|_| NoToken::Malformed)
}

/// RFC 9110 section 11.2: `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`
fn is_token68(text: &[u8]) -> bool {
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    let body = text.get(..text.len().saturating_sub(padding));
    // Without a way out on each byte: the compiler then looks at many of them at once.
    let all = |body: &[u8]| body.iter().fold(true, |all, byte| all & is_of_token68(*byte));
    body.is_some_and(|body| !body.is_empty() && all(body))
}

fn is_of_token68(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-'..=b'/' | b'_' | b'~' | b'+')
}
