//! Tests pushed authorization requests (RFC 9126).

use axum_protected_testing::{AuthorizationServer, Client, DpopKey};
use serde_json::{Value, json};

use super::test_client::{
    Answer, CHALLENGE, VERIFIER, agree, assert_refused, claims, form, posted, redeem, request, send,
};
use super::{BATCH, CALLBACK, PAGE, SECRET, builder, server};

const REQUEST: [(&str, &str); 7] = [
    ("client_id", PAGE),
    ("redirect_uri", CALLBACK),
    ("response_type", "code"),
    ("scope", "items:read"),
    ("state", "s"),
    ("code_challenge", CHALLENGE),
    ("code_challenge_method", "S256"),
];

async fn push(server: &AuthorizationServer, other: &[(&str, &str)]) -> Answer {
    send(posted(server, "/par", &[&REQUEST, other].concat())).await
}

fn request_uri(answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.json()["expires_in"], 60);
    answer.json()["request_uri"].as_str().unwrap().to_owned()
}

async fn authorize(server: &AuthorizationServer, pairs: &[(&str, &str)]) -> Answer {
    send(request(server, "GET", &format!("/authorize?{}", form(pairs)))).await
}

#[tokio::test]
async fn a_pushed_request_is_used_once_by_its_client() {
    let server = builder()
        .client(Client::public("other").redirect_uri("http://127.0.0.1:4000/"))
        .start()
        .await
        .unwrap();
    let uri = request_uri(&push(&server, &[]).await);
    assert!(uri.starts_with("urn:ietf:params:oauth:request_uri:"), "{uri}");
    for wrong in [
        vec![("request_uri", uri.as_str())],
        vec![("request_uri", uri.as_str()), ("client_id", "other")],
        vec![("request_uri", &uri[..uri.len() - 1]), ("client_id", PAGE)],
        vec![("request_uri", "urn:ietf:params:oauth:request_uri:"), ("client_id", PAGE)],
    ] {
        let refused = authorize(&server, &wrong).await;
        assert_eq!((refused.status, refused.header("location")), (400, ""), "{wrong:?}");
    }
    // Parameters beside the request have no effect (RFC 9101 section 5).
    let used = [("request_uri", uri.as_str()), ("client_id", PAGE), ("scope", "items:write")];
    let page = authorize(&server, &used).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let code = agree(&server, &page, "bob").await;
    assert_eq!(code.redirect_parameter("state").as_deref(), Some("s"));
    let code = code.redirect_parameter("code").unwrap();
    let token = redeem(&server, &code, &[("code_verifier", VERIFIER)]).await.json();
    assert_eq!(token["scope"], "items:read");
    assert_eq!(authorize(&server, &used).await.status, 400);
}

#[tokio::test]
async fn a_wrong_request_is_refused_where_it_is_pushed() {
    let server = server().await;
    let refused = async |replaced: (&str, &str), status, code| {
        let kept = REQUEST.into_iter().filter(|(name, _)| *name != replaced.0);
        let pairs: Vec<_> = kept.chain([replaced]).collect();
        assert_refused(&send(posted(&server, "/par", &pairs)).await, status, code);
    };
    refused(("client_id", ""), 400, "invalid_request").await;
    refused(("client_id", "unknown"), 401, "invalid_client").await;
    refused(("client_id", BATCH), 401, "invalid_client").await;
    refused(("redirect_uri", "http://127.0.0.1:3000/other"), 400, "invalid_request").await;
    refused(("response_type", "token"), 400, "unsupported_response_type").await;
    refused(("scope", "items:admin"), 400, "invalid_scope").await;
    refused(("code_challenge_method", "plain"), 400, "invalid_request").await;
    refused(("resource", "/items"), 400, "invalid_target").await;
    refused(("request_uri", "urn:example:a"), 400, "invalid_request").await;
    assert_eq!(send(request(&server, "GET", "/par")).await.status, 405);
}

#[tokio::test]
async fn a_confidential_client_authenticates_to_push() {
    let server = AuthorizationServer::builder()
        .client(Client::confidential(BATCH, SECRET).redirect_uri(CALLBACK))
        .scopes(["items:read"])
        .start()
        .await
        .unwrap();
    let mut pairs = REQUEST.to_vec();
    pairs[0].1 = BATCH;
    assert_refused(&send(posted(&server, "/par", &pairs)).await, 401, "invalid_client");
    pairs.push(("client_secret", SECRET));
    request_uri(&send(posted(&server, "/par", &pairs)).await);
}

#[tokio::test]
async fn a_proof_beside_a_pushed_request_binds_the_code() {
    let server = server().await;
    let (key, other) = (DpopKey::generate().unwrap(), DpopKey::generate().unwrap());
    let endpoint = server.pushed_authorization_request_endpoint();
    let with_proof = async |pairs: &[(&str, &str)], proof: String| {
        let call = posted(&server, "/par", &[&REQUEST, pairs].concat());
        send(call.header("dpop", proof)).await
    };
    let jkt = other.thumbprint();
    let contradiction =
        with_proof(&[("dpop_jkt", &jkt)], key.proof("POST", &endpoint).sign()).await;
    assert_refused(&contradiction, 400, "invalid_dpop_proof");
    let for_token = key.proof("POST", server.token_endpoint()).sign();
    assert_refused(&with_proof(&[], for_token).await, 400, "invalid_dpop_proof");

    let bound_code = async || {
        let uri = request_uri(&with_proof(&[], key.proof("POST", &endpoint).sign()).await);
        let used = [("request_uri", uri.as_str()), ("client_id", PAGE)];
        let page = authorize(&server, &used).await;
        agree(&server, &page, "bob").await.redirect_parameter("code").unwrap()
    };
    let code = bound_code().await;
    assert_refused(&redeem(&server, &code, &[]).await, 400, "invalid_grant");
    let code = bound_code().await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("client_id", PAGE),
        ("code_verifier", VERIFIER),
    ];
    let proof = key.proof("POST", server.token_endpoint()).sign();
    let token = send(posted(&server, "/token", &form).header("dpop", proof)).await.json();
    assert_eq!(claims(&token["access_token"])["cnf"], json!({ "jkt": key.thumbprint() }));
}

#[tokio::test]
async fn a_client_can_be_registered_for_pushed_requests_only() {
    let page = Client::public(PAGE).redirect_uri(CALLBACK);
    let server = AuthorizationServer::builder()
        .client(page.require_pushed_authorization_requests())
        .scopes(["items:read"])
        .start()
        .await
        .unwrap();
    let direct = authorize(&server, &REQUEST).await;
    assert_eq!(direct.redirect_parameter("error").as_deref(), Some("invalid_request"));
    let uri = request_uri(&push(&server, &[]).await);
    let used = [("request_uri", uri.as_str()), ("client_id", PAGE)];
    assert_eq!(authorize(&server, &used).await.status, 200);
}

#[tokio::test]
async fn the_metadata_names_the_endpoint() {
    let server = server().await;
    let path = "/.well-known/oauth-authorization-server";
    let metadata: Value = send(request(&server, "GET", path)).await.json();
    assert_eq!(
        metadata["pushed_authorization_request_endpoint"],
        server.pushed_authorization_request_endpoint()
    );
}
