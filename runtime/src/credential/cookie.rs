//! Extracts the access token of a request from the configured cookie.

use std::fmt;

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

use super::{Credential, Presentation};
use crate::error::Fault;

/// Returns the token in the cookie with this name, or `None` if the request has no such cookie or
/// the cookie is empty, as after its removal.
///
/// A request with two cookies of the name is malformed, in one `Cookie` line or in several: a
/// server cannot know which of them it has set. HTTP/2 may distribute the cookies of a request over
/// several lines (RFC 9113 section 8.2.3), so several lines alone are correct.
pub(super) fn credential<'a>(
    headers: &'a HeaderMap,
    name: &str,
) -> Result<Option<Credential<'a>>, Fault> {
    let mut values = values(headers, name);
    match (values.next(), values.next()) {
        (Some(_), Some(_)) => Err(Fault::SeveralTokenCookies),
        (Some((line, text)), None) if !text.is_empty() => {
            Ok(Some(Credential { presentation: Presentation::Cookie, line, text }))
        }
        _ => Ok(None),
    }
}

/// Returns the values of all cookies with this name, each with the header line that contains it.
fn values<'a>(
    headers: &'a HeaderMap,
    name: &str,
) -> impl Iterator<Item = (&'a HeaderValue, &'a [u8])> {
    let is_named = move |cookie: &RequestCookie<'_>| cookie.name == name.as_bytes();
    cookies(headers).filter(is_named).map(|cookie| (cookie.line, cookie.value))
}

/// A cookie of a request (RFC 6265 section 4.2.1).
#[derive(Clone, Copy)]
#[allow(clippy::exhaustive_structs, reason = "a private interface between two crates")]
pub struct RequestCookie<'a> {
    /// The `Cookie` line that contains the cookie.
    line: &'a HeaderValue,
    /// The name, which is case-sensitive.
    pub name: &'a [u8],
    /// The value. It may be empty.
    pub value: &'a [u8],
}

/// Returns the cookies of a request, in the order in which the browser sent them.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = RequestCookie<'_>> {
    headers.get_all(COOKIE).into_iter().flat_map(|line| {
        line.as_bytes().split(|byte| *byte == b';').filter_map(move |pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let (name, value) = (halves.next()?.trim_ascii(), halves.next()?.trim_ascii());
            Some(RequestCookie { line, name, value })
        })
    })
}

impl fmt::Debug for RequestCookie<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RequestCookie").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Result<Option<String>, Fault> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, HeaderValue::from_str(line).unwrap());
        }
        let found = credential(&headers, "__Host-t")?;
        Ok(found.map(|found| String::from_utf8(found.text.to_vec()).unwrap()))
    }

    #[test]
    fn exactly_one_cookie_of_the_name_is_read() {
        let some = |text: &str| Ok(Some(text.to_owned()));
        let cases: [(&[&str], _); 18] = [
            (&[], Ok(None)),
            (&["a=b"], Ok(None)),
            (&["__Host-t=abc"], some("abc")),
            (&["a=b; __Host-t=abc; c=d"], some("abc")),
            (&["a=b;__Host-t=abc"], some("abc")),
            (&["a=b", "__Host-t=abc"], some("abc")),
            (&["__Host-t = abc "], some("abc")),
            (&["__Host-t=a=b"], some("a=b")),
            (&["__Host-t=\"abc\""], some("\"abc\"")),
            (&["__Host-t="], Ok(None)),
            (&["__Host-t"], Ok(None)),
            (&["__host-t=abc"], Ok(None)),
            (&["__Host-t2=abc"], Ok(None)),
            (&["x__Host-t=abc"], Ok(None)),
            (&["x=__Host-t=abc"], Ok(None)),
            (&["__Host-t=a; __Host-t=b"], Err(Fault::SeveralTokenCookies)),
            (&["__Host-t=a", "__Host-t=a"], Err(Fault::SeveralTokenCookies)),
            (&["__Host-t=; __Host-t=b"], Err(Fault::SeveralTokenCookies)),
        ];
        for (lines, expected) in cases {
            assert_eq!(read(lines), expected, "{lines:?}");
        }
    }
}
