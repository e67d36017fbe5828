//! Tests the members of the document and its headers.

use axum_protected::{Issuer, ResourceServer};
use axum_protected_tests::keys;
use serde_json::json;

use super::{ISSUER, PATH_FORM, RESOURCE, ROOT_FORM, Scope, app, call, document, items, offline};

/// The document is one JSON object that needs no token. It lists the methods of RFC 6750 that the
/// server accepts, and has no member without a value.
#[tokio::test]
async fn the_document_is_one_json_object_without_nulls() {
    let server = offline(RESOURCE).build().unwrap();
    let answer = call(&app(&server), "GET", PATH_FORM).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(
        answer.json(),
        json!({
            "resource": RESOURCE,
            "authorization_servers": [ISSUER],
            "bearer_methods_supported": ["header"],
            "scopes_supported": ["items:read", "items:write"],
        })
    );
}

/// The token of a websocket handshake has no value in `bearer_methods_supported`.
#[tokio::test]
async fn the_websocket_token_is_not_a_bearer_method() {
    let server = offline(RESOURCE).websocket_protocol_token().build().unwrap();
    let found = document(&app(&server), PATH_FORM).await;
    assert_eq!(found["bearer_methods_supported"], json!(["header"]));
}

/// RFC 9728 section 2 has no value for a cookie.
#[tokio::test]
async fn a_cookie_is_not_a_bearer_method() {
    let server = offline(RESOURCE).require_https().token_cookie("__Host-token").build().unwrap();
    let found = document(&app(&server), PATH_FORM).await;
    assert_eq!(found["bearer_methods_supported"], json!(["header"]));
}

/// The value `header` means `Authorization: Bearer` (RFC 6750 section 2.1), and no value means
/// another place.
#[tokio::test]
async fn another_place_of_the_token_is_not_a_bearer_method() {
    for builder in
        [offline(RESOURCE).token_scheme("Token"), offline(RESOURCE).token_header("X-Access-Token")]
    {
        let found = document(&app(&builder.build().unwrap()), PATH_FORM).await;
        assert_eq!(found.get("bearer_methods_supported"), None);
    }
    let server = offline(RESOURCE).token_scheme("bearer").build().unwrap();
    let found = document(&app(&server), PATH_FORM).await;
    assert_eq!(found["bearer_methods_supported"], json!(["header"]));
}

/// The identifier comes from the configuration, unchanged.
#[tokio::test]
async fn the_resource_is_byte_identical_to_the_configuration() {
    for resource in [
        "https://api.example.com",
        "https://api.example.com/",
        "https://api.example.com:8443/v1",
        "https://api.example.com/v1/",
        "https://api.example.com/v1?tenant=a%20b",
        "https://api.example.com/A%c3%a9",
        "http://127.0.0.1:3000/v1",
    ] {
        let server = offline(resource).build().unwrap();
        assert_eq!(server.resource(), Some(resource));
        let found = document(&app(&server), ROOT_FORM).await;
        assert_eq!(found["resource"], resource);
    }
}

/// An attacker who chooses the `Host` header does not change the document.
#[tokio::test]
async fn the_host_of_the_request_is_not_used() {
    let server = offline(RESOURCE).build().unwrap();
    let expected = call(&app(&server), "GET", PATH_FORM).await.body;
    let request = axum::http::Request::get(format!("http://evil.example.com{PATH_FORM}"))
        .header("host", "evil.example.com")
        .header("x-forwarded-host", "evil.example.com")
        .header("forwarded", "host=evil.example.com")
        .body(axum::body::Body::empty())
        .unwrap();
    let answer = super::send(&app(&server), request).await;
    assert_eq!((answer.status, answer.body), (200, expected));
}

/// The document lists the trusted issuers, spelled as in `iss`, without those that have no
/// metadata.
#[tokio::test]
async fn the_authorization_servers_are_the_issuers_with_metadata() {
    let seeded = |identifier: &str| Issuer::new(identifier).seed_jwks(keys().jwks());
    let server = ResourceServer::builder()
        .resource(RESOURCE)
        .issuer(seeded("https://b.example.com/").name("partner"))
        .issuer(Issuer::new("https://static.example.com").jwks(keys().jwks()))
        .issuer(seeded("https://a.example.com/t").jwks_uri("https://keys.example.com/jwks"))
        .issuer(Issuer::new("urn:example:issuer").jwks(keys().jwks()))
        .build()
        .unwrap();
    let found = document(&app(&server), PATH_FORM).await;
    let expected = json!(["https://b.example.com/", "https://a.example.com/t"]);
    assert_eq!(found["authorization_servers"], expected);

    let issuer = Issuer::new(ISSUER).jwks(keys().jwks());
    let server = ResourceServer::builder().resource(RESOURCE).issuer(issuer).build().unwrap();
    let found = document(&app(&server), PATH_FORM).await;
    assert!(!found.as_object().unwrap().contains_key("authorization_servers"), "{found}");
}

/// The scopes come from the vocabulary, from the access table, from both, or from neither.
/// `offline_access` is for the authorization server only.
#[tokio::test]
async fn the_scopes_come_from_the_vocabulary_and_the_table() {
    let server = offline(RESOURCE).build().unwrap();
    let routes = items();
    let metadata = || server.resource_metadata();
    let cases = [
        (metadata(), None),
        (metadata().scopes::<Scope>(), Some(json!(["items:read", "items:write"]))),
        (
            metadata().scopes_of(routes.access_table()),
            Some(json!(["items:read", "items:write", "items:import"])),
        ),
        (
            metadata().scopes_of(routes.access_table()).scopes::<Scope>(),
            Some(json!(["items:read", "items:write", "items:import"])),
        ),
    ];
    for (metadata, expected) in cases {
        let app = metadata.routes::<ResourceServer>().with_state(server.clone()).into_router();
        let found = document(&app.unwrap(), PATH_FORM).await;
        assert_eq!(found.get("scopes_supported"), expected.as_ref());
    }
}

/// The document has texts for people, with language tags.
#[tokio::test]
async fn names_and_pages_are_those_of_the_program() {
    let server = offline(RESOURCE).build().unwrap();
    let metadata = server
        .resource_metadata()
        .name("Items")
        .name_in("de", "Gegenst\u{e4}nde")
        .documentation("https://docs.example.com")
        .policy_uri("https://www.example.com/privacy")
        .tos_uri("https://www.example.com/terms");
    let routes = metadata.routes::<ResourceServer>().with_state(server.clone());
    let found = document(&routes.into_router().unwrap(), PATH_FORM).await;
    for (member, text) in [
        ("resource_name", "Items"),
        ("resource_name#de", "Gegenst\u{e4}nde"),
        ("resource_documentation", "https://docs.example.com"),
        ("resource_policy_uri", "https://www.example.com/privacy"),
        ("resource_tos_uri", "https://www.example.com/terms"),
    ] {
        assert_eq!(found[member], text);
    }
}

/// The document is not signed. It has neither `jwks_uri` nor algorithms of signatures.
#[tokio::test]
async fn the_document_promises_no_signatures() {
    let server = offline(RESOURCE).build().unwrap();
    let found = document(&app(&server), PATH_FORM).await;
    for member in found.as_object().unwrap().keys() {
        let is_signed = member.contains("signed") || member.contains("jwks");
        assert!(!is_signed && !member.contains("_alg_"), "{member}");
    }
}

#[tokio::test]
async fn wrong_texts_and_a_missing_resource_are_errors_of_the_router() {
    let server = offline(RESOURCE).build().unwrap();
    let metadata = server.resource_metadata().name("").documentation("docs").name_in("d e", "x");
    let error = metadata.routes::<ResourceServer>().into_router().unwrap_err();
    assert_eq!(error.problems().count(), 3, "{error}");

    let issuer = Issuer::new(ISSUER).jwks(keys().jwks());
    let server = ResourceServer::builder().issuer(issuer).audience("api").build().unwrap();
    let error = server.resource_metadata().routes::<ResourceServer>().into_router().unwrap_err();
    assert!(error.to_string().contains("set `resource`"), "{error}");
}
