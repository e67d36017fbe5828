//! Tests that no secret and no personal data leaves the server.

use axum_protected_tests::{App, Call, Log, trusting};
use serde_json::json;

use super::{Double, Reply, active, inactive, issuer, with};

/// The texts that no log, no response and no health report may contain.
const SECRETS: [&str; 5] = ["opaque-t0ken", "s3cret", "czNjcmV0", "alice", "bob@example.com"];

#[tokio::test]
async fn tokens_secrets_and_names_are_in_no_log_and_no_response() {
    let (log, _guard) = Log::open();
    let double = Double::default();
    let served = double.serve().await;
    let server = trusting(issuer(&served.url)).build().unwrap();
    let app = App::serve(server.clone()).await;
    let personal = json!({ "username": "bob@example.com", "sub": "alice", "aud": "b" });
    let echo = |body: String| Reply::text("application/json", body);
    let replies = [
        Reply::from(active(&served.url)),
        inactive().into(),
        with(active(&served.url), personal.clone()).into(),
        with(active(&served.url), json!({ "username": ["bob@example.com"] })).into(),
        with(active(&served.url), json!({ "scope": ["alice"] })).into(),
        with(active(&served.url), json!({ "iss": "https://alice.example.com" })).into(),
        with(active(&served.url), json!({ "active": "alice" })).into(),
        Reply::status(401),
        Reply::status(500),
        Reply::status(302).header("location", "https://b.example.com/alice?opaque-t0ken"),
        echo("opaque-t0ken s3cret alice".to_owned()),
        echo("{\"alice\":1,\"alice\":2}".to_owned()),
    ];
    for (index, reply) in replies.into_iter().enumerate() {
        let token = format!("opaque-t0ken-{index}");
        double.answer(&token, reply);
        let answer = Call::get("/api/items").bearer(&token).send(app.address).await;
        let text =
            format!("{:?} {}", answer.undated_headers(), String::from_utf8_lossy(&answer.body));
        for secret in SECRETS {
            assert!(!text.contains(secret), "{index}: {text}");
        }
        let health = serde_json::to_string(&server.health()).unwrap();
        for secret in SECRETS {
            assert!(!health.contains(secret), "{index}: {health}");
        }
    }
    let text = log.text();
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    assert!(text.contains("introspection"), "{text}");
}
