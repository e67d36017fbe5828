//! Tests that tokens without TLS are refused, for each way in which a request reaches the server.

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use axum_protected::server::TlsConnection;
use axum_protected::{Policy, ProtectedLayer, RefusalKind, ResourceServer};
use axum_protected_tests::app::{AppState, router};
use axum_protected_tests::{AUDIENCE, Call, Log, keys, token, trusting};
use serde_json::Value;
use tokio::net::TcpListener;
use tower::ServiceExt;

const ISSUER: &str = "https://id.example.com";
const CLIENT: &str = "192.0.2.7";
const PROXY: &str = "10.1.2.3";

/// The name and the value of a header.
type Line = (&'static str, &'static str);

#[derive(Policy)]
#[policy(scope = "items:read")]
struct CanRead;

fn server() -> ResourceServer {
    let issuer = axum_protected::Issuer::new(ISSUER).jwks(keys().jwks());
    let builder = trusting(issuer).require_https().trusted_proxy("10.0.0.0/8");
    builder.trusted_proxy("127.0.0.1").websocket_protocol_token().build().unwrap()
}

fn app(server: &ResourceServer) -> Router {
    let layer = ProtectedLayer::<CanRead, _>::new(server.clone());
    let layered = Router::new().route("/layer", get(async || "ok")).route_layer(layer);
    router(AppState::new(server.clone())).merge(layered)
}

fn good() -> String {
    token(ISSUER).scope("items:read").claim("email", "a@example.com").sign()
}

/// Returns a request from this peer that presents a good token.
fn from(peer: Option<&str>, path: &str) -> Request<Body> {
    let request = Request::get(path).header("authorization", format!("Bearer {}", good()));
    let mut request = request.body(Body::empty()).unwrap();
    if let Some(peer) = peer {
        let address = SocketAddr::new(peer.parse().unwrap(), 50_000);
        request.extensions_mut().insert(ConnectInfo(address));
    }
    request
}

fn with(mut request: Request<Body>, lines: &[Line]) -> Request<Body> {
    for (name, value) in lines {
        request.headers_mut().append(*name, value.parse().unwrap());
    }
    request
}

/// Sends a request and returns the `code` of the refusal, or `None` if the request was accepted.
/// Checks that the refusal is neither a redirect nor an echo.
async fn code(app: &Router, request: Request<Body>) -> Option<String> {
    let response = app.clone().oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    if head.status.is_success() {
        return None;
    }
    let document: Value = serde_json::from_slice(&body).unwrap();
    let code = document["code"].as_str().unwrap().to_owned();
    if code == "insecure_transport" {
        assert_eq!(head.status, StatusCode::BAD_REQUEST);
        assert!(!head.headers.contains_key("location"));
        let challenge = head.headers["www-authenticate"].to_str().unwrap();
        assert!(challenge.contains("error=\"invalid_request\""), "{challenge}");
        let all = format!("{head:?}{document}");
        assert!(good().split('.').all(|part| !all.contains(part)), "{all}");
    }
    Some(code)
}

const REFUSED: Option<&str> = Some("insecure_transport");

#[tokio::test]
async fn only_the_headers_of_a_trusted_proxy_are_believed() {
    let app = app(&server());
    let cases: &[(Option<&str>, &[Line], Option<&str>)] = &[
        (None, &[], REFUSED),
        (None, &[("x-forwarded-proto", "https")], REFUSED),
        (Some(CLIENT), &[], REFUSED),
        (Some(CLIENT), &[("x-forwarded-proto", "https")], REFUSED),
        (Some(CLIENT), &[("forwarded", "proto=https")], REFUSED),
        (Some("::1"), &[], None),
        (Some("::1"), &[("x-forwarded-proto", "http")], None),
        (Some(PROXY), &[], REFUSED),
        (Some(PROXY), &[("x-forwarded-proto", "https")], None),
        (Some("::ffff:10.1.2.3"), &[("x-forwarded-proto", "https")], None),
        (Some(PROXY), &[("forwarded", "for=192.0.2.7;proto=https")], None),
        (Some(PROXY), &[("x-forwarded-proto", "http")], REFUSED),
        (Some(PROXY), &[("forwarded", "proto=http")], REFUSED),
        (Some(PROXY), &[("x-forwarded-proto", "https,http")], REFUSED),
        (Some(PROXY), &[("x-forwarded-proto", "https, https")], REFUSED),
        (Some(PROXY), &[("x-forwarded-proto", "https"), ("x-forwarded-proto", "https")], REFUSED),
        (Some(PROXY), &[("forwarded", "proto=https, proto=http")], REFUSED),
        (Some(PROXY), &[("forwarded", "proto=https"), ("x-forwarded-proto", "http")], REFUSED),
        (Some(PROXY), &[("forwarded", "proto=http"), ("x-forwarded-proto", "https")], REFUSED),
        (Some(PROXY), &[("forwarded", "proto=https"), ("x-forwarded-proto", "https")], None),
        (Some(PROXY), &[("x-forwarded-ssl", "on"), ("x-forwarded-scheme", "https")], REFUSED),
        // A proxy on the same host is judged by its headers, because it is in the list.
        (Some("127.0.0.1"), &[], REFUSED),
        (Some("127.0.0.1"), &[("x-forwarded-proto", "https")], None),
    ];
    // The guard, the extractors of the token and of its claims, and the layer have one rule. The
    // second round meets a token in the cache.
    for path in ["/api/items", "/api/me", "/api/optional", "/api/caller", "/layer", "/layer"] {
        for (peer, lines, expected) in cases {
            let request = with(from(*peer, path), lines);
            assert_eq!(
                code(&app, request).await.as_deref(),
                *expected,
                "{path} {peer:?} {lines:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_program_that_terminates_tls_marks_its_requests() {
    let app = app(&server());
    let mut request = from(Some(CLIENT), "/api/items");
    request.extensions_mut().insert(TlsConnection);
    assert_eq!(code(&app, request).await, None);
}

#[tokio::test]
async fn the_token_of_a_websocket_needs_tls_too() {
    let app = app(&server());
    let handshake = |peer: &str| {
        let mut request = from(Some(peer), "/api/me");
        request.headers_mut().remove("authorization");
        let offer = format!("chat, bearer.{}", good());
        request.headers_mut().insert("sec-websocket-protocol", offer.parse().unwrap());
        with(
            request,
            &[
                ("sec-websocket-version", "13"),
                ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
                ("upgrade", "websocket"),
                ("connection", "upgrade"),
            ],
        )
    };
    assert_eq!(code(&app, handshake("::1")).await, None);
    assert_eq!(code(&app, handshake(CLIENT)).await.as_deref(), REFUSED);
}

/// A request without a token has no secret to protect, so the setting does not affect it.
#[tokio::test]
async fn requests_without_a_token_are_not_affected() {
    let app = app(&server());
    for (path, expected) in
        [("/health", None), ("/api/optional", None), ("/api/items", Some("missing_token"))]
    {
        let mut request = from(Some(CLIENT), path);
        request.headers_mut().remove("authorization");
        assert_eq!(code(&app, request).await.as_deref(), expected, "{path}");
    }
}

#[tokio::test]
async fn without_the_setting_nothing_changes() {
    let issuer = axum_protected::Issuer::new(ISSUER).jwks(keys().jwks());
    let app = app(&trusting(issuer).trusted_proxy(PROXY).build().unwrap());
    for peer in [None, Some(CLIENT), Some(PROXY)] {
        assert_eq!(code(&app, from(peer, "/api/items")).await, None, "{peer:?}");
    }
}

/// The headers alone do not show if the request came over TLS.
#[tokio::test]
async fn authenticating_headers_alone_fails_closed() {
    let mut request = from(Some("::1"), "/");
    request.extensions_mut().insert(TlsConnection);
    let error = server().authenticate(request.headers()).await.unwrap_err();
    assert_eq!(error.kind(), RefusalKind::InsecureTransport);
    request.headers_mut().remove("authorization");
    let error = server().authenticate(request.headers()).await.unwrap_err();
    assert_eq!(error.kind(), RefusalKind::MissingToken);
}

/// No request belongs to the text of a token, so the setting does not apply to it.
#[tokio::test]
async fn the_text_of_a_token_has_no_transport() {
    let token = server().authenticate(&good()).await.unwrap();
    assert!(token.has_scope("items:read"));
    for text in ["", "Bearer", &format!("Bearer {}", good())] {
        let error = server().authenticate(text).await.unwrap_err();
        assert_eq!(error.kind(), RefusalKind::MalformedToken, "{text}");
    }
}

#[tokio::test]
async fn the_log_tells_the_operator_the_cause() {
    let (log, _guard) = Log::open();
    let app = app(&server());
    for (peer, named, address) in [
        (None, "into_make_service_with_connect_info", "unknown"),
        (Some(CLIENT), "`trusted_proxies`", CLIENT),
        (Some(PROXY), "`X-Forwarded-Proto`", PROXY),
    ] {
        assert_eq!(code(&app, from(peer, "/api/items")).await.as_deref(), REFUSED);
        let events = log.take();
        let causes: Vec<_> =
            events.iter().filter(|event| event.name == "axum_protected.request.insecure").collect();
        let [cause] = causes.as_slice() else { panic!("{events:?}") };
        assert!(cause.get("rule").unwrap().contains(named), "{cause:?}");
        assert_eq!(cause.get("peer"), Some(address));
    }
}

/// A real socket: the peer is the proxy on loopback, and axum knows its address.
#[tokio::test]
async fn axum_provides_the_address_of_the_peer() {
    let service = app(&server()).into_make_service_with_connect_info::<SocketAddr>();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async move { axum::serve(listener, service).await });
    let call = || Call::get("/api/items").bearer(&good());
    let answer = call().header("X-Forwarded-Proto", "https").send(address).await;
    assert_eq!(answer.status, 200);
    for call in [call(), call().header("X-Forwarded-Proto", "http")] {
        let answer = call.send(address).await;
        axum_protected_tests::refused(&answer, 400, "insecure_transport");
    }
    serving.abort();
}

/// The settings have the same names in a file.
#[tokio::test]
async fn a_file_has_the_same_settings() {
    let file = serde_json::json!({
        "issuers": [{ "issuer": ISSUER, "jwks": keys().jwks() }],
        "resource": AUDIENCE,
        "public_url": "https://gateway.example.com/v1",
        "trusted_proxies": ["10.0.0.0/8", "fd00::/8"],
        "require_https": true,
    });
    let builder: axum_protected::ResourceServerBuilder = serde_json::from_value(file).unwrap();
    let server = builder.build().unwrap();
    assert_eq!(server.resource(), Some(AUDIENCE));
    assert_eq!(server.public_url(), Some("https://gateway.example.com/v1"));
    let app = app(&server);
    let https = [("x-forwarded-proto", "https")];
    assert_eq!(code(&app, with(from(Some("fd00::1"), "/api/items"), &https)).await, None);
    let request = with(from(Some("fe80::1"), "/api/items"), &https);
    assert_eq!(code(&app, request).await.as_deref(), REFUSED);
}
