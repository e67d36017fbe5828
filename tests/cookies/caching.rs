//! Tests that no shared cache may store the response to a request with a cookie.

use axum::Router;
use axum::extract::Request;
use axum::http::header::CACHE_CONTROL;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::get;
use axum_protected::__browser::set_session_cookie;
use axum_protected::layer::PrivateResponsesLayer;
use axum_protected::{
    AccessToken, ProtectedLayer, ProtectedRouter, ResourceServer, protected, public, routing,
};
use axum_protected_tests::Log;

use super::api::CanRead;
use super::request::{Line, request, send};
use super::session::{SESSION, Source, attach};
use super::{cookie, fixed, good, server};

#[protected(scope = "items:read")]
async fn silent() -> &'static str {
    "[]"
}

#[protected(scope = "items:read")]
async fn public_asset() -> impl IntoResponse {
    let lines = [(CACHE_CONTROL, "public, s-maxage=600"), (CACHE_CONTROL, "max-age=60")];
    (AppendHeaders(lines), "[]")
}

#[protected(scope = "items:read")]
async fn private_asset() -> impl IntoResponse {
    ([(CACHE_CONTROL, "max-age=60, private")], "[]")
}

#[public(reason = "needs no token")]
async fn home() -> impl IntoResponse {
    ([(CACHE_CONTROL, "public, max-age=60")], "home")
}

#[public(reason = "shows a name if there is one")]
async fn greeting(token: Option<AccessToken>) -> impl IntoResponse {
    let text = token.map_or("nobody", |_| "somebody");
    ([(CACHE_CONTROL, "public, max-age=60")], text)
}

fn routes() -> ProtectedRouter<ResourceServer> {
    ProtectedRouter::new()
        .route("/silent", routing::get(silent))
        .route("/public", routing::get(public_asset))
        .route("/private", routing::get(private_asset))
        .route("/home", routing::get(home))
        .route("/greeting", routing::get(greeting))
        .fallback(silent)
}

fn finish(router: ProtectedRouter) -> Router {
    router.into_router().unwrap()
}

fn plain(server: ResourceServer) -> Router {
    Router::new()
        .route("/silent", get(silent))
        .route("/public", get(public_asset))
        .route("/private", get(private_asset))
        .route("/home", get(home))
        .route("/greeting", get(greeting))
        .fallback(silent)
        .with_state(server)
}

/// Returns the `Cache-Control` of the response, all lines joined.
async fn cache_control(app: &Router, path: &str, lines: &[Line<'_>]) -> Option<String> {
    let answer = send(app, request("GET", path, lines)).await;
    assert_eq!(answer.status, 200, "{path}");
    let lines = answer.all("cache-control");
    (!lines.is_empty()).then(|| lines.join(", "))
}

#[tokio::test]
async fn a_response_to_a_cookie_is_private() {
    let server = server();
    let token = cookie(&good());
    let with_cookie = [("cookie", token.as_str()), ("sec-fetch-site", "same-origin")];
    let cross_site = [("cookie", token.as_str()), ("sec-fetch-site", "cross-site")];
    let bearer = format!("Bearer {}", good());
    let with_header = [("authorization", bearer.as_str())];
    let apps = [
        finish(routes().with_state(server.clone())),
        plain(server.clone()).layer(PrivateResponsesLayer),
        // Several layers have the effect of one.
        finish(routes().with_state(server.clone()))
            .layer(PrivateResponsesLayer)
            .layer(PrivateResponsesLayer),
        finish(
            routes()
                .guard(ProtectedLayer::<CanRead, _>::new(server.clone()))
                .with_state(server.clone()),
        ),
    ];
    for (index, app) in apps.iter().enumerate() {
        for path in ["/silent", "/lost"] {
            let value = cache_control(app, path, &with_cookie).await;
            assert_eq!(value.as_deref(), Some("no-store"), "{path}");
        }
        for (path, private, unchanged) in [
            ("/public", "private, max-age=60", "public, s-maxage=600, max-age=60"),
            ("/private", "max-age=60, private", "max-age=60, private"),
            ("/greeting", "private, max-age=60", "public, max-age=60"),
        ] {
            let value = cache_control(app, path, &with_cookie).await;
            assert_eq!(value.as_deref(), Some(private), "{path} {index}");
            let value = cache_control(app, path, &with_header).await;
            assert_eq!(value.as_deref(), Some(unchanged), "{path} {index}");
        }
        assert_eq!(cache_control(app, "/silent", &with_header).await, None);
    }
    for app in &apps[..3] {
        // Nothing has looked at the cookie.
        let value = cache_control(app, "/home", &with_cookie).await;
        assert_eq!(value.as_deref(), Some("public, max-age=60"));
        // The response depends on the cookie, although the request counts as anonymous.
        let value = cache_control(app, "/greeting", &cross_site).await;
        assert_eq!(value.as_deref(), Some("private, max-age=60"));
        let value = cache_control(app, "/greeting", &[]).await;
        assert_eq!(value.as_deref(), Some("public, max-age=60"));
    }
}

#[tokio::test]
async fn nested_and_merged_routers_have_the_layer_too() {
    let server = server();
    let token = cookie(&good());
    let lines = [("cookie", token.as_str()), ("sec-fetch-site", "same-origin")];
    let other = ProtectedRouter::<()>::new();
    let nested = finish(other.clone().nest("/api", routes().with_state(server.clone())));
    let merged = finish(other.merge(routes().with_state(server.clone())));
    let inside = finish(
        ProtectedRouter::<ResourceServer>::new().nest("/api", routes()).with_state(server.clone()),
    );
    for (app, paths) in [
        (nested, ["/api/silent", "/api/lost", "/api/"]),
        (inside, ["/api/silent", "/api/lost", "/api/"]),
        (merged, ["/silent", "/lost", "/"]),
    ] {
        for path in paths {
            let value = cache_control(&app, path, &lines).await;
            assert_eq!(value.as_deref(), Some("no-store"), "{path}");
        }
    }
    // The guard alone knows the server.
    let guarded = ProtectedRouter::<()>::new()
        .route("/home", routing::get(home))
        .guard(ProtectedLayer::<CanRead, _>::new(server));
    let value = cache_control(&finish(guarded), "/home", &lines).await;
    assert_eq!(value.as_deref(), Some("private, max-age=60"));
}

#[protected(scope = "items:read")]
async fn middleware(request: Request, next: Next) -> Response {
    next.run(request).await
}

/// The router need not know the server: it is in a middleware, in another router or in a later state.
#[tokio::test]
async fn a_router_that_does_not_know_its_server_has_the_layer_too() {
    let server = server();
    let token = cookie(&good());
    let lines = [("cookie", token.as_str()), ("sec-fetch-site", "same-origin")];
    let with_state = || routes().with_state::<()>(server.clone());
    let middleware = || from_fn_with_state(server.clone(), middleware);
    let later = routes().into_router().unwrap().with_state(server.clone());
    let public = || ProtectedRouter::<()>::new().route("/home", routing::get(home));
    let greeting = ProtectedRouter::<ResourceServer>::new()
        .route("/greeting", routing::get(greeting))
        .with_state(server.clone());
    let mapped = public().map_router("a greeting", |router| router.merge(plain_greeting(&server)));
    for (name, app, path) in [
        ("a later state", later, "/public"),
        ("a guard", finish(with_state().guard(middleware())), "/home"),
        ("a guard of public routes", finish(public().guard(middleware())), "/home"),
        ("a layer", finish(with_state().layer(middleware())), "/home"),
        (
            "a layer with a policy",
            finish(public().layer(ProtectedLayer::<CanRead, _>::new(server.clone()))),
            "/home",
        ),
        ("an optional token", finish(greeting), "/greeting"),
        ("another router", finish(mapped), "/greeting"),
    ] {
        let value = cache_control(&app, path, &lines).await;
        assert_eq!(value.as_deref(), Some("private, max-age=60"), "{name}");
    }
}

fn plain_greeting(server: &ResourceServer) -> Router {
    Router::new().route("/greeting", get(greeting)).with_state(server.clone())
}

/// The cookie of a session may be named after the routes have their state.
#[tokio::test]
async fn a_router_has_the_layer_if_its_session_is_configured_later() {
    let server = fixed().build().unwrap();
    let router = routes().with_state::<()>(server.clone());
    assert!(set_session_cookie(&server, SESSION));
    let app = attach(finish(router), Source::new(|| Ok(good())));
    let lines = [("cookie", "__Host-session=1"), ("sec-fetch-site", "same-origin")];
    let value = cache_control(&app, "/public", &lines).await;
    assert_eq!(value.as_deref(), Some("private, max-age=60"));
}

#[tokio::test]
async fn a_server_without_cookies_changes_no_response() {
    let server = fixed().build().unwrap();
    let bearer = format!("Bearer {}", good());
    let token = cookie(&good());
    let lines = [("authorization", bearer.as_str()), ("cookie", token.as_str())];
    for app in [finish(routes().with_state(server.clone())), plain(server)] {
        assert_eq!(cache_control(&app, "/silent", &lines).await, None);
        let value = cache_control(&app, "/public", &lines).await;
        assert_eq!(value.as_deref(), Some("public, s-maxage=600, max-age=60"));
    }
}

/// The operator learns once that nothing keeps the responses private.
#[tokio::test]
async fn a_missing_layer_is_logged_once() {
    let server = server();
    let token = cookie(&good());
    let lines = [("cookie", token.as_str()), ("sec-fetch-site", "same-origin")];
    for (app, expected) in [
        (plain(server.clone()).layer(PrivateResponsesLayer), 0),
        (finish(routes().with_state(server.clone())), 0),
        (plain(server.clone()), 1),
        (plain(server.for_resource("https://api.example.com/other").unwrap()), 0),
    ] {
        let (log, _guard) = Log::open();
        for _ in 0..2 {
            cache_control(&app, "/silent", &lines).await;
        }
        let events = log.take();
        let named = "axum_protected.response.not_private";
        let warnings = events.iter().filter(|event| event.name == named);
        assert_eq!(warnings.count(), expected);
    }
}
