//! Tests that the document states the proofs of possession and the authorization details that the
//! server enforces (RFC 9728 section 2, RFC 9396 section 10).

use axum::body::Body;
use axum::http::Request;
use axum_protected::dpop::Dpop;
use axum_protected::routing::get;
use axum_protected::{Algorithm, ProtectedRouter, ResourceServer, protected};
use axum_protected_testing::DpopKey;
use serde_json::{Value, json};

use super::{ISSUER, PATH_FORM, RESOURCE, app, document, offline, send, token_for};
use axum_protected_tests::token;

const URL: &str = "https://api.example.com/v1/items";

fn with(dpop: Dpop) -> ResourceServer {
    offline(RESOURCE).dpop(dpop).build().unwrap()
}

/// Returns the status of a request with an unbound token.
async fn status_of_bearer(server: &ResourceServer) -> u16 {
    let token = token_for(RESOURCE, "items:read");
    let request = Request::get("/v1/items").header("authorization", format!("Bearer {token}"));
    send(&app(server), request.body(Body::empty()).unwrap()).await.status
}

/// Returns the status of a request with a token that is bound to a key for this algorithm.
async fn status_of_proof(server: &ResourceServer, algorithm: Algorithm) -> u16 {
    let key = DpopKey::for_algorithm(algorithm).unwrap();
    let token = token(ISSUER).claim("aud", RESOURCE).scope("items:read").bound_to(&key).sign();
    let request = Request::get("/v1/items")
        .header("authorization", format!("DPoP {token}"))
        .header("dpop", key.proof("GET", URL).access_token(&token).sign());
    send(&app(server), request.body(Body::empty()).unwrap()).await.status
}

#[tokio::test]
async fn the_document_lists_the_accepted_algorithms() {
    let server = with(Dpop::new().algorithms([Algorithm::ES256, Algorithm::ES384]));
    let found = document(&app(&server), PATH_FORM).await;
    assert_eq!(found["dpop_signing_alg_values_supported"], json!(["ES256", "ES384"]));
    assert_eq!(status_of_proof(&server, Algorithm::ES256).await, 200);
    assert_eq!(status_of_proof(&server, Algorithm::ES384).await, 200);
    assert_eq!(status_of_proof(&server, Algorithm::EdDSA).await, 401);

    let server = with(Dpop::new());
    let found = document(&app(&server), PATH_FORM).await;
    let listed = found["dpop_signing_alg_values_supported"].as_array().unwrap();
    assert!(listed.contains(&json!("ES256")) && !listed.contains(&json!("HS256")), "{listed:?}");
    assert_eq!(status_of_proof(&server, Algorithm::ES256).await, 200);
}

#[tokio::test]
async fn proofs_are_required_only_if_the_document_says_so() {
    let (optional, required) = (with(Dpop::new()), with(Dpop::new().required()));
    for (server, member, methods, status) in [
        (&optional, None, Some(json!(["header"])), 200),
        // No bearer token is accepted.
        (&required, Some(json!(true)), None, 401),
    ] {
        let found = document(&app(server), PATH_FORM).await;
        assert_eq!(found.get("dpop_bound_access_tokens_required"), member.as_ref());
        assert_eq!(found.get("bearer_methods_supported"), methods.as_ref());
        assert_eq!(status_of_bearer(server).await, status);
        assert_eq!(status_of_proof(server, Algorithm::ES256).await, 200);
    }
}

#[tokio::test]
async fn certificates_are_required_only_if_the_document_says_so() {
    let required = offline(RESOURCE).certificate_bound_tokens_required().build().unwrap();
    let optional = offline(RESOURCE).build().unwrap();
    for (server, member, status) in [(&required, Some(json!(true)), 401), (&optional, None, 200)] {
        let found = document(&app(server), PATH_FORM).await;
        assert_eq!(found.get("tls_client_certificate_bound_access_tokens"), member.as_ref());
        assert_eq!(status_of_bearer(server).await, status);
    }
}

#[protected(details(type = "payment_initiation", actions = "initiate"))]
async fn pay() {}

#[protected(any(details(type = "payment_initiation"), details(type = "account_information")))]
async fn balance() {}

/// RFC 9396 section 10.
#[tokio::test]
async fn the_document_lists_the_types_of_details_that_the_routes_demand() {
    let server = offline(RESOURCE).build().unwrap();
    let routes = ProtectedRouter::<ResourceServer>::new()
        .route("/v1/payments", get(balance).post(pay))
        .route("/v1/other", get(pay));
    let metadata = server
        .resource_metadata()
        .authorization_details_types_of(routes.access_table())
        .authorization_details_type("consent")
        .routes();
    let app = routes.merge(metadata).with_state(server).into_router().unwrap();
    let found = document(&app, PATH_FORM).await;
    let mut types: Vec<_> = found["authorization_details_types_supported"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    types.sort_unstable();
    assert_eq!(types, ["account_information", "consent", "payment_initiation"]);
}

#[tokio::test]
async fn a_server_without_proofs_has_no_such_members() {
    let server = offline(RESOURCE).build().unwrap();
    let found = document(&app(&server), PATH_FORM).await;
    for member in [
        "dpop_signing_alg_values_supported",
        "dpop_bound_access_tokens_required",
        "tls_client_certificate_bound_access_tokens",
        "authorization_details_types_supported",
    ] {
        assert_eq!(found.get(member), None::<&Value>, "{member}");
    }
    assert_eq!(status_of_proof(&server, Algorithm::ES256).await, 401);
}
