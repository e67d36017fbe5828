//! Tests that a document states both alternatives: a token and an API key.

use axum_protected::api_key::ApiKeys;
use axum_protected::routing::get;
use axum_protected::{Issuer, ProtectedRouter, ResourceServer, protected, public};
use axum_protected_tests::keys;
use serde_json::{Value, json};
use utoipa::Modify;

const ISSUER: &str = "https://id.example.com";

#[protected(any(scope = "a", scope = "b"))]
async fn of_both() {}

#[protected(all(scope = "a", issuer = "acme"))]
async fn of_token() {}

#[protected(all(scope = "a", issuer = "api-keys"))]
async fn of_key() {}

#[protected(any(issuer = "api-keys", all(issuer = "acme", scope = "a")))]
async fn of_either() {}

/// A key does not prove that a user has authenticated.
#[protected(all(scope = "a", max_age = "5m"))]
async fn of_user() {}

#[public(reason = "liveness probe")]
async fn open() {}

fn builder() -> axum_protected::ResourceServerBuilder {
    let issuer = Issuer::new(ISSUER).name("acme").jwks(keys().jwks());
    ResourceServer::builder().issuer(issuer).audience("api")
}

fn router() -> ProtectedRouter<ResourceServer> {
    ProtectedRouter::new()
        .route("/both", get(of_both))
        .route("/token", get(of_token))
        .route("/key", get(of_key))
        .route("/either", get(of_either))
        .route("/user", get(of_user))
        .route("/open", get(open))
}

fn described(server: &ResourceServer) -> Value {
    let operation = || json!({"get": {"responses": {}}});
    let mut document = json!({"openapi": "3.1.0", "paths": {
        "/both": operation(), "/token": operation(), "/key": operation(),
        "/either": operation(), "/user": operation(), "/open": operation(),
    }});
    router().access_table().describe(&mut document).unwrap();
    server.openapi_security().apply_to(&mut document);
    document
}

#[test]
fn an_operation_has_the_alternatives_that_its_guard_accepts() {
    let server = builder().api_keys(ApiKeys::new()).build().unwrap();
    let document = described(&server);
    let expected = [
        (
            "/both",
            json!([{"oauth2": ["a"]}, {"api_key": ["a"]}, {"oauth2": ["b"]}, {"api_key": ["b"]}]),
        ),
        ("/token", json!([{"oauth2": ["a"]}])),
        ("/key", json!([{"api_key": ["a"]}])),
        ("/either", json!([{"api_key": []}, {"oauth2": ["a"]}])),
        ("/user", json!([{"oauth2": ["a"]}])),
        ("/open", json!([])),
    ];
    for (path, security) in expected {
        assert_eq!(document["paths"][path]["get"]["security"], security, "{path}");
    }
    // Without API keys the document has no alternative with a key.
    let document = described(&builder().build().unwrap());
    assert_eq!(
        document["paths"]["/both"]["get"]["security"],
        json!([{"oauth2": ["a"]}, {"oauth2": ["b"]}])
    );
    assert!(document["components"]["securitySchemes"].get("api_key").is_none());
}

#[test]
fn the_scheme_states_the_place_of_keys() {
    type Place = fn(ApiKeys) -> ApiKeys;
    let in_header = |name: &str, description: &str| json!({"type": "apiKey", "in": "header", "name": name, "description": description});
    let cases: [(Place, Value, Value); 4] = [
        (
            |keys| keys,
            in_header("x-api-key", "API keys in the header `x-api-key`"),
            in_header("x-api-key", "API keys in the header `x-api-key`"),
        ),
        (
            |keys| keys.header("Acme-Key"),
            in_header("acme-key", "API keys in the header `acme-key`"),
            in_header("acme-key", "API keys in the header `acme-key`"),
        ),
        (
            |keys| keys.scheme("ApiKey"),
            json!({"type": "http", "scheme": "ApiKey", "description": "API keys in `Authorization: ApiKey <key>`"}),
            // utoipa has no value for schemes that are not registered.
            in_header("Authorization", "API keys in `Authorization: ApiKey <key>`"),
        ),
        (
            |keys| keys.bearer_prefix("items"),
            json!({"type": "http", "scheme": "bearer", "description": "API keys in `Authorization: Bearer items_...`"}),
            json!({"type": "http", "scheme": "bearer", "description": "API keys in `Authorization: Bearer items_...`"}),
        ),
    ];
    for (place, in_json, in_utoipa) in cases {
        let server = builder().api_keys(place(ApiKeys::new())).build().unwrap();
        let document = described(&server);
        assert_eq!(document["components"]["securitySchemes"]["api_key"], in_json);
        let mut document = utoipa::openapi::OpenApi::default();
        server.openapi_security().modify(&mut document);
        let document = serde_json::to_value(&document).unwrap();
        assert_eq!(document["components"]["securitySchemes"]["api_key"], in_utoipa);
    }
}

#[test]
fn a_server_with_keys_only_has_one_scheme() {
    let server = ResourceServer::builder().api_keys(ApiKeys::new()).build().unwrap();
    let document = described(&server);
    assert_eq!(document["paths"]["/key"]["get"]["security"], json!([{"api_key": ["a"]}]));
    let schemes = document["components"]["securitySchemes"].as_object().unwrap();
    assert_eq!(schemes.keys().collect::<Vec<_>>(), ["api_key"]);
}

/// An issuer may have the name of the scheme of keys.
#[test]
fn the_scheme_of_keys_has_a_name_of_its_own() {
    let named = Issuer::new("https://a.example").name("api_key").jwks(keys().jwks());
    let server = builder().issuer(named).api_keys(ApiKeys::new()).build().unwrap();
    let document = described(&server);
    let security = document["paths"]["/key"]["get"]["security"].clone();
    assert_eq!(security, json!([{"api_key_1": ["a"]}]));
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(schemes["api_key_1"]["type"], "apiKey");
    assert_eq!(schemes["api_key"]["type"], "http");
}
