//! Reads the scheme of a request from the forwarding headers of a trusted proxy.

use http::header::FORWARDED;
use http::{HeaderMap, HeaderName, HeaderValue};

const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The reason that the forwarding headers do not state one scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unclear {
    /// No header states a scheme.
    Missing,
    /// A header is malformed, states several schemes, or contradicts the other header.
    Ambiguous,
}

/// Returns true if the headers state that the client used https or wss, and false if they state
/// another scheme.
///
/// Several values are refused even if they are equal. A client may have sent one of them, and the
/// number of proxies that added the others is not known.
pub(super) fn is_https(headers: &HeaderMap) -> Result<bool, Unclear> {
    match (forwarded(headers)?, x_forwarded_proto(headers)?) {
        (None, None) => Err(Unclear::Missing),
        (Some(first), Some(second)) if first != second => Err(Unclear::Ambiguous),
        (Some(is_https), _) | (None, Some(is_https)) => Ok(is_https),
    }
}

/// Reads `X-Forwarded-Proto`, which has no standard. Proxies write one scheme into it.
fn x_forwarded_proto(headers: &HeaderMap) -> Result<Option<bool>, Unclear> {
    only_line(headers, &X_FORWARDED_PROTO)?.map(|line| scheme(line.trim_ascii())).transpose()
}

/// Reads the parameter `proto` of `Forwarded` (RFC 7239 section 5.4). The header must have one
/// element, because each proxy adds an element.
fn forwarded(headers: &HeaderMap) -> Result<Option<bool>, Unclear> {
    let Some(line) = only_line(headers, &FORWARDED)? else {
        return Ok(None);
    };
    let mut proto = None;
    for (name, value) in pairs(line).ok_or(Unclear::Ambiguous)? {
        if !name.eq_ignore_ascii_case(b"proto") {
            continue;
        }
        // RFC 7239 section 4: a parameter must not occur twice in an element.
        if proto.replace(scheme(&value)?).is_some() {
            return Err(Unclear::Ambiguous);
        }
    }
    Ok(proto)
}

fn only_line<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a [u8]>, Unclear> {
    let mut lines = headers.get_all(name).iter();
    match (lines.next(), lines.next()) {
        (line, None) => Ok(line.map(HeaderValue::as_bytes)),
        (_, Some(_)) => Err(Unclear::Ambiguous),
    }
}

/// Returns true for https and wss. A scheme is case-insensitive (RFC 3986 section 3.1). Some
/// proxies report the scheme of the websocket for a handshake.
fn scheme(text: &[u8]) -> Result<bool, Unclear> {
    let is = |scheme: &str| text.eq_ignore_ascii_case(scheme.as_bytes());
    if is("https") || is("wss") {
        Ok(true)
    } else if is("http") || is("ws") {
        Ok(false)
    } else {
        Err(Unclear::Ambiguous)
    }
}

/// Parses the pairs of one `forwarded-element` (RFC 7239 section 4). Returns `None` if the text is
/// malformed or contains several elements.
fn pairs(element: &[u8]) -> Option<Vec<(&[u8], Vec<u8>)>> {
    let mut pairs = Vec::new();
    let mut rest = element.trim_ascii();
    loop {
        let (name, value) = split_at(rest, |byte| byte == b'=')?;
        if name.is_empty() || !name.iter().copied().all(is_tchar) {
            return None;
        }
        let (value, after) = value_of(value)?;
        pairs.push((name, value));
        match after.trim_ascii_start() {
            [] => return Some(pairs),
            [b';', next @ ..] => rest = next.trim_ascii_start(),
            _ => return None,
        }
    }
}

/// Reads a token or a quoted-string, and returns its value and the text after it.
fn value_of(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        let length = text.iter().take_while(|byte| is_tchar(**byte)).count();
        let (value, after) = text.split_at_checked(length)?;
        return (!value.is_empty()).then(|| (value.to_owned(), after));
    };
    let mut value = Vec::new();
    let mut bytes = quoted.iter();
    loop {
        match bytes.next()? {
            b'"' => return Some((value, bytes.as_slice())),
            b'\\' => value.push(*bytes.next()?),
            byte => value.push(*byte),
        }
    }
}

fn split_at(text: &[u8], is_separator: impl Fn(u8) -> bool) -> Option<(&[u8], &[u8])> {
    let position = text.iter().position(|byte| is_separator(*byte))?;
    let (before, after) = text.split_at_checked(position)?;
    Some((before, after.get(1..)?))
}

/// Returns true if the byte is a `tchar` (RFC 9110 section 5.6.2).
fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Line<'a> = (&'static str, &'a str);

    fn read(lines: &[Line<'_>]) -> Result<bool, Unclear> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        is_https(&headers)
    }

    #[test]
    fn one_scheme_is_read_and_everything_else_is_refused() {
        use Unclear::{Ambiguous, Missing};
        const F: &str = "forwarded";
        const X: &str = "x-forwarded-proto";
        let cases: &[(&[Line<'_>], Result<bool, Unclear>)] = &[
            (&[], Err(Missing)),
            (&[(X, "https")], Ok(true)),
            (&[(X, "HTTPS")], Ok(true)),
            (&[(X, "wss")], Ok(true)),
            (&[(X, " https ")], Ok(true)),
            (&[(X, "http")], Ok(false)),
            (&[(X, "ws")], Ok(false)),
            (&[(X, "")], Err(Ambiguous)),
            (&[(X, "https, https")], Err(Ambiguous)),
            (&[(X, "https,http")], Err(Ambiguous)),
            (&[(X, "https"), (X, "https")], Err(Ambiguous)),
            (&[(X, "http"), (X, "https")], Err(Ambiguous)),
            (&[(X, "httpss")], Err(Ambiguous)),
            (&[(X, "\"https\"")], Err(Ambiguous)),
            (&[(F, "proto=https")], Ok(true)),
            (&[(F, "Proto=HTTPS")], Ok(true)),
            (&[(F, "proto=\"https\"")], Ok(true)),
            (&[(F, "proto=\"ht\\tps\"")], Ok(true)),
            (&[(F, "for=192.0.2.60;proto=https;by=203.0.113.43")], Ok(true)),
            (&[(F, "for=\"[2001:db8::1]:80\" ; proto=https")], Ok(true)),
            (&[(F, "for=\"a;proto=https\"")], Err(Missing)),
            (&[(F, "for=\"a,proto=https\";proto=http")], Ok(false)),
            (&[(F, "for=192.0.2.60")], Err(Missing)),
            (&[(F, "")], Err(Ambiguous)),
            (&[(F, ";proto=https")], Err(Ambiguous)),
            (&[(F, "proto=https;")], Err(Ambiguous)),
            (&[(F, "proto =https")], Err(Ambiguous)),
            (&[(F, "proto= https")], Err(Ambiguous)),
            (&[(F, "proto=")], Err(Ambiguous)),
            (&[(F, "proto")], Err(Ambiguous)),
            (&[(F, "=https")], Err(Ambiguous)),
            (&[(F, "proto=\"https")], Err(Ambiguous)),
            (&[(F, "proto=\"https\"x")], Err(Ambiguous)),
            (&[(F, "proto=https;proto=https")], Err(Ambiguous)),
            (&[(F, "proto=https;proto=http")], Err(Ambiguous)),
            (&[(F, "proto=https, proto=https")], Err(Ambiguous)),
            (&[(F, "proto=https, for=192.0.2.60")], Err(Ambiguous)),
            (&[(F, "proto=https"), (F, "proto=https")], Err(Ambiguous)),
            (&[(F, "proto=https"), (X, "https")], Ok(true)),
            (&[(F, "proto=http"), (X, "ws")], Ok(false)),
            (&[(F, "proto=https"), (X, "http")], Err(Ambiguous)),
            (&[(F, "proto=http"), (X, "https")], Err(Ambiguous)),
            (&[(F, "for=192.0.2.60"), (X, "https")], Ok(true)),
            (&[(F, "proto=https"), (X, "https,https")], Err(Ambiguous)),
        ];
        for (lines, expected) in cases {
            assert_eq!(read(lines), *expected, "{lines:?}");
        }
    }

    proptest! {
        /// Only one element with one `proto` is believed, whatever the header contains.
        #[test]
        fn a_header_is_https_only_with_exactly_one_proto(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "proto=https", "proto=http", "PROTO=\"https\"", "for=a", "for=\"a,b;c\"", ";", ",",
                    "=", "\"", "\\", " ", "\u{e9}",
                ]),
                0..8,
            )
        ) {
            let line = pieces.concat();
            let mut headers = HeaderMap::new();
            headers.insert(FORWARDED, HeaderValue::from_str(&line).unwrap());
            if is_https(&headers) == Ok(true) {
                let unquoted: String = line.split('"').step_by(2).collect();
                prop_assert_eq!(line.to_lowercase().matches("proto=").count(), 1, "{}", line);
                prop_assert!(!unquoted.contains(','), "{}", line);
            }
        }
    }
}
