//! Tests that every protected route takes a bound token with its proof, and nothing else.

use axum::body::Body;
use axum_protected_testing::{DpopKey, TokenBuilder};
use serde_json::Value;

use super::api::{Answer, Api, request};

/// The method and the path of each protected route.
const ROUTES: [(&str, &str); 3] =
    [("GET", "/api/accounts"), ("PUT", "/api/payments/p1"), ("GET", "/api/payments/p1")];

/// A request to a route, with a token that satisfies its policy.
struct Attempt<'a> {
    api: &'a Api,
    method: &'a str,
    path: &'a str,
    payment: &'a Value,
    token: TokenBuilder,
}

impl Attempt<'_> {
    async fn send(&self, scheme: &str, token: &str, proofs: &[String]) -> Answer {
        let request = request(self.method, self.path);
        let request = request.header("authorization", format!("{scheme} {token}"));
        let request = proofs.iter().fold(request, |request, proof| request.header("dpop", proof));
        self.api.send(request.body(Body::from(self.payment.to_string())).unwrap()).await
    }
}

#[tokio::test]
async fn a_wrong_proof_is_refused_by_every_route() {
    let api = Api::start().await;
    let payment = api.payment("10").await;
    assert_eq!(api.pay("p1", &payment).await.status, 201);
    for (method, path) in ROUTES {
        let token = api.consented("p1", &payment);
        let attempt = Attempt { api: &api, method, path, payment: &payment, token };
        let token = attempt.token.clone().sign();
        let proof = || api.proof(method, path, &token);
        let good = proof().sign();
        let stranger = DpopKey::generate().unwrap();
        let other_key = stranger.proof(method, format!("{}{path}", super::api::ORIGIN));
        let outcome = async |name: &str, scheme: &str, proofs: &[String], expected| {
            let answer = attempt.send(scheme, &token, proofs).await;
            assert_eq!(answer.outcome(), expected, "{method} {path}, {name}");
        };
        let invalid = (401, "invalid_dpop_proof");
        outcome("no proof", "DPoP", &[], invalid).await;
        outcome("a bound token as bearer", "Bearer", &[proof().sign()], (401, "bound_token")).await;
        outcome("two proofs", "DPoP", &[proof().sign(), proof().sign()], invalid).await;
        let other_method = api.proof("POST", path, &token).sign();
        outcome("another method", "DPoP", &[other_method], invalid).await;
        let other_path = api.proof(method, "/api/payments/p2", &token).sign();
        outcome("another URL", "DPoP", &[other_path], invalid).await;
        let other_token = api.proof(method, path, "another token").sign();
        outcome("another token", "DPoP", &[other_token], invalid).await;
        let other_key = other_key.access_token(&token).sign();
        outcome("another key", "DPoP", &[other_key], (401, "wrong_proof_key")).await;
        outcome("a proof", "DPoP", std::slice::from_ref(&good), (200, "")).await;
        outcome("the same proof again", "DPoP", &[good], invalid).await;
    }
}

#[tokio::test]
async fn a_token_without_a_key_is_refused_by_every_route() {
    let api = Api::start().await;
    let payment = api.payment("10").await;
    for (method, path) in ROUTES {
        let token = api.consented("p1", &payment).without("cnf");
        let attempt = Attempt { api: &api, method, path, payment: &payment, token };
        let token = attempt.token.clone().sign();
        let answer = attempt.send("Bearer", &token, &[]).await;
        assert_eq!(answer.outcome(), (401, "proof_required"), "{method} {path}");
        let proof = api.proof(method, path, &token).sign();
        let answer = attempt.send("DPoP", &token, &[proof]).await;
        assert_eq!(answer.outcome(), (401, "unbound_token"), "{method} {path}");
    }
}
