//! The names of headers and schemes that a configuration sets as the place of a credential.

use http::HeaderName;

use crate::http_grammar::is_tchar;

/// The maximum length of the name of a header and of a scheme, in bytes.
pub(crate) const NAME_LIMIT: usize = 64;

/// Schemes whose credentials are neither an access token nor an API key, in lower case (the IANA
/// registry of HTTP authentication schemes).
const OTHER_SCHEMES: [&str; 12] = [
    "basic",
    "concealed",
    "digest",
    "dpop",
    "gnap",
    "hoba",
    "mutual",
    "negotiate",
    "privatetoken",
    "scram-sha-1",
    "scram-sha-256",
    "vapid",
];

/// Reads the name of a header. Returns `None` for a text that is too long or is not a name.
pub(crate) fn header_name(text: &str) -> Option<HeaderName> {
    HeaderName::from_bytes(text.as_bytes()).ok().filter(|_| text.len() <= NAME_LIMIT)
}

/// Returns true if the text is one word that can be a scheme (RFC 9110 section 11.1).
pub(crate) fn is_scheme(text: &str) -> bool {
    (1..=NAME_LIMIT).contains(&text.len()) && text.bytes().all(is_tchar)
}

/// Returns true if the credentials of the scheme are neither an access token nor an API key.
pub(crate) fn is_reserved_scheme(scheme: &str) -> bool {
    OTHER_SCHEMES.iter().any(|other| other.eq_ignore_ascii_case(scheme))
}
