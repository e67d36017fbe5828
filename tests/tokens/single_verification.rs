//! Tests that a server verifies the token of a request once for all extractors, and only for this
//! request.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::middleware::{Next, from_extractor_with_state, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use axum_protected::revocation::Revocation;
use axum_protected::{
    AccessToken, Authorized, Claims, HasResourceServer, Policy, ProtectedLayer, ResourceServer,
    check, protected,
};
use axum_protected_testing::{ManualClock, TokenBuilder};
use axum_protected_tests::issuer::JWKS;
use axum_protected_tests::{Reply, ScriptedIssuer, fresh_key, trusting};
use metrics_util::debugging::DebuggingRecorder;
use serde_json::Value;
use tower::ServiceExt;

use super::verified_token_cache::{full, large};
use super::{ISSUER, good, issuer, signatures};

/// Sizes of the cache in bytes: zero, too small for any token, large enough for all tokens.
const MEMORIES: [usize; 3] = [0, 1, 1 << 20];

const NOW: u64 = 1_700_000_000;

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

#[derive(Policy)]
#[policy(scope = "items:read", check = matches_claims)]
struct ReaderWithCheck;

#[check]
async fn matches_claims(token: AccessToken, Claims(claims): Claims<Value>) -> bool {
    token.subject() == claims["sub"].as_str()
}

#[protected]
async fn guarded() {}

#[protected(policy = ReaderWithCheck)]
async fn everything(
    _: Authorized<ReaderWithCheck>,
    _: AccessToken,
    _: Claims<Value>,
    _: Option<AccessToken>,
    _: Option<Claims<Value>>,
) {
}

type Alias = AccessToken;

/// The arguments of this handler read the token, but the attribute cannot recognise their types.
#[protected(scope = "items:read")]
async fn aliased(_: Alias, Extracted(_, _): Extracted) {}

#[allow(dead_code, reason = "only extracted")]
#[derive(axum::extract::FromRequestParts)]
#[from_request(state(ResourceServer))]
struct Extracted(AccessToken, Claims<Value>);

async fn bare(_: AccessToken, _: Claims<Value>, _: Authorized<ReaderWithCheck>) {}

async fn subject(token: AccessToken) -> String {
    token.subject().unwrap_or_default().to_owned()
}

async fn get_with(app: &Router, path: &str, lines: &[(&str, &str)]) -> (u16, String) {
    let mut request = Request::get(path);
    for (name, value) in lines {
        request = request.header(*name, *value);
    }
    let request = request.body(axum::body::Body::empty()).unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 10_000).await;
    let text = String::from_utf8(body.unwrap().to_vec()).unwrap();
    let problem = serde_json::from_str::<Value>(&text).ok();
    let code = problem.and_then(|problem| problem["code"].as_str().map(str::to_owned));
    (status, code.unwrap_or(text))
}

fn bearer(token: TokenBuilder) -> String {
    format!("Bearer {}", token.sign())
}

/// Returns the routes without layers, and the same routes behind layers that extract the token.
fn routes_and_layers(server: &ResourceServer) -> [(&'static str, Router); 2] {
    let routes = Router::new()
        .route("/guarded", get(guarded))
        .route("/everything", get(everything))
        .route("/aliased", get(aliased))
        .route("/bare", get(bare))
        .with_state(server.clone());
    let layer = ProtectedLayer::<ReaderWithCheck, _>::new(server.clone());
    let extractor = from_extractor_with_state::<AccessToken, _>(server.clone());
    let layered = routes.clone().layer(layer).layer(extractor);
    [("routes", routes), ("layers", layered)]
}

const PATHS: [&str; 4] = ["/guarded", "/everything", "/aliased", "/bare"];

#[tokio::test]
async fn the_signature_is_verified_once_for_all_extractors() {
    let recorder = DebuggingRecorder::new();
    let _measuring = metrics::set_default_local_recorder(&recorder);
    for bytes in MEMORIES {
        let server = trusting(issuer(ISSUER)).verified_token_bytes(bytes).build().unwrap();
        for (name, app) in routes_and_layers(&server) {
            for path in PATHS {
                let authorization = bearer(good().subject("alice"));
                let lines = [("authorization", authorization.as_str())];
                for known in [false, true] {
                    let (status, _) = get_with(&app, path, &lines).await;
                    assert_eq!(status, 200, "{path}, {name}, {bytes}");
                    let expected = usize::from(!known || bytes < MEMORIES[2]);
                    let verified = signatures(&recorder);
                    assert_eq!(verified, expected, "{path}, {name}, {bytes}, {known}");
                }
            }
        }
    }
}

/// A middleware that needs the caller, for example to limit its rate.
async fn note_caller(
    State(_): State<ResourceServer>,
    caller: Option<AccessToken>,
    request: Request,
    next: Next,
) -> Response {
    let caller = caller.as_ref().and_then(AccessToken::subject).unwrap_or("nobody").to_owned();
    let mut response = next.run(request).await;
    response.headers_mut().insert("x-caller", caller.parse().unwrap());
    response
}

/// The guard does not verify a token again that a middleware has asked for.
#[tokio::test]
async fn middleware_before_the_guard_costs_no_second_verification() {
    let recorder = DebuggingRecorder::new();
    let _measuring = metrics::set_default_local_recorder(&recorder);
    let server = trusting(issuer(ISSUER)).verified_token_bytes(0).build().unwrap();
    let handlers = Router::new()
        .route("/guarded", get(guarded))
        .route("/everything", get(everything))
        .route("/public", get(async || ()))
        .with_state(server.clone());
    let service = Router::new().route("/service", get(async || ()));
    let service = service.layer(ProtectedLayer::<ReaderWithCheck, _>::new(server.clone()));
    let app = handlers.merge(service).layer(from_fn_with_state(server, note_caller));
    let alice = bearer(good().subject("alice"));
    let forged = format!("{}A", bearer(good().subject("alice")));
    for (path, authorization, status, caller, verified) in [
        ("/guarded", Some(&alice), 200, Some("alice"), 1),
        ("/everything", Some(&alice), 200, Some("alice"), 1),
        ("/service", Some(&alice), 200, Some("alice"), 1),
        ("/public", Some(&alice), 200, Some("alice"), 1),
        ("/public", None, 200, Some("nobody"), 0),
        ("/guarded", None, 401, Some("nobody"), 0),
        ("/public", Some(&forged), 401, None, 1),
    ] {
        let mut request = Request::get(path);
        if let Some(authorization) = authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let request = request.body(axum::body::Body::empty()).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        let named = response.headers().get("x-caller").map(|name| name.to_str().unwrap());
        assert_eq!(named, caller, "{path}");
        assert_eq!(signatures(&recorder), verified, "{path} {authorization:?}");
    }
}

/// A full cache stores a token at the second request with this token. A second extractor in one
/// request does not count as a second request.
#[tokio::test]
async fn one_request_counts_as_one_use_of_a_token() {
    let recorder = DebuggingRecorder::new();
    let _measuring = metrics::set_default_local_recorder(&recorder);
    let server = full(trusting(issuer(ISSUER))).await;
    for (name, app) in routes_and_layers(&server) {
        for path in PATHS {
            let authorization = bearer(large(good().subject("alice")));
            let lines = [("authorization", authorization.as_str())];
            signatures(&recorder);
            for expected in [1, 1, 0] {
                let (status, _) = get_with(&app, path, &lines).await;
                assert_eq!(status, 200, "{path}, {name}");
                assert_eq!(signatures(&recorder), expected, "{path}, {name}");
            }
        }
    }
}

/// A middleware that replaces the credential of a request.
async fn replace(mut request: Request, next: Next) -> Response {
    let headers = request.headers_mut();
    let new: Vec<_> = headers.get_all("x-new").iter().cloned().collect();
    if !new.is_empty() {
        headers.remove(AUTHORIZATION);
    }
    for line in new {
        headers.append(AUTHORIZATION, line);
    }
    next.run(request).await
}

#[protected]
async fn me(token: AccessToken) -> String {
    token.subject().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_changed_credential_is_verified_anew() {
    let (alice, bob) = (bearer(good().subject("alice")), bearer(good().subject("bob")));
    let forged = format!("{alice}A");
    let shorter = &alice[..alice.len() - 1];
    let lowercase = alice.replace("Bearer", "bearer");
    let scheme = alice.replace("Bearer", "Basic");
    for bytes in MEMORIES {
        let server = trusting(issuer(ISSUER)).verified_token_bytes(bytes).build().unwrap();
        let app = Router::new()
            .route("/me", get(me))
            .route("/subject", get(subject))
            .with_state(server.clone())
            .layer(axum::middleware::from_fn(replace))
            .layer(ProtectedLayer::<ReaderWithCheck, _>::new(server));
        for path in ["/me", "/subject"] {
            for (new, expected) in [
                (vec![], (200, "alice")),
                (vec![lowercase.as_str()], (200, "alice")),
                (vec![bob.as_str()], (200, "bob")),
                (vec![forged.as_str()], (401, "invalid_signature")),
                (vec![shorter], (401, "malformed_token")),
                (vec!["Bearer "], (400, "invalid_request")),
                (vec![scheme.as_str()], (401, "missing_token")),
                (vec![alice.as_str(), alice.as_str()], (400, "invalid_request")),
            ] {
                let mut lines = vec![("authorization", alice.as_str())];
                lines.extend(new.iter().map(|line| ("x-new", *line)));
                let (status, text) = get_with(&app, path, &lines).await;
                assert_eq!((status, text.as_str()), expected, "{path}, {bytes}, {new:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_server_does_not_accept_the_result_of_another() {
    for bytes in MEMORIES {
        let [outer, same] = [(); 2].map(|()| {
            let server = trusting(issuer(ISSUER)).verified_token_bytes(bytes);
            server.build().unwrap()
        });
        let elsewhere = issuer(ISSUER).audience("https://other.example.com");
        let elsewhere = trusting(elsewhere).build().unwrap();
        for (server, expected) in [(same, (200, "alice")), (elsewhere, (401, "wrong_audience"))] {
            let app = Router::new()
                .route("/me", get(me))
                .with_state(server)
                .layer(ProtectedLayer::<ReaderWithCheck, _>::new(outer.clone()));
            let authorization = bearer(good().subject("alice"));
            let lines = [("authorization", authorization.as_str())];
            let (status, text) = get_with(&app, "/me", &lines).await;
            assert_eq!((status, text.as_str()), expected, "{bytes}");
        }
    }
}

/// The state of a middleware that causes an event, like a revocation, during a request.
#[derive(Clone, HasResourceServer)]
struct EventState {
    server: ResourceServer,
    clock: ManualClock,
    issuer: Arc<ScriptedIssuer>,
}

async fn cause_event(
    State(state): State<EventState>,
    headers: HeaderMap,
    request: Request,
    next: Next,
) -> Response {
    let event = headers.get("x-event").unwrap().to_str().unwrap();
    match event {
        "expiry" => state.clock.set(at(NOW + 60)),
        "revocation" => {
            let revocation = Revocation::subject(state.issuer.url(), "alice", at(NOW));
            let until = at(NOW + 3600);
            state.server.revocations().revoke(revocation, until).await.unwrap();
        }
        "withdrawal" => {
            state.issuer.set(JWKS, Reply::keys(&fresh_key()));
            state.server.reload_keys().await.unwrap();
        }
        "news" => {
            let mut keys = axum_protected_tests::keys().jwks();
            let more = fresh_key().jwks()["keys"][0].clone();
            keys["keys"].as_array_mut().unwrap().push(more);
            state.issuer.set(JWKS, Reply::json(&keys));
            state.server.reload_keys().await.unwrap();
        }
        _ => {}
    }
    next.run(request).await
}

#[tokio::test]
async fn a_verified_token_is_judged_again_at_each_use() {
    for bytes in MEMORIES {
        for (event, expected) in [
            ("nothing", (200, "alice")),
            ("news", (200, "alice")),
            ("expiry", (401, "expired_token")),
            ("revocation", (401, "revoked_token")),
            ("withdrawal", (401, "unknown_key")),
        ] {
            let issuer = Arc::new(ScriptedIssuer::start().await);
            let clock = ManualClock::at(at(NOW));
            let server = trusting(issuer.url())
                .clock(clock.clone())
                .leeway(Duration::ZERO)
                .verified_token_bytes(bytes)
                .build()
                .unwrap();
            server.ready().await.unwrap();
            let token = issuer
                .token()
                .subject("alice")
                .scope("items:read")
                .claim("exp", NOW + 60)
                .claim("iat", NOW);
            let authorization = bearer(token);
            let state = EventState { server: server.clone(), clock, issuer };
            let app = Router::new()
                .route("/me", get(me))
                .with_state(state.clone())
                .layer(from_fn_with_state(state, cause_event))
                .layer(ProtectedLayer::<ReaderWithCheck, _>::new(server));
            let lines = [("authorization", authorization.as_str()), ("x-event", event)];
            let (status, text) = get_with(&app, "/me", &lines).await;
            assert_eq!((status, text.as_str()), expected, "{event}, {bytes}");
        }
    }
}
