//! Tests that neither a key nor its digest is shown.

use axum::http::HeaderMap;
use axum_protected::api_key::{ApiKeys, KeyDigest};
use axum_protected_tests::{App, Call, Log};

use super::{entry, fixed, generate, hour_ago};

#[tokio::test]
async fn debug_outputs_errors_and_responses_do_not_show_keys() {
    let key = generate();
    let expired = generate();
    let keys = ApiKeys::new()
        .key(entry(key.key()).claim("plan", "s3cret plan"))
        .key(entry(expired.key()).expires_at(hour_ago()));
    let mut shown = vec![format!("{key:?} {keys:?} {:?}", entry(key.key()))];
    let builder = fixed().api_keys(keys);
    shown.push(format!("{builder:?}"));
    let server = builder.build().unwrap();
    shown.push(format!("{server:?} {:?} {:?}", server.configuration(), server.api_keys()));
    shown.push(serde_json::to_string(server.configuration()).unwrap());
    let app = App::serve(server.clone()).await;
    let (log, _guard) = Log::open();
    let headers = |key: &str| [("x-api-key".parse().unwrap(), key.parse().unwrap())];
    for key in [key.key(), expired.key(), "m4rk3r"] {
        match server.authenticate(&HeaderMap::from_iter(headers(key))).await {
            Ok(token) => shown.push(format!("{token:?}")),
            Err(error) => shown.push(format!("{error:?} {error}")),
        }
        let answer = Call::get("/api/items").header("x-api-key", key).send(app.address).await;
        shown.push(format!("{} {}", String::from_utf8_lossy(&answer.head), answer.text()));
    }
    shown.push(log.text());
    let shown = shown.concat();
    for text in [key.key(), expired.key()] {
        assert!(!shown.contains(text));
        assert!(!shown.contains(&KeyDigest::of(text).to_string()));
    }
    assert!(!shown.contains("m4rk3r") && !shown.contains("s3cret"), "{shown}");
}
