//! Tests demands for a proof of possession with client certificates.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum_protected::routing::get;
use axum_protected::server::ClientCertificate;
use axum_protected::{AccessToken, Proof, ProtectedRouter, ResourceServer, protected};
use axum_protected_testing::AuthorizationServer;
use serde_json::Value;
use tower::ServiceExt;

use crate::api::challenge;

const CERTIFICATE: &[u8] = b"the DER of a certificate";
/// The SHA-256 of `CERTIFICATE` in base64url.
const X5T: &str = "RWiVO5X5pHhKM-S0JcLCR60sq90gNr8hjsGnAyLdl9I";

#[protected]
async fn any_token(token: AccessToken) -> String {
    format!("{:?} {}", token.proof(), token.has_proof(Proof::Mtls))
}

#[protected(proof = mtls)]
async fn with_certificate() {}

#[protected(proof = dpop)]
async fn with_dpop() {}

#[protected(any(proof = dpop, proof = mtls), scope = "read")]
async fn with_either() {}

#[protected(all(proof = dpop, proof = mtls))]
async fn with_both() {}

#[protected(any(proof = mtls, role = "machine"))]
async fn with_certificate_or_role() {}

struct Api {
    issuer: AuthorizationServer,
    app: Router,
}

impl Api {
    async fn start() -> Self {
        let issuer = AuthorizationServer::start().await.unwrap();
        let server = issuer.resource_server().build().unwrap();
        let app = ProtectedRouter::<ResourceServer>::new()
            .route("/any", get(any_token))
            .route("/mtls", get(with_certificate))
            .route("/dpop", get(with_dpop))
            .route("/either", get(with_either))
            .route("/both", get(with_both))
            .route("/role", get(with_certificate_or_role))
            .with_state(server)
            .into_router()
            .unwrap();
        Self { issuer, app }
    }

    /// Sends a request with a token that is bound to the certificate if `is_bound` is true. Returns
    /// the status, the code of a refusal or the body, and the challenge.
    async fn call(&self, path: &str, is_bound: bool, scope: &str) -> (u16, String, String) {
        let token = self.issuer.token().scope(scope);
        let token =
            if is_bound { token.claim("cnf", serde_json::json!({"x5t#S256": X5T})) } else { token };
        let request = Request::get(path)
            .header("authorization", format!("Bearer {}", token.sign()))
            .extension(ClientCertificate::from_der(CERTIFICATE))
            .body(Body::empty())
            .unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (status, challenge) = (response.status().as_u16(), challenge(&response));
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        let text = match serde_json::from_slice::<Value>(&body) {
            Ok(problem) => {
                problem.get("code").and_then(Value::as_str).unwrap_or_default().to_owned()
            }
            Err(_) => String::from_utf8(body.to_vec()).unwrap(),
        };
        (status, text, challenge)
    }
}

#[tokio::test]
async fn a_route_that_demands_a_proof_refuses_tokens_without_it() {
    let api = Api::start().await;
    // Each case has a path, and the status for a bound and for an unbound token.
    for (path, bound, unbound) in [
        ("/any", 200, 200),
        ("/mtls", 200, 401),
        ("/dpop", 401, 401),
        ("/either", 200, 401),
        ("/both", 401, 401),
        ("/role", 200, 401),
    ] {
        // The second request is with a token that the server has verified before.
        for _ in 0..2 {
            for (is_bound, expected) in [(true, bound), (false, unbound)] {
                let (status, code, challenge) = api.call(path, is_bound, "read").await;
                assert_eq!(status, expected, "{path} {is_bound} {code}");
                if expected == 401 {
                    assert_eq!(code, "proof_required", "{path} {is_bound}");
                    assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_missing_scope_is_reported_before_a_missing_proof() {
    let api = Api::start().await;
    for is_bound in [true, false] {
        let (status, code, challenge) = api.call("/either", is_bound, "other").await;
        assert_eq!((status, code.as_str()), (403, "insufficient_scope"));
        assert_eq!(challenge.contains("scope=\"read\""), is_bound, "{challenge}");
    }
    let (_, _, challenge) = api.call("/either", false, "read").await;
    assert!(challenge.contains("scope=\"read\""), "{challenge}");
}

#[tokio::test]
async fn a_handler_sees_the_proof() {
    let api = Api::start().await;
    assert_eq!(api.call("/any", true, "read").await.1, "Some(Mtls) true");
    assert_eq!(api.call("/any", false, "read").await.1, "None false");
}
