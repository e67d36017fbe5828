//! Extracts the API key of a request from its configured place.

use std::fmt;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Credential, Presentation, TokenLocation};
use crate::error::{Fault, RefusalKind};
use crate::http_grammar::is_tchar;

/// The longest API key, in bytes. A longer key is refused without being hashed.
pub(crate) const KEY_LIMIT: usize = 512;

/// The place of API keys in a request. A server has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyPlace {
    /// The value of this header is the key.
    Header(HeaderName),
    /// The `Authorization` header has this scheme, and the rest of it is the key.
    Scheme(Box<str>),
    /// The `Authorization` header has the scheme `Bearer`, and the key begins with this prefix and
    /// an underscore.
    Bearer(Box<str>),
}

impl KeyPlace {
    /// Returns the one credential of a request. `token` is the token of the request, or the reason
    /// why there is none.
    ///
    /// A request that presents a key and a token is malformed, even if one of the two is invalid
    /// (RFC 6750 section 2). The same holds for a key beside an `Authorization` header of any
    /// scheme.
    pub(crate) fn credential<'a>(
        &self,
        headers: &'a HeaderMap,
        token: Result<Credential<'a>, Fault>,
    ) -> Result<Credential<'a>, Fault> {
        match self {
            Self::Header(name) => in_header(headers, name, token),
            Self::Scheme(scheme) => in_authorization(headers, token, |line| after(line, scheme)),
            Self::Bearer(prefix) => in_authorization(headers, token, |line| {
                after(line, "Bearer").filter(|text| has_prefix(text, prefix))
            }),
        }
    }

    /// Returns true if tokens are in this place too.
    pub(crate) fn is_place_of(&self, tokens: &TokenLocation) -> bool {
        match (self, tokens) {
            (Self::Header(keys), TokenLocation::Header(tokens)) => keys == tokens,
            (Self::Scheme(keys), TokenLocation::Scheme(tokens)) => {
                keys.eq_ignore_ascii_case(tokens)
            }
            _ => false,
        }
    }

    /// Returns true if a text without a place is a key and not a token.
    pub(crate) fn is_key(&self, text: &str) -> bool {
        match self {
            Self::Header(_) | Self::Scheme(_) => false,
            Self::Bearer(prefix) => has_prefix(text.as_bytes(), prefix),
        }
    }
}

fn in_header<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
    token: Result<Credential<'a>, Fault>,
) -> Result<Credential<'a>, Fault> {
    let mut lines = headers.get_all(name).into_iter();
    let Some(line) = lines.next() else { return token };
    if lines.next().is_some() {
        return Err(Fault::SeveralKeys);
    }
    match token {
        Err(fault) if fault.is_absence() => Ok(key(line, line.as_bytes())),
        _ => Err(Fault::KeyAndToken),
    }
}

/// Returns the key in the `Authorization` header, if `key_of` finds one there.
fn in_authorization<'a>(
    headers: &'a HeaderMap,
    token: Result<Credential<'a>, Fault>,
    key_of: impl FnOnce(&'a HeaderValue) -> Option<&'a [u8]>,
) -> Result<Credential<'a>, Fault> {
    let mut lines = headers.get_all(AUTHORIZATION).into_iter();
    let Some((line, text)) = lines.next().and_then(|line| Some((line, key_of(line)?))) else {
        return token;
    };
    if lines.next().is_some() {
        return Err(Fault::SeveralHeaders);
    }
    match token {
        // The key itself, read as a token.
        Ok(found) if std::ptr::eq(found.line, line) => Ok(key(line, text)),
        Ok(_) => Err(Fault::KeyAndToken),
        Err(fault) if fault.kind() == RefusalKind::MissingToken => Ok(key(line, text)),
        Err(fault) => Err(fault),
    }
}

/// Returns the text after this scheme and its spaces (RFC 9110 section 11.4). Returns `None` for
/// another scheme, and for a text that follows the scheme without a space.
fn after<'a>(line: &'a HeaderValue, scheme: &str) -> Option<&'a [u8]> {
    let line = line.as_bytes();
    let end = line.iter().take_while(|byte| is_tchar(**byte)).count();
    let (found, rest) = line.split_at(end);
    if !found.eq_ignore_ascii_case(scheme.as_bytes()) {
        return None;
    }
    let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
    if spaces == 0 && !rest.is_empty() {
        return None;
    }
    rest.get(spaces..)
}

fn has_prefix(text: &[u8], prefix: &str) -> bool {
    text.strip_prefix(prefix.as_bytes()).is_some_and(|rest| rest.first() == Some(&b'_'))
}

fn key<'a>(line: &'a HeaderValue, text: &'a [u8]) -> Credential<'a> {
    Credential { presentation: Presentation::ApiKey, line, text }
}

/// Checks the form of an API key: visible ASCII characters, at most [`KEY_LIMIT`] of them. A comma is
/// an error, because a proxy may join two header lines by a comma (RFC 9110 section 5.3).
pub(crate) fn check_key(key: &[u8]) -> Result<(), Fault> {
    if key.len() > KEY_LIMIT {
        return Err(Fault::KeyTooLong);
    }
    let is_visible = |byte: &u8| byte.is_ascii_graphic() && *byte != b',';
    if key.is_empty() || !key.iter().all(is_visible) {
        return Err(Fault::KeyMalformed);
    }
    Ok(())
}

/// Returns the predicate of a problem with the prefix of keys. Returns `None` for a prefix that
/// secret scanners can find.
pub(crate) fn key_prefix_problem(prefix: &str) -> Option<&'static str> {
    let is_valid = (2..=32).contains(&prefix.len())
        && prefix.starts_with(|first: char| first.is_ascii_alphabetic())
        && prefix.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !prefix.ends_with('_')
        && !prefix.contains("__");
    (!is_valid).then_some(
        "is not 2 to 32 letters, digits and single underscores that begin with a letter and end \
         with a letter or a digit, such as `items` or `items_live`",
    )
}

impl fmt::Display for KeyPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => write!(formatter, "header {name}"),
            Self::Scheme(scheme) => write!(formatter, "scheme {scheme}"),
            Self::Bearer(prefix) => write!(formatter, "bearer_prefix {prefix}"),
        }
    }
}

#[cfg(test)]
#[path = "key_place/tests.rs"]
mod tests;
