use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::middleware::from_extractor_with_state;
use axum::{Router, routing};
use axum_protected::{Authorized, Policy, ProtectedLayer, ProtectedRouter, check, protected};
use tower::ServiceExt;

use crate::api::{Api, AppState, challenge};

#[tokio::test]
async fn a_check_runs_after_the_token_and_only_where_it_matters() {
    let api = Api::start().await;
    let as_user = |subject: &str, scope: &str| {
        let token = api.issuer.token().subject(subject).scope(scope);
        token.sign()
    };
    let calls = vec!["owns_order"];
    let cases = [
        // The check admits the user who owns the order, with any valid token. The admin scope is
        // sufficient without the check.
        ("GET", "/orders/1", as_user("alice", ""), 200, calls.clone()),
        ("GET", "/orders/2", as_user("alice", ""), 403, calls.clone()),
        ("GET", "/orders/2", as_user("alice", "orders:admin"), 200, vec![]),
        // The API responds with the status that the check returns.
        ("GET", "/orders/3", as_user("alice", ""), 404, calls.clone()),
        ("GET", "/orders/x", as_user("alice", ""), 400, vec![]),
        // The check does not run if the token lacks the scope of the named policy.
        ("PUT", "/orders/1", as_user("alice", "orders:read"), 403, vec![]),
        ("PUT", "/orders/2", as_user("alice", "orders:write"), 403, calls.clone()),
        ("PUT", "/orders/3", as_user("alice", "orders:write"), 404, calls),
        // The check of this handler is a closure in the attribute.
        ("GET", "/mine", as_user("alice", "orders:read"), 200, vec![]),
        ("GET", "/mine", as_user("bob", "orders:read"), 403, vec![]),
    ];
    for (method, path, token, status, calls) in cases {
        assert_eq!(api.status(method, path, &token).await, (status, calls), "{method} {path}");
    }
    let owner = as_user("alice", "orders:write");
    let (status, calls) = api.status("PUT", "/orders/1", &owner).await;
    assert_eq!(status, 200);
    // The check runs once, although the handler takes the proof too.
    assert_eq!(calls, ["owns_order"]);
}

#[tokio::test]
async fn a_failed_check_is_a_refusal_without_scope() {
    let api = Api::start().await;
    let token = api.issuer.token().claim("client_id", "backoffice").sign();
    let response = api.call("DELETE", "/day", Some(&token)).await;
    assert_eq!(response.status(), 403);
    let challenge = challenge(&response);
    assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
    assert!(!challenge.contains("scope=\"orders"), "{challenge}");

    // The alternative with `acr` would be sufficient without the check, so the challenge asks for a
    // step-up.
    let response = api.call("GET", "/late", Some(&token)).await;
    assert_eq!(response.status(), 401);
    assert!(crate::api::challenge(&response).contains("acr_values=\"gold\""));

    let other = api.issuer.token().sign();
    assert_eq!(api.status("DELETE", "/day", &other).await, (403, vec![]));
}

#[derive(Policy)]
#[policy(check = is_counted)]
struct Counted;

#[check]
async fn is_counted(State(state): State<AppState>) -> bool {
    state.calls.lock().unwrap().push("counted");
    !state.is_closed()
}

async fn bare(_: Authorized<Counted>) {}

#[protected(policy = Counted)]
async fn guarded(_: Authorized<Counted>) {}

async fn get(app: Router, path: &str, token: &str) -> u16 {
    let request =
        Request::get(path).header("Authorization", format!("Bearer {token}")).body(Body::empty());
    let response = app.oneshot(request.unwrap()).await.unwrap();
    response.status().as_u16()
}

fn within(state: &AppState) -> Router {
    let routes =
        Router::new().route("/bare", routing::get(bare)).route("/guarded", routing::get(guarded));
    routes.with_state(state.clone())
}

/// A handler runs its own checks even if a layer has run the same checks, because the layer may
/// have judged another object.
#[tokio::test]
async fn check_results_are_not_passed_to_another_handler() {
    let api = Api::start().await;
    let state = &api.state;
    let token = api.issuer.token().sign();
    let layered = within(state).layer(ProtectedLayer::<Counted, _>::new(state.clone()));
    let served = ProtectedRouter::new()
        .nest_service("/s", protected(Counted, within(state)))
        .with_state(state.clone())
        .into_router()
        .unwrap();
    let before = from_extractor_with_state::<Authorized<Counted>, _>(state.clone());
    let middle = within(state).layer(before);
    for (app, path) in [
        (&layered, "/bare"),
        (&layered, "/guarded"),
        (&served, "/s/bare"),
        (&served, "/s/guarded"),
        (&middle, "/bare"),
        (&middle, "/guarded"),
    ] {
        state.calls.lock().unwrap().clear();
        assert_eq!(get(app.clone(), path, &token).await, 200, "{path}");
        assert_eq!(*state.calls.lock().unwrap(), ["counted", "counted"], "{path}");
    }
}

#[tokio::test]
async fn another_state_runs_its_own_checks() {
    let api = Api::start().await;
    let token = api.issuer.token().sign();
    let closed = api.state.closed();
    let open = from_extractor_with_state::<Authorized<Counted>, _>(api.state.clone());
    for path in ["/bare", "/guarded"] {
        assert_eq!(get(within(&closed), path, &token).await, 403, "{path}");
        let behind = within(&closed).layer(open.clone());
        assert_eq!(get(behind, path, &token).await, 403, "{path}");
    }
}
