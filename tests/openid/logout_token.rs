//! Tests the rules for logout tokens.

use serde_json::{Value, json};

use super::{
    CLIENT, Change, EVENT, ISSUER, NONCE, NOW, access_token, epoch, id_token, logout, logout_token,
    outcome, provider,
};

const TYP_HEADER: &str = "the header parameter `typ` is the type of another kind of token";
const TYP: &str = "the claim `typ` names another kind of token";
const EVENTS_TYPE: &str = "the claim `events` is not an object";
const EVENT_OTHER: &str =
    "the claim `events` does not have the back-channel logout event with an object as its value";
const NONCE_RULE: &str = "the claim `nonce` shows that the token is an ID token";
const SID: &str = "the claim `sid` is not a string, or is empty";
const AUD: &str = "the claim `aud` does not contain the client id";
const ALG: &str = "the header parameter `alg` is not an accepted algorithm";

#[tokio::test]
async fn each_claim_and_each_header_parameter_has_its_rule() {
    let cases: &[(&str, Change, &str)] = &[
        ("valid", |token| token, "ok"),
        ("typ application/logout+jwt", |token| token.header("typ", "application/Logout+JWT"), "ok"),
        ("typ JWT", |token| token.header("typ", "JWT"), "ok"),
        ("no typ", |token| token.header("typ", Value::Null), "ok"),
        ("typ at+jwt", |token| token.header("typ", "at+jwt"), TYP_HEADER),
        ("typ secevent+jwt", |token| token.header("typ", "secevent+jwt"), TYP_HEADER),
        ("alg none", |token| token.header("alg", "none"), ALG),
        ("alg HS256", |token| token.header("alg", "HS256"), ALG),
        (
            "crit",
            |token| token.header("crit", json!(["exp"])),
            "the header parameter `crit` requires an extension",
        ),
        (
            "unknown kid",
            |token| token.header("kid", "unknown"),
            "the issuer publishes no key with the `kid` of the token",
        ),
        (
            "other iss",
            |token| token.claim("iss", "https://evil.example.com"),
            "the claim `iss` is not the identifier of the provider",
        ),
        (
            "iss with a slash",
            |token| token.claim("iss", format!("{ISSUER}/")),
            "the claim `iss` is not the identifier of the provider",
        ),
        ("no iss", |token| token.without("iss"), "the claim `iss` is missing"),
        ("other aud", |token| token.claim("aud", "other"), AUD),
        ("aud of the API", |token| token.claim("aud", axum_protected_tests::AUDIENCE), AUD),
        ("no aud", |token| token.without("aud"), "the claim `aud` is missing"),
        ("empty aud", |token| token.claim("aud", json!([])), AUD),
        ("aud in an array", |token| token.claim("aud", json!([CLIENT])), "ok"),
        ("several aud", |token| token.claim("aud", json!(["other", CLIENT])), "ok"),
        ("no typ claim", |token| token.without("typ"), "ok"),
        ("typ claim ID", |token| token.claim("typ", "ID"), TYP),
        ("typ claim Bearer", |token| token.claim("typ", "Bearer"), TYP),
        ("no jti", |token| token.without("jti"), "the claim `jti` is missing"),
        ("empty jti", |token| token.claim("jti", ""), "the claim `jti` is empty"),
        ("jti of a number", |token| token.claim("jti", 7), "the claim `jti` is not a string"),
        ("no events", |token| token.without("events"), "the claim `events` is missing"),
        ("events null", |token| token.claim("events", Value::Null), EVENTS_TYPE),
        ("events in an array", |token| token.claim("events", json!([EVENT])), EVENTS_TYPE),
        ("events of a string", |token| token.claim("events", EVENT), EVENTS_TYPE),
        ("empty events", |token| token.claim("events", json!({})), EVENT_OTHER),
        ("other event", |token| token.claim("events", json!({ "https://x": {} })), EVENT_OTHER),
        ("event true", |token| token.claim("events", json!({ EVENT: true })), EVENT_OTHER),
        ("event null", |token| token.claim("events", json!({ EVENT: null })), EVENT_OTHER),
        ("event in an array", |token| token.claim("events", json!({ EVENT: [{}] })), EVENT_OTHER),
        ("event with members", |token| token.claim("events", json!({ EVENT: { "a": 1 } })), "ok"),
        (
            "another event too",
            |token| token.claim("events", json!({ EVENT: {}, "revoke_offline_access": true })),
            "ok",
        ),
        ("nonce", |token| token.claim("nonce", NONCE), NONCE_RULE),
        ("nonce null", |token| token.claim("nonce", Value::Null), NONCE_RULE),
        ("only sub", |token| token.without("sid"), "ok"),
        ("only sid", |token| token.without("sub"), "ok"),
        (
            "neither",
            |token| token.without("sub").without("sid"),
            "the claims `sub` and `sid` are both missing",
        ),
        (
            "both null",
            |token| token.claim("sub", Value::Null).claim("sid", Value::Null),
            "the claims `sub` and `sid` are both missing",
        ),
        ("empty sub", |token| token.claim("sub", ""), "the claim `sub` is empty"),
        ("sub of a number", |token| token.claim("sub", 7), "the claim `sub` is not a string"),
        ("empty sid", |token| token.claim("sid", ""), SID),
        ("sid of a number", |token| token.claim("sid", 7), SID),
        ("sid in an array", |token| token.claim("sid", json!(["s1"])), SID),
    ];
    let provider = provider();
    let mut complaints = Vec::new();
    for (name, change, rule) in cases {
        let found = outcome(logout(&provider, change(logout_token())).await);
        if found != *rule {
            complaints.push(format!("{name}: {found}, not {rule}"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[tokio::test]
async fn tokens_of_other_kinds_end_no_session() {
    let provider = provider();
    for (name, token, rule) in [
        ("ID token", id_token(), NONCE_RULE),
        ("ID token of a refresh", id_token().without("nonce"), "the claim `events` is missing"),
        ("access token", access_token(), "the claim `events` is missing"),
    ] {
        assert_eq!(outcome(logout(&provider, token).await), rule, "{name}");
    }
}

#[tokio::test]
async fn the_claims_are_returned_and_not_shown() {
    let token = logout(&provider(), logout_token()).await.unwrap();
    assert_eq!(token.subject.as_deref(), Some("alice"));
    assert_eq!(token.session.as_deref(), Some("s1"));
    assert_eq!(token.issued_at, epoch(NOW));
    assert!(!format!("{token:?}").contains("alice"));
    let error = logout(&provider(), logout_token().without("jti")).await.unwrap_err();
    assert_eq!(error.to_string(), "the logout token is not valid: the claim `jti` is missing");
}
