//! Tests the contents of the log of refusals, and that no secret appears in the log.

use axum_protected_tests::issuer::{JWKS, OPENID};
use axum_protected_tests::log::Entry;
use axum_protected_tests::{App, Call, Log, Reply, ScriptedIssuer, fresh_key, keys, trusting};
use serde_json::json;

use super::Bench;

fn codes(entries: &[Entry]) -> Vec<&str> {
    entries.iter().filter_map(|entry| entry.get("code")).collect()
}

#[tokio::test]
async fn each_refusal_is_logged_once_with_its_code() {
    let (log, _guard) = Log::open();
    let bench = Bench::start().await;
    let good = bench.good();
    let expired = bench.token().expired().sign();
    let nothing = bench.token().scope("").sign();
    let nameless = bench.token().without("email").sign();
    let unknown = bench.token().header("kid", "unknown").sign();
    let get = Call::get;
    let cases = [
        (get("/api/items"), 401, "missing_token"),
        (get("/api/items").bearer("a b"), 400, "invalid_request"),
        (get("/api/items").bearer("abc"), 401, "malformed_token"),
        (get("/api/items").bearer(&expired), 401, "expired_token"),
        (get("/api/items").bearer(&unknown), 401, "unknown_key"),
        (get("/api/optional").bearer(&expired), 401, "expired_token"),
        (get("/api/me").bearer(&expired), 401, "expired_token"),
        (get("/api/caller").bearer(&expired), 401, "expired_token"),
        (get("/api/items").bearer(&nothing), 403, "insufficient_scope"),
        (get("/api/caller").bearer(&nameless), 401, "unexpected_claims"),
        (get("/api/impossible").bearer(&good), 500, "claims_type"),
        (get("/api/lost").bearer(&good), 500, "value_not_loaded"),
    ];
    let mut complaints = Vec::new();
    for (call, status, code) in cases {
        log.take();
        bench.app.refuses(&call, status, code).await;
        let entries = log.take();
        if codes(&entries) != [code] {
            complaints.push(format!("{code}: {entries:?}"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// An operator can correct a configuration by the log alone.
#[tokio::test]
async fn a_refusal_names_the_claim_the_rule_and_the_expected_configuration() {
    let (log, _guard) = Log::open();
    let bench = Bench::start().await;
    let token = || bench.token();
    let items = || Call::get("/api/items");
    let scheme = |value: &str| items().header("Authorization", value);
    let bearer = |token: axum_protected_testing::TokenBuilder| items().bearer(&token.sign());
    let api = axum_protected_tests::AUDIENCE;
    let none = "";
    let oversized = "a".repeat(16 * 1024 + 1);
    let cases = [
        (items(), none, "no `Authorization` header", none),
        (scheme("Basic dXNlcjpwYXNz"), none, "is `Basic`, not `Bearer`", none),
        (scheme("token abc"), none, "is `Token`, not `Bearer`", none),
        (scheme("DPoP abc"), none, "is `DPoP`, not `Bearer`", none),
        (scheme("Secret abc"), none, "is not `Bearer`", none),
        (scheme("eyJhbGciOiJub25lIn0.e30."), none, "the word `Bearer` is missing", none),
        (items().bearer(&oversized), none, "too long: more than 16384 bytes", none),
        (items().bearer("gho_16C7e42F292c6912E7"), none, "the token is opaque", none),
        (items().bearer("ya29.a0AfH6SMBx"), none, "the token is opaque", none),
        (items().bearer("a.b.c.d.e"), none, "it is encrypted", none),
        (bearer(token().without("iss")), "iss", "`iss` is missing", bench.issuer.url()),
        (
            bearer(token().claim("iss", "https://m4rk3r.example")),
            "iss",
            "not the identifier of a configured issuer",
            bench.issuer.url(),
        ),
        (bearer(token().without("aud")), "aud", "the claim `aud` is missing", api),
        (bearer(token().claim("aud", "account")), "aud", "none of the configured audiences", api),
        (bearer(token().claim("aud", 7)), "aud", "neither a string nor an array", api),
        (bearer(token().claim("sub", 7)), "sub", "the claim `sub` is not a string", none),
        (bearer(token().claim("exp", "1")), "exp", "`exp` is not a number of seconds", none),
        (bearer(token().without("exp")), "exp", "`exp` is missing", none),
        (bearer(token().expired()), "exp", "`exp` and the leeway have passed", "30s"),
        (bearer(token().claim("nbf", 4_000_000_000_u64)), "nbf", "`nbf` is ahead", "30s"),
        (bearer(token().claim("iat", 4_000_000_000_u64)), "iat", "`iat` is ahead", "60s"),
        (bearer(token().header("alg", "HS256")), "alg", "not an accepted algorithm", "`ES256`"),
        (bearer(token().header("typ", "id_token")), "typ", "not the type", "`at+jwt`"),
        (bearer(token().header("crit", vec!["x"])), "crit", "requires an extension", none),
        (bearer(token().header("kid", "m4rk3r")), "kid", "publishes no key", none),
        (
            bearer(token().claim("cnf", json!({ "jkt": "m4rk3r" }))),
            "cnf",
            "not a SHA-256 digest",
            none,
        ),
        (bearer(token().scope("other")), none, none, "items:read"),
        (Call::get("/api/caller").bearer(&token().without("email").sign()), "email", none, none),
    ];
    let mut complaints = Vec::new();
    for (call, claim, rule, expected) in cases {
        log.take();
        call.send(bench.app.address).await;
        let entries = log.take();
        let entry = entries.iter().find(|entry| entry.get("code").is_some()).expect("a refusal");
        let has = |field: &str, text: &str| match entry.get(field) {
            Some(value) => !text.is_empty() && value.contains(text) && !value.contains("m4rk3r"),
            None => text.is_empty(),
        };
        if !has("claim", claim) || !has("rule", rule) || !has("expected", expected) {
            complaints.push(format!("{claim}: {entry:?}"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[tokio::test]
async fn the_reason_for_missing_keys_is_logged() {
    let (log, _guard) = Log::open();
    let issuer = ScriptedIssuer::silent().await;
    let app = App::serve(trusting(issuer.url()).build().unwrap()).await;
    let call = Call::get("/api/items").bearer(&issuer.token().sign());
    app.refuses(&call, 503, "keys_unavailable").await;
    let entries = log.take();
    assert_eq!(codes(&entries), ["keys_unavailable"]);
    let warning =
        entries.iter().find(|entry| entry.level == tracing::Level::WARN).expect("a warning");
    assert_eq!(warning.get("issuer"), Some(issuer.url()));
    let expected = format!(
        "no metadata from `{}{OPENID}` (nor from 1 other location): the response has status 404",
        issuer.url()
    );
    assert_eq!(warning.get("error"), Some(expected.as_str()));
    let refusal = entries.iter().find(|entry| entry.get("code").is_some()).expect("a refusal");
    assert_eq!(refusal.get("issuer"), Some(issuer.url()));
    assert_eq!(refusal.get("error"), Some(expected.as_str()));
}

#[tokio::test]
async fn no_token_and_no_claim_is_ever_logged() {
    const MARKER: &str = "m4rk3r";
    let (log, _guard) = Log::open();
    let bench = Bench::start().await;
    let token = || {
        let token = bench.token().subject(MARKER).claim("jti", MARKER);
        token.claim("client_id", MARKER).claim("email", MARKER)
    };
    let tokens = [
        token(),
        token().expired(),
        token().scope(MARKER),
        token().without("email").claim(MARKER, MARKER),
        token().header("kid", MARKER),
        token().header("alg", MARKER),
        token().header("typ", MARKER),
        token().claim("iss", format!("https://{MARKER}.example.com")),
        token().claim("aud", MARKER),
        token().claim("cnf", json!({ "jkt": MARKER })),
        token().claim("exp", MARKER),
        token().claim("scope", json!({ MARKER: 1 })),
    ]
    .map(axum_protected_testing::TokenBuilder::sign);
    for token in &tokens {
        for path in ["/api/items", "/api/me", "/api/optional", "/api/caller", "/api/impossible"] {
            let target = format!("{path}?access_token={token}&{MARKER}");
            Call::get(&target).bearer(token).send(bench.app.address).await;
            let twice = Call::get(&target).bearer(token).bearer(token);
            twice.send(bench.app.address).await;
        }
    }
    let text = log.text();
    assert!(text.contains("expired_token"), "the refusal is not logged: {text}");
    assert!(!text.contains(MARKER), "{text}");
    for token in &tokens {
        for part in token.split('.') {
            assert!(!text.contains(part), "{text}");
        }
    }
}

/// Text from a request cannot break a line of the log.
#[tokio::test]
async fn foreign_text_is_logged_escaped_and_truncated() {
    let (log, _guard) = Log::open();
    let hostile = format!("a\r\nINFO forged\u{1b}[31m\u{7}{{}}{}", "k".repeat(1000));
    let issuer = ScriptedIssuer::start().await;
    let mut set = keys().jwks();
    let members = set["keys"].as_array_mut().unwrap();
    members.push(json!({ "kty": hostile, "kid": hostile, "use": hostile }));
    let mut private = fresh_key().jwks()["keys"][0].clone();
    private["kid"] = "private".into();
    private["d"] = "m4rk3r".into();
    members.push(private);
    issuer.set(JWKS, Reply::json(&set));
    let app = App::serve(trusting(issuer.url()).build().unwrap()).await;
    let token = |kid: &str| issuer.token().scope("items:read").header("kid", kid).sign();
    for kid in [hostile.get(..400).unwrap(), "\u{1b}]0;x\u{7}", "\r\n\r\n"] {
        let call = Call::get("/api/items").bearer(&token(kid));
        app.refuses(&call, 401, "unknown_key").await;
    }
    let entries = log.take();
    let unused: Vec<_> = entries.iter().filter(|one| one.get("kid").is_some()).collect();
    assert!(unused.len() >= 2, "an unusable key is not logged: {entries:?}");
    for entry in &entries {
        for (_, value) in &entry.fields {
            assert!(!value.chars().any(char::is_control), "{entry:?}");
            assert!(!value.contains("m4rk3r"), "{entry:?}");
            assert!(value.len() < 300, "{entry:?}");
        }
    }
    let good = issuer.token().scope("items:read").sign();
    app.grants(&Call::get("/api/items").bearer(&good)).await;
}
