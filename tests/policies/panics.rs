//! Tests that a request is not granted if its check panics. The library does not catch panics. A
//! panic in a check ends the connection, like a panic in a handler, unless a layer of the
//! application catches the panic and responds.

use axum::Router;
use axum::extract::State;
use axum_protected::routing::get;
use axum_protected::{ProtectedRouter, check, protected};
use axum_protected_tests::app::Calls;
use axum_protected_tests::{Answer, App, Call};
use tower_http::catch_panic::CatchPanicLayer;

use crate::api::{Api, AppState};

#[check]
async fn is_reckless(State(state): State<AppState>) -> bool {
    state.calls.lock().unwrap().push("check");
    tokio::task::yield_now().await;
    panic!("the application's own mistake")
}

#[protected(check = is_reckless)]
async fn by_name(State(state): State<AppState>) {
    state.calls.lock().unwrap().push("handler");
}

#[protected(any(scope = "orders:admin", check = async |State(state): State<AppState>| -> bool {
    state.calls.lock().unwrap().push("check");
    panic!("the application's own mistake")
}))]
async fn in_a_closure(State(state): State<AppState>) {
    state.calls.lock().unwrap().push("handler");
}

fn routes() -> ProtectedRouter<AppState> {
    ProtectedRouter::new().route("/by-name", get(by_name)).route("/in-a-closure", get(in_a_closure))
}

/// Sends a request with a valid token, and returns the response and the names of the functions that
/// ran.
async fn answer(api: &Api, router: Router, path: &str) -> (Option<Answer>, Vec<&'static str>) {
    api.state.calls.lock().unwrap().clear();
    let app = App::serve_router(router, Calls::default()).await;
    let call = Call::get(path).bearer(&api.issuer.token().sign());
    let answer = call.try_send(app.address).await;
    let ran = api.state.calls.lock().unwrap().clone();
    (answer, ran)
}

#[tokio::test]
async fn a_panic_in_a_check_ends_the_connection_before_the_handler() {
    let api = Api::of(routes()).await;
    for path in ["/by-name", "/in-a-closure"] {
        let (answer, ran) = answer(&api, api.app().clone(), path).await;
        assert!(answer.is_none(), "{path}: {answer:?}");
        assert_eq!(ran, ["check"], "{path}");
    }
}

#[tokio::test]
async fn a_panic_in_a_check_is_answered_by_the_layer_for_panics() {
    let api = Api::of(routes()).await;
    for path in ["/by-name", "/in-a-closure"] {
        let router = api.app().clone().layer(CatchPanicLayer::new());
        let (answer, ran) = answer(&api, router, path).await;
        assert_eq!(answer.map(|answer| answer.status), Some(500), "{path}");
        assert_eq!(ran, ["check"], "{path}");
    }
}

#[tokio::test]
async fn a_panic_does_not_affect_other_requests() {
    let api = Api::of(routes()).await;
    let app = App::serve_router(api.app().clone(), Calls::default()).await;
    let call = |scope| {
        let token = api.issuer.token().scope(scope).sign();
        Call::get("/in-a-closure").bearer(&token)
    };
    assert!(call("").try_send(app.address).await.is_none());
    assert_eq!(call("orders:admin").send(app.address).await.status, 200);
}
