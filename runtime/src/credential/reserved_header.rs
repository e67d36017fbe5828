//! Headers that cannot carry a credential of a configured place, because they have another meaning.

use http::HeaderName;

/// Headers with a meaning of their own for clients, proxies or this crate.
const RESERVED: [&str; 34] = [
    "age",
    "alt-svc",
    "authorization",
    "cache-control",
    "connection",
    "cookie",
    "date",
    "dpop",
    "etag",
    "expect",
    "forwarded",
    "from",
    "host",
    "keep-alive",
    "last-modified",
    "link",
    "location",
    "max-forwards",
    "origin",
    "pragma",
    "priority",
    "proxy-authorization",
    "range",
    "referer",
    "retry-after",
    "server",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "vary",
    "via",
];

/// Prefixes of such headers.
const RESERVED_PREFIXES: [&str; 11] = [
    "accept",
    "access-control-",
    "client-cert",
    "content-",
    "if-",
    "proxy-",
    "sec-",
    "traceparent",
    "tracestate",
    "www-",
    "x-forwarded-",
];

/// Returns true if the header has another meaning than to carry a credential.
pub(crate) fn is_reserved_header(name: &HeaderName) -> bool {
    let name = name.as_str();
    RESERVED.contains(&name) || RESERVED_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}
