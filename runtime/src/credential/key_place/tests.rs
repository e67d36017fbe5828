//! Tests of the place of keys, for a key beside a token of any place.

use http::Request;

use super::*;
use crate::credential::{credential_or_dpop, credential_or_subprotocol};

type Line<'a> = (&'a str, &'a str);
type Case<'a> = (&'a KeyPlace, &'a [Line<'a>], Result<(Presentation, String), Fault>);

const HANDSHAKE: [Line<'_>; 4] = [
    ("upgrade", "websocket"),
    ("connection", "upgrade"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ("sec-websocket-version", "13"),
];

/// Reads the credential of a websocket handshake with these lines.
fn read(place: &KeyPlace, lines: &[Line<'_>]) -> Result<(Presentation, String), Fault> {
    let mut request = Request::builder().uri("/");
    for (name, value) in lines.iter().chain(&HANDSHAKE) {
        request = request.header(*name, *value);
    }
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let token = TokenLocation::Bearer.credential(&parts.headers);
    let token = credential_or_dpop(&parts.headers, token);
    let found = place.credential(&parts.headers, credential_or_subprotocol(&parts, token))?;
    let text = String::from_utf8(found.text.to_vec()).unwrap();
    assert!(
        found.range().is_some_and(|range| found.line.as_bytes().get(range) == Some(found.text))
    );
    Ok((found.presentation, text))
}

#[test]
fn a_request_presents_one_credential() {
    use Fault::{
        KeyAndToken, MalformedHeader, NoCredential, SchemeBasic, SeveralHeaders, SeveralKeys,
        SeveralTokens,
    };
    use Presentation::{ApiKey, Authorization, Dpop, WebSocketProtocol};
    const OFFER: Line<'_> = ("sec-websocket-protocol", "chat, bearer.abc");
    const OFFERED_KEY: Line<'_> = ("sec-websocket-protocol", "bearer.ci_abc");
    const BEARER: Line<'_> = ("authorization", "Bearer abc");
    const BASIC: Line<'_> = ("authorization", "Basic abc");
    const DPOP: Line<'_> = ("authorization", "DPoP abc");
    const SCHEME: Line<'_> = ("authorization", "Key ci_abc");
    const BEARER_KEY: Line<'_> = ("authorization", "Bearer ci_abc");
    const HEADER: Line<'_> = ("x-key", "ci_abc");
    let header = KeyPlace::Header(HeaderName::from_static("x-key"));
    let scheme = KeyPlace::Scheme("key".into());
    let bearer = KeyPlace::Bearer("ci".into());
    let key = || Ok((ApiKey, "ci_abc".to_owned()));
    let cases: [Case<'_>; 28] = [
        (&header, &[], Err(NoCredential)),
        (&header, &[HEADER], key()),
        (&header, &[BEARER], Ok((Authorization, "abc".to_owned()))),
        (&header, &[OFFER], Ok((WebSocketProtocol, "abc".to_owned()))),
        (&header, &[HEADER, OFFER], Err(KeyAndToken)),
        (&header, &[HEADER, BEARER], Err(KeyAndToken)),
        (&header, &[HEADER, BASIC], Err(KeyAndToken)),
        (&header, &[DPOP], Ok((Dpop, "abc".to_owned()))),
        (&header, &[DPOP, HEADER], Err(KeyAndToken)),
        (&header, &[DPOP, OFFER], Err(SeveralTokens)),
        (&header, &[HEADER, HEADER], Err(SeveralKeys)),
        (&header, &[HEADER, HEADER, BEARER], Err(SeveralKeys)),
        (&header, &[SCHEME], Err(Fault::OtherScheme)),
        (&scheme, &[], Err(NoCredential)),
        (&scheme, &[SCHEME], key()),
        (&scheme, &[SCHEME, OFFER], Err(SeveralTokens)),
        (&scheme, &[SCHEME, SCHEME], Err(SeveralHeaders)),
        (&scheme, &[BASIC], Err(SchemeBasic)),
        (&scheme, &[("authorization", "Keys ci_abc")], Err(Fault::OtherScheme)),
        (&scheme, &[("authorization", "Key:ci_abc")], Err(MalformedHeader)),
        (&scheme, &[("authorization", "Key\tci_abc")], Err(MalformedHeader)),
        (&scheme, &[("authorization", "Key")], Ok((ApiKey, String::new()))),
        (&bearer, &[BEARER_KEY], key()),
        (&bearer, &[BEARER_KEY, OFFER], Err(SeveralTokens)),
        (&bearer, &[BEARER], Ok((Authorization, "abc".to_owned()))),
        (&bearer, &[("authorization", "Bearer ci")], Ok((Authorization, "ci".to_owned()))),
        (&bearer, &[("authorization", "Bearer cix_a")], Ok((Authorization, "cix_a".to_owned()))),
        (&bearer, &[OFFERED_KEY], Ok((WebSocketProtocol, "ci_abc".to_owned()))),
    ];
    for (place, lines, expected) in cases {
        assert_eq!(read(place, lines), expected, "{place} {lines:?}");
    }
}

#[test]
fn a_key_consists_of_visible_characters() {
    let longest = "a".repeat(KEY_LIMIT);
    let longer = "a".repeat(KEY_LIMIT + 1);
    for (text, expected) in [
        ("ci_abc", Ok(())),
        ("a+b/c=d.e~f!", Ok(())),
        (longest.as_str(), Ok(())),
        (longer.as_str(), Err(Fault::KeyTooLong)),
        ("", Err(Fault::KeyMalformed)),
        ("a b", Err(Fault::KeyMalformed)),
        ("a,b", Err(Fault::KeyMalformed)),
        ("a\tb", Err(Fault::KeyMalformed)),
        ("\u{e4}", Err(Fault::KeyMalformed)),
    ] {
        assert_eq!(check_key(text.as_bytes()), expected, "{text}");
    }
}
