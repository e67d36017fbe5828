//! Tests guarded, optional and public routes.

use axum::middleware::from_extractor_with_state;
use axum::{Router, routing::get};
use axum_protected::{AccessToken, Issuer, ResourceServer, protected};
use axum_protected_tests::app::{AppState, Calls, router};
use axum_protected_tests::{App, Call, keys, refused, token, trusting};

use super::Bench;

const OURS: &str = "https://ours.example.com";
const THEIRS: &str = "https://theirs.example.com";

#[tokio::test]
async fn only_a_request_without_a_token_is_anonymous() {
    let bench = Bench::start().await;
    let optional = Call::get("/api/optional");
    assert_eq!(bench.app.grants(&optional).await.text(), "None");
    let known = optional.clone().bearer(&bench.good());
    let known = bench.app.grants(&known).await.text();
    assert_eq!(known, "Some(Some(\"alice\"))");
    let bearer = |token: &str| optional.clone().bearer(token);
    let line = |value: &str| optional.clone().header("Authorization", value);
    let foreign = bench.token().claim("aud", "x").sign();
    let unsigned = bench.token().header("alg", "none").sign();
    for (call, status, code) in [
        (bearer(&bench.token().expired().sign()), 401, "expired_token"),
        (bearer(&foreign), 401, "wrong_audience"),
        (bearer(&unsigned), 401, "unsupported_algorithm"),
        (bearer("garbage"), 401, "malformed_token"),
        (line("Bearer"), 400, "invalid_request"),
        (line(""), 400, "invalid_request"),
        (line("Basic dXNlcjpwYXNz"), 401, "missing_token"),
        (line("Negotiate"), 401, "missing_token"),
    ] {
        bench.app.refuses(&call, status, code).await;
    }
    bench.app.grants(&Call::get("/health")).await;
    let call = Call::get("/health").header("Authorization", "Bearer garbage");
    bench.app.grants(&call).await;
}

#[tokio::test]
async fn every_spelling_that_reaches_a_handler_is_guarded() {
    let bench = Bench::start().await;
    let paths = [
        "/api/items",
        "/api/items/",
        "/api//items",
        "//api/items",
        "/api/./items",
        "/api/x/../items",
        "/api/%69tems",
        "/api%2Fitems",
        "/API/ITEMS",
        "/api/items;x=1",
        "/api/items%00",
        "/api/items?",
        "/nested/items",
        "/nested/items/",
    ];
    for path in paths {
        for method in ["GET", "HEAD", "POST", "OPTIONS", "TRACE", "PROPFIND"] {
            let answer = Call::new(method, path).send(bench.app.address).await;
            assert!((400..500).contains(&answer.status), "{method} {path}");
        }
    }
    assert_eq!(bench.app.total_calls(), 0);
    // A route for GET also serves HEAD.
    let head = Call::new("HEAD", "/api/items");
    bench.app.refuses(&head, 401, "missing_token").await;
    bench.app.grants(&head.bearer(&bench.good())).await;
    assert_eq!(bench.app.calls("list"), 1);
}

#[protected]
async fn inner(token: AccessToken) -> String {
    token.issuer().to_owned()
}

/// Returns a server that trusts these issuers and has configured keys.
fn server(issuers: &[&str]) -> ResourceServer {
    let issuer = |name: &&str| Issuer::new(*name).jwks(keys().jwks());
    let builder = ResourceServer::builder().audience(axum_protected_tests::AUDIENCE);
    let builder =
        issuers.iter().map(issuer).fold(builder, axum_protected::ResourceServerBuilder::issuer);
    builder.build().unwrap()
}

/// Each server verifies the token itself and does not accept the result of the other server.
#[tokio::test]
async fn two_servers_in_one_request_decide_separately() {
    let (outer, strict) = (server(&[OURS, THEIRS]), server(&[THEIRS]));
    let router = Router::new()
        .route("/inner", get(inner))
        .with_state(strict)
        .layer(from_extractor_with_state::<AccessToken, _>(outer));
    let app = App::serve_router(router, Calls::default()).await;
    let call = |issuer: &str| Call::get("/inner").bearer(&token(issuer).sign());

    let answer = call(THEIRS).send(app.address).await;
    assert_eq!((answer.status, answer.text()), (200, THEIRS.to_owned()));
    let answer = call(OURS).send(app.address).await;
    refused(&answer, 401, "unknown_issuer");

    let (outer, lenient) = (server(&[THEIRS]), server(&[OURS, THEIRS]));
    let router = Router::new()
        .route("/inner", get(inner))
        .with_state(lenient)
        .layer(from_extractor_with_state::<AccessToken, _>(outer));
    let app = App::serve_router(router, Calls::default()).await;
    let answer = call(THEIRS).send(app.address).await;
    assert_eq!((answer.status, answer.text()), (200, THEIRS.to_owned()));
    let answer = call(OURS).send(app.address).await;
    refused(&answer, 401, "unknown_issuer");
}

#[tokio::test]
async fn routers_side_by_side_keep_their_own_issuers() {
    let (ours, theirs) = (server(&[OURS]), server(&[THEIRS]));
    let routes = Router::new()
        .nest("/ours", router(AppState::new(ours)))
        .nest("/theirs", router(AppState::new(theirs)));
    let app = App::serve_router(routes, Calls::default()).await;
    let call = |path: &str, issuer: &str| Call::get(path).bearer(&token(issuer).sign());
    for (path, issuer, granted) in [
        ("/ours/api/me", OURS, true),
        ("/ours/api/me", THEIRS, false),
        ("/theirs/api/me", THEIRS, true),
        ("/theirs/api/me", OURS, false),
    ] {
        let answer = call(path, issuer).send(app.address).await;
        if granted {
            assert_eq!(answer.status, 200, "{path} {issuer}");
        } else {
            refused(&answer, 401, "unknown_issuer");
        }
    }
}

#[tokio::test]
async fn an_incomplete_server_is_not_built() {
    for builder in [
        ResourceServer::builder(),
        ResourceServer::builder().audience("https://api.example.com"),
        ResourceServer::builder().issuer(OURS),
        trusting("http://id.example.com"),
        trusting("https://id.example.com/?tenant=1"),
        trusting("https://id.example.com/#fragment"),
        trusting("id.example.com"),
        trusting(Issuer::new(OURS).jwks_uri("http://keys.example.com/jwks")),
        trusting(Issuer::new(OURS).algorithms([])),
        trusting(OURS).leeway(std::time::Duration::from_secs(301)),
        trusting(OURS).audience(" "),
        trusting(OURS).issuer(OURS),
        trusting(OURS).realm("a\"b"),
        trusting(OURS).realm("a\r\nb"),
        trusting(OURS).resource("/relative"),
        trusting(OURS).resource("https://api.example.com#fragment"),
        trusting(OURS).public_url("http://api.example.com"),
        trusting(OURS).trusted_proxy("proxy.example.com"),
    ] {
        let built = builder.clone().build();
        assert!(built.is_err(), "{builder:?}");
    }
}
