//! Tests which routes count as pages, if guards, handlers and servers are inside of each other.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use axum_protected::routing;
use axum_protected::{
    AccessToken, HasResourceServer, ProtectedLayer, ProtectedRouter, ResourceServer, protected,
    public,
};
use tower::ServiceExt;

use super::api::{Api, CanRead, CanSeePage};
use super::request::{Line, code, request, send};
use super::{cookie, good, server};

/// A link on another site.
const LINK: [Line<'_>; 3] = [
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
];

const REFUSED: Option<&str> = Some("cross_site_request");

fn link(path: &str) -> Request {
    let token = cookie(&good());
    request("GET", path, &[&LINK[..], &[("cookie", token.as_str())]].concat())
}

async fn follow(app: &Router, path: &str) -> Option<String> {
    code(app, link(path)).await
}

#[tokio::test]
async fn a_route_is_a_page_only_if_every_guard_says_so() {
    let api = Api::new(server());
    for (path, expected) in [
        ("/page", None),
        ("/page-layer", None),
        ("/public-page", None),
        ("/items", REFUSED),
        ("/layer", REFUSED),
        ("/by-page-policy", REFUSED),
        ("/behind-page/page", None),
        // The guard of each handler decides for the handler.
        ("/behind-page/items", REFUSED),
        ("/behind-page/by-page-policy", REFUSED),
        ("/behind-page/bare-proof", REFUSED),
        // So does the guard of a service.
        ("/behind-page/layer", REFUSED),
        ("/behind-api/page", REFUSED),
    ] {
        let before = api.calls();
        assert_eq!(follow(&api.router, path).await.as_deref(), expected, "{path}");
        assert_eq!(api.calls() - before, usize::from(expected.is_none()), "{path}");
    }
}

/// A public page knows the user whom a link leads to it. Other public routes do not, also behind
/// the guard of a page.
#[tokio::test]
async fn an_optional_token_follows_the_page() {
    let api = Api::new(server());
    for (path, expected) in
        [("/public-page", "alice"), ("/optional", "nobody"), ("/behind-page/optional", "nobody")]
    {
        assert_eq!(send(&api.router, link(path)).await.text(), expected, "{path}");
    }
}

#[protected(scope = "items:read")]
async fn api(State(_): State<ResourceServer>) {}

async fn unguarded(token: AccessToken) -> String {
    format!("{:?}", token.subject())
}

/// A page passes its request on to another router, as an application with two halves does.
#[protected(scope = "items:read", page)]
async fn shell(State(state): State<Shell>, request: Request) -> Response {
    state.inner.oneshot(request).await.unwrap()
}

#[derive(Clone, HasResourceServer)]
struct Shell {
    server: ResourceServer,
    inner: Router,
}

/// The mark of a page has no meaning for another server.
#[tokio::test]
async fn a_nested_server_does_not_inherit_the_page() {
    let outer = server();
    for (inner, expected) in [(server(), REFUSED), (outer.clone(), None)] {
        let routes = || Router::new().route("/api", get(api)).route("/unguarded", get(unguarded));
        let inner: Router = routes().with_state(inner);
        let shell = Shell { server: outer.clone(), inner: inner.clone() };
        let by_handler: Router = Router::new().fallback(shell_handler()).with_state(shell);
        let by_layer = inner.layer(ProtectedLayer::<CanSeePage, _>::new(outer.clone()));
        for app in [by_handler, by_layer] {
            assert_eq!(follow(&app, "/api").await.as_deref(), REFUSED);
            assert_eq!(follow(&app, "/unguarded").await.as_deref(), expected);
        }
    }
}

fn shell_handler() -> axum::routing::MethodRouter<Shell> {
    axum::routing::any(shell)
}

#[public(reason = "shows the page of nobody", page)]
async fn public_shell(State(state): State<Shell>, request: Request) -> Response {
    state.inner.oneshot(request).await.unwrap()
}

#[public(reason = "shows a name if there is one")]
async fn name(token: Option<AccessToken>) -> String {
    token.map_or_else(|| "nobody".to_owned(), |token| token.subject().unwrap().to_owned())
}

/// A public page passes its request on: a handler with an attribute decides for itself.
#[tokio::test]
async fn a_public_page_does_not_make_other_handlers_pages() {
    let server = server();
    let inner = Router::new().route("/api", get(api)).route("/name", get(name));
    let shell = Shell { server: server.clone(), inner: inner.with_state(server) };
    let app: Router = Router::new().fallback(public_shell).with_state(shell);
    assert_eq!(follow(&app, "/api").await.as_deref(), REFUSED);
    assert_eq!(send(&app, link("/name")).await.text(), "nobody");
}

#[protected(scope = "items:read")]
async fn middleware(request: Request, next: Next) -> Response {
    next.run(request).await
}

#[protected(scope = "items:read", page)]
async fn page_middleware(request: Request, next: Next) -> Response {
    next.run(request).await
}

#[protected(scope = "items:read", page)]
async fn page() -> &'static str {
    "a page"
}

/// The guards of a router have the same rule.
#[tokio::test]
async fn the_guards_of_a_router_and_of_its_handlers_must_agree() {
    let server = server();
    let routes = || {
        ProtectedRouter::<ResourceServer>::new()
            .route("/page", routing::get(page))
            .route("/api", routing::get(api))
            .route("/wrapped", routing::get(protected(CanRead, || async {})))
            .route("/wrapped-page", routing::get(protected(CanSeePage, || async {})))
    };
    let finish = |router: ProtectedRouter<ResourceServer>| -> Router {
        router.with_state(server.clone()).into_router().unwrap()
    };
    let page_layer = || ProtectedLayer::<CanSeePage, _>::new(server.clone());
    let layer = || ProtectedLayer::<CanRead, _>::new(server.clone());
    let pages = [
        finish(routes()),
        finish(routes().guard(page_layer())),
        finish(routes().guard(from_fn_with_state(server.clone(), page_middleware))),
    ];
    for app in &pages {
        for (path, expected) in
            [("/page", None), ("/api", REFUSED), ("/wrapped-page", None), ("/wrapped", REFUSED)]
        {
            assert_eq!(follow(app, path).await.as_deref(), expected, "{path}");
        }
    }
    let apis = [
        finish(routes().guard(layer())),
        finish(routes().guard(from_fn_with_state(server.clone(), middleware))),
        finish(routes().guard(page_layer()).guard(layer())),
    ];
    for app in &apis {
        for path in ["/page", "/api", "/wrapped-page", "/wrapped"] {
            assert_eq!(follow(app, path).await.as_deref(), REFUSED, "{path}");
        }
    }
}
