//! Tests the program with an issuer of its configuration.

use std::fs;
use std::path::Path;
use std::time::Duration;

use axum_protected_testing::{AuthorizationServer, DpopKey};
use serde_json::{Value, json};

use super::demonstration::PROGRAM;
use super::payments::CONSENT_TYPE;
use super::program::Running;

#[tokio::test]
async fn the_program_serves_the_users_of_a_configured_issuer() {
    let issuer = AuthorizationServer::start().await.unwrap();
    // The resource is the public URL of the API, as behind a proxy.
    let resource = "https://payments.example.com";
    let configuration = json!({
        "issuers": [{ "issuer": issuer.issuer() }],
        "resource": resource,
        "dpop": { "required": true },
    });
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("payments_api.json");
    fs::write(&path, configuration.to_string()).unwrap();
    let variables = [("PAYMENTS_API_CONFIG", path.to_str().unwrap())];
    let mut program = Running::start_with(PROGRAM, "PAYMENTS_API_ADDR", &variables);
    let line = program.line();
    let origin = line.strip_prefix("listening on ").unwrap();

    let key = DpopKey::generate().unwrap();
    let token = issuer.token().claim("aud", resource).scope("accounts:read");
    let token = token.authenticated("phr", Duration::ZERO).bound_to(&key).sign();
    let status = async |url: &str| {
        let proof = key.proof("GET", format!("{url}/api/accounts")).access_token(&token).sign();
        let request = reqwest::Client::new().get(format!("{origin}/api/accounts"));
        let request = request.header("authorization", format!("DPoP {token}"));
        request.header("dpop", proof).send().await.unwrap().status().as_u16()
    };
    assert_eq!(status(resource).await, 200);
    // A proof is for the public URL, not for the address on which the program listens.
    assert_eq!(status(origin).await, 401);
    let document = "/.well-known/oauth-protected-resource";
    let metadata = reqwest::get(format!("{origin}{document}")).await.unwrap();
    let metadata: Value = serde_json::from_str(&metadata.text().await.unwrap()).unwrap();
    assert_eq!(metadata["resource"], resource);
    assert_eq!(metadata["authorization_details_types_supported"], json!([CONSENT_TYPE]));
}
