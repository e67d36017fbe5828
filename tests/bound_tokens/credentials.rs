//! Tests the places of bound tokens and of tokens that are not bound.

use axum::Extension;
use axum_protected::dpop::Dpop;
use axum_protected::server::ClientCertificate;
use axum_protected_testing::DpopKey;
use axum_protected_tests::{App, Call, encode, token};
use serde_json::json;

use super::{Client, ISSUER, accepting, refuses, serve, trusted};

fn unbound() -> String {
    token(ISSUER).scope("items:read").sign()
}

#[tokio::test]
async fn the_case_of_the_scheme_does_not_matter() {
    let app = serve(Dpop::new()).await;
    let client = Client::new();
    for scheme in ["DPoP", "dpop", "DPOP"] {
        let call = Call::get("/api/items")
            .header("Authorization", format!("{scheme} {}", client.token))
            .header("DPoP", client.proof("GET", "/api/items").sign());
        app.grants(&call).await;
    }
}

#[tokio::test]
async fn a_request_with_two_credentials_is_malformed() {
    let app = serve(Dpop::new()).await;
    let client = Client::new();
    let bearer = format!("Bearer {}", unbound());
    let dpop = format!("DPoP {}", client.token);
    for second in [&bearer, &dpop] {
        let call = client.get("/api/items").header("Authorization", second);
        refuses(&app, &call, 400, "invalid_request").await;
    }
    let call = Call::get("/api/items")
        .header("Authorization", bearer)
        .header("Authorization", dpop)
        .header("DPoP", client.proof("GET", "/api/items").sign());
    refuses(&app, &call, 400, "invalid_request").await;
}

#[tokio::test]
async fn a_bound_token_is_not_a_bearer_token() {
    let client = Client::new();
    let proof = || client.proof("GET", "/api/items").sign();
    let accepts = serve(Dpop::new()).await;
    let bearer = || Call::get("/api/items").bearer(&client.token);
    refuses(&accepts, &bearer(), 401, "bound_token").await;
    refuses(&accepts, &bearer().header("DPoP", proof()), 401, "bound_token").await;

    let own_header = accepting(Dpop::new()).token_header("X-Token").build().unwrap();
    let app = App::serve(own_header).await;
    let call = Call::get("/api/items").header("X-Token", &client.token).header("DPoP", proof());
    refuses(&app, &call, 401, "bound_token").await;
    app.grants(&client.get("/api/items")).await;
}

#[tokio::test]
async fn a_bound_token_in_the_subprotocol_of_a_websocket_is_refused() {
    let server = accepting(Dpop::new()).websocket_protocol_token().build().unwrap();
    let app = App::serve(server).await;
    let client = Client::new();
    let call = Call::get("/api/items")
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Protocol", format!("chat, bearer.{}", client.token));
    refuses(&app, &call, 401, "bound_token").await;
    let proof = client.proof("GET", "/api/items").sign();
    refuses(&app, &call.header("DPoP", proof), 401, "bound_token").await;
}

#[tokio::test]
async fn a_bound_token_in_a_cookie_is_refused() {
    let server = accepting(Dpop::new()).require_https().token_cookie("__Host-token");
    let app = App::serve_over_tls(server.build().unwrap(), |router| router).await;
    let client = Client::new();
    let call = Call::get("/api/items")
        .header("Cookie", format!("__Host-token={}", client.token))
        .header("Sec-Fetch-Site", "same-origin")
        .header("DPoP", client.proof("GET", "/api/items").sign());
    refuses(&app, &call, 401, "bound_token").await;
}

#[tokio::test]
async fn a_token_that_is_not_bound_needs_the_scheme_bearer() {
    let app = serve(Dpop::new()).await;
    let key = DpopKey::generate().unwrap();
    let unbound = unbound();
    app.grants(&Call::get("/api/items").bearer(&unbound)).await;
    let proof = key.proof("GET", "https://api.example.com/api/items").access_token(&unbound);
    let call = Call::get("/api/items")
        .header("Authorization", format!("DPoP {unbound}"))
        .header("DPoP", proof.sign());
    refuses(&app, &call, 401, "unbound_token").await;
}

#[tokio::test]
async fn a_server_that_requires_bound_tokens_accepts_no_others() {
    let app = serve(Dpop::new().required()).await;
    refuses(&app, &Call::get("/api/items").bearer(&unbound()), 401, "unbound_token").await;
    app.grants(&Client::new().get("/api/items")).await;
}

/// A malformed binding is never taken for none.
#[tokio::test]
async fn a_malformed_binding_is_refused() {
    let app = serve(Dpop::new()).await;
    let jkt = DpopKey::generate().unwrap().thumbprint();
    for cnf in [
        json!({}),
        json!([]),
        json!("jkt"),
        json!({ "jkt": null }),
        json!({ "jkt": "" }),
        json!({ "jkt": 7 }),
        json!({ "jkt": [jkt] }),
        json!({ "jkt": format!("{jkt}=") }),
        json!({ "jkt": encode(&jkt) }),
        json!({ "jkt": jkt, "jwk": {} }),
        json!({ "kid": "a" }),
    ] {
        let client = Client::with(|token| token.claim("cnf", cnf.clone()));
        refuses(&app, &client.get("/api/items"), 401, "bound_token").await;
        refuses(&app, &Call::get("/api/items").bearer(&client.token), 401, "bound_token").await;
    }
}

#[tokio::test]
async fn a_token_with_two_bindings_needs_both_proofs() {
    let client = Client::with(|token| token.bound_to_certificate("a certificate"));
    let served = async |certificate: &str| {
        let server = accepting(Dpop::new()).build().unwrap();
        let certificate = ClientCertificate::from_der(certificate.as_bytes());
        App::serve_over_tls(server, |router| router.layer(Extension(certificate))).await
    };
    let app = served("a certificate").await;
    app.grants(&client.get("/api/items")).await;
    refuses(&app, &client.unproven("GET", "/api/items"), 401, "invalid_dpop_proof").await;
    refuses(&app, &Call::get("/api/items").bearer(&client.token), 401, "bound_token").await;
    refuses(&served("another").await, &client.get("/api/items"), 401, "wrong_proof_key").await;
    refuses(&serve(Dpop::new()).await, &client.get("/api/items"), 401, "bound_token").await;
}

#[tokio::test]
async fn a_proof_without_a_token_is_not_a_credential() {
    let app = serve(Dpop::new()).await;
    let proof = Client::new().proof("GET", "/api/items").sign();
    refuses(&app, &Call::get("/api/items").header("DPoP", &proof), 401, "missing_token").await;
    let proxy = Call::get("/api/items")
        .header("Proxy-Authorization", format!("DPoP {}", Client::new().token))
        .header("DPoP", proof);
    refuses(&app, &proxy, 401, "missing_token").await;
    let answer = proxy.send(app.address).await;
    assert_eq!(answer.all("proxy-authenticate"), [""; 0]);
}

#[tokio::test]
async fn a_server_without_dpop_refuses_bound_tokens() {
    let app = App::serve(trusted().build().unwrap()).await;
    let client = Client::new();
    refuses(&app, &client.get("/api/items"), 401, "missing_token").await;
    refuses(&app, &Call::get("/api/items").bearer(&client.token), 401, "bound_token").await;
}

/// Headers and texts prove nothing about a request.
#[tokio::test]
async fn authenticate_refuses_bound_tokens() {
    let server = accepting(Dpop::new()).build().unwrap();
    let client = Client::new();
    let error = server.authenticate(&client.token).await.unwrap_err();
    assert_eq!(error.kind().code(), "bound_token");
    let mut headers = axum::http::HeaderMap::new();
    headers.insert("authorization", format!("DPoP {}", client.token).parse().unwrap());
    headers.insert("dpop", client.proof("GET", "/").sign().parse().unwrap());
    let error = server.authenticate(&headers).await.unwrap_err();
    assert_eq!(error.kind().code(), "bound_token");
}
