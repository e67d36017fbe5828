//! Extracts the bearer token of a websocket handshake from `Sec-WebSocket-Protocol`. Browsers
//! cannot send `Authorization` with a websocket handshake.

use http::header::{
    CONNECTION, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::{Credential, Presentation};
use crate::error::Fault;

/// The prefix of a subprotocol that contains a token. The prefix is case-sensitive, because
/// subprotocols are case-sensitive (RFC 6455 section 4.1).
const PREFIX: &[u8] = b"bearer.";

/// Extracts the credential of a request. The caller must validate the credential. `in_header` is
/// the credential in the header in which requests present their token. If the request opens a
/// websocket, the credential may be in an offered subprotocol `bearer.<token>` instead. A request
/// that uses both is malformed (RFC 6750 section 2).
pub(crate) fn credential<'a>(
    parts: &'a Parts,
    in_header: Result<Credential<'a>, Fault>,
) -> Result<Credential<'a>, Fault> {
    let offers = parts.headers.contains_key(SEC_WEBSOCKET_PROTOCOL);
    if !offers || !opens_websocket(parts) {
        return in_header;
    }
    let mut tokens = offered_tokens(&parts.headers);
    match (tokens.next(), tokens.next(), in_header) {
        (None, ..) => in_header,
        (Some(token), None, Err(fault)) if fault.is_absence() => Ok(token),
        (Some(_), ..) => Err(Fault::SeveralTokens),
    }
}

fn offered_tokens(headers: &HeaderMap) -> impl Iterator<Item = Credential<'_>> {
    list(headers, SEC_WEBSOCKET_PROTOCOL).filter_map(|(line, entry)| {
        let text = entry.strip_prefix(PREFIX)?;
        Some(Credential { presentation: Presentation::WebSocketProtocol, line, text })
    })
}

/// Returns true if the request opens a websocket over HTTP/1.1 (RFC 6455 section 4.2.1) or HTTP/2
/// (RFC 8441 section 5). HTTP/2 names the websocket protocol in `:protocol`, which is not in the
/// header map. A `CONNECT` request is therefore recognised by its `Sec-WebSocket-Version` header.
pub(super) fn opens_websocket(parts: &Parts) -> bool {
    let has_entry = |name, value: &[u8]| {
        list(&parts.headers, name).any(|(_, entry)| entry.eq_ignore_ascii_case(value))
    };
    let has = |name| parts.headers.contains_key(name);
    has(SEC_WEBSOCKET_VERSION)
        && match parts.method {
            Method::GET => {
                has_entry(UPGRADE, b"websocket")
                    && has_entry(CONNECTION, b"upgrade")
                    && has(SEC_WEBSOCKET_KEY)
            }
            Method::CONNECT => true,
            _ => false,
        }
}

/// Returns the entries of a list header (RFC 9110 section 5.6.1), each together with the header
/// line that contains it.
fn list(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = (&HeaderValue, &[u8])> {
    headers.get_all(name).into_iter().flat_map(|line| {
        let entries = line.as_bytes().split(|byte| *byte == b',');
        entries.map(move |entry| (line, entry.trim_ascii()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    type Line<'a> = (&'a str, &'a str);

    fn read(method: &str, lines: &[Line<'_>]) -> Result<String, Fault> {
        let mut request = Request::builder().method(method).uri("/");
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        credential(&parts, Err(Fault::NoCredential))
            .map(|credential| String::from_utf8(credential.text.to_vec()).unwrap())
    }

    #[test]
    fn only_an_opening_handshake_may_offer_a_token() {
        use Fault::NoCredential as Absent;
        const OFFER: Line<'_> = ("sec-websocket-protocol", "chat, bearer.abc");
        const KEY: Line<'_> = ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        const VERSION: Line<'_> = ("sec-websocket-version", "13");
        const UPGRADE: Line<'_> = ("upgrade", "websocket");
        const CONNECTION: Line<'_> = ("connection", "upgrade");
        type Case<'a> = (&'a str, &'a [Line<'a>], Result<&'a str, Fault>);
        let other = [("upgrade", "x, WebSocket"), ("connection", "x, UPGRADE")];
        let cases: [Case<'_>; 14] = [
            ("GET", &[OFFER, UPGRADE, CONNECTION, KEY, VERSION], Ok("abc")),
            ("GET", &[OFFER, other[0], other[1], KEY, VERSION], Ok("abc")),
            ("GET", &[UPGRADE, CONNECTION, KEY, VERSION], Err(Absent)),
            ("GET", &[OFFER, CONNECTION, KEY, VERSION], Err(Absent)),
            ("GET", &[OFFER, UPGRADE, KEY, VERSION], Err(Absent)),
            ("GET", &[OFFER, UPGRADE, CONNECTION, VERSION], Err(Absent)),
            ("GET", &[OFFER, UPGRADE, CONNECTION, KEY], Err(Absent)),
            ("GET", &[OFFER, VERSION], Err(Absent)),
            ("CONNECT", &[OFFER, VERSION], Ok("abc")),
            ("CONNECT", &[OFFER], Err(Absent)),
            ("CONNECT", &[OFFER, UPGRADE, CONNECTION], Err(Absent)),
            ("POST", &[OFFER, UPGRADE, CONNECTION, KEY, VERSION], Err(Absent)),
            ("get", &[OFFER, UPGRADE, CONNECTION, KEY, VERSION], Err(Absent)),
            ("HEAD", &[OFFER, UPGRADE, CONNECTION, KEY, VERSION], Err(Absent)),
        ];
        for (method, lines, expected) in cases {
            assert_eq!(read(method, lines), expected.map(str::to_owned), "{method} {lines:?}");
        }
    }
}
