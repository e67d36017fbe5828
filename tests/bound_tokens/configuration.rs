//! Tests the settings of DPoP in a configuration file.

use axum_protected::dpop::Dpop;
use axum_protected::{ResourceServer, ResourceServerBuilder};
use axum_protected_tests::App;
use serde_json::{Value, json};

use super::counting_store::CountingStore;
use super::{Client, accepting};

fn builder(dpop: &Value, location: &Value) -> Result<ResourceServerBuilder, serde_json::Error> {
    let mut file = json!({
        "issuers": [{ "issuer": "https://id.example.com" }],
        "audiences": ["api"],
        "dpop": dpop,
    });
    for (name, value) in location.as_object().unwrap() {
        file[name] = value.clone();
    }
    serde_json::from_value(file)
}

fn build(dpop: &Value) -> Result<ResourceServer, String> {
    let location = json!({ "public_url": "https://api.example.com" });
    let builder = builder(dpop, &location).map_err(|error| error.to_string())?;
    builder.build().map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_configuration_describes_the_settings_with_their_defaults() {
    let description = |dpop: Value| {
        let server = build(&dpop).unwrap();
        serde_json::to_value(server.configuration()).unwrap()["dpop"].clone()
    };
    assert_eq!(description(Value::Null), Value::Null);
    let all =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
    let defaults = json!({
        "required": false,
        "algorithms": all,
        "nonce": false,
        "nonce_secret_file": null,
        "max_age_seconds": 60,
        "replay_capacity": 100_000,
        "insecure_accept_replays_in_outages": false,
    });
    assert_eq!(description(json!({})), defaults);
    let path = std::env::temp_dir().join(format!("dpop-configuration-{}", std::process::id()));
    std::fs::write(&path, "s3cr3t-s3cr3t-s3cr3t-s3cr3t-s3cr3t").unwrap();
    let settings = json!({
        "required": true,
        "algorithms": ["ES256"],
        "nonce": true,
        "nonce_secret_file": path,
        "max_age_seconds": 300,
        "replay_capacity": 7,
        "insecure_accept_replays_in_outages": false,
    });
    assert_eq!(description(settings.clone()), settings);
    let server = build(&settings).unwrap();
    assert!(!format!("{:?}", server.configuration()).contains("s3cr3t"));
}

#[test]
fn wrong_settings_are_errors_that_name_the_remedy() {
    for (dpop, part) in [
        (json!(true), "expected a table of the settings of DPoP"),
        (json!({ "nonces": true }), "unknown field"),
        (json!({ "required": "yes" }), "invalid type"),
        (json!({ "algorithms": ["none"] }), "unknown variant"),
        (json!({ "algorithms": [] }), "empty list"),
        (json!({ "algorithms": ["HS256"] }), "`HS256` of `dpop` is symmetric"),
        (json!({ "max_age_seconds": 0 }), "from 1 to 300"),
        (json!({ "max_age_seconds": 301 }), "from 1 to 300"),
        (json!({ "max_age_seconds": -1 }), "invalid value"),
        (json!({ "replay_capacity": 0 }), "from 1 to 100000000"),
        (
            json!({ "insecure_accept_replays_in_outages": true }),
            "`insecure_accept_replays_in_outages` of `dpop` has no effect without a `replay_store`",
        ),
        (json!({ "nonce_secret_file": "/x" }), "no effect without `nonce`"),
        (json!({ "nonce": true, "nonce_secret_file": "s3cr3t" }), "cannot be read"),
    ] {
        let problem = build(&dpop).unwrap_err();
        assert!(problem.contains(part) && !problem.contains("s3cr3t"), "{dpop}: {problem}");
    }
}

#[test]
fn dpop_needs_the_url_of_the_api() {
    let problems = |dpop: Value, location: Value| {
        let error = builder(&dpop, &location).unwrap().build().unwrap_err();
        error.problems().map(str::to_owned).collect::<Vec<_>>()
    };
    let found = problems(json!({}), json!({}));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("set `public_url` or `resource`"), "{found:?}");
    // All problems are reported together, and a wrong URL is reported once.
    let found =
        problems(json!({ "algorithms": [], "replay_capacity": 0 }), json!({ "public_url": "x" }));
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(
        builder(&json!({}), &json!({ "resource": "https://api.example.com" }))
            .unwrap()
            .build()
            .is_ok()
    );
}

/// A file cannot contain a store, so the builder takes one.
#[tokio::test]
async fn a_store_is_added_to_the_settings_of_a_file() {
    let store = CountingStore::default();
    let settings = json!({ "insecure_accept_replays_in_outages": true, "replay_capacity": 7 });
    let location = json!({ "public_url": "https://api.example.com" });
    let with_store = |dpop: &Value| builder(dpop, &location).unwrap().replay_store(store.clone());
    let server = with_store(&settings).build().unwrap();
    let dpop = server.configuration().dpop.clone().unwrap();
    assert!(dpop.insecure_accept_replays_in_outages);
    assert_eq!(dpop.replay_capacity, 7);
    // Without DPoP the store has no effect.
    assert!(with_store(&Value::Null).build().unwrap().configuration().dpop.is_none());

    let app = App::serve(accepting(Dpop::new()).replay_store(store.clone()).build().unwrap()).await;
    app.grants(&Client::new().get("/api/items")).await;
    assert_eq!(store.calls(), 1);
}
