//! Headers that cannot be the place of a credential, because they have another meaning.

use http::HeaderName;

/// Headers that have a meaning of their own, in lower case. A proxy, a browser or a framework may
/// change, remove or log them.
const OTHER_HEADERS: [&str; 49] = [
    "age",
    "allow",
    "alt-svc",
    "authentication-info",
    "authorization",
    "baggage",
    "cache-control",
    "client-cert",
    "connection",
    "cookie",
    "date",
    "dnt",
    "dpop",
    "early-data",
    "etag",
    "expect",
    "expires",
    "forwarded",
    "from",
    "host",
    "http2-settings",
    "idempotency-key",
    "keep-alive",
    "last-event-id",
    "last-modified",
    "link",
    "location",
    "max-forwards",
    "origin",
    "pragma",
    "prefer",
    "priority",
    "range",
    "referer",
    "server",
    "set-cookie",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "upgrade-insecure-requests",
    "user-agent",
    "vary",
    "via",
    "www-authenticate",
    "x-http-method-override",
    "x-real-ip",
];

/// The beginnings of names of further such headers.
const OTHER_PREFIXES: [&str; 7] =
    ["accept", "access-control-", "content-", "if-", "proxy-", "sec-", "x-forwarded-"];

/// Headers that have one of these beginnings and contain a token.
const TOKEN_HEADERS: [&str; 2] = ["x-forwarded-access-token", "x-forwarded-id-token"];

/// Returns true if the header has a meaning of its own.
pub(crate) fn is_reserved_header(name: &HeaderName) -> bool {
    let name = name.as_str();
    let has_prefix = OTHER_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    OTHER_HEADERS.contains(&name) || (has_prefix && !TOKEN_HEADERS.contains(&name))
}
