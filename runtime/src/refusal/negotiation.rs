//! The parts of a refused request that may select the body of the refusal (RFC 9110 section 12).

use http::header::{ACCEPT, ACCEPT_LANGUAGE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method};

use super::{Answer, Refusal};

/// The maximum length in bytes of `Accept` and of `Accept-Language`. Browsers send about 200 bytes.
const LIMIT: usize = 1024;

/// The method of a request, and the preferences that its client states. It contains no other part
/// of the request, so that the body of a refusal cannot echo a credential.
pub(super) struct Negotiation {
    pub(super) method: Method,
    pub(super) accept: Option<String>,
    pub(super) accept_language: Option<String>,
}

impl Negotiation {
    pub(super) fn of(parts: &Parts) -> Self {
        Self {
            method: parts.method.clone(),
            accept: preference(&parts.headers, ACCEPT),
            accept_language: preference(&parts.headers, ACCEPT_LANGUAGE),
        }
    }
}

impl Refusal {
    /// Returns the method of the refused request. Returns `None` if the server has no
    /// [`refusal_body`](crate::ResourceServerBuilder::refusal_body), and for the response of a
    /// check.
    #[must_use]
    pub fn method(&self) -> Option<&Method> {
        self.negotiation().map(|negotiation| &negotiation.method)
    }

    /// Returns the `Accept` header of the refused request, its lines joined by commas. It is text
    /// of the client: compare it, but do not write it into the response.
    ///
    /// Returns `None` if the header is missing, empty, longer than 1024 bytes or not in ASCII, and
    /// in the cases of [`method`](Self::method).
    #[must_use]
    pub fn accept(&self) -> Option<&str> {
        self.negotiation()?.accept.as_deref()
    }

    /// Returns the `Accept-Language` header of the refused request, as [`accept`](Self::accept)
    /// returns `Accept`.
    #[must_use]
    pub fn accept_language(&self) -> Option<&str> {
        self.negotiation()?.accept_language.as_deref()
    }

    fn negotiation(&self) -> Option<&Negotiation> {
        match &self.0.answer {
            Answer::Text(_, custom) => custom.as_ref().map(|custom| &custom.negotiation),
            Answer::Response(_) => None,
        }
    }
}

/// Returns the value of a list header. Joins several lines by commas (RFC 9110 section 5.3).
/// Returns `None` if the header is missing, empty, longer than [`LIMIT`] or not in ASCII.
fn preference(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let mut joined = String::new();
    for line in headers.get_all(name) {
        let line = line.to_str().ok()?;
        if !joined.is_empty() {
            joined.push_str(", ");
        }
        if joined.len().saturating_add(line.len()) > LIMIT {
            return None;
        }
        joined.push_str(line);
    }
    (!joined.is_empty()).then_some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_preference_is_one_bounded_ascii_text() {
        let longest = vec![b'a'; LIMIT];
        let longer = vec![b'a'; LIMIT + 1];
        let half = vec![b'a'; LIMIT / 2];
        let cases: [(&[&[u8]], Option<&str>); 9] = [
            (&[], None),
            (&[b""], None),
            (&[b"text/html"], Some("text/html")),
            (&[b"text/html", b"*/*;q=0.1"], Some("text/html, */*;q=0.1")),
            (&[b"", b"text/html"], Some("text/html")),
            (&[b"text/html", b"\xe4"], None),
            (&[&longest], str::from_utf8(&longest).ok()),
            (&[&longer], None),
            (&[&half, &half], None),
        ];
        for (lines, expected) in cases {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(ACCEPT, HeaderValue::from_bytes(line).unwrap());
            }
            assert_eq!(preference(&headers, ACCEPT).as_deref(), expected, "{headers:?}");
        }
    }
}
