//! Tests that a script on another origin can read the challenge of a refusal.

use axum::Router;
use axum::body::Body;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderName, HeaderValue, Method, Request, Response};
use axum_protected::{Refusal, ResourceServer};
use axum_protected_tests::app::{AppState, router};
use axum_protected_tests::{keys, trusting};
use tower::ServiceExt;
use tower_http::cors::CorsLayer;

const ORIGIN: &str = "https://app.example.com";

fn server() -> ResourceServer {
    let issuer = axum_protected::Issuer::new("https://id.example.com").jwks(keys().jwks());
    trusting(issuer).build().unwrap()
}

async fn send(app: &Router, request: Request<Body>) -> Response<Body> {
    app.clone().oneshot(request).await.unwrap()
}

/// Returns the names of a list header, in lower case.
fn names(response: &Response<Body>, header: &str) -> Vec<String> {
    let lines = response.headers().get_all(header).into_iter();
    let entries = lines.flat_map(|line| line.to_str().unwrap().split(','));
    entries.map(|entry| entry.trim().to_ascii_lowercase()).collect()
}

#[tokio::test]
async fn the_challenge_of_a_refusal_is_exposed() {
    let cors = CorsLayer::new()
        .allow_origin(HeaderValue::from_static(ORIGIN))
        .allow_methods([Method::GET])
        .allow_headers([AUTHORIZATION])
        .expose_headers(Refusal::CORS_EXPOSE_HEADERS);
    let app = router(AppState::new(server())).layer(cors);

    let preflight = Request::options("/api/items")
        .header("origin", ORIGIN)
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization");
    let response = send(&app, preflight.body(Body::empty()).unwrap()).await;
    assert!(response.status().is_success(), "{response:?}");
    assert_eq!(names(&response, "access-control-allow-headers"), ["authorization"]);

    let request = Request::get("/api/items").header("origin", ORIGIN);
    let response = send(&app, request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 401);
    let exposed = names(&response, "access-control-expose-headers");
    assert_eq!(exposed, ["www-authenticate", "retry-after"]);
    // The refusal has no other header that a browser hides from scripts.
    let readable = ["cache-control", "content-length", "content-type", "vary"];
    for name in response.headers().keys().map(HeaderName::as_str) {
        let is_readable = readable.contains(&name) || exposed.iter().any(|known| known == name);
        assert!(is_readable || name.starts_with("access-control-"), "{name}");
    }
}
