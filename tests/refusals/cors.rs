//! Tests that a script on another origin can send a token with its proof, and read the challenge and
//! the nonce of a refusal.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, Response};
use axum_protected::dpop::Dpop;
use axum_protected::{Issuer, Refusal, ResourceServer};
use axum_protected_testing::DpopKey;
use axum_protected_tests::app::{AppState, router};
use axum_protected_tests::{AUDIENCE, keys, token, trusting};
use tower::ServiceExt;
use tower_http::cors::CorsLayer;

const ORIGIN: &str = "https://app.example.com";

const ISSUER: &str = "https://id.example.com";

/// Returns a server that demands its nonces in proofs.
fn server() -> ResourceServer {
    let issuer = Issuer::new(ISSUER).jwks(keys().jwks());
    trusting(issuer).public_url(AUDIENCE).dpop(Dpop::new().nonce()).build().unwrap()
}

fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(HeaderValue::from_static(ORIGIN))
        .allow_methods([Method::GET])
        .allow_headers(Refusal::CORS_ALLOW_HEADERS)
        .expose_headers(Refusal::CORS_EXPOSE_HEADERS)
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
async fn a_preflight_permits_the_token_and_its_proof() {
    let app = router(AppState::new(server())).layer(cors());
    let preflight = Request::options("/api/items")
        .header("origin", ORIGIN)
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization,dpop");
    let response = send(&app, preflight.body(Body::empty()).unwrap()).await;
    assert!(response.status().is_success(), "{response:?}");
    assert_eq!(names(&response, "access-control-allow-headers"), ["authorization", "dpop"]);
}

#[tokio::test]
async fn the_headers_of_a_refusal_are_exposed() {
    let app = router(AppState::new(server())).layer(cors());
    let get = || Request::get("/api/items").header("origin", ORIGIN);
    let key = DpopKey::generate().unwrap();
    let token = token(ISSUER).scope("items:read").bound_to(&key).sign();
    let proof = key.proof("GET", format!("{AUDIENCE}/api/items")).access_token(&token).sign();
    let proven = get().header("authorization", format!("DPoP {token}")).header("dpop", proof);
    for (request, has_nonce) in [(get(), false), (proven, true)] {
        let response = send(&app, request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 401);
        assert_eq!(response.headers().contains_key("dpop-nonce"), has_nonce);
        let exposed = names(&response, "access-control-expose-headers");
        assert_eq!(exposed, ["www-authenticate", "retry-after", "dpop-nonce"]);
        // The refusal has no other header that a browser hides from scripts.
        let readable = ["cache-control", "content-length", "content-type", "vary"];
        for name in response.headers().keys().map(HeaderName::as_str) {
            let is_readable = readable.contains(&name) || exposed.iter().any(|known| known == name);
            assert!(is_readable || name.starts_with("access-control-"), "{name}");
        }
    }
}
