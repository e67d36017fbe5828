//! Tests the settings of keys in code and in a configuration file.

use std::time::{Duration, SystemTime};

use axum_protected::RefusalKind::UnknownApiKey;
use axum_protected::api_key::{ApiKey, ApiKeys, KeyDigest};
use axum_protected::{Issuer, ResourceServer, ResourceServerBuilder};
use axum_protected_tests::{App, Call};
use serde_json::json;
use tokio::time::advance;

use super::store::{Store, present, refused};
use super::{ISSUER, entry, fixed, generate};

fn problems(builder: ResourceServerBuilder) -> Vec<String> {
    let error = builder.build().map(|_| "no error").unwrap_err();
    error.problems().map(str::to_owned).collect()
}

#[test]
fn each_wrong_place_is_a_problem() {
    let keys = ApiKeys::new;
    let cases = [
        (keys().header("Authorization"), "`authorization` of API keys has another meaning"),
        (keys().header("cookie"), "has another meaning"),
        (keys().header("Host"), "has another meaning"),
        (keys().header("Content-Type"), "has another meaning"),
        (keys().header("Sec-WebSocket-Protocol"), "has another meaning"),
        (keys().header("X-Forwarded-For"), "has another meaning"),
        (keys().header("DPoP"), "has another meaning"),
        (keys().header(""), "is not the name of a header"),
        (keys().header("a b"), "is not the name of a header"),
        (keys().scheme("Bearer"), "set `bearer_prefix`"),
        (keys().scheme("basic"), "has another meaning"),
        (keys().scheme("dpop"), "has another meaning"),
        (keys().scheme(""), "is not one word"),
        (keys().scheme("Api Key"), "is not one word"),
        (keys().bearer_prefix(""), "is not 2 to 32 letters"),
        (keys().bearer_prefix("items_"), "is not 2 to 32 letters"),
        (keys().bearer_prefix("eyJ0.e"), "is not 2 to 32 letters"),
        (keys().header("a").scheme("b"), "set more than once"),
    ];
    for (keys, expected) in cases {
        let found = problems(fixed().api_keys(keys));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(expected), "{found:?}");
    }
}

/// A place with a key in it is not shown, because the problems of a configuration are logged.
#[test]
fn a_problem_with_a_place_does_not_show_a_key() {
    let secret = generate().key().to_owned();
    let huge = "a".repeat(100);
    for text in [secret.clone(), format!("X-API-Key: {secret}"), format!("ApiKey {secret}"), huge] {
        let places: [fn(ApiKeys, String) -> ApiKeys; 3] =
            [ApiKeys::header, ApiKeys::scheme, ApiKeys::bearer_prefix];
        for place in places {
            let builder = fixed().api_keys(place(ApiKeys::new(), text.clone()));
            // A key alone is the name of a header.
            let Err(error) = builder.build() else { continue };
            let shown = error.to_string();
            assert!(shown.contains("such as"), "{shown}");
            assert!(!shown.contains(&text) && !shown.contains(&secret), "{shown}");
        }
    }
}

#[test]
fn each_wrong_setting_of_a_key_is_a_problem_that_names_it() {
    let digest = generate().digest();
    let key = || ApiKey::new(digest).subject("ci");
    let cases = [
        (ApiKey::new(digest), "the `subject` of the API key 1 is missing"),
        (ApiKey::new(digest).subject(" "), "the `subject` of the API key ` ` is empty"),
        (key().subject("a".repeat(257)), "the `subject` of the API key 1 is empty, longer"),
        (key().subject("a\nb"), "control character"),
        (key().client(""), "the `client` of the API key `ci` is empty"),
        (key().name(""), "the `name` of the API key 1 is empty"),
        (key().scopes(["a b"]), "the `scopes` of the API key `ci` contain a text"),
        (key().scopes([""]), "the `scopes`"),
        (key().roles([""]), "the `roles`"),
        (key().claim("iss", "x"), "contain `iss`, which is reserved"),
        (key().claim("exp", 1), "contain `exp`"),
        (key().claim("scope", "admin"), "contain `scope`"),
        (key().claim("roles", "x"), "contain `roles`"),
        (key().claim("sub", "x"), "contain `sub`"),
        (key().claim("cnf", json!({})), "contain `cnf`"),
        (key().claim("auth_time", 1), "contain `auth_time`"),
        (key().claim("x", "a".repeat(4_100)), "longer than 4096 bytes"),
        (key().expires_at(SystemTime::UNIX_EPOCH - Duration::from_secs(1)), "before 1970"),
    ];
    for (key, expected) in cases {
        let found = problems(fixed().api_keys(ApiKeys::new().key(key)));
        assert_eq!(found.len(), 1, "{expected}: {found:?}");
        assert!(found[0].contains(expected), "{expected}: {found:?}");
    }
    let twice = ApiKeys::new().key(key()).key(key().subject("other"));
    let found = problems(fixed().api_keys(twice));
    assert!(found[0].contains("`other` has the digest of an earlier key"), "{found:?}");
    let hex = digest.to_string();
    assert!(!format!("{found:?}").contains(&hex));
}

#[test]
fn keys_and_tokens_have_different_places() {
    let cases = [
        (fixed().token_header("X-API-Key"), ApiKeys::new(), true),
        (fixed().token_header("Acme-Key"), ApiKeys::new().header("acme-key"), true),
        (fixed().token_scheme("Token"), ApiKeys::new().scheme("token"), true),
        (fixed().token_header("X-Token"), ApiKeys::new(), false),
        (fixed().token_scheme("Token"), ApiKeys::new().scheme("ApiKey"), false),
        (fixed().token_scheme("Token"), ApiKeys::new().bearer_prefix("items"), false),
    ];
    for (builder, keys, is_problem) in cases {
        match builder.api_keys(keys).build() {
            Ok(_) => assert!(!is_problem),
            Err(error) => assert!(error.to_string().contains("the same place"), "{error}"),
        }
    }
}

#[test]
fn the_issuer_of_keys_is_reserved() {
    for issuer in [Issuer::new("api-keys"), Issuer::new(ISSUER).name("api-keys")] {
        let found = problems(ResourceServer::builder().issuer(issuer).audience("api"));
        assert!(found.iter().any(|one| one.contains("stands for API keys")), "{found:?}");
    }
    assert!(fixed().build().is_ok());
    let found = problems(ResourceServer::builder());
    assert!(found[0].contains("no issuer"), "{found:?}");
}

/// The limits of look-ups apply only to a server with a look-up.
#[test]
fn limits_have_ranges() {
    type Change = fn(ApiKeys) -> ApiKeys;
    let changes: [(&str, Change); 6] = [
        ("cache_period", |keys| keys.cache_period(Duration::ZERO)),
        ("unknown_period", |keys| keys.unknown_period(Duration::from_hours(2))),
        ("look_up_timeout", |keys| keys.look_up_timeout(Duration::ZERO)),
        ("concurrent_look_ups", |keys| keys.concurrent_look_ups(0)),
        ("unknown_look_ups_per_second", |keys| keys.unknown_look_ups_per_second(0)),
        ("cache_bytes", |keys| keys.cache_bytes(0)),
    ];
    for (setting, change) in changes {
        let keys = change(ApiKeys::new().look_up(async |_| Ok::<_, String>(None)));
        let found = problems(fixed().api_keys(keys));
        assert!(found[0].contains(setting), "{found:?}");
        assert!(fixed().api_keys(change(ApiKeys::new())).build().is_ok());
    }
}

/// Settings of look-ups may be in another call of `api_keys` than the look-up.
#[tokio::test(start_paused = true)]
async fn limits_apply_to_a_look_up_that_was_set_before_or_after() {
    let period = || ApiKeys::new().cache_period(Duration::from_secs(1));
    for is_first in [true, false] {
        let store = Store::default();
        let key = generate();
        store.add(key.key());
        let settings = if is_first { [store.keys(), period()] } else { [period(), store.keys()] };
        let [first, second] = settings;
        let server = fixed().api_keys(first).api_keys(second).build().unwrap();
        assert!(present(&server, key.key()).await.is_ok());
        store.remove(key.key());
        advance(Duration::from_secs(1)).await;
        assert_eq!(refused(&server, key.key()).await, UnknownApiKey);
    }
}

const TOML: &str = r#"
    audiences = ["https://api.example.com"]

    [api_keys]
    header = "Acme-Key"

    [[api_keys.keys]]
    sha256 = "DIGEST"
    subject = "ci"
    client = "build"
    scopes = ["items:read", "items:write"]
    roles = ["auditor"]
    claims = { tenant = "acme", email = "ci@example.com" }
    expires_at = "2097-01-31T00:00:00Z"
    name = "ci 2026"
"#;

#[tokio::test]
async fn a_file_configures_keys() {
    let (key, in_code) = (generate(), generate());
    let text = TOML.replace("DIGEST", &key.digest().to_string());
    let builder: ResourceServerBuilder = toml::from_str(&text).unwrap();
    // Keys in code are added to those of the file.
    let server = builder.api_keys(ApiKeys::new().key(entry(in_code.key()))).build().unwrap();
    let description = serde_json::to_value(server.configuration()).unwrap();
    assert_eq!(
        description["api_keys"],
        json!({
            "place": "header acme-key",
            "look_up": false,
            "keys": [{"subject": "ci", "name": "ci 2026"}, {"subject": "ci", "name": null}],
        })
    );
    let app = App::serve(server).await;
    for key in [&key, &in_code] {
        app.grants(&Call::get("/api/items").header("acme-key", key.key())).await;
    }
    app.grants(&Call::get("/api/caller").header("acme-key", key.key())).await;
}

#[test]
fn problems_of_a_file_name_the_field_and_never_show_a_key() {
    let secret = generate().key().to_owned();
    let hex = KeyDigest::of(&secret).to_string();
    let key = |more: serde_json::Value| {
        let mut key = json!({"sha256": hex, "subject": "ci"});
        key.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        json!({"keys": [key]})
    };
    let cases = [
        (key(json!({"sha256": secret})), "the `sha256` of the API key 1 is not a SHA-256 digest"),
        (key(json!({"sha256": [secret]})), "`printf %s \"$KEY\" | sha256sum`"),
        (key(json!({"key": secret})), "unknown field `key`"),
        (key(json!({ (secret.clone()): 1 })), "unknown field (not shown)"),
        (key(json!({"subject": 5})), "the `subject` of the API key 1 is not text"),
        (key(json!({"scopes": "a"})), "the `scopes` of the API key 1 are not an array of texts"),
        (key(json!({"roles": [secret, 1]})), "the `roles` of the API key 1"),
        (key(json!({"claims": [secret]})), "the `claims` of the API key 1 is not a table"),
        (key(json!({"expires_at": "tomorrow"})), "the `expires_at` of the API key 1"),
        (key(json!({"expires_at": 1_800_000_000})), "the `expires_at` of the API key 1"),
        (json!({"keys": [{"subject": "ci"}]}), "the `sha256` of the API key 1 is missing"),
        (json!({"keys": [secret]}), "the API key 1 is not a table"),
        (json!({"keys": secret}), "`api_keys.keys` is not an array"),
        (json!({"header": 1}), "`api_keys.header` is not text"),
        (json!({"secret": secret}), "unknown field `secret`"),
        (json!([secret]), "`api_keys` is not a table"),
    ];
    for (api_keys, expected) in cases {
        let json = json!({"audiences": ["a"], "api_keys": api_keys}).to_string();
        let toml = toml::to_string(&json!({"audiences": ["a"], "api_keys": api_keys})).unwrap();
        for builder in [
            serde_json::from_str::<ResourceServerBuilder>(&json).unwrap(),
            toml::from_str(&toml).unwrap(),
        ] {
            let found = problems(builder);
            assert_eq!(found.len(), 1, "{expected}: {found:?}");
            assert!(found[0].contains(expected), "{expected}: {found:?}");
            assert!(!found[0].contains(&secret), "{found:?}");
        }
    }
}

/// Only one of two values could apply, and the operator may mean the other one.
#[test]
fn a_doubled_field_of_a_file_is_an_error_that_does_not_show_a_key() {
    let secret = generate().key().to_owned();
    let hex = KeyDigest::of(&secret).to_string();
    let key = |more: &str| format!(r#"{{"keys": [{{"sha256": "{hex}", "subject": "ci"{more}}}]}}"#);
    let read = |api_keys: &str| {
        serde_json::from_str::<ResourceServerBuilder>(&format!(
            r#"{{"audiences": ["a"], "api_keys": {api_keys}}}"#
        ))
    };
    assert!(read(&key(r#", "claims": {"a": 1, "b": {"a": 1.5}}"#)).is_ok());
    for (api_keys, expected) in [
        (key(&format!(r#", "sha256": "{hex}""#)), "`sha256` is set twice"),
        (key(r#", "scopes": ["a"], "scopes": ["b"]"#), "`scopes` is set twice"),
        (key(r#", "claims": {"a": {"b": 1, "b": 2}}"#), "`b` is set twice"),
        (key(&format!(r#", "{secret}": 1, "{secret}": 1"#)), "a field is set twice"),
        (r#"{"keys": [], "keys": []}"#.to_owned(), "`keys` is set twice"),
        (r#"{"header": "a", "header": "b"}"#.to_owned(), "`header` is set twice"),
    ] {
        let error = read(&api_keys).map(|_| "no error").unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
        assert!(!error.contains(&secret) && !error.contains(&hex), "{error}");
    }
}
