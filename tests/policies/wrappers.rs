//! Tests the routes to handlers and services that have no attribute, and compares them with axum.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRef, MatchedPath, NestedPath, Path, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, Router, get as plain_get};
use axum_protected::routing::{
    any, any_service, delete_service, get, get_service, on, post, put_service,
};
use axum_protected::{
    AccessToken, Authorized, HasResourceServer, Policy, ProtectedRouter, RefusalKind,
    ResourceServer, check, protected, public,
};
use axum_protected_testing::AuthorizationServer;
use futures_util::stream;
use tower::{ServiceExt, service_fn};

use crate::api::{Api, AppState};

type Routes = ProtectedRouter<AppState>;

#[derive(Policy)]
#[policy(scope = "orders:write")]
struct CanWrite;

#[check]
async fn is_open(State(state): State<AppState>) -> bool {
    state.calls.lock().unwrap().push("is_open");
    true
}

#[derive(Policy)]
#[policy(scope = "orders:write", check = is_open)]
struct CanWriteNow;

/// A handler of another crate: a function without an attribute.
async fn foreign(Path(id): Path<u64>, State(_): State<AppState>, body: String) -> String {
    format!("{id} {body}")
}

/// Serves requests as a service, and responds with the path that the service sees and the subject of
/// the token in the extensions.
async fn seen(request: Request) -> Result<Response, Infallible> {
    let subject = request.extensions().get::<AccessToken>().map(subject);
    let path = request.uri().path();
    Ok(format!("{path} {}", subject.unwrap_or("nobody")).into_response())
}

fn subject(token: &AccessToken) -> &str {
    token.subject().unwrap_or_default()
}

async fn text(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// A plain router as another crate builds it, with its state.
fn plain() -> Router {
    Router::new()
        .route("/", plain_get(|| async { "root" }))
        .route("/{id}", plain_get(|Path(id): Path<u64>| async move { id.to_string() }))
        .route("/{id}/matched", plain_get(matched))
        .with_state(())
}

async fn matched(matched: MatchedPath, nested: NestedPath) -> String {
    format!("{} {}", matched.as_str(), nested.as_str())
}

/// Returns the lines of the table without the source locations.
fn rows(routes: &Routes) -> Vec<String> {
    let table = routes.access_table().to_string();
    table.lines().map(|line| line.split(" [").next().unwrap().to_owned()).collect()
}

fn problems(routes: Routes) -> Vec<String> {
    let error = routes.into_router().unwrap_err();
    error.problems().map(str::to_owned).collect()
}

fn wrapped() -> Routes {
    Routes::new()
        .route("/closure", get(public("a page", || async { "closure" })))
        .route("/foreign/{id}", post(protected(CanWrite, foreign)))
        .route("/any", any(protected(CanWriteNow, || async { "any" })))
        .route(
            "/on",
            on(MethodFilter::PUT.or(MethodFilter::PATCH), protected(CanWrite, || async { "on" }))
                .on_service(MethodFilter::TRACE, public("for all", service_fn(seen))),
        )
        .route(
            "/methods",
            get_service(public("for all", service_fn(seen)))
                .post_service(protected(CanWrite, service_fn(seen)))
                .any_service(protected(CanWrite, service_fn(seen))),
        )
        .route("/service", any_service(protected(CanWrite, service_fn(seen))))
        .route_service("/whole/path", protected(CanWrite, service_fn(seen)))
        .nest_service("/nested/{tenant}", protected(CanWrite, service_fn(seen)))
        .nest_service("/plain", protected(CanWriteNow, plain()))
        .nest(
            "/inner",
            Routes::new()
                .nest_service("/service", protected(CanWrite, service_fn(seen)))
                .fallback(public("lost", |request: Request| seen(request))),
        )
        .fallback_service(protected(CanWrite, service_fn(seen)))
}

#[tokio::test]
async fn every_wrapped_route_has_the_access_of_its_wrapper() {
    let routes = wrapped();
    assert_eq!(
        rows(&routes),
        [
            "* /*: orders:write",
            "* /any: orders:write and check is_open",
            "GET /closure: public (a page)",
            "POST /foreign/{id}: orders:write",
            "* /inner/*: public (lost)",
            "* /inner/service/*: orders:write",
            "* /methods: orders:write",
            "GET /methods: public (for all)",
            "POST /methods: orders:write",
            "* /nested/{tenant}/*: orders:write",
            "PATCH /on: orders:write",
            "PUT /on: orders:write",
            "TRACE /on: public (for all)",
            "* /plain/*: orders:write and check is_open",
            "* /service: orders:write",
            "* /whole/path: orders:write",
        ]
    );
    let table = routes.access_table().clone();
    let api = Api::of(routes).await;
    let cases = [
        ("GET", "/closure", "closure", true),
        ("POST", "/foreign/7", "7 ", false),
        ("DELETE", "/any", "any", false),
        ("PUT", "/on", "on", false),
        ("PATCH", "/on", "on", false),
        ("TRACE", "/on", "/on nobody", true),
        ("GET", "/methods", "/methods nobody", true),
        ("POST", "/methods", "/methods alice", false),
        ("DELETE", "/methods", "/methods alice", false),
        ("GET", "/service", "/service alice", false),
        ("PUT", "/whole/path", "/whole/path alice", false),
        ("GET", "/nested/a", "/ alice", false),
        ("GET", "/nested/a/", "/ alice", false),
        ("GET", "/nested/a/b/c", "/b/c alice", false),
        ("GET", "/plain", "root", false),
        ("GET", "/plain/12", "12", false),
        ("GET", "/plain/12/matched", "/plain/{id}/matched /plain", false),
        ("GET", "/inner/service/x", "/x alice", false),
        ("GET", "/inner/lost", "/lost nobody", true),
        ("GET", "/whole/path/", "/whole/path/ alice", false),
        ("GET", "/", "/ alice", false),
        ("GET", "/else/where", "/else/where alice", false),
    ];
    let writer = api.issuer.token().subject("alice").scope("orders:write").sign();
    let reader = api.issuer.token().subject("alice").scope("orders:read").sign();
    for (method, path, body, is_public) in cases {
        let (allowed, missing, other) = if is_public { (200, 200, 200) } else { (200, 401, 403) };
        let response = api.call(method, path, Some(&writer)).await;
        assert_eq!(text(response).await, (allowed, body.to_owned()), "{method} {path}");
        let status = api.call(method, path, None).await.status();
        assert_eq!(status.as_u16(), missing, "{method} {path} without a token");
        let status = api.call(method, path, Some(&reader)).await.status();
        assert_eq!(status.as_u16(), other, "{method} {path} without the scope");
    }
    api.issuer.access_matrix(api.app(), &table).await.unwrap();
}

#[tokio::test]
async fn checks_run_in_front_of_wrapped_routes() {
    let api = Api::of(wrapped()).await;
    let writer = api.issuer.token().scope("orders:write").sign();
    for path in ["/any", "/plain/1"] {
        assert_eq!(api.status("GET", path, &writer).await, (200, vec!["is_open"]), "{path}");
    }
    let anybody = api.issuer.token().sign();
    assert_eq!(api.status("GET", "/any", &anybody).await, (403, Vec::new()));
}

#[tokio::test]
async fn the_guard_of_a_wrapped_route_runs_before_the_body_is_read() {
    let api = Api::of(wrapped()).await;
    let writer = api.issuer.token().scope("orders:write").sign();
    for (path, token, status) in [
        ("/foreign/1", None, 401),
        ("/foreign/not-a-number", None, 401),
        ("/methods", None, 401),
        ("/foreign/1", Some(&writer), 200),
    ] {
        let is_read = Arc::new(AtomicBool::new(false));
        let reader = is_read.clone();
        let body = stream::once(async move {
            reader.store(true, Ordering::Relaxed);
            Ok::<_, Infallible>(Bytes::new())
        });
        let mut request = Request::post(path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(Body::from_stream(body)).unwrap();
        let response = api.app().clone().oneshot(request).await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert_eq!(is_read.load(Ordering::Relaxed), status == 200, "{path}");
    }
}

#[tokio::test]
async fn a_wrapped_handler_may_take_the_proof_of_its_policy() {
    let routes = Routes::new().route(
        "/",
        get(protected(
            CanWriteNow,
            |proof: Authorized<CanWriteNow>, token: AccessToken| async move {
                assert_eq!(proof.token().subject(), token.subject());
                subject(&token).to_owned()
            },
        )),
    );
    let api = Api::of(routes).await;
    let writer = api.issuer.token().subject("alice").scope("orders:write").sign();
    let response = api.call("GET", "/", Some(&writer)).await;
    assert_eq!(text(response).await, (200, "alice".to_owned()));
    assert_eq!(api.call("GET", "/", None).await.status(), 401);
}

#[tokio::test]
async fn decisions_on_wrapped_routes_are_reported() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let decisions = Arc::new(Mutex::new(Vec::new()));
    let log = decisions.clone();
    let server = ResourceServer::builder()
        .issuer(issuer.issuer())
        .audience(issuer.audience())
        .on_decision(move |decision| {
            let name = decision.operation().rsplit("::").next().unwrap().to_owned();
            log.lock().unwrap().push((name, decision.refusal().map(RefusalKind::code)));
        })
        .build()
        .unwrap();
    let app: Router = ProtectedRouter::new()
        .route("/closure", get(protected(CanWrite, || async {})))
        .nest_service("/service", protected(CanWrite, service_fn(seen)))
        .with_state(server)
        .into_router()
        .unwrap();
    let writer = issuer.token().scope("orders:write").sign();
    let reader = issuer.token().scope("orders:read").sign();
    for (path, token) in [("/closure", &writer), ("/closure", &reader), ("/service", &reader)] {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    }
    let name = || "CanWrite".to_owned();
    assert_eq!(
        *decisions.lock().unwrap(),
        [
            (name(), None),
            (name(), Some("insufficient_scope")),
            (name(), Some("insufficient_scope")),
        ]
    );
}

async fn not_allowed(method: Method) -> (StatusCode, String) {
    (StatusCode::METHOD_NOT_ALLOWED, format!("no {method} here"))
}

/// Returns the same routes twice: as a router of this library with public routes, and as a router of
/// axum.
fn both() -> (Routes, Router<AppState>) {
    let page = || async { "page" };
    let lost = |request: Request| async move { format!("lost {}", request.uri().path()) };
    let service = || service_fn(seen);
    let ours = Routes::new()
        .route("/page", get(public("r", page)))
        .route("/page/{id}", post(public("r", page)))
        .nest(
            "/in",
            Routes::new()
                .route("/page", get(public("r", page)))
                .nest_service("/files", public("r", service()))
                .fallback(public("r", lost)),
        )
        .nest("/bare", Routes::new().route("/page", put_service(public("r", service()))))
        .nest_service("/files", public("r", service()))
        .nest_service("/plain", public("r", plain()))
        .route_service("/one", public("r", service()))
        .method_not_allowed_fallback(public("r", not_allowed))
        .route("/later", delete_service(public("r", service())))
        .fallback(public("r", lost));
    let theirs = Router::new()
        .route("/page", plain_get(page))
        .route("/page/{id}", axum::routing::post(page))
        .nest(
            "/in",
            Router::new()
                .route("/page", plain_get(page))
                .nest_service("/files", service())
                .fallback(lost),
        )
        .nest("/bare", Router::new().route("/page", axum::routing::put_service(service())))
        .nest_service("/files", service())
        .nest_service("/plain", plain())
        .route_service("/one", service())
        .method_not_allowed_fallback(not_allowed)
        .route("/later", axum::routing::delete_service(service()))
        .fallback(lost);
    (ours, theirs)
}

#[tokio::test]
async fn wrapped_routes_respond_as_in_axum() {
    let (ours, theirs) = both();
    let api = Api::of(ours).await;
    let theirs = theirs.with_state(api.state.clone());
    let prefixes = ["", "/page", "/in", "/in/page", "/in/files", "/bare", "/bare/page", "/files"];
    let others =
        ["/plain", "/plain/1", "/plain/1/matched", "/one", "/later", "/page/1", "/nowhere"];
    for prefix in prefixes.into_iter().chain(others) {
        for end in ["", "/", "//", "/x", "/x/", "/x/y", "/%2f"] {
            let path = match format!("{prefix}{end}") {
                path if path.is_empty() => "/".to_owned(),
                path => path,
            };
            for method in ["GET", "POST", "PUT", "DELETE", "OPTIONS"] {
                // With a fallback, the router at `/in` also gets the requests for `/in/`.
                if path == "/in/" {
                    continue;
                }
                let request =
                    Request::builder().method(method).uri(&path).body(Body::empty()).unwrap();
                let response = theirs.clone().oneshot(request).await.unwrap();
                let allow = response.headers().get("allow").cloned();
                let expected = (allow, text(response).await);
                let response = api.call(method, &path, None).await;
                let allow = response.headers().get("allow").cloned();
                assert_eq!((allow, text(response).await), expected, "{method} {path}");
            }
        }
    }
}

#[test]
fn the_fallback_for_other_methods_has_a_row_at_each_path() {
    let routes = both().0;
    assert_eq!(
        rows(&routes),
        [
            "* /*: public (r)",
            "* /bare/page: public (r)",
            "PUT /bare/page: public (r)",
            "* /files/*: public (r)",
            "* /in/*: public (r)",
            "* /in/files/*: public (r)",
            "* /in/page: public (r)",
            "GET /in/page: public (r)",
            "DELETE /later: public (r)",
            "* /one: public (r)",
            "* /page: public (r)",
            "GET /page: public (r)",
            "* /page/{id}: public (r)",
            "POST /page/{id}: public (r)",
            "* /plain/*: public (r)",
        ]
    );
    let page = || get(public("r", || async {}));
    let twice = Routes::new()
        .route("/a", page())
        .method_not_allowed_fallback(public("r", not_allowed))
        .method_not_allowed_fallback(public("r", not_allowed))
        .route("/b", page())
        .route("/a", any(public("r", not_allowed)));
    assert_eq!(problems(twice), ["`* /a` is declared twice"]);
    let none = Routes::new().method_not_allowed_fallback(protected(CanWrite, not_allowed));
    assert_eq!(rows(&none), [""; 0]);
}

#[tokio::test]
async fn a_protected_fallback_for_other_methods_refuses() {
    let routes = Routes::new()
        .route("/a", get(public("r", || async {})))
        .method_not_allowed_fallback(protected(CanWrite, not_allowed));
    let table = routes.access_table().clone();
    let api = Api::of(routes).await;
    let writer = api.issuer.token().scope("orders:write").sign();
    assert_eq!(api.call("GET", "/a", None).await.status(), 200);
    assert_eq!(api.call("POST", "/a", None).await.status(), 401);
    let response = api.call("POST", "/a", Some(&writer)).await;
    assert_eq!(text(response).await, (405, "no POST here".to_owned()));
    let issuer = &api.issuer;
    let failures = issuer.access_matrix(api.app(), &table).await;
    assert!(failures.is_ok(), "{failures:?}");
}

#[test]
fn mistakes_at_which_axum_panics_are_reported() {
    let service = || public("for all", service_fn(seen));
    let page = || public("for all", || async {});
    let cases: [(Routes, &[&str]); 10] = [
        (
            Routes::new().nest_service("/", service()),
            &["nothing can be nested at `/`: write `fallback_service`"],
        ),
        (
            Routes::new().nest_service("", service()),
            &["nothing can be nested at ``: write `fallback_service`"],
        ),
        (
            Routes::new().nest_service("files", service()),
            &["`files` is not a path: write it like `/items/{id}`"],
        ),
        (
            Routes::new().nest_service("/files", service()).nest_service("/files", service()),
            &["`* /files` is declared twice", "`* /files/*` is declared twice"],
        ),
        (
            Routes::new().nest_service("/files", service()).route("/files/{*rest}", get(page())),
            &["`/files/*` and `/files/{*rest}` match the same requests: remove one"],
        ),
        (
            Routes::new().route_service("/router", public("for all", plain())),
            &["a router cannot be the service of the route `/router`: write `nest_service`"],
        ),
        (
            Routes::new().route_service("/one", service()).route_service("/one", service()),
            &["`* /one` is declared twice"],
        ),
        (
            Routes::new()
                .route("/on", get(page()).on(MethodFilter::GET.or(MethodFilter::PUT), page())),
            &["`GET /on` is declared twice"],
        ),
        (Routes::new().fallback(page()).fallback_service(service()), &["`* /*` is declared twice"]),
        (
            Routes::new().nest("/in", Routes::new().route("/a", get(public(" ", || async {})))),
            &[
                "`GET /a` is public for an empty reason: state why, as in `public(\"liveness probe\", handler)`",
            ],
        ),
    ];
    for (routes, expected) in cases {
        assert_eq!(problems(routes), expected);
    }
}

#[derive(Clone)]
struct Db;

impl FromRef<Shared> for Db {
    fn from_ref(_: &Shared) -> Self {
        Self
    }
}

#[derive(Clone, HasResourceServer)]
struct Shared {
    server: ResourceServer,
}

#[public(reason = "a page for people")]
async fn count(State(_): State<Db>) -> &'static str {
    "1"
}

#[tokio::test]
async fn a_router_of_public_routes_needs_no_server() {
    let routes = || {
        ProtectedRouter::new()
            .route("/count", get(count))
            .fallback(public("lost", |State(_): State<Db>| async { "lost" }))
    };
    let app: Router = routes().with_state(Db).into_router().unwrap();
    for (path, body) in [("/count", "1"), ("/nowhere", "lost")] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        assert_eq!(text(response).await, (200, body.to_owned()));
    }
    // The public router with its own state is part of a router with protected routes.
    let outer = Routes::new()
        .route("/", get(protected(CanWrite, || async {})))
        .nest("/public", routes().with_state(Db));
    let api = Api::of(outer).await;
    assert_eq!(api.call("GET", "/public/count", None).await.status(), 200);
    assert_eq!(api.call("GET", "/", None).await.status(), 401);
}

#[derive(Policy)]
#[policy(issuer = "nobody")]
struct OfNobody;

/// The server is found by every kind of protected route.
#[tokio::test]
async fn the_issuers_of_wrapped_routes_are_compared_with_the_server() {
    let api = Api::start().await;
    let closure = || protected(OfNobody, || async {});
    let service = || protected(OfNobody, service_fn(seen));
    let open = || Routes::new().route("/", get(public("r", || async {})));
    for (routes, row) in [
        (open().route("/x", get(closure())), "GET /x"),
        (open().route("/x", any(closure())), "* /x"),
        (open().nest("/in", Routes::new().route("/x", get(closure()))), "GET /in/x"),
        (open().merge(Routes::new().route("/x", get(closure()))), "GET /x"),
        (open().fallback(closure()), "* /*"),
        (open().nest_service("/x", service()), "* /x/*"),
        (open().route_service("/x", service()), "* /x"),
        (open().fallback_service(service()), "* /*"),
        (open().method_not_allowed_fallback(closure()), "* /"),
    ] {
        let error = routes.with_state::<()>(api.state.clone()).into_router().unwrap_err();
        assert_eq!(
            error.problems().collect::<Vec<_>>(),
            [format!("`{row}` names the unknown issuer `nobody`")]
        );
    }
    // A state that holds the server by another field is searched in the same way.
    let shared = Shared {
        server: ResourceServer::builder()
            .issuer(api.issuer.issuer())
            .audience("api")
            .build()
            .unwrap(),
    };
    let routes = ProtectedRouter::new().route("/count", get(count)).route("/x", get(closure()));
    assert!(routes.with_state::<()>(shared).into_router().is_err());
}
