//! Finds the cookies of a backend in a request.

use axum::http::HeaderMap;
use axum_protected::__browser::cookies;

/// The largest number of cookies with one name that are read.
const MOST_VALUES: usize = 4;

/// The cookies of a request that have one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CookieValue<'a> {
    /// The request has no such cookie, or the cookie is empty, as after its removal.
    Absent,
    One(&'a str),
    /// The request has several cookies of the name. A server cannot know which of them it has set.
    Several,
}

/// Returns the value of the cookie with this name. Names are case-sensitive.
///
/// A value that is not visible ASCII counts as absent: no cookie of a backend has such a value.
pub(crate) fn value<'a>(headers: &'a HeaderMap, name: &str) -> CookieValue<'a> {
    let mut found = cookies(headers).filter(|cookie| cookie.name == name.as_bytes());
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => CookieValue::Several,
        _ => values(headers, name).next().map_or(CookieValue::Absent, CookieValue::One),
    }
}

/// Returns the values of all cookies with this name, of which a browser sends two at most: one of
/// them is partitioned. More are ignored.
pub(crate) fn values<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    cookies(headers)
        .filter(move |cookie| cookie.name == name.as_bytes())
        .take(MOST_VALUES)
        .filter_map(|cookie| text(cookie.value))
        .filter(|value| !value.is_empty())
}

/// Returns the names of the cookies of a request that begin with `prefix`, in the order in which
/// the browser sent them: the oldest first, among cookies of one path (RFC 6265 section 5.4).
pub(crate) fn named<'a>(headers: &'a HeaderMap, prefix: &str) -> impl Iterator<Item = &'a str> {
    cookies(headers)
        .filter(move |cookie| cookie.name.starts_with(prefix.as_bytes()))
        .filter_map(|cookie| text(cookie.name))
}

fn text(bytes: &[u8]) -> Option<&str> {
    let text = str::from_utf8(bytes).ok()?;
    text.bytes().all(|byte| byte.is_ascii_graphic()).then_some(text)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use axum::http::header::COOKIE;

    use super::*;

    fn headers(lines: &[&[u8]]) -> HeaderMap {
        lines.iter().map(|line| (COOKIE, HeaderValue::from_bytes(line).unwrap())).collect()
    }

    #[test]
    fn exactly_one_cookie_of_the_name_is_read() {
        use CookieValue::{Absent, One, Several};
        let cases: [(&[&[u8]], CookieValue<'_>); 17] = [
            (&[], Absent),
            (&[b"a=b"], Absent),
            (&[b"__Host-s=abc"], One("abc")),
            (&[b"a=b; __Host-s=abc; c=d"], One("abc")),
            (&[b"a=b;__Host-s=abc"], One("abc")),
            (&[b"a=b", b"__Host-s=abc"], One("abc")),
            (&[b"__Host-s = abc "], One("abc")),
            (&[b"__Host-s=a=b"], One("a=b")),
            (&[b"__Host-s="], Absent),
            (&[b"__Host-s"], Absent),
            (&[b"__host-s=abc"], Absent),
            (&[b"__Host-s2=abc"], Absent),
            (&[b"x=__Host-s=abc"], Absent),
            (&[b"__Host-s=a\xffb"], Absent),
            (&[b"__Host-s=a; __Host-s=b"], Several),
            (&[b"__Host-s=a", b"__Host-s=a"], Several),
            (&[b"__Host-s=; __Host-s=b"], Several),
        ];
        for (lines, expected) in cases {
            assert_eq!(value(&headers(lines), "__Host-s"), expected, "{lines:?}");
        }
    }

    #[test]
    fn few_of_many_cookies_of_a_name_are_read() {
        let headers = headers(&[b"a=1; b=2; a=; a=3", b"a=4; a=5; a=6"]);
        assert_eq!(values(&headers, "a").collect::<Vec<_>>(), ["1", "3", "4"]);
    }

    #[test]
    fn names_with_a_prefix_keep_the_order_of_the_browser() {
        let headers = headers(&[b"l-b=1; x=2; l-a=3", b"l-c=4; m-l-=5"]);
        assert_eq!(named(&headers, "l-").collect::<Vec<_>>(), ["l-b", "l-a", "l-c"]);
    }
}
