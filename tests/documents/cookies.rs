//! Tests that a document states the cookies with a credential as alternatives of the header.

use axum_protected::api_key::ApiKeys;
use axum_protected::routing::get;
use axum_protected::{
    __browser, AccessToken, Issuer, ProtectedRouter, ResourceServer, ResourceServerBuilder,
    protected, public,
};
use axum_protected_tests::keys;
use serde_json::{Value, json};
use utoipa::{Modify, OpenApi};

const ISSUER: &str = "https://id.example.com";

const NOT_GRANTED: &str = "the access token does not grant this operation";

const CROSS_SITE: &str = "a page of another origin sent the cookie of the user";

#[protected(any(scope = "a", scope = "b"))]
#[utoipa::path(get, path = "/both")]
async fn of_both() {}

#[protected]
#[utoipa::path(get, path = "/any")]
async fn of_any() {}

#[protected(all(scope = "a", issuer = "acme"))]
#[utoipa::path(get, path = "/acme", responses((status = 403, description = "mine")))]
async fn of_acme() {}

#[protected(all(scope = "a", issuer = "api-keys"))]
#[utoipa::path(get, path = "/key")]
async fn of_key() {}

#[public(reason = "landing page")]
#[utoipa::path(get, path = "/known")]
async fn known(_: Option<AccessToken>) {}

#[public(reason = "liveness probe")]
#[utoipa::path(get, path = "/open")]
async fn open() {}

#[derive(OpenApi)]
#[openapi(paths(of_both, of_any, of_acme, of_key, known, open))]
struct Api;

fn builder() -> ResourceServerBuilder {
    let issuer = Issuer::new(ISSUER).name("acme").jwks(keys().jwks());
    ResourceServer::builder().issuer(issuer).audience("api").api_keys(ApiKeys::new())
}

fn with_cookie() -> ResourceServer {
    builder().require_https().token_cookie("__Host-token").build().unwrap()
}

fn router() -> ProtectedRouter<ResourceServer> {
    ProtectedRouter::new()
        .route("/both", get(of_both))
        .route("/any", get(of_any))
        .route("/acme", get(of_acme))
        .route("/key", get(of_key))
        .route("/known", get(known))
        .route("/open", get(open))
}

/// Returns the document that the access table and a generator without knowledge of guards make.
fn in_json(server: &ResourceServer) -> Value {
    let mine = json!({"get": {"responses": {"403": {"description": "mine"}}}});
    let operation = || json!({"get": {"responses": {}}});
    let mut document = json!({"openapi": "3.1.0", "paths": {
        "/both": operation(), "/any": operation(), "/acme": mine,
        "/key": operation(), "/known": operation(), "/open": operation(),
    }});
    router().access_table().describe(&mut document).unwrap();
    server.openapi_security().apply_to(&mut document);
    document
}

/// Returns the document of utoipa, whose attributes describe the operations.
fn in_utoipa(server: &ResourceServer) -> Value {
    let mut document = Api::openapi();
    server.openapi_security().modify(&mut document);
    serde_json::to_value(&document).unwrap()
}

#[test]
fn an_operation_has_the_cookie_beside_the_header() {
    let server = with_cookie();
    for document in [in_json(&server), in_utoipa(&server)] {
        let expected = [
            (
                "/both",
                json!([
                    {"oauth2": ["a"]}, {"token_cookie": ["a"]}, {"api_key": ["a"]},
                    {"oauth2": ["b"]}, {"token_cookie": ["b"]}, {"api_key": ["b"]},
                ]),
            ),
            ("/any", json!([{"oauth2": []}, {"token_cookie": []}, {"api_key": []}])),
            ("/acme", json!([{"oauth2": ["a"]}, {"token_cookie": ["a"]}])),
            ("/key", json!([{"api_key": ["a"]}])),
            ("/known", json!([{}, {"oauth2": []}, {"token_cookie": []}, {"api_key": []}])),
            ("/open", json!([])),
        ];
        for (path, security) in expected {
            let found = &document["paths"][path]["get"]["security"];
            assert!(*found == security || (path == "/open" && found.is_null()), "{path}: {found}");
        }
        assert_eq!(
            document["components"]["securitySchemes"]["token_cookie"],
            json!({
                "type": "apiKey",
                "in": "cookie",
                "name": "__Host-token",
                "description": "Access tokens in the cookie `__Host-token`",
            })
        );
    }
}

#[test]
fn the_refusal_of_a_page_of_another_origin_is_described() {
    let server = with_cookie();
    for document in [in_json(&server), in_utoipa(&server)] {
        let responses = |path: &str| &document["paths"][path]["get"]["responses"];
        let description = |path: &str| responses(path)["403"]["description"].clone();
        assert_eq!(description("/both"), format!("{NOT_GRANTED}, or {CROSS_SITE}"));
        assert!(responses("/both")["403"]["headers"]["WWW-Authenticate"].is_object());
        // A valid token always suffices here, so this is the only 403.
        assert_eq!(description("/any"), CROSS_SITE);
        let problem = &responses("/any")["403"]["content"]["application/problem+json"];
        assert_eq!(problem["schema"]["properties"]["code"], json!({"type": "string"}));
        assert_eq!(description("/acme"), "mine");
        assert!(description("/known").is_null());
        assert!(description("/open").is_null());
    }
}

#[test]
fn a_server_without_cookies_describes_none() {
    let server = builder().build().unwrap();
    for document in [in_json(&server), in_utoipa(&server)] {
        let text = document.to_string();
        assert!(!text.contains("cookie"), "{text}");
        assert!(document["paths"]["/any"]["get"]["responses"]["403"].is_null());
    }
}

/// An issuer may have the name of the scheme of the cookie.
#[test]
fn the_scheme_of_the_cookie_has_a_name_of_its_own() {
    let named = Issuer::new("https://a.example").name("token_cookie").jwks(keys().jwks());
    let server =
        builder().issuer(named).require_https().token_cookie("__Host-token").build().unwrap();
    let document = in_json(&server);
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(schemes["token_cookie"]["type"], "http");
    assert_eq!(schemes["token_cookie_1"]["in"], "cookie");
    assert_eq!(
        document["paths"]["/acme"]["get"]["security"],
        json!([{"acme": ["a"]}, {"token_cookie_1": ["a"]}])
    );
}

/// The backend for browsers sets the name of its cookie after the server was built.
#[test]
fn the_cookie_of_a_session_is_an_alternative_too() {
    let server = with_cookie();
    assert!(__browser::set_session_cookie(&server, "__Host-session"));
    for document in [in_json(&server), in_utoipa(&server)] {
        assert_eq!(
            document["paths"]["/acme"]["get"]["security"],
            json!([{"oauth2": ["a"]}, {"token_cookie": ["a"]}, {"session_cookie": ["a"]}])
        );
        assert_eq!(
            document["components"]["securitySchemes"]["session_cookie"],
            json!({
                "type": "apiKey",
                "in": "cookie",
                "name": "__Host-session",
                "description": "Sessions of browsers in the cookie `__Host-session`",
            })
        );
    }
}
