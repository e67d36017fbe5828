//! Tests the security schemes, which tell readers of a document how to get tokens.

use axum_protected::{Issuer, ResourceServer, Scopes};
use axum_protected_testing::{AuthorizationServer, Client};
use axum_protected_tests::issuer::{JWKS, OAUTH, OPENID};
use axum_protected_tests::{Reply, ScriptedIssuer, ready, trusting};
use serde_json::{Value, json};
use utoipa::{Modify, OpenApi};

#[derive(Scopes)]
enum Scope {
    /// See items
    #[scope("items:read")]
    Read,
}

#[derive(OpenApi)]
struct Api;

fn document(version: &str) -> Value {
    let access = json!({"requires": {"scope": "items:read"}});
    json!({"openapi": version, "paths": {"/items": {"get": {
        "x-access": access,
        "security": [{"oauth2": ["items:read", "more"]}],
        "responses": {},
    }, "post": {
        "security": [{"oauth2": ["theirs"]}],
        "responses": {},
    }}}})
}

fn schemes(document: &Value) -> &Value {
    &document["components"]["securitySchemes"]
}

#[tokio::test]
async fn without_the_network_the_scheme_names_the_metadata_of_the_issuer() {
    let server = ResourceServer::builder()
        .issuer("https://id.example.com/realms/acme/")
        .audience("api")
        .build()
        .unwrap();
    let mut written = document("3.1.0");
    let security = server.openapi_security().name("acme").scopes::<Scope>();
    security.apply_to(&mut written);
    assert_eq!(
        schemes(&written)["acme"],
        json!({
            "type": "openIdConnect",
            "description": "Access tokens of https://id.example.com/realms/acme/",
            "openIdConnectUrl": "https://id.example.com/realms/acme/.well-known/openid-configuration",
        })
    );
    let items = &written["paths"]["/items"];
    assert_eq!(items["get"]["security"], json!([{"acme": ["items:read", "more"]}]));
    // The router has no POST operation at this path, so `apply_to` leaves its security unchanged.
    assert_eq!(items["post"]["security"], json!([{"oauth2": ["theirs"]}]));

    let security =
        security.endpoints("https://id.example.com/authorize", "https://id.example.com/token");
    let mut written = document("3.1.0");
    security.apply_to(&mut written);
    assert_eq!(
        schemes(&written)["acme"]["flows"],
        json!({"authorizationCode": {
            "authorizationUrl": "https://id.example.com/authorize",
            "tokenUrl": "https://id.example.com/token",
            "scopes": {"items:read": "See items", "more": ""},
        }})
    );
}

/// `oauth2` and `openIdConnect` describe tokens in `Authorization: Bearer` only.
#[test]
fn another_place_of_the_token_is_in_the_scheme() {
    let document_of = |builder: axum_protected::ResourceServerBuilder| {
        let server = builder.issuer("https://id.example.com").audience("api").build().unwrap();
        let security = server.openapi_security().scopes::<Scope>();
        let mut written = document("3.1.0");
        security.apply_to(&mut written);
        let mut by_utoipa = Api::openapi();
        security.modify(&mut by_utoipa);
        let by_utoipa = serde_json::to_value(by_utoipa).unwrap();
        (schemes(&written)["oauth2"].clone(), schemes(&by_utoipa)["oauth2"].clone())
    };
    let description = "Access tokens of https://id.example.com";
    let (written, by_utoipa) = document_of(ResourceServer::builder().token_scheme("Token"));
    assert_eq!(
        written,
        json!({
            "type": "http",
            "scheme": "Token",
            "bearerFormat": "JWT",
            "description": description,
        })
    );
    // utoipa has no name for another scheme.
    assert_eq!(
        by_utoipa,
        json!({
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": format!("{description}, as `Authorization: Token <token>`"),
        })
    );
    let header = ResourceServer::builder().token_header("Cf-Access-Jwt-Assertion");
    let (written, by_utoipa) = document_of(header);
    let expected = json!({
        "type": "apiKey",
        "in": "header",
        "name": "cf-access-jwt-assertion",
        "description": description,
    });
    assert_eq!([written, by_utoipa], [expected.clone(), expected]);
}

/// An issuer with a secret has no metadata, so the scheme states only the type of the tokens.
#[test]
fn an_issuer_with_a_shared_secret_has_a_bearer_scheme() {
    let issuer = Issuer::new("https://id.example.com").shared_secret([7; 32]);
    let server = ResourceServer::builder().issuer(issuer).audience("api").build().unwrap();
    let mut written = document("3.1.0");
    server.openapi_security().name("own").scopes::<Scope>().apply_to(&mut written);
    let scheme = &schemes(&written)["own"];
    assert_eq!((&scheme["type"], &scheme["scheme"]), (&json!("http"), &json!("bearer")));
}

#[tokio::test]
async fn discovery_finds_the_endpoints() {
    let issuer = AuthorizationServer::builder()
        .client(Client::confidential("nightly", "a development secret"))
        .start()
        .await
        .unwrap();
    let server = issuer.resource_server().build().unwrap();
    let security = server.openapi_security().scopes::<Scope>().discover().await;
    for (version, metadata) in [("3.1.1", false), ("3.2.0", true)] {
        let mut written = document(version);
        security.apply_to(&mut written);
        let scheme = &schemes(&written)["oauth2"];
        assert_eq!(scheme["type"], "oauth2");
        let flows = scheme["flows"].as_object().unwrap();
        assert!(flows.contains_key("clientCredentials"), "{flows:?}");
        assert_eq!(flows["clientCredentials"]["tokenUrl"], issuer.token_endpoint());
        assert_eq!(scheme.get("oauth2MetadataUrl").is_some(), metadata, "{version}");
    }

    let mut typed = Api::openapi();
    security.modify(&mut typed);
    let typed = serde_json::to_value(typed).unwrap();
    let mut written = json!({"openapi": "3.1.0"});
    security.apply_to(&mut written);
    assert_eq!(schemes(&typed), schemes(&written));
}

#[tokio::test]
async fn an_issuer_that_does_not_answer_is_described_by_its_metadata_url() {
    let gone = AuthorizationServer::start().await.unwrap();
    let server = gone.resource_server().build().unwrap();
    drop(gone);
    let mut written = document("3.1.0");
    server.openapi_security().discover().await.apply_to(&mut written);
    assert_eq!(schemes(&written)["oauth2"]["type"], "openIdConnect");
}

/// Metadata at a configured URL describes an issuer whose keys are configured too.
#[tokio::test]
async fn a_configured_metadata_url_is_described() {
    let issuer = ScriptedIssuer::silent().await;
    let (metadata, token) = (issuer.at("/custom"), issuer.at("/token"));
    let configured = Issuer::new("acme.com").metadata_url(&metadata).jwks_uri(issuer.at(JWKS));
    let server = trusting(configured).build().unwrap();
    let mut written = document("3.1.0");
    server.openapi_security().apply_to(&mut written);
    assert_eq!(schemes(&written)["oauth2"]["openIdConnectUrl"], metadata);

    issuer.set("/custom", login_metadata("acme.com", &token));
    let mut written = document("3.1.0");
    server.openapi_security().discover().await.apply_to(&mut written);
    let flows = &schemes(&written)["oauth2"]["flows"];
    assert_eq!(flows["clientCredentials"]["tokenUrl"], token);
    assert_eq!(issuer.count(OPENID), 0);
}

/// After the location below the path of the issuer has answered, a document at the root of the host
/// does not send readers to another login.
#[tokio::test]
async fn a_planted_document_sends_nobody_to_another_login() {
    let issuer = ScriptedIssuer::start().await;
    let identifier = issuer.at("/realms/acme");
    let own = format!("/realms/acme{OPENID}");
    issuer.publish_metadata(&own, &identifier);
    let server = trusting(identifier.as_str()).build().unwrap();
    ready(&server).await;
    issuer.take(&own);
    let planted = login_metadata(&identifier, "https://evil.example.com/token");
    issuer.set(&format!("{OPENID}/realms/acme"), planted.clone());
    issuer.set(&format!("{OAUTH}/realms/acme"), planted);
    let mut written = document("3.1.0");
    server.openapi_security().discover().await.apply_to(&mut written);
    let scheme = &schemes(&written)["oauth2"];
    assert_eq!(scheme["openIdConnectUrl"], issuer.at(&own));
    assert!(!written.to_string().contains("evil"), "{written}");
}

fn login_metadata(issuer: &str, token_endpoint: &str) -> Reply {
    Reply::json(&json!({
        "issuer": issuer,
        "token_endpoint": token_endpoint,
        "grant_types_supported": ["client_credentials"],
    }))
}

#[tokio::test]
async fn several_issuers_are_several_schemes() {
    let server = ResourceServer::builder()
        .issuer(Issuer::new("https://a.example.com").name("staff"))
        .issuer(Issuer::new("https://b.example.com").jwks_uri("https://b.example.com/keys"))
        .audience("api")
        .build()
        .unwrap();
    let mut written = document("3.1.0");
    server.openapi_security().apply_to(&mut written);
    assert_eq!(
        written["paths"]["/items"]["get"]["security"],
        json!([{"staff": ["items:read", "more"]}, {"oauth2_2": ["items:read", "more"]}])
    );
    assert_eq!(schemes(&written)["oauth2_2"]["scheme"], "bearer");
    let mut of_staff = document("3.1.0");
    of_staff["paths"]["/items"]["get"]["security"] = json!([{"oauth2@staff": ["a"], "key": []}]);
    server.openapi_security().apply_to(&mut of_staff);
    assert_eq!(
        of_staff["paths"]["/items"]["get"]["security"],
        json!([{"staff": ["a"], "key": []}])
    );
    // If an operation has lost its `security` member, `apply_to` does not make the operation
    // public.
    let mut lost = document("3.1.0");
    let operation = lost["paths"]["/items"]["get"].as_object_mut().unwrap();
    operation.remove("security");
    let mut open = lost.clone();
    open["paths"]["/items"]["get"]["x-access"] = json!({"public": "for all"});
    for (document, expected) in [(&mut lost, Value::Null), (&mut open, json!([]))] {
        server.openapi_security().apply_to(document);
        assert_eq!(document["paths"]["/items"]["get"]["security"], expected);
    }
    let mut theirs = json!({"components": {"securitySchemes": {"staff": 1}}});
    server.openapi_security().apply_to(&mut theirs);
    assert_eq!(schemes(&theirs)["staff"], 1);
}
