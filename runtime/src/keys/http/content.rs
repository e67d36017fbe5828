//! Descriptions of responses that are not the expected documents.

use std::fmt;

use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName, LOCATION};
use reqwest::Url;

use crate::json;

/// Longest shown header value, in characters.
const LIMIT: usize = 80;

/// Description of a response that is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Description {
    content_type: Option<String>,
    encoding: Option<String>,
    format: &'static str,
}

impl Description {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self {
            content_type: text(headers, CONTENT_TYPE),
            encoding: text(headers, CONTENT_ENCODING),
            format: "not a JSON object",
        }
    }

    pub(super) fn with_body(mut self, body: &[u8]) -> Self {
        self.format = match body.trim_ascii_start() {
            [] => "empty",
            [b'<', ..] => "HTML or XML, not JSON",
            _ if json::has_byte_order_mark(body) => "not JSON: it begins with a byte order mark",
            _ if str::from_utf8(body).is_err() => "not UTF-8",
            _ => "not a JSON object",
        };
        self
    }
}

impl fmt::Display for Description {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.format)?;
        match &self.content_type {
            Some(content_type) => write!(formatter, " (content type `{content_type}`")?,
            None => formatter.write_str(" (no content type")?,
        }
        if let Some(encoding) = &self.encoding {
            write!(formatter, ", content encoding `{encoding}`")?;
        }
        formatter.write_str(")")
    }
}

/// Returns the value of a header for logs: cut and escaped.
fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    let text = String::from_utf8_lossy(value.as_bytes());
    Some(text.chars().take(LIMIT).flat_map(char::escape_debug).collect())
}

/// Returns true if the body may be a JSON object, which a metadata document and a key set are (RFC
/// 8414 section 3.2, RFC 7517 section 5). The content type does not count, because issuers send
/// all kinds of content types.
pub(super) fn is_json_object(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"{")
}

/// Returns the host to which a redirect leads. The path and the query of the location may contain
/// secrets.
pub(super) fn redirect_host(base: &Url, headers: &HeaderMap) -> Option<String> {
    let location = headers.get(LOCATION)?.to_str().ok()?;
    let host = base.join(location).ok()?.host_str()?.to_owned();
    Some(host.chars().take(LIMIT).collect())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn described(headers: &[(HeaderName, &'static str)], body: impl AsRef<[u8]>) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        Description::of(&map).with_body(body.as_ref()).to_string()
    }

    #[test]
    fn content_is_described_by_its_first_byte_and_its_headers() {
        let html = [(CONTENT_TYPE, "text/html")];
        let packed = [(CONTENT_TYPE, "application/json"), (CONTENT_ENCODING, "gzip")];
        let hostile = [(CONTENT_TYPE, "\u{80}`\"")];
        let cases = [
            (described(&html, "\n<html>"), "HTML or XML, not JSON (content type `text/html`)"),
            (described(&[], ""), "empty (no content type)"),
            (
                described(&packed, "\u{1f}\u{8b}"),
                "not a JSON object (content type `application/json`, content encoding `gzip`)",
            ),
            (
                described(&packed, b"\x1f\x8b"),
                "not UTF-8 (content type `application/json`, content encoding `gzip`)",
            ),
            (
                described(&[], "\u{feff}{}"),
                "not JSON: it begins with a byte order mark (no content type)",
            ),
            (described(&hostile, "[]"), "not a JSON object (content type `\\u{80}`\\\"`)"),
        ];
        for (text, expected) in cases {
            assert_eq!(text, expected);
        }
    }

    #[test]
    fn of_a_redirect_only_the_host_is_shown() {
        let base: Url = "https://id.example.com/keys".parse().unwrap();
        let cases = [
            ("https://login.example.com/a?token=secret", Some("login.example.com")),
            ("https://user:secret@login.example.com/", Some("login.example.com")),
            ("/other?token=secret", Some("id.example.com")),
            ("data:secret", None),
            ("https://", None),
        ];
        for (location, expected) in cases {
            let headers = HeaderMap::from_iter([(LOCATION, location.parse().unwrap())]);
            assert_eq!(redirect_host(&base, &headers).as_deref(), expected, "{location}");
        }
        assert_eq!(redirect_host(&base, &HeaderMap::new()), None);
    }
}
