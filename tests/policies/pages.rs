//! Tests that a row of the access table is a page if and only if the route admits a cookie after a
//! link on another site.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum_protected::routing::{any, get, post};
use axum_protected::{
    AccessToken, Policy, ProtectedLayer, ProtectedRouter, ResourceServer, protected, public,
};
use axum_protected_testing::AuthorizationServer;
use std::net::SocketAddr;
use tower::ServiceExt;

const COOKIE: &str = "__Host-token";

/// The headers of a link on another site.
const LINK: [(&str, &str); 3] = [
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
];

type Routes = ProtectedRouter<ResourceServer>;

#[derive(Policy)]
#[policy(scope = "a", page)]
struct Shown;

#[derive(Policy)]
#[policy(scope = "a")]
struct Closed;

#[protected(page)]
async fn page() -> &'static str {
    "known"
}

#[protected(policy = Shown)]
async fn api() -> &'static str {
    "known"
}

#[public(reason = "landing page", page)]
async fn landing(caller: Option<AccessToken>) -> &'static str {
    caller.map_or("anonymous", |_| "known")
}

#[public(reason = "feed")]
async fn feed(caller: Option<AccessToken>) -> &'static str {
    caller.map_or("anonymous", |_| "known")
}

#[protected(scope = "a", page)]
async fn page_middleware(request: Request, next: Next) -> Response {
    next.run(request).await
}

#[protected(scope = "a")]
async fn middleware(request: Request, next: Next) -> Response {
    next.run(request).await
}

fn routes() -> Routes {
    Routes::new()
        .route("/page", get(page))
        .route("/every_method", any(page))
        .route("/posted", post(page))
        .route("/api", get(api))
        .route("/landing", get(landing))
        .route("/feed", get(feed))
        .route("/shown", get(protected(Shown, || async { "known" })))
        .route("/closed", get(protected(Closed, || async { "known" })))
        .nest_service("/service", protected(Shown, Router::new().fallback(|| async { "known" })))
}

/// A function that puts a guard in front of all routes.
type Guarding = fn(Routes, &ResourceServer) -> Routes;

const GUARDS: [(&str, Guarding); 5] = [
    ("no guard", |routes, _| routes),
    ("layer, page", |routes, server| routes.guard(ProtectedLayer::<Shown, _>::new(server.clone()))),
    ("layer", |routes, server| routes.guard(ProtectedLayer::<Closed, _>::new(server.clone()))),
    ("middleware, page", |routes, server| {
        routes.guard(from_fn_with_state(server.clone(), page_middleware))
    }),
    ("middleware", |routes, server| routes.guard(from_fn_with_state(server.clone(), middleware))),
];

/// Sends a request with the token in the cookie. Returns the status and the body.
async fn send(
    app: &Router,
    (method, path): (&str, &str),
    headers: &[(&str, &str)],
    token: &str,
) -> (u16, String) {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("cookie", format!("{COOKIE}={token}"))
        .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4000))));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_row_is_a_page_if_a_link_on_another_site_may_lead_to_it() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let server = issuer.resource_server().require_https().token_cookie(COOKIE).build().unwrap();
    let token = issuer.token().scope("a").sign();
    let mut pages = Vec::new();
    for (inner, guard_inside) in GUARDS {
        for (outer, guard_outside) in GUARDS {
            let router = guard_outside(guard_inside(routes(), &server), &server);
            let table = router.access_table().clone();
            let app = router.with_state(server.clone()).into_router().unwrap();
            for row in table.routes() {
                let method = if row.method == "*" { "GET" } else { row.method };
                let path = row.path.strip_suffix("/*").unwrap_or(&row.path);
                let called = format!("{row} behind {inner}, behind {outer}");

                let known = (200, "known".to_owned());
                let same_origin = [("sec-fetch-site", "same-origin")];
                let found = send(&app, (method, path), &same_origin, &token).await;
                assert_eq!(found, known, "{called}, same origin");

                let (status, body) = send(&app, (method, path), &LINK, &token).await;
                // Behind a guard a public handler runs, and what it knows is its own decision.
                let is_guarded = (inner, outer) != ("no guard", "no guard");
                let is_admitted = status == 200 && (is_guarded || body == "known");
                assert_eq!(is_admitted, row.is_page(), "{called}");
                assert!(
                    status == 200 || body.contains("\"cross_site_request\""),
                    "{called}: {body}"
                );
                assert_eq!(row.to_string().contains(", page ["), row.is_page());
                pages.extend(row.is_page().then_some(called));
            }
        }
    }
    // Two handlers are pages without guards, and every `GET` route with page guards only whose own
    // policy is a page or `#[public]`.
    assert_eq!(pages.len(), 5 + 8 * 6, "{pages:#?}");
}
