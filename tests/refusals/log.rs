//! Tests the contents of the log of refusals, and that no secret appears in the log.

use axum_protected_tests::issuer::JWKS;
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
    assert_eq!(warning.get("error"), Some("the response has status 404"));
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
