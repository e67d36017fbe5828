//! Tests the decisions that the application receives for its audit log.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use axum_protected::audit::Decision;
use axum_protected::{
    AccessToken, Authorized, Policy, ProtectedLayer, ResourceServer, check, protected, public,
};
use axum_protected_testing::AuthorizationServer;
use axum_protected_tests::{Log, ready};
use tower::ServiceExt;

#[check]
async fn is_alice(caller: AccessToken) -> bool {
    caller.subject() == Some("alice")
}

#[check]
async fn exists() -> Result<bool, StatusCode> {
    Err(StatusCode::NOT_FOUND)
}

#[derive(Policy)]
#[policy(scope = "items:read", check = is_alice)]
struct CanRead;

#[protected(scope = "items:read")]
async fn list() {}

#[protected(any(check = is_alice, check = exists))]
async fn checked() {}

#[protected(policy = CanRead)]
async fn proved(_: Authorized<CanRead>) {}

#[public(reason = "test")]
async fn open() {}

async fn unguarded(_: AccessToken) {}

/// The decisions, one line for each.
#[derive(Clone, Default)]
struct Decisions(Arc<Mutex<Vec<String>>>);

impl Decisions {
    fn note(&self, decision: &Decision<'_>) {
        let checks = decision.checks().iter();
        let checks: Vec<_> =
            checks.map(|check| format!("{}={}", last(check.name), check.passed)).collect();
        let subject = decision.token().map_or("nobody", |token| token.subject().unwrap_or("?"));
        let outcome = match (decision.refusal(), decision.status()) {
            (None, None) => "allowed".to_owned(),
            (Some(kind), Some(status)) => format!("{} {}", status.as_u16(), kind.code()),
            other => panic!("{other:?}"),
        };
        assert_eq!(decision.is_allowed(), outcome == "allowed");
        let (method, path) = (decision.method(), decision.path());
        let operation = last(decision.operation());
        let line = format!("{method} {path} {operation} {subject} {outcome} {checks:?}");
        self.0.lock().unwrap().push(line);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap()
}

fn app(server: &ResourceServer) -> Router {
    let layer = ProtectedLayer::<CanRead, _>::new(server.clone());
    let layered = Router::new().route("/layer", get(async || ())).route_layer(layer);
    Router::new()
        .route("/items", get(list))
        .route("/checked", get(checked))
        .route("/proved", get(proved))
        .route("/open", get(open))
        .route("/unguarded", get(unguarded))
        .with_state(server.clone())
        .merge(layered)
}

async fn call(app: &Router, path: &str, token: Option<&str>) -> u16 {
    let mut request = Request::get(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    response.status().as_u16()
}

async fn audited() -> (AuthorizationServer, Decisions, Router) {
    let issuer = AuthorizationServer::start().await.unwrap();
    let decisions = Decisions::default();
    let recorder = decisions.clone();
    let builder = issuer.resource_server().on_decision(move |decision| recorder.note(decision));
    let server = builder.build().unwrap();
    ready(&server).await;
    (issuer, decisions, app(&server))
}

#[tokio::test]
async fn each_decision_of_a_guard_is_reported() {
    let (issuer, decisions, app) = audited().await;
    let token = |subject: &str, scope: &str| issuer.token().subject(subject).scope(scope).sign();
    let (alice, bob) = (token("alice", "items:read"), token("bob", "items:read"));
    let weak = token("bob", "items:list");
    let expired = issuer.token().subject("alice").expired().sign();
    let cases: &[(&str, Option<&str>, &[&str])] = &[
        ("/items", Some(&alice), &["GET /items list alice allowed []"]),
        // The token is in the cache now.
        ("/items", Some(&alice), &["GET /items list alice allowed []"]),
        ("/items?access_token=x", Some(&alice), &["GET /items list alice allowed []"]),
        ("/items", None, &["GET /items list nobody 401 missing_token []"]),
        ("/items", Some("a b"), &["GET /items list nobody 400 invalid_request []"]),
        ("/items", Some("a.b"), &["GET /items list nobody 401 malformed_token []"]),
        ("/items", Some(&expired), &["GET /items list nobody 401 expired_token []"]),
        ("/items", Some(&weak), &["GET /items list bob 403 insufficient_scope []"]),
        ("/items", Some(&weak), &["GET /items list bob 403 insufficient_scope []"]),
        ("/checked", Some(&alice), &["GET /checked checked alice allowed [\"is_alice=true\"]"]),
        (
            "/checked",
            Some(&bob),
            &["GET /checked checked bob 404 denied [\"is_alice=false\", \"exists=false\"]"],
        ),
        ("/layer", Some(&bob), &["GET /layer CanRead bob 403 denied [\"is_alice=false\"]"]),
        ("/layer", None, &["GET /layer CanRead nobody 401 missing_token []"]),
        // The guard of the handler ran the policy, and its proof remembers the result.
        (
            "/proved",
            Some(&alice),
            &[
                "GET /proved proved alice allowed [\"CanRead=true\"]",
                "GET /proved CanRead alice allowed []",
            ],
        ),
        ("/proved", Some(&bob), &["GET /proved proved bob 403 denied [\"CanRead=false\"]"]),
        // No guard decides about these.
        ("/open", None, &[]),
        ("/unguarded", Some(&alice), &[]),
        ("/unguarded", None, &[]),
    ];
    for (path, token, expected) in cases {
        call(&app, path, *token).await;
        assert_eq!(decisions.take(), *expected, "{path}");
    }
}

#[tokio::test]
async fn a_panic_in_the_callback_changes_no_decision() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let server = issuer.resource_server().on_decision(|_| panic!("full disk")).build().unwrap();
    ready(&server).await;
    let app = app(&server);
    let (log, _guard) = Log::open();
    let good = issuer.token().subject("alice").scope("items:read").sign();
    for (path, token, status) in [
        ("/items", Some(good.as_str()), 200),
        ("/items", Some(&good), 200),
        ("/checked", Some(&good), 200),
        ("/items", None, 401),
        ("/items", Some("garbage"), 401),
    ] {
        assert_eq!(call(&app, path, token).await, status, "{path}");
        let names: Vec<_> = log.take().iter().map(|event| event.name).collect();
        assert!(names.contains(&"axum_protected.audit.panicked"), "{names:?}");
    }
}

/// The token of a decision is for the application. Its debug output and the log show no claims.
#[tokio::test]
async fn claims_reach_the_application_and_no_log() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let (log, _guard) = Log::open();
    let shown = Arc::new(Mutex::new(String::new()));
    let copy = Arc::clone(&shown);
    let builder = issuer.resource_server().on_decision(move |decision| {
        let token = decision.token().unwrap();
        assert_eq!(token.subject(), Some("m4rk3r"));
        *copy.lock().unwrap() = format!("{decision:?}");
    });
    let server = builder.build().unwrap();
    ready(&server).await;
    let token = issuer.token().subject("m4rk3r").scope("items:read").sign();
    assert_eq!(call(&app(&server), "/items?m4rk3r", Some(&token)).await, 200);
    let shown = shown.lock().unwrap().clone();
    assert!(shown.contains("list") && !shown.contains("m4rk3r"), "{shown}");
    assert!(!log.text().contains("m4rk3r"), "{}", log.text());
    assert!(!log.text().contains("audit.panicked"), "{}", log.text());
}
