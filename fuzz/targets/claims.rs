//! Signs an arbitrary header and payload with the key of the issuer. If the server accepts the
//! token, the claims of the `AccessToken` must be equal to the claims that `serde_json` reads.
#![no_main]

mod world;

use axum_protected::AccessToken;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const HEADER: &[u8] = br#"{"alg":"EdDSA","kid":"k","typ":"at+jwt"}"#;

fuzz_target!(|data: &[u8]| {
    // The data has the header and the payload in two lines, or the payload alone.
    let mut parts = data.splitn(2, |byte| *byte == b'\n');
    let (first, second) = (parts.next().unwrap_or_default(), parts.next());
    let (header, payload) = second.map_or((HEADER, first), |second| (first, second));
    let text = world::signed(header, payload);
    if let Ok(token) = world::judge(|server| server.authenticate(&text)) {
        agree(&token, &serde_json::from_slice(payload).unwrap());
        // The second verification reads the token from the cache and must return the same claims.
        let again = world::judge(|server| server.authenticate(&text)).unwrap();
        assert_eq!(token.subject(), again.subject());
    }
});

fn agree(token: &AccessToken, claims: &Value) {
    assert_eq!(token.issuer(), world::ISSUER);
    assert_eq!(claims["iss"], world::ISSUER);
    let audience = &claims["aud"];
    let several = audience.as_array().is_some_and(|all| all.contains(&world::AUDIENCE.into()));
    assert!(*audience == world::AUDIENCE || several);
    assert!(claims["exp"].is_number() && claims.get("cnf").is_none());
    assert_eq!(token.subject(), claims.get("sub").map(|sub| sub.as_str().unwrap()));
    for (name, value) in claims.as_object().unwrap() {
        assert_eq!(token.claim(name).as_ref(), Some(value));
    }
    let granted = claims.get("scope").or(claims.get("scp")).and_then(Value::as_str);
    for scope in token.scopes() {
        assert!(token.has_scope(scope));
        assert!(granted.is_none_or(|all| all.split(' ').any(|one| one == scope)));
    }
}
