//! Tests the rules for ID tokens.

use axum_protected::__browser::{IdTokenExpectation, Occasion, Provider};
use axum_protected::{Algorithm, Issuer};
use axum_protected_testing::{ManualClock, SigningKeys, TokenBuilder};
use axum_protected_tests::trusting;
use serde_json::{Value, json};

use super::{
    CLIENT, Change, EVENT, ISSUER, NONCE, NOW, SHA_256, access_token, epoch, expecting, id_token,
    logout_token, outcome, provider, refresh, sign_in,
};

async fn check(expected: &IdTokenExpectation<'_>, cases: &[(&str, Change, &str)]) {
    let provider = provider();
    let mut complaints = Vec::new();
    for (name, change, rule) in cases {
        let token = change(id_token()).sign();
        let found = outcome(provider.verify_id_token(&token, expected).await);
        if found != *rule {
            complaints.push(format!("{name}: {found}, not {rule}"));
        }
    }
    assert!(!cases.is_empty() && complaints.is_empty(), "{}", complaints.join("\n"));
}

const ISS: &str = "the claim `iss` is not the identifier of the provider";
const AUD: &str = "the claim `aud` does not contain the client id";
const AUD_TYPE: &str = "the claim `aud` is neither a string nor an array of strings";
const UNTRUSTED: &str =
    "the claim `aud` names another audience than the client, which the client does not trust";
const AZP: &str = "the claim `azp` is not the client id";
const AZP_MISSING: &str = "the token has several audiences, and the claim `azp` is missing";
const NONCE_OTHER: &str = "the claim `nonce` is not the nonce of the sign-in";
const TYP: &str = "the claim `typ` names another kind of token";
const TYP_HEADER: &str = "the header parameter `typ` is the type of another kind of token";
const EVENTS: &str =
    "the claim `events` shows that the token is a logout token or a security event";
const ALG: &str = "the header parameter `alg` is not an accepted algorithm";
const AT_HASH: &str = "the claim `at_hash` is not the hash of the access token";

#[tokio::test]
async fn each_claim_has_its_rule_at_the_sign_in() {
    let cases: &[(&str, Change, &str)] = &[
        ("valid", |token| token, "ok"),
        ("other iss", |token| token.claim("iss", "https://evil.example.com"), ISS),
        ("iss with a slash", |token| token.claim("iss", format!("{ISSUER}/")), ISS),
        ("no iss", |token| token.without("iss"), "the claim `iss` is missing"),
        (
            "iss in an array",
            |token| token.claim("iss", json!([ISSUER])),
            "the claim `iss` is not a string",
        ),
        ("other aud", |token| token.claim("aud", "other"), AUD),
        ("no aud", |token| token.without("aud"), "the claim `aud` is missing"),
        ("aud of the API", |token| token.claim("aud", axum_protected_tests::AUDIENCE), AUD),
        ("empty aud", |token| token.claim("aud", json!([])), AUD),
        ("aud null", |token| token.claim("aud", Value::Null), AUD_TYPE),
        ("aud with a number", |token| token.claim("aud", json!([CLIENT, 1])), AUD_TYPE),
        ("aud in an array", |token| token.claim("aud", json!([CLIENT])), "ok"),
        ("aud in another case", |token| token.claim("aud", "BFF"), AUD),
        ("foreign aud", |token| token.claim("aud", json!([CLIENT, "other"])), UNTRUSTED),
        ("azp of another client", |token| token.claim("azp", "other"), AZP),
        ("azp in an array", |token| token.claim("azp", json!([CLIENT])), AZP),
        ("empty azp", |token| token.claim("azp", ""), AZP),
        ("no azp", |token| token.without("azp"), "ok"),
        ("azp null", |token| token.claim("azp", Value::Null), "ok"),
        ("other nonce", |token| token.claim("nonce", "n-0S6_WzA2Mk"), NONCE_OTHER),
        ("longer nonce", |token| token.claim("nonce", format!("{NONCE}x")), NONCE_OTHER),
        ("empty nonce", |token| token.claim("nonce", ""), NONCE_OTHER),
        ("nonce in an array", |token| token.claim("nonce", json!([NONCE])), NONCE_OTHER),
        ("no nonce", |token| token.without("nonce"), "the claim `nonce` is missing"),
        ("nonce null", |token| token.claim("nonce", Value::Null), "the claim `nonce` is missing"),
        ("no sub", |token| token.without("sub"), "the claim `sub` is missing"),
        ("sub null", |token| token.claim("sub", Value::Null), "the claim `sub` is missing"),
        ("empty sub", |token| token.claim("sub", ""), "the claim `sub` is empty"),
        ("sub of a number", |token| token.claim("sub", 7), "the claim `sub` is not a string"),
        ("long sub", |token| token.claim("sub", "a".repeat(255)), "ok"),
        (
            "too long sub",
            |token| token.claim("sub", "a".repeat(256)),
            "the claim `sub` is longer than 255 characters",
        ),
        ("no typ claim", |token| token.without("typ"), "ok"),
        ("typ id", |token| token.claim("typ", "id_token"), "ok"),
        ("typ Bearer", |token| token.claim("typ", "Bearer"), TYP),
        ("typ Refresh", |token| token.claim("typ", "Refresh"), TYP),
        ("typ Logout", |token| token.claim("typ", "Logout"), TYP),
        ("typ of a list", |token| token.claim("typ", json!(["ID"])), TYP),
        ("token_use id", |token| token.claim("token_use", "id"), "ok"),
        (
            "token_use access",
            |token| token.claim("token_use", "access"),
            "the claim `token_use` names another kind of token",
        ),
        (
            "token_type Bearer",
            |token| token.claim("token_type", "Bearer"),
            "the claim `token_type` names another kind of token",
        ),
        ("events", |token| token.claim("events", json!({ EVENT: {} })), EVENTS),
        ("empty events", |token| token.claim("events", json!({})), EVENTS),
        ("events null", |token| token.claim("events", Value::Null), EVENTS),
        ("other at_hash", |token| token.claim("at_hash", "77QmUPtjPfzWtF2AnpK9RA"), AT_HASH),
        ("empty at_hash", |token| token.claim("at_hash", ""), AT_HASH),
        ("padded at_hash", |token| token.claim("at_hash", format!("{SHA_256}==")), AT_HASH),
        (
            "at_hash of a number",
            |token| token.claim("at_hash", 7),
            "the claim `at_hash` is not a string",
        ),
        ("no at_hash", |token| token.without("at_hash"), "ok"),
        ("c_hash and s_hash", |token| token.claim("c_hash", "x").claim("s_hash", 7), "ok"),
        (
            "empty sid",
            |token| token.claim("sid", ""),
            "the claim `sid` is not a string, or is empty",
        ),
        (
            "sid of a number",
            |token| token.claim("sid", 7),
            "the claim `sid` is not a string, or is empty",
        ),
        ("no sid", |token| token.without("sid"), "ok"),
        ("a name that is not a text", |token| token.claim("name", json!({})), "ok"),
    ];
    check(&sign_in(), cases).await;
}

#[tokio::test]
async fn each_header_parameter_has_its_rule() {
    let cases: &[(&str, Change, &str)] = &[
        ("no typ", |token| token.header("typ", Value::Null), "ok"),
        ("typ jwt", |token| token.header("typ", "jwt"), "ok"),
        ("typ application/jwt", |token| token.header("typ", "application/JWT"), "ok"),
        ("typ at+jwt", |token| token.header("typ", "at+jwt"), TYP_HEADER),
        ("typ logout+jwt", |token| token.header("typ", "logout+jwt"), TYP_HEADER),
        ("typ secevent+jwt", |token| token.header("typ", "secevent+jwt"), TYP_HEADER),
        ("typ dpop+jwt", |token| token.header("typ", "dpop+jwt"), TYP_HEADER),
        ("empty typ", |token| token.header("typ", ""), TYP_HEADER),
        (
            "typ of a number",
            |token| token.header("typ", 7),
            "the header parameter `typ` is not a string",
        ),
        ("alg none", |token| token.header("alg", "none"), ALG),
        ("alg HS256", |token| token.header("alg", "HS256"), ALG),
        ("alg rs256", |token| token.header("alg", "rs256"), ALG),
        (
            "crit",
            |token| token.header("crit", json!(["exp"])),
            "the header parameter `crit` requires an extension",
        ),
        (
            "empty crit",
            |token| token.header("crit", json!([])),
            "the header parameter `crit` requires an extension",
        ),
        ("b64", |token| token.header("b64", false), "the header parameter `b64` is not `true`"),
        (
            "cty",
            |token| token.header("cty", "JWT"),
            "the header parameter `cty` says that the payload is another JWT",
        ),
        (
            "unknown kid",
            |token| token.header("kid", "unknown"),
            "the issuer publishes no key with the `kid` of the token",
        ),
        ("no kid", |token| token.header("kid", Value::Null), "ok"),
        (
            "alg of another key",
            |token| token.header("alg", "ES256"),
            "not exactly one key of the issuer matches `kid` and `alg`",
        ),
        (
            "foreign key in the header",
            |token| token.header("jwk", json!({})).header("jku", "https://evil.example.com"),
            "ok",
        ),
    ];
    check(&sign_in(), cases).await;
}

#[tokio::test]
async fn a_refresh_has_the_same_subject_and_no_other_nonce() {
    const SUB: &str = "the claim `sub` is not the subject that signed in";
    let cases: &[(&str, Change, &str)] = &[
        ("the same nonce", |token| token, "ok"),
        ("no nonce", |token| token.without("nonce"), "ok"),
        ("nonce null", |token| token.claim("nonce", Value::Null), "ok"),
        ("other nonce", |token| token.claim("nonce", "other"), NONCE_OTHER),
        ("empty nonce", |token| token.claim("nonce", ""), NONCE_OTHER),
        ("other subject", |token| token.claim("sub", "bob"), SUB),
        ("subject in another case", |token| token.claim("sub", "Alice"), SUB),
        ("no subject", |token| token.without("sub"), "the claim `sub` is missing"),
        ("other iss", |token| token.claim("iss", "https://evil.example.com"), ISS),
        ("other client", |token| token.claim("aud", "other"), AUD),
        ("other azp", |token| token.claim("azp", "other"), AZP),
        ("other at_hash", |token| token.claim("at_hash", "x"), AT_HASH),
        ("issued at the sign-in", |token| token.claim("iat", NOW - 86_400), "ok"),
        ("typ Bearer", |token| token.claim("typ", "Bearer"), TYP),
    ];
    check(&refresh(), cases).await;
}

/// A provider that echoes an empty nonce must not satisfy a client that lost its nonce.
#[tokio::test]
async fn an_empty_nonce_is_equal_to_no_nonce() {
    let cases: &[(&str, Change, &str)] = &[
        ("empty", |token| token.claim("nonce", ""), NONCE_OTHER),
        ("absent", |token| token.without("nonce"), "the claim `nonce` is missing"),
    ];
    check(&expecting(Occasion::SignIn { nonce: "" }), cases).await;
}

#[tokio::test]
async fn a_trusted_audience_is_accepted_beside_the_client_that_azp_names() {
    let others = ["account".to_owned()];
    let expected = IdTokenExpectation { other_audiences: &others, ..sign_in() };
    let cases: &[(&str, Change, &str)] = &[
        ("with azp", |token| token.claim("aud", json!([CLIENT, "account"])), "ok"),
        (
            "without azp",
            |token| token.claim("aud", json!(["account", CLIENT])).without("azp"),
            AZP_MISSING,
        ),
        (
            "azp of the other",
            |token| token.claim("aud", json!([CLIENT, "account"])).claim("azp", "account"),
            AZP,
        ),
        ("only the other", |token| token.claim("aud", "account"), AUD),
        ("a third", |token| token.claim("aud", json!([CLIENT, "account", "x"])), UNTRUSTED),
    ];
    check(&expected, cases).await;
}

#[tokio::test]
async fn malformed_tokens_are_refused() {
    let valid = id_token().sign();
    let doubled = axum_protected_tests::compact(
        r#"{"alg":"RS256","typ":"JWT"}"#,
        format!(r#"{{"iss":"{ISSUER}","iss":"{ISSUER}"}}"#),
    );
    let mut parts: Vec<_> = valid.split('.').collect();
    let claims = axum_protected_tests::encode("{}");
    parts[1] = &claims;
    let (unsigned, _) = valid.rsplit_once('.').unwrap();
    let cases = [
        (String::new(), "the token is opaque: it is not a JWT"),
        ("a.b".to_owned(), "the token is opaque: it is not a JWT"),
        (format!("{valid}.x"), "the token does not consist of three parts"),
        (format!("{valid}.x.y"), "the token consists of five parts: it is encrypted"),
        (doubled, "the payload is not one JSON object with distinct member names"),
        (parts.join("."), "the claim `iss` is missing"),
        ("x".repeat(16_385), "the token is too long: more than 16384 bytes"),
        (format!("{unsigned}."), "the signature does not verify with the key of the issuer"),
        (format!("{unsigned}.AAAA"), "the signature does not verify with the key of the issuer"),
    ];
    for (token, rule) in cases {
        let found = outcome(provider().verify_id_token(&token, &sign_in()).await);
        assert_eq!(found, rule, "{token}");
    }
}

/// The hash is that of the signature algorithm. The vector is that of OpenID Connect Core appendix
/// A.3, and the longer hashes are computed for the same access token.
#[tokio::test]
async fn at_hash_is_by_the_hash_of_the_algorithm() {
    const SHA_384: &str = "jtAeDp945y1dDqU3nkIVGNZP1HjH_MFs";
    const SHA_512: &str = "q7nS86GgvvFaZkzALLWqJYaJIKw2wCDAVfCAsm5CrBM";
    let algorithms = [Algorithm::ES256, Algorithm::ES384, Algorithm::ES512, Algorithm::EdDSA];
    let keys = SigningKeys::generate(&algorithms).unwrap();
    let issuer = Issuer::new(ISSUER).jwks(keys.jwks()).metadata_url("http://127.0.0.1:1/m");
    let builder = trusting(issuer.algorithms(algorithms)).clock(ManualClock::at(epoch(NOW)));
    let provider = Provider::new(&builder.build().unwrap(), None).unwrap();
    for (algorithm, right) in algorithms.into_iter().zip([SHA_256, SHA_384, SHA_512, SHA_512]) {
        for hash in [SHA_256, SHA_384, SHA_512] {
            let claims = [("iss", json!(ISSUER)), ("aud", json!(CLIENT)), ("sub", json!("alice"))];
            let times = [("iat", json!(NOW)), ("exp", json!(NOW + 60))];
            let openid = [("nonce", json!(NONCE)), ("at_hash", json!(hash))];
            let token = TokenBuilder::new(&keys, ISSUER, CLIENT).algorithm(algorithm);
            let token = claims
                .into_iter()
                .chain(times)
                .chain(openid)
                .fold(token.header("typ", "JWT"), |token, (name, value)| token.claim(name, value));
            let found = outcome(provider.verify_id_token(&token.sign(), &sign_in()).await);
            let expected = if hash == right { "ok" } else { AT_HASH };
            assert_eq!(found, expected, "{algorithm} {hash}");
        }
    }
}

/// The algorithms of the issuer's settings apply to ID tokens too.
#[tokio::test]
async fn only_configured_algorithms_are_accepted() {
    let keys = json!({ "keys": [axum_protected_tests::keys().jwks()["keys"][1]] });
    let issuer = Issuer::new(ISSUER)
        .jwks(keys)
        .metadata_url("http://127.0.0.1:1/m")
        .algorithms([Algorithm::ES256]);
    let server = trusting(issuer).clock(ManualClock::at(epoch(NOW))).build().unwrap();
    let provider = Provider::new(&server, None).unwrap();
    for (algorithm, expected) in
        [(Algorithm::RS256, ALG), (Algorithm::ES256, "ok"), (Algorithm::EdDSA, ALG)]
    {
        let token = id_token().algorithm(algorithm).sign();
        let found = outcome(provider.verify_id_token(&token, &sign_in()).await);
        assert_eq!(found, expected, "{algorithm}");
    }
}

#[tokio::test]
async fn tokens_of_other_kinds_are_refused() {
    let provider = provider();
    let refused = "the claim `typ` names another kind of token";
    for (name, token, expected) in [
        ("access token", access_token(), refused),
        ("access token with the nonce", access_token().claim("nonce", NONCE), refused),
        ("access token of RFC 9068", access_token().header("typ", "at+jwt"), TYP_HEADER),
        ("logout token", logout_token(), TYP_HEADER),
        ("logout token without typ", logout_token().header("typ", Value::Null), EVENTS),
    ] {
        let found = outcome(provider.verify_id_token(&token.sign(), &sign_in()).await);
        assert_eq!(found, expected, "{name}");
    }
}

#[tokio::test]
async fn the_claims_are_returned_and_not_shown() {
    let token = provider().verify_id_token(&id_token().sign(), &sign_in()).await.unwrap();
    assert_eq!(token.subject, "alice");
    assert_eq!(token.session.as_deref(), Some("s1"));
    let shown = format!("{token:?} {:?}", sign_in());
    assert!(!shown.contains("lice") && !shown.contains(NONCE), "{shown}");
}

#[tokio::test]
async fn an_error_names_the_claim_and_no_value() {
    let token = id_token().claim("azp", "m4rk3r").sign();
    let error = provider().verify_id_token(&token, &sign_in()).await.unwrap_err();
    assert_eq!(error.claim(), Some("azp"));
    assert!(!error.is_unavailable());
    assert_eq!(error.to_string(), format!("the ID token is not valid: {AZP}"));
    assert!(!format!("{error:?}").contains("m4rk3r"));
}
