//! Tests the settings: their problems, their defaults and their description.

use std::time::Duration;

use axum_protected::introspection::{ClientAuthentication, Introspection, Mode, PrivateKeyJwt};
use axum_protected::{Algorithm, Issuer, ResourceServer, ResourceServerBuilder};
use axum_protected_tests::{keys, trusting};
use serde_json::{Value, json};

use super::authentication::TestFile;
use super::double::ISSUER;
use super::settings;

fn key(name: &str) -> String {
    format!("{}/data/private_keys/{name}.pem", env!("CARGO_MANIFEST_DIR"))
}

fn problems_of(builder: ResourceServerBuilder) -> Vec<String> {
    match builder.build() {
        Ok(_) => Vec::new(),
        Err(error) => error.problems().map(str::to_owned).collect(),
    }
}

fn problems(settings: Introspection) -> Vec<String> {
    problems_of(trusting(Issuer::new(ISSUER).introspection(settings)))
}

#[track_caller]
fn only(problems: &[String], expected: &[&str]) {
    let [problem] = problems else { panic!("{problems:?}") };
    for text in expected {
        assert!(problem.contains(text), "{text}: {problem}");
    }
}

#[tokio::test]
async fn exactly_one_way_to_authenticate_is_needed() {
    let plain = || Introspection::new().endpoint("https://id.example.com/ask").client_id("api");
    let methods = [
        "`introspection.client_secret`",
        "`introspection.client_secret_file`",
        "`introspection.private_key_jwt`",
        "`introspection.bearer_file`",
    ];
    let found = problems(plain());
    only(&found, &methods);
    only(&found, &["has no credentials"]);
    let file = TestFile::new("configuration", "token");
    let two = [
        plain().client_secret("s3cret").client_secret_file(&file.0),
        plain().client_secret("s3cret").bearer_file(&file.0),
        plain().client_secret_file(&file.0).bearer_file(&file.0),
        plain()
            .client_secret("s3cret")
            .private_key_jwt(PrivateKeyJwt::new(key("p256"), Algorithm::ES256)),
    ];
    for settings in two {
        let found = problems(settings);
        only(&found, &["has several credentials"]);
        assert!(!found[0].contains("s3cret"));
    }
    for settings in [
        plain().client_secret("s3cret"),
        plain().client_secret_file(&file.0),
        plain().private_key_jwt(PrivateKeyJwt::new(key("ed25519"), Algorithm::EdDSA)),
        Introspection::new().endpoint("https://id.example.com/ask").bearer_file(&file.0),
    ] {
        assert_eq!(problems(settings), [""; 0]);
    }
}

#[tokio::test]
async fn each_wrong_setting_is_one_problem_with_its_name() {
    let good = || settings().endpoint("https://id.example.com/ask");
    let ask = || Introspection::new().endpoint("https://id.example.com/ask").client_id("api");
    let empty = TestFile::new("empty", " \n");
    let cases: Vec<(Introspection, &[&str])> = vec![
        (good().endpoint("ask"), &["`introspection.endpoint`", "not an https URL"]),
        (good().endpoint("http://id.example.com/ask"), &["`introspection.endpoint`", "not https"]),
        (
            good().endpoint("https://id.example.com/ask#x"),
            &["`introspection.endpoint`", "fragment"],
        ),
        (
            good().endpoint("https://user:s3cret@id.example.com/ask"),
            &["`introspection.endpoint`", "user name or a password"],
        ),
        (good().client_id(""), &["`introspection.client_id`", "is empty"]),
        (good().client_secret(""), &["`introspection.client_secret`", "is empty"]),
        (
            good().cache_period(Duration::from_secs(3601)),
            &["`introspection.cache_seconds`", "3600 s"],
        ),
        (
            ask().client_secret_file("/nonexistent"),
            &["`introspection.client_secret_file`", "cannot be"],
        ),
        (ask().client_secret_file(&empty.0), &["`introspection.client_secret_file`", "is empty"]),
        (ask().bearer_file("/nonexistent"), &["`introspection.bearer_file`", "cannot be read"]),
        (
            ask().private_key_jwt(PrivateKeyJwt::new("/nonexistent", Algorithm::ES256)),
            &["`introspection.private_key_jwt`", "cannot be read"],
        ),
        (
            ask().private_key_jwt(PrivateKeyJwt::new(key("p256"), Algorithm::RS256)),
            &["`introspection.private_key_jwt`", "does not have a key for `RS256`", "p256.pem"],
        ),
        (
            ask().private_key_jwt(PrivateKeyJwt::new(key("encrypted"), Algorithm::ES256)),
            &["`introspection.private_key_jwt`", "encrypted"],
        ),
        (
            Introspection::new().endpoint("https://id.example.com/ask").client_secret("s3cret"),
            &["`introspection.client_id`"],
        ),
        (
            ask()
                .private_key_jwt(PrivateKeyJwt::new(key("p256"), Algorithm::ES256))
                .client_authentication(ClientAuthentication::Post),
            &["`introspection.client_authentication`", "the place of a secret"],
        ),
    ];
    for (settings, expected) in cases {
        let found = problems(settings);
        only(&found, expected);
        assert!(!found[0].contains("s3cret"), "{found:?}");
    }
    let jwt = Introspection::new().endpoint("https://id.example.com/ask").jwt_answers();
    let token = TestFile::new("jwt", "token");
    only(&problems(jwt.bearer_file(&token.0)), &["`introspection.jwt`", "client_id"]);
}

#[tokio::test]
async fn settings_that_contradict_one_another_are_problems() {
    let asks = || settings().endpoint("https://id.example.com/ask");
    let of = |issuer: Issuer, settings: Introspection| {
        problems_of(trusting(issuer.introspection(settings)))
    };
    let jwks = || Issuer::new(ISSUER).jwks(keys().jwks());
    let only_mode = || asks().mode(Mode::Only);
    only(&of(jwks(), only_mode()), &["`jwks`", "`only`"]);
    let uri = Issuer::new(ISSUER).jwks_uri("https://id.example.com/keys");
    only(&of(uri, only_mode()), &["`jwks_uri`", "`only`"]);
    only(&of(Issuer::new(ISSUER).seed_jwks(keys().jwks()), only_mode()), &["`seed_jwks`"]);
    let algorithms = Issuer::new(ISSUER).algorithms([Algorithm::RS256]);
    only(&of(algorithms, asks()), &["`algorithms`", "`only`"]);
    only(&of(Issuer::new(ISSUER).rfc9068(), asks()), &["`rfc9068`", "`always`"]);
    let secret = || Issuer::new(ISSUER).shared_secret([7; 32]);
    assert_eq!(of(secret(), asks()), [""; 0]);
    assert_eq!(of(secret(), asks().mode(Mode::Always)), [""; 0]);
    only(&of(secret(), asks().jwt_answers()), &["`introspection.jwt`", "shared secret"]);
    only(&of(secret(), only_mode()), &["`shared_secret`", "`only`"]);
    assert_eq!(of(jwks(), only_mode().jwt_answers()), [""; 0]);
    assert_eq!(of(jwks(), asks().mode(Mode::Always)), [""; 0]);
    // Without an endpoint, the metadata must be found.
    only(&of(Issuer::new("acme"), settings()), &["`introspection.endpoint`", "`metadata_url`"]);
    let with_metadata = Issuer::new("acme").metadata_url("https://id.example.com/metadata");
    assert_eq!(of(with_metadata, settings()), [""; 0]);
    assert_eq!(of(Issuer::new("acme"), asks()), [""; 0]);
}

#[tokio::test]
async fn at_most_one_issuer_gives_opaque_tokens() {
    let asks = || settings().endpoint("https://id.example.com/ask");
    let second = |mode| {
        let issuer = Issuer::new("https://b.example.com").jwks(keys().jwks());
        let first = Issuer::new(ISSUER).introspection(asks());
        problems_of(trusting(first).issuer(issuer.introspection(asks().mode(mode))))
    };
    let found = second(Mode::Opaque);
    only(&found, &[ISSUER, "https://b.example.com", "`always`"]);
    assert_eq!(second(Mode::Always), [""; 0]);
    let only_mode = Issuer::new("https://b.example.com").introspection(asks());
    let first = Issuer::new(ISSUER).introspection(asks());
    only(&problems_of(trusting(first).issuer(only_mode)), &["both give opaque tokens"]);
}

#[tokio::test]
async fn all_problems_are_reported_together() {
    let settings = Introspection::new()
        .endpoint("ask")
        .client_authentication(ClientAuthentication::Basic)
        .cache_period(Duration::from_secs(9999));
    let found = problems(settings);
    for expected in
        ["endpoint", "credentials", "client_authentication", "client_id", "cache_seconds"]
    {
        assert!(found.iter().any(|problem| problem.contains(expected)), "{expected}: {found:?}");
    }
    assert_eq!(found.len(), 5, "{found:?}");
}

fn from_file(introspection: &Value) -> Result<ResourceServer, String> {
    let file = json!({
        "audiences": ["https://api.example.com"],
        "issuers": [{ "issuer": ISSUER, "introspection": introspection }],
    });
    let builder: ResourceServerBuilder =
        serde_json::from_value(file).map_err(|error| error.to_string())?;
    builder.build().map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_file_has_the_same_settings() {
    let server = from_file(&json!({
        "endpoint": "https://id.example.com/ask?key=s3cret",
        "client_id": "items-api",
        "private_key_jwt": { "key_file": key("p256"), "algorithm": "ES256", "kid": "a" },
        "cache_seconds": 5,
        "mode": "only",
        "audience": "client",
        "jwt": true,
    }));
    let server = server.unwrap();
    let described = serde_json::to_value(server.configuration()).unwrap();
    assert_eq!(
        described["issuers"][0]["introspection"],
        json!({
            "endpoint": "https://id.example.com/ask?(not shown)",
            "client_id": "items-api",
            "client_authentication": "private_key_jwt",
            "mode": "only",
            "cache_seconds": 5,
            "audience": "client",
            "jwt": true,
        })
    );
    let server = from_file(&json!({
        "client_id": "items-api",
        "client_secret": "s3cret",
        "client_authentication": "post",
    }));
    let described = serde_json::to_value(server.unwrap().configuration()).unwrap();
    assert_eq!(
        described["issuers"][0]["introspection"],
        json!({
            "endpoint": null,
            "client_id": "items-api",
            "client_authentication": "client_secret_post",
            "mode": "only",
            "cache_seconds": 60,
            "audience": null,
            "jwt": false,
        })
    );
    assert!(!described.to_string().contains("s3cret"));
    assert!(
        toml::to_string(
            &described.as_object().unwrap()["issuers"][0]["introspection"]
                .as_object()
                .unwrap()
                .iter()
                .filter(|(_, value)| !value.is_null())
                .collect::<std::collections::BTreeMap<_, _>>()
        )
        .is_ok()
    );
}

#[tokio::test]
async fn unknown_and_wrong_fields_of_a_file_are_errors() {
    let base = json!({
        "endpoint": "https://id.example.com/ask",
        "client_id": "items-api",
        "client_secret": "s3cret",
    });
    for (name, value) in [
        ("secret", json!("s3cret")),
        ("mode", json!("Only")),
        ("mode", json!("sometimes")),
        ("audience", json!("https://api.example.com")),
        ("audience", json!(["client"])),
        ("cache_seconds", json!(-1)),
        ("cache_seconds", json!("60")),
        ("cache_seconds", json!(1.5)),
        ("client_authentication", json!("client_secret_basic")),
        ("jwt", json!("true")),
        ("private_key_jwt", json!("key.pem")),
        ("private_key_jwt", json!({ "key_file": "key.pem" })),
        ("private_key_jwt", json!({ "key_file": "a", "algorithm": "ES256", "alg": "ES256" })),
    ] {
        let mut wrong = base.clone();
        wrong[name] = value.clone();
        let error = from_file(&wrong).unwrap_err();
        assert!(!error.contains("s3cret") || value == json!("s3cret"), "{name} {value}: {error}");
    }
    assert!(from_file(&base).is_ok());
}

#[tokio::test]
async fn the_environment_has_the_settings_of_an_operator() {
    let base = [
        ("OAUTH_ISSUER", ISSUER),
        ("OAUTH_AUDIENCE", "https://api.example.com"),
        ("OAUTH_INTROSPECTION_ENDPOINT", "https://id.example.com/ask"),
        ("OAUTH_INTROSPECTION_CLIENT_ID", "items-api"),
    ];
    let secret = ("OAUTH_INTROSPECTION_CLIENT_SECRET", "s3cret");
    let cache = ("OAUTH_INTROSPECTION_CACHE_SECONDS", "0");
    let server = ResourceServer::from_variables(base.into_iter().chain([secret, cache])).unwrap();
    let introspection = server.configuration().issuers[0].introspection.as_ref().unwrap();
    assert_eq!((introspection.mode, introspection.cache_period), ("only", Duration::ZERO));
    let error = ResourceServer::from_variables(base).unwrap_err().to_string();
    assert!(error.contains("`OAUTH_INTROSPECTION_CLIENT_SECRET_FILE`"), "{error}");
    let mode = ("OAUTH_INTROSPECTION_MODE", "opaque");
    let server = ResourceServer::from_variables(base.into_iter().chain([secret, mode])).unwrap();
    assert_eq!(server.configuration().issuers[0].keys, format!("discovery {ISSUER}"));
}

#[test]
fn the_debug_output_has_no_secret() {
    let issuer = Issuer::new(ISSUER).introspection(settings());
    let text = format!("{:?} {issuer:?} {:?}", settings(), trusting(issuer.clone()));
    assert!(!text.contains("s3cret"), "{text}");
}
