//! Extracts the access token of a request from the configured cookie.

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

/// Returns the values of all cookies with this name (RFC 6265 section 4.2.1), each with the header
/// line that contains it. Names are case-sensitive.
fn values<'a>(
    headers: &'a HeaderMap,
    name: &str,
) -> impl Iterator<Item = (&'a HeaderValue, &'a [u8])> {
    headers.get_all(COOKIE).into_iter().flat_map(move |line| {
        let pairs = line.as_bytes().split(|byte| *byte == b';');
        pairs.filter_map(move |pair| {
            let rest = pair.trim_ascii().strip_prefix(name.as_bytes())?;
            Some((line, rest.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start()))
        })
    })
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
