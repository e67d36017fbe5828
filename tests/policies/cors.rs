//! Tests CORS preflight requests, which carry no credentials, to guarded routes.

use axum::Router;
use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN,
};
use axum::http::{Method, Request};
use axum::response::Response;
use axum_protected::routing::get;
use axum_protected::{Policy, ProtectedLayer, ProtectedRouter, Refusal, protected, public};
use tower::ServiceExt;
use tower_http::cors::CorsLayer;

use crate::api::{Api, AppState};

type Routes = ProtectedRouter<AppState>;

#[derive(Policy)]
#[policy(scope = "group")]
struct Group;

#[protected(scope = "read")]
async fn read() {}

#[public(reason = "a CORS preflight has no credentials")]
async fn preflight() -> [(axum::http::HeaderName, &'static str); 1] {
    [(ACCESS_CONTROL_ALLOW_ORIGIN, "https://app.example.com")]
}

fn cors() -> CorsLayer {
    let origin = "https://app.example.com".parse::<axum::http::HeaderValue>().unwrap();
    CorsLayer::new()
        .allow_origin(origin)
        .allow_methods([Method::GET])
        .allow_headers(Refusal::CORS_ALLOW_HEADERS)
}

async fn ask(app: &Router) -> Response {
    let request = Request::options("/read")
        .header(ORIGIN, "https://app.example.com")
        .header(ACCESS_CONTROL_REQUEST_METHOD, "GET")
        .header(ACCESS_CONTROL_REQUEST_HEADERS, "authorization,dpop");
    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

fn is_allowed(response: &Response) -> bool {
    let headers = response.headers();
    response.status() == 200
        && headers[ACCESS_CONTROL_ALLOW_ORIGIN] == "https://app.example.com"
        && headers[ACCESS_CONTROL_ALLOW_METHODS] == "GET"
        && headers[ACCESS_CONTROL_ALLOW_HEADERS] == "authorization,dpop"
}

#[tokio::test]
async fn a_layer_outside_of_the_guards_answers_a_preflight() {
    let handler = || Routes::new().route("/read", get(read));
    let guard = |state| ProtectedLayer::<Group, _>::new(state);
    let around_handlers = Api::of(handler().layer(cors())).await;
    let around_guard = Api::built_for(|state| handler().guard(guard(state)).layer(cors())).await;
    let around_app = Api::built_for(|state| handler().guard(guard(state))).await;
    for app in [
        around_handlers.app.clone(),
        around_guard.app.clone(),
        around_app.app.clone().layer(cors()),
    ] {
        let response = ask(&app).await;
        assert!(is_allowed(&response), "{response:?}");
        // The layer answers only the preflight.
        let get = Request::get("/read").header(ORIGIN, "https://app.example.com");
        let response = app.oneshot(get.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 401);
        assert_eq!(response.headers()[ACCESS_CONTROL_ALLOW_ORIGIN], "https://app.example.com");
    }
}

#[tokio::test]
async fn a_guard_outside_of_the_layer_refuses_a_preflight() {
    let api = Api::built_for(|state| {
        let handler = Routes::new().route("/read", get(read));
        handler.layer(cors()).guard(ProtectedLayer::<Group, _>::new(state))
    })
    .await;
    let response = ask(&api.app).await;
    assert_eq!(response.status(), 401);
    assert!(!response.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN));
}

/// `route_layer` of a method router wraps the handlers only, and no handler answers `OPTIONS`.
#[tokio::test]
async fn a_layer_around_the_handlers_of_a_path_answers_no_preflight() {
    let routes = |methods| Routes::new().route("/read", methods);
    let around_path = Api::of(routes(get(read).layer(cors()))).await;
    assert!(is_allowed(&ask(&around_path.app).await));
    let around_routes = Api::of(routes(get(read)).route_layer(cors())).await;
    assert!(is_allowed(&ask(&around_routes.app).await));
    let around_handlers = Api::of(routes(get(read).route_layer(cors()))).await;
    assert_eq!(ask(&around_handlers.app).await.status(), 405);
}

#[tokio::test]
async fn a_handler_for_options_is_a_declared_route() {
    let route = || Routes::new().route("/read", get(read).options(preflight));
    let table = route().access_table().clone();
    assert!(table.to_string().contains("OPTIONS /read: public ("), "{table}");
    let api = Api::of(route()).await;
    let response = ask(&api.app).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()[ACCESS_CONTROL_ALLOW_ORIGIN], "https://app.example.com");
    api.issuer.access_matrix(&api.app, &table).await.unwrap();

    let guarded = Api::built_for(|state| route().guard(ProtectedLayer::<Group, _>::new(state)));
    assert_eq!(ask(&guarded.await.app).await.status(), 401);
}
