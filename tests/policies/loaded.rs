//! Tests the values that checks load: how often the check runs, which value the handler gets, and
//! that a handler never gets the value of another object.

#![allow(unused_qualifications, reason = "two paths to one check")]

use std::cell::Cell;

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::any;
use axum::{Extension, Router};
use axum_protected::{
    AccessToken, Authorized, Checked, Denied, Loaded, Policy, ProtectedLayer, Refusal, check,
    protected,
};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tower::ServiceExt;

use crate::api::{Api, AppState};

/// The number of repetitions, large enough that the allocator reuses freed memory.
const TIMES: usize = 100;

/// A blog. It is neither `Clone` nor `Sync`.
struct Blog {
    name: String,
    _not_sync: Cell<()>,
}

/// Returns the last segment of the path, which names a blog.
fn name(uri: &Uri) -> &str {
    uri.path().rsplit('/').next().unwrap_or_default()
}

/// Loads the blog that the URI names. Each caller owns the blogs whose names begin with the
/// caller's. The blog `gone` does not exist. A closed state has another blog.
#[check]
async fn own_blog(
    State(state): State<AppState>,
    uri: Uri,
    caller: AccessToken,
) -> Result<Loaded<Blog>, StatusCode> {
    state.calls.lock().unwrap().push("own_blog");
    let name = name(&uri).to_owned();
    if name == "gone" {
        return Err(StatusCode::NOT_FOUND);
    }
    if !caller.subject().is_some_and(|subject| name.starts_with(subject)) {
        return Err(StatusCode::FORBIDDEN);
    }
    let name = if state.is_closed() { "closed".to_owned() } else { name };
    Ok(Loaded(Blog { name, _not_sync: Cell::new(()) }))
}

/// Loads the length of the blog's name, if it is even.
#[check]
async fn even_length(State(state): State<AppState>, uri: Uri) -> Option<Loaded<usize>> {
    state.calls.lock().unwrap().push("even_length");
    Some(name(&uri).len()).filter(|length| length % 2 == 0).map(Loaded)
}

/// Loads nothing for a blog whose name contains a digit.
#[check]
async fn without_digit(uri: Uri) -> Result<Loaded<String>, Denied> {
    let name = name(&uri);
    if name.contains(|letter: char| letter.is_ascii_digit()) {
        return Err(Denied);
    }
    Ok(Loaded(name.to_owned()))
}

#[derive(Policy)]
#[policy(check = own_blog)]
struct OwnsBlog;

#[derive(Policy)]
#[policy(any(role = "admin", policy = OwnsBlog))]
struct CanRead;

#[protected(check = own_blog)]
async fn required(Checked(blog): Checked<own_blog>) -> String {
    blog.name
}

#[protected(any(role = "admin", check = own_blog))]
async fn optional(blog: Option<Checked<own_blog>>) -> String {
    blog.map_or_else(|| "nothing".to_owned(), |Checked(blog)| blog.name)
}

#[protected(policy = OwnsBlog)]
async fn by_policy(_: Authorized<OwnsBlog>, blog: Checked<own_blog>) -> String {
    blog.name.clone()
}

#[protected(policy = CanRead)]
async fn by_optional_policy(blog: Option<Checked<own_blog>>) -> String {
    blog.map_or_else(|| "nothing".to_owned(), |Checked(blog)| blog.name)
}

#[protected(policy = OwnsBlog, check = own_blog)]
async fn twice(Checked(blog): Checked<own_blog>) -> String {
    blog.name
}

#[protected(all(check = even_length, check = own_blog))]
async fn two_values(
    Checked(blog): Checked<own_blog>,
    Checked(length): Checked<even_length>,
) -> String {
    format!("{} {length}", blog.name)
}

#[protected(any(check = even_length, check = own_blog))]
async fn one_of_two(
    blog: Option<Checked<own_blog>>,
    length: Option<Checked<even_length>>,
) -> String {
    format!("{:?} {:?}", blog.map(|Checked(blog)| blog.name), length.map(|Checked(length)| length))
}

#[protected(check = without_digit)]
async fn denying(Checked(name): Checked<without_digit>) -> String {
    name
}

fn routes() -> Router<AppState> {
    Router::new()
        .route("/required/{blog}", any(required))
        .route("/optional/{blog}", any(optional))
        .route("/by_policy/{blog}", any(by_policy))
        .route("/by_optional_policy/{blog}", any(by_optional_policy))
        .route("/twice/{blog}", any(twice))
        .route("/two_values/{blog}", any(two_values))
        .route("/one_of_two/{blog}", any(one_of_two))
        .route("/denying/{blog}", any(denying))
}

fn request(path: &str, token: &str) -> Request {
    let request = Request::get(path).header("Authorization", format!("Bearer {token}"));
    request.body(Body::empty()).unwrap()
}

/// Sends the request and returns the status and the body. For a refusal, the body is its code.
async fn send(app: &Router, request: Request) -> (u16, String) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    let code = serde_json::from_str::<serde_json::Value>(&text).ok();
    let code = code.and_then(|body| Some(body.get("code")?.as_str()?.to_owned()));
    (status, code.unwrap_or(text))
}

struct Bench {
    api: Api,
    alice: String,
    admin: String,
}

impl Bench {
    async fn start() -> Self {
        let api = Api::start().await;
        let alice = api.issuer.token().subject("alice").sign();
        let admin = api.issuer.token().subject("alice").claim("roles", vec!["admin"]).sign();
        Self { api, alice, admin }
    }

    fn state(&self) -> &AppState {
        &self.api.state
    }

    /// Sends a request and returns the status, the body, and the checks that ran.
    async fn send(&self, app: &Router, request: Request) -> (u16, String, Vec<&'static str>) {
        self.state().calls.lock().unwrap().clear();
        let (status, body) = send(app, request).await;
        (status, body, self.state().calls.lock().unwrap().clone())
    }
}

fn lost() -> (u16, String) {
    (500, "value_not_loaded".to_owned())
}

#[tokio::test]
async fn the_handler_gets_the_value_of_a_check_that_runs_once() {
    let bench = Bench::start().await;
    let app = routes().with_state(bench.state().clone());
    let (alice, admin) = (&bench.alice, &bench.admin);
    let (own, even) = ("own_blog", "even_length");
    let mut complaints = Vec::new();
    for (path, token, status, body, calls) in [
        ("/required/alice1", alice, 200, "alice1", vec![own]),
        ("/required/alice2", alice, 200, "alice2", vec![own]),
        ("/required/bob1", alice, 403, "", vec![own]),
        ("/required/gone", alice, 404, "", vec![own]),
        ("/optional/alice1", alice, 200, "alice1", vec![own]),
        ("/optional/bob1", alice, 403, "", vec![own]),
        ("/optional/bob1", admin, 200, "nothing", vec![]),
        ("/optional/alice1", admin, 200, "nothing", vec![]),
        ("/by_policy/alice1", alice, 200, "alice1", vec![own]),
        ("/by_policy/bob1", alice, 403, "", vec![own]),
        ("/by_optional_policy/alice1", alice, 200, "alice1", vec![own]),
        ("/by_optional_policy/alice1", admin, 200, "nothing", vec![]),
        ("/two_values/alice1", alice, 200, "alice1 6", vec![even, own]),
        ("/two_values/alice", alice, 403, "denied", vec![even]),
        ("/one_of_two/alice", alice, 200, "Some(\"alice\") None", vec![even, own]),
        ("/one_of_two/alice1", alice, 200, "None Some(6)", vec![even]),
        ("/denying/alice", alice, 200, "alice", vec![]),
        ("/denying/alice1", alice, 403, "denied", vec![]),
        // A policy and the attribute that name one check run it twice. The first value counts.
        ("/twice/alice1", alice, 200, "alice1", vec![own, own]),
    ] {
        let found = bench.send(&app, request(path, token)).await;
        if found != (status, body.to_owned(), calls) {
            complaints.push(format!("{path}: {found:?}"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// An extractor that changes the request as its headers say.
struct Changed;

impl<S: Sync> FromRequestParts<S> for Changed {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        match parts.headers.get("x-change").map(HeaderValue::as_bytes) {
            Some(b"uri") => parts.uri = Uri::from_static("/changing/bob1"),
            Some(b"query") => parts.uri = format!("{}?a", parts.uri).parse().unwrap(),
            Some(b"method") => parts.method = Method::DELETE,
            Some(b"version") => parts.version = axum::http::Version::HTTP_2,
            Some(b"header") => {
                parts.headers.insert("x-tenant", HeaderValue::from_static("b"));
            }
            Some(b"token") => {
                parts.headers.remove("authorization");
            }
            _ => {}
        }
        Ok(Self)
    }
}

#[protected(check = own_blog)]
async fn changing(_: Changed, Checked(blog): Checked<own_blog>) -> String {
    blog.name
}

#[protected(any(role = "admin", check = own_blog))]
async fn optional_changing(_: Changed, blog: Option<Checked<own_blog>>) -> String {
    blog.map_or_else(|| "nothing".to_owned(), |Checked(blog)| blog.name)
}

#[protected(check = own_blog)]
async fn changed_later(Checked(blog): Checked<own_blog>, _: Changed, uri: Uri) -> String {
    format!("{} {}", blog.name, name(&uri))
}

/// The handler must get neither the blog of the original request nor, for want of a value, the
/// impression that the caller came in without the check.
#[tokio::test]
async fn a_changed_request_has_no_value() {
    let bench = Bench::start().await;
    let app = Router::new()
        .route("/required/{blog}", any(changing))
        .route("/optional/{blog}", any(optional_changing))
        .route("/later/{blog}", any(changed_later))
        .with_state(bench.state().clone());
    let changed = |path, token: &String, change| {
        let mut request = request(path, token);
        request.headers_mut().insert("x-change", HeaderValue::from_static(change));
        request
    };
    for change in ["uri", "query", "method", "version", "header", "token"] {
        for (path, token) in [
            ("/required/alice1", &bench.alice),
            ("/optional/alice1", &bench.alice),
            ("/optional/alice1", &bench.admin),
        ] {
            assert_eq!(send(&app, changed(path, token, change)).await, lost(), "{path}: {change}");
        }
    }
    let (required, optional) = ("/required/alice1", "/optional/alice1");
    let alice1 = (200, "alice1".to_owned());
    assert_eq!(send(&app, changed(required, &bench.alice, "nothing")).await, alice1);
    assert_eq!(send(&app, changed(optional, &bench.alice, "nothing")).await, alice1);
    let later = send(&app, changed("/later/alice1", &bench.alice, "uri")).await;
    assert_eq!(later, (200, "alice1 bob1".to_owned()));
}

/// Handlers without a guard of their own, which must never get a value.
async fn bare(Checked(blog): Checked<own_blog>) -> String {
    blog.name
}

async fn optional_bare(blog: Option<Checked<own_blog>>) -> String {
    blog.map_or_else(|| "nothing".to_owned(), |Checked(blog)| blog.name)
}

/// A handler whose attribute does not see the argument.
type Hidden = Checked<own_blog>;

#[protected(check = own_blog)]
async fn hidden(Checked(blog): Hidden) -> String {
    blog.name
}

/// Handlers that forward the request, with and without having taken the value.
#[protected(check = own_blog)]
async fn forwarding(Extension(inner): Extension<Router>, request: Request) -> Response {
    inner.oneshot(request).await.unwrap()
}

#[protected(check = own_blog)]
async fn forwarding_after(
    _: Checked<own_blog>,
    Extension(inner): Extension<Router>,
    request: Request,
) -> Response {
    inner.oneshot(request).await.unwrap()
}

/// Forwards a request for another blog.
#[protected(any(role = "admin", check = own_blog))]
async fn forwarding_another(Extension(inner): Extension<Router>, mut request: Request) -> Response {
    *request.uri_mut() = Uri::from_static("/required/alice2");
    inner.oneshot(request).await.unwrap()
}

fn inner(state: &AppState) -> Router {
    let bare = Router::new()
        .route("/bare/{blog}", any(bare))
        .route("/optional_bare/{blog}", any(optional_bare))
        .route("/hidden/{blog}", any(hidden));
    routes().merge(bare).with_state(state.clone())
}

#[tokio::test]
async fn a_handler_without_a_counted_argument_has_no_value() {
    let bench = Bench::start().await;
    let app = inner(bench.state());
    for path in ["/bare/alice1", "/optional_bare/alice1", "/hidden/alice1"] {
        for token in [&bench.alice, &bench.admin] {
            assert_eq!(send(&app, request(path, token)).await, lost(), "{path}");
        }
    }
}

#[tokio::test]
async fn another_handler_loads_its_own_value() {
    let bench = Bench::start().await;
    let state = bench.state();
    let outer = Router::new()
        .fallback(any(forwarding))
        .with_state(state.clone())
        .layer(Extension(inner(state)));
    let after = Router::new()
        .fallback(any(forwarding_after))
        .with_state(state.clone())
        .layer(Extension(inner(state)));
    let renaming = Router::new()
        .fallback(any(forwarding_another))
        .with_state(state.clone())
        .layer(Extension(inner(state)));
    let own = "own_blog";
    for app in [&outer, &after] {
        let found = bench.send(app, request("/required/alice1", &bench.alice)).await;
        assert_eq!(found, (200, "alice1".to_owned(), vec![own, own]));
        for path in ["/bare/alice1", "/optional_bare/alice1", "/hidden/alice1"] {
            assert_eq!(send(app, request(path, &bench.alice)).await, lost(), "{path}");
        }
    }
    let found = bench.send(&renaming, request("/required/alice1", &bench.alice)).await;
    assert_eq!(found, (200, "alice2".to_owned(), vec![own, own]));
}

/// A middleware with a guard of its own. It lets the handler see another blog.
#[protected(check = own_blog)]
async fn guarding(Checked(blog): Checked<own_blog>, mut request: Request, next: Next) -> Response {
    assert_eq!(blog.name, "alice1");
    rename(&mut request);
    next.run(request).await
}

/// The same middleware, but it leaves the value where it is.
#[protected(check = own_blog)]
async fn guarding_untaken(mut request: Request, next: Next) -> Response {
    rename(&mut request);
    next.run(request).await
}

fn rename(request: &mut Request) {
    if let Some(path) = request.headers().get("x-path") {
        let path: Uri = path.to_str().unwrap().parse().unwrap();
        *request.uri_mut() = path;
    }
}

#[tokio::test]
async fn a_handler_behind_a_guard_loads_its_own_value() {
    let bench = Bench::start().await;
    let state = bench.state();
    let taken = inner(state).layer(from_fn_with_state(state.clone(), guarding));
    let untaken = inner(state).layer(from_fn_with_state(state.clone(), guarding_untaken));
    let layered = inner(state).layer(ProtectedLayer::<OwnsBlog, _>::new(state.clone()));
    let own = "own_blog";
    for app in [&taken, &untaken, &layered] {
        for (path, found) in [
            ("/required/alice1", (200, "alice1".to_owned(), vec![own, own])),
            ("/optional/alice1", (200, "alice1".to_owned(), vec![own, own])),
            ("/by_policy/alice1", (200, "alice1".to_owned(), vec![own, own])),
            ("/bare/alice1", (500, "value_not_loaded".to_owned(), vec![own])),
            ("/optional_bare/alice1", (500, "value_not_loaded".to_owned(), vec![own])),
        ] {
            assert_eq!(bench.send(app, request(path, &bench.alice)).await, found, "{path}");
        }
    }
    for app in [&taken, &untaken] {
        for (seen, found) in
            [("alice2", (200, "alice2".to_owned())), ("bob1", (403, String::new()))]
        {
            // The router has chosen the handler before the middleware runs.
            let mut request = request("/required/alice1", &bench.alice);
            let path = HeaderValue::from_str(&format!("/required/{seen}")).unwrap();
            request.headers_mut().insert("x-path", path);
            assert_eq!(send(app, request).await, found, "{seen}");
        }
    }
    // An admin comes in without the check of the handler, although the middleware ran that check.
    let found = bench.send(&untaken, request("/optional/alice1", &bench.admin)).await;
    assert_eq!(found, (200, "nothing".to_owned(), vec![own]));
}

/// An extractor that takes the value from a clone of the request head, from the request head, or
/// with another state.
struct Taker<const FROM: char>(Result<String, Refusal>);

impl<const FROM: char> FromRequestParts<AppState> for Taker<FROM> {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        type Value = Checked<own_blog>;
        let value = match FROM {
            'c' => {
                let mut clone = parts.clone();
                <Value as FromRequestParts<AppState>>::from_request_parts(&mut clone, state).await
            }
            's' => {
                let other = state.clone();
                <Value as FromRequestParts<AppState>>::from_request_parts(parts, &other).await
            }
            _ => <Value as FromRequestParts<AppState>>::from_request_parts(parts, state).await,
        };
        Ok(Self(value.map(|Checked(blog)| blog.name)))
    }
}

#[protected(check = own_blog)]
async fn from_clone(taker: Taker<'c'>, Checked(blog): Checked<own_blog>) -> String {
    format!("{} {}", taker.0.is_ok(), blog.name)
}

#[protected(check = own_blog)]
async fn from_other_state(taker: Taker<'s'>, Checked(blog): Checked<own_blog>) -> String {
    format!("{} {}", taker.0.is_ok(), blog.name)
}

#[protected(any(role = "admin", check = own_blog))]
async fn taken_before(_: Taker<'p'>, blog: Option<Checked<own_blog>>) -> &'static str {
    if blog.is_some() { "some" } else { "none" }
}

/// The macro does not see that both arguments take one value.
#[protected(check = own_blog)]
async fn two_paths(_: Checked<own_blog>, second: Option<Checked<self::own_blog>>) -> &'static str {
    if second.is_some() { "some" } else { "none" }
}

/// The argument after the last one finds nothing.
#[protected(check = own_blog)]
async fn taken_after(Checked(blog): Checked<own_blog>, taker: Taker<'p'>) -> String {
    format!("{} {}", taker.0.is_ok(), blog.name)
}

/// Runs the check of the handler again, for a request that came in without it.
#[protected(any(role = "admin", check = own_blog))]
async fn proof_between(_: Proof, blog: Option<Checked<own_blog>>) -> &'static str {
    if blog.is_some() { "some" } else { "none" }
}

struct Proof;

impl FromRequestParts<AppState> for Proof {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        Authorized::<OwnsBlog>::from_request_parts(parts, state).await.map(|_| Self)
    }
}

/// Takes a proof as an extractor, so that a guard runs within the guard.
#[check]
async fn owned_twice(_: Authorized<OwnsBlog>, uri: Uri) -> Option<Loaded<String>> {
    Some(Loaded(name(&uri).to_owned()))
}

#[protected(check = owned_twice)]
async fn guard_within_guard(Checked(name): Checked<owned_twice>) -> String {
    name
}

/// An extractor that runs the check of another argument while the guard decides: with another state,
/// or for another URI.
struct Early<const WITH: char>;

impl<const WITH: char> FromRequestParts<AppState> for Early<WITH> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let uri = parts.uri.clone();
        if WITH == 's' {
            let closed = state.closed();
            Authorized::<OwnsBlog>::from_request_parts(parts, &closed).await?;
        } else {
            parts.uri = Uri::from_static("/early/alice-other");
            Authorized::<OwnsBlog>::from_request_parts(parts, state).await?;
        }
        parts.uri = uri;
        Ok(Self)
    }
}

#[check]
async fn early_state(_: Early<'s'>) -> bool {
    true
}

#[check]
async fn early_uri(_: Early<'u'>) -> bool {
    true
}

#[protected(all(check = early_state, check = own_blog))]
async fn after_early_state(Checked(blog): Checked<own_blog>) -> String {
    blog.name
}

#[protected(all(check = early_uri, check = own_blog))]
async fn after_early_uri(Checked(blog): Checked<own_blog>) -> String {
    blog.name
}

/// An extractor that passes the request itself to another handler, and refuses the request with the
/// response of that handler.
struct Called;

impl FromRequestParts<AppState> for Called {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let parts = std::mem::replace(parts, Request::new(()).into_parts().0);
        let is_optional = parts.uri.path().contains("optional");
        let handler = if is_optional { any(optional_bare) } else { any(bare) };
        let routes = Router::new().fallback(handler).with_state(state.clone());
        let request = Request::from_parts(parts, Body::empty());
        Err(routes.oneshot(request).await.unwrap())
    }
}

#[protected(any(role = "admin", check = own_blog))]
async fn called(_: Called, _: Option<Checked<own_blog>>) {}

#[tokio::test]
async fn a_handler_within_an_extractor_has_no_value() {
    let bench = Bench::start().await;
    let app = Router::new().fallback(any(called)).with_state(bench.state().clone());
    for path in ["/called/alice1", "/called/optional/alice1"] {
        for token in [&bench.alice, &bench.admin] {
            assert_eq!(send(&app, request(path, token)).await, lost(), "{path}");
        }
    }
}

#[tokio::test]
async fn the_guard_passes_on_only_values_of_its_own_state_and_request() {
    let bench = Bench::start().await;
    let app = Router::new()
        .route("/state/{blog}", any(after_early_state))
        .route("/uri/{blog}", any(after_early_uri))
        .with_state(bench.state().clone());
    for path in ["/state/alice1", "/uri/alice1"] {
        let found = bench.send(&app, request(path, &bench.alice)).await;
        assert_eq!(found, (200, "alice1".to_owned(), vec!["own_blog", "own_blog"]), "{path}");
    }
}

#[tokio::test]
async fn a_value_is_moved_out_once_by_an_argument_of_the_handler() {
    let bench = Bench::start().await;
    let app = Router::new()
        .route("/from_clone/{blog}", any(from_clone))
        .route("/from_other_state/{blog}", any(from_other_state))
        .route("/taken_before/{blog}", any(taken_before))
        .route("/taken_after/{blog}", any(taken_after))
        .route("/two_paths/{blog}", any(two_paths))
        .route("/proof_between/{blog}", any(proof_between))
        .route("/guard_within_guard/{blog}", any(guard_within_guard))
        .with_state(bench.state().clone());
    let (alice, admin) = (&bench.alice, &bench.admin);
    for (path, token, found) in [
        ("/from_clone/alice1", alice, (200, "false alice1".to_owned())),
        ("/from_other_state/alice1", alice, (200, "false alice1".to_owned())),
        ("/taken_before/alice1", alice, lost()),
        ("/taken_before/alice1", admin, lost()),
        ("/taken_after/alice1", alice, (200, "false alice1".to_owned())),
        ("/two_paths/alice1", alice, lost()),
        ("/proof_between/alice1", alice, (200, "some".to_owned())),
        ("/proof_between/alice1", admin, (200, "none".to_owned())),
        ("/guard_within_guard/alice1", alice, (200, "alice1".to_owned())),
    ] {
        assert_eq!(send(&app, request(path, token)).await, found, "{path}");
    }
}

type Kept = Extension<UnboundedSender<Request>>;

/// Never returns, so that the guard of this handler exists until the test ends.
#[protected(any(role = "admin", check = own_blog))]
async fn endless(_: Option<Checked<own_blog>>, Extension(kept): Kept, request: Request) {
    kept.send(request).unwrap();
    std::future::pending::<()>().await;
}

/// A handler with arguments like those of `endless`, so that its state has the same address. It has
/// no guard.
async fn bare_keeping(
    _: Authorized<OwnsBlog>,
    _: Option<Checked<own_blog>>,
    Extension(kept): Kept,
    request: Request,
) {
    kept.send(request).unwrap();
}

/// The guard still exists, but the state of its handler has been dropped. The state of the next
/// handler has the same address.
#[tokio::test]
async fn a_guard_outside_its_handler_passes_no_value_on() {
    let bench = Bench::start().await;
    let (sender, mut receiver) = unbounded_channel();
    let detached = any(|guard, blog, kept: Kept, request: Request| async {
        tokio::spawn(endless(guard, blog, kept, request));
        StatusCode::ACCEPTED
    });
    let app = Router::new()
        .route("/{blog}", detached)
        .with_state(bench.state().clone())
        .layer(Extension(sender.clone()));
    let next = Router::new()
        .route("/{blog}", any(bare_keeping))
        .with_state(bench.state().clone())
        .layer(Extension(sender));
    let mut admitted = 0;
    for token in [&bench.alice, &bench.admin] {
        for _ in 0..TIMES {
            assert_eq!(send(&app, request("/alice1", token)).await.0, 202);
            let request = receiver.recv().await.unwrap();
            admitted += usize::from(send(&next, request).await != lost());
        }
    }
    assert_eq!(admitted, 0);
}
