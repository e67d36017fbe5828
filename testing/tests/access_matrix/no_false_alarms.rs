//! Correct applications whose responses look like faults.

use std::future::pending;
use std::time::Duration;

use axum::extract::{Path, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::http::header::{LOCATION, WWW_AUTHENTICATE};
use axum::middleware::from_fn;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::{Form, Json, extract::Request, middleware::Next};
use axum_protected::routing::{get, post};
use axum_protected::{ResourceServerBuilder, protected, public};
use serde_json::Value;

use crate::api::{Api, Routes, untried};
use crate::layers::{changing_refusals, imitation};

#[public(reason = "sign-in")]
async fn sign_in() -> Response {
    imitation(StatusCode::UNAUTHORIZED, "invalid_token")
}

#[protected(scope = "a")]
async fn with_own_refusal(Path(status): Path<u16>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN);
    imitation(status, "insufficient_scope")
}

#[protected(scope = "a")]
async fn list() {}

#[tokio::test]
async fn a_handler_may_answer_like_a_guard() {
    let mut routes = Routes::new().route("/sign-in", post(sign_in)).fallback(sign_in);
    routes = routes.route("/status/{status}", get(with_own_refusal));
    let api = Api::of(routes).await;
    for status in ["400", "401", "403", "404", "503"] {
        let matrix = api.issuer.access_matrix(&api.app, &api.table).path_value("status", status);
        assert_eq!(untried(&matrix.await.unwrap()), Vec::<&str>::new(), "{status}");
    }
    api.report().await;
}

#[tokio::test]
async fn a_layer_may_change_a_refusal_in_place() {
    let changes: [fn(&mut Response); 4] = [
        |response| *response.status_mut() = StatusCode::NOT_FOUND,
        |response| drop(response.headers_mut().remove(WWW_AUTHENTICATE)),
        |response| {
            *response.status_mut() = StatusCode::SEE_OTHER;
            response.headers_mut().insert(LOCATION, "/sign-in".parse().unwrap());
        },
        |response| *response.body_mut() = "no".into(),
    ];
    for change in changes {
        let api = Api::of(Routes::new().route("/", get(list))).await;
        let api = api.layered(|app| changing_refusals(app, change));
        assert_eq!(untried(&api.report().await), Vec::<&str>::new());
    }
}

#[tokio::test]
async fn a_refusal_may_have_any_body() {
    let body = |refusal: &axum_protected::Refusal| Html(refusal.code()).into_response();
    let routes = Routes::new().route("/", get(list));
    Api::with(|server| server.refusal_body(body), routes).await.report().await;
}

#[protected(scope = "a")]
async fn upgrade(_: WebSocketUpgrade) {}

#[protected(scope = "a")]
async fn with_json(_: Json<Value>) {}

#[protected(scope = "a")]
async fn with_form(_: Form<Vec<(String, u8)>>) {}

#[protected(scope = "a")]
async fn with_number(_: Path<Vec<(String, char)>>) {}

#[protected(scope = "a")]
async fn elsewhere() -> Redirect {
    Redirect::to("/")
}

#[tokio::test]
async fn extractors_and_redirects_come_after_the_guard() {
    let routes = Routes::new()
        .route("/socket", get(upgrade))
        .route("/json", post(with_json))
        .route("/form", post(with_form))
        .route("/long/{id}", get(with_number))
        .route("/elsewhere", get(elsewhere));
    let api = Api::of(routes).await;
    let matrix = api.issuer.access_matrix(&api.app, &api.table).path_value("id", "a/b long");
    assert_eq!(untried(&matrix.await.unwrap()), Vec::<&str>::new());
}

#[protected(scope = "a")]
async fn broken() {
    panic!("no database");
}

#[protected(scope = "a")]
async fn waiting() {
    pending::<()>().await;
}

#[protected(scope = "a")]
async fn busy() -> StatusCode {
    StatusCode::TOO_MANY_REQUESTS
}

#[tokio::test]
async fn a_response_that_shows_no_decision_is_named() {
    let api = Api::of(Routes::new().route("/", get(list).post(broken))).await;
    assert_eq!(untried(&api.report().await), ["POST /: exactly enough: a panic"]);

    let api = Api::of(Routes::new().route("/", get(list).post(busy))).await;
    assert_eq!(
        untried(&api.report().await),
        ["POST /: exactly enough: 429, perhaps of a layer before the guard"]
    );

    let api = Api::of(Routes::new().route("/", get(list).post(waiting))).await;
    let matrix = api.issuer.access_matrix(&api.app, &api.table);
    assert_eq!(
        untried(&matrix.timeout(Duration::from_millis(100)).await.unwrap()),
        ["POST /: exactly enough: no response within 100ms"]
    );
}

/// Like the timeout layer of `tower-http`.
async fn in_time(request: Request, next: Next) -> Response {
    let response = tokio::time::timeout(Duration::from_millis(20), next.run(request)).await;
    response.unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response())
}

#[tokio::test]
async fn the_response_of_a_timeout_layer_is_not_a_refusal() {
    let api = Api::of(Routes::new().route("/", get(list).post(waiting))).await;
    let api = api.layered(|app| app.layer(from_fn(in_time)));
    assert_eq!(untried(&api.report().await), Vec::<&str>::new());
}

#[tokio::test]
async fn the_longest_leeway_and_https_are_no_obstacle() {
    let routes = || Routes::new().route("/", get(list));
    Api::with(|server| server.leeway(Duration::from_secs(300)), routes()).await.report().await;
    Api::with(ResourceServerBuilder::require_https, routes()).await.report().await;
}
