//! Compares the access tables and snapshots of random routers with the responses to requests: a
//! handler answers exactly the tokens that its row allows, a challenge names exactly the scopes of
//! the row, and a request that is refused before a change and granted after it is a weaker route.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodFilter;
use axum_protected::router::{AccessRow, ChangeKind};
use axum_protected::routing::{any, on};
use axum_protected::{Policy, ProtectedLayer, ProtectedRouter, protected, public};
use axum_protected_testing::AuthorizationServer;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tower::{ServiceExt as _, service_fn};

use crate::api::{Api, AppState, challenge};

type Routes = ProtectedRouter<AppState>;

macro_rules! policies {
    ($($name:ident $scope:literal)*) => {$(
        #[derive(Policy)]
        #[policy(scope = $scope)]
        struct $name;
    )*};
}

policies! {
    First "p0"
    Second "p1"
    Third "p2"
    Fourth "p3"
    Group "g0"
}

#[protected(scope = "g1")]
async fn middle(request: Request, next: Next) -> Response {
    next.run(request).await
}

/// One call of a method of the router. The number selects the policy of the handler; 0 stands for a
/// public handler. The flag tells that a nested router gets its state first.
#[derive(Debug, Clone)]
enum Step {
    On(String, MethodFilter, u8),
    Any(String, u8),
    NestService(String, u8),
    RouteService(String, u8),
    Fallback(u8),
    NotAllowed(u8),
    LayerGuard,
    MiddlewareGuard,
    Nest(String, Vec<Self>, bool),
    Merge(Vec<Self>),
}

fn path() -> impl Strategy<Value = String> {
    let segments = prop::collection::vec(prop::sample::select(vec!["a", "b", "{x}"]), 0..3);
    let end = prop::sample::select(vec!["", "", "", "/", "/{*rest}"]);
    (segments, end).prop_map(|(segments, end)| {
        let path: String = segments.iter().flat_map(|segment| ["/", segment]).collect();
        if path.is_empty() && end.is_empty() { "/".to_owned() } else { path + end }
    })
}

fn prefix() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["/a", "/b", "/a/b", "/{x}", "/a/{x}"]).prop_map(str::to_owned)
}

fn step() -> impl Strategy<Value = Step> {
    let filters = vec![
        MethodFilter::GET,
        MethodFilter::HEAD,
        MethodFilter::POST,
        MethodFilter::GET.or(MethodFilter::OPTIONS),
    ];
    let leaf = prop_oneof![
        3 => (path(), prop::sample::select(filters), access())
            .prop_map(|(path, filter, policy)| Step::On(path, filter, policy)),
        2 => (path(), access()).prop_map(|(path, policy)| Step::Any(path, policy)),
        2 => (prefix(), access()).prop_map(|(path, policy)| Step::NestService(path, policy)),
        1 => (path(), access()).prop_map(|(path, policy)| Step::RouteService(path, policy)),
        2 => access().prop_map(Step::Fallback),
        1 => access().prop_map(Step::NotAllowed),
        1 => Just(Step::LayerGuard),
        1 => Just(Step::MiddlewareGuard),
    ];
    leaf.prop_recursive(2, 20, 5, |inner| {
        let steps = prop::collection::vec(inner, 1..5);
        prop_oneof![
            2 => (prefix(), steps.clone(), any_bool())
                .prop_map(|(path, steps, has_state)| Step::Nest(path, steps, has_state)),
            1 => steps.prop_map(Step::Merge),
        ]
    })
}

fn access() -> impl Strategy<Value = u8> {
    0..=4_u8
}

fn any_bool() -> impl Strategy<Value = bool> {
    proptest::bool::ANY
}

/// The handlers of a router, each with a name that its row in the table shows.
struct Names {
    protected: usize,
    public: usize,
    /// True if handlers keep their policies when other handlers are added or removed. Handlers then
    /// share names.
    fixed: bool,
}

impl Names {
    fn protected(&mut self, policy: u8) -> Option<usize> {
        if self.fixed || policy == 0 {
            return usize::from(policy).checked_sub(1);
        }
        self.protected += 1;
        Some(self.protected - 1).filter(|index| *index < 4)
    }

    fn public(&mut self) -> &'static str {
        if self.fixed {
            return "r";
        }
        self.public += 1;
        Box::leak(format!("r{}", self.public).into_boxed_str())
    }
}

/// Wraps a handler or service, made from its name, and uses it in an expression.
macro_rules! wrapped {
    ($names:ident, $policy:expr, $inner:expr, $wrapped:ident => $used:expr) => {
        match $names.protected(*$policy) {
            Some(0) => {
                let $wrapped = protected(First, $inner("p0"));
                $used
            }
            Some(1) => {
                let $wrapped = protected(Second, $inner("p1"));
                $used
            }
            Some(2) => {
                let $wrapped = protected(Third, $inner("p2"));
                $used
            }
            Some(_) => {
                let $wrapped = protected(Fourth, $inner("p3"));
                $used
            }
            None => {
                let name = $names.public();
                let $wrapped = public(name, $inner(name));
                $used
            }
        }
    };
}

/// The response names the handler, and the path of the route that axum chose.
fn response(name: &'static str, matched: Option<&MatchedPath>) -> Response {
    let path = matched.map_or(String::new(), |path| path.as_str().to_owned());
    [("x-name", name.to_owned()), ("x-path", path)].into_response()
}

macro_rules! handler {
    () => {
        |name: &'static str| {
            move |matched: Option<MatchedPath>| async move { response(name, matched.as_ref()) }
        }
    };
}

macro_rules! service {
    () => {
        |name: &'static str| {
            service_fn(move |request: Request| async move {
                Ok::<_, Infallible>(response(name, request.extensions().get()))
            })
        }
    };
}

fn router_named(name: &'static str) -> Router {
    Router::new().fallback(move || async move { response(name, None) })
}

/// Calls the methods that cause no problem.
fn built(steps: &[Step], state: &AppState, names: &mut Names) -> Routes {
    steps.iter().fold(Routes::new(), |router, step| {
        let next = call(router.clone(), step, state, names);
        let finished = next.clone().with_state::<()>(state.clone()).into_router();
        if finished.is_ok() { next } else { router }
    })
}

fn call(router: Routes, step: &Step, state: &AppState, names: &mut Names) -> Routes {
    match step {
        Step::On(path, filter, policy) => {
            wrapped!(names, policy, handler!(), one => router.route(path, on(*filter, one)))
        }
        Step::Any(path, policy) => {
            wrapped!(names, policy, handler!(), one => router.route(path, any(one)))
        }
        Step::NestService(path, policy) => {
            wrapped!(names, policy, router_named, one => router.nest_service(path, one))
        }
        Step::RouteService(path, policy) => {
            wrapped!(names, policy, service!(), one => router.route_service(path, one))
        }
        Step::Fallback(policy) => wrapped!(names, policy, handler!(), one => router.fallback(one)),
        Step::NotAllowed(policy) => {
            wrapped!(names, policy, handler!(), one => router.method_not_allowed_fallback(one))
        }
        Step::LayerGuard => router.guard(ProtectedLayer::<Group, _>::new(state.clone())),
        Step::MiddlewareGuard => router.guard(from_fn_with_state(state.clone(), middle)),
        Step::Nest(path, steps, has_state) => {
            let inner = built(steps, state, names);
            let inner = if *has_state { inner.with_state(state.clone()) } else { inner };
            router.nest(path, inner)
        }
        Step::Merge(steps) => router.merge(built(steps, state, names)),
    }
}

fn requests() -> Vec<(&'static str, String)> {
    let mut paths = vec![String::new()];
    for _ in 0..3 {
        let longer = paths.iter().flat_map(|path| {
            ["a", "b", "c", "a%2Fb", ""].map(|segment| format!("{path}/{segment}"))
        });
        let longer: Vec<_> = longer.collect();
        paths.extend(longer);
    }
    let paths: BTreeSet<_> = paths.into_iter().filter(|path| !path.is_empty()).collect();
    let methods = ["GET", "HEAD", "POST", "PURGE"];
    paths.iter().flat_map(|path| methods.map(|method| (method, path.clone()))).collect()
}

/// Returns the row of the handler that answered.
fn row<'a>(
    rows: &'a [AccessRow],
    method: &str,
    path: &str,
    name: &str,
    matched: &str,
) -> Option<&'a AccessRow> {
    // The row of a public handler behind a guard does not show the reason.
    let named = |row: &&AccessRow| {
        let text = format!("{row:?}");
        [format!("reason: \"{name}\""), format!("Scope(\"{name}\")")]
            .iter()
            .any(|part| text.contains(part))
    };
    let of =
        |wanted: &str, path: &str| rows.iter().find(|row| row.method == wanted && row.path == path);
    let exact = of(method, matched)
        .or_else(|| of("GET", matched).filter(|_| method == "HEAD"))
        .or_else(|| of("*", matched));
    let below = || {
        let rows = rows.iter().filter(|row| {
            named(row) && row.path.strip_suffix("/*").is_some_and(|prefix| begins(prefix, path))
        });
        rows.max_by_key(|row| row.path.len())
    };
    exact.or_else(below)
}

fn begins(prefix: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    prefix
        .split('/')
        .all(|part| segments.next().is_some_and(|segment| part == segment || part == "{x}"))
}

fn demands(row: &AccessRow) -> BTreeSet<String> {
    let access = row.access.to_string();
    if access.starts_with("public") {
        return BTreeSet::new();
    }
    access.split(" and ").map(str::to_owned).collect()
}

fn named(response: &Response) -> BTreeSet<String> {
    let challenge = challenge(response);
    let scopes = challenge.split_once("scope=\"").and_then(|(_, rest)| rest.split_once('"'));
    scopes.map_or_else(BTreeSet::new, |(scopes, _)| scopes.split(' ').map(str::to_owned).collect())
}

async fn send(app: &Router, method: &str, path: &str, token: Option<&str>) -> Response {
    let request = Request::builder().method(method).uri(path);
    let request = match token {
        Some(token) => request.header("Authorization", format!("Bearer {token}")),
        None => request,
    };
    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn compare(
    issuer: &AuthorizationServer,
    app: &Router,
    rows: &[AccessRow],
) -> Result<usize, TestCaseError> {
    let mut answered = 0;
    let token = |scopes: &BTreeSet<String>| {
        let scopes: Vec<_> = scopes.iter().map(String::as_str).collect();
        issuer.token().scope(&scopes.join(" ")).sign()
    };
    let all: BTreeSet<String> =
        ["p0", "p1", "p2", "p3", "g0", "g1"].map(str::to_owned).into_iter().collect();
    let all = token(&all);
    for (method, path) in requests() {
        let full = send(app, method, &path, Some(&all)).await;
        let header =
            |key: &str| full.headers().get(key).map(|value| value.to_str().unwrap().to_owned());
        let Some(name) = header("x-name") else {
            continue;
        };
        answered += 1;
        let matched = header("x-path").unwrap_or_default();
        let row = row(rows, method, &path, &name, &matched);
        let place = format!("{method} {path} reached {name} at `{matched}`: {row:?}");
        prop_assert!(row.is_some(), "{place}");
        let Some(row) = row else { continue };
        let demands = demands(row);
        prop_assert!(!name.starts_with('p') || demands.contains(&name), "{place}");
        let response = send(app, method, &path, None).await;
        let expected = if demands.is_empty() { 200 } else { 401 };
        prop_assert_eq!(response.status().as_u16(), expected, "{}", place);
        // axum drops an empty segment after the prefix of a nested router, so the guard of that
        // router does not know the route.
        let is_known = !path.contains("//");
        prop_assert!(!is_known || named(&response) == demands, "{:?} {}", named(&response), place);
        let response = send(app, method, &path, Some(&token(&demands))).await;
        prop_assert_eq!(response.status().as_u16(), 200, "{}", place);
        for missing in &demands {
            let others = demands.iter().filter(|demand| *demand != missing).cloned().collect();
            let response = send(app, method, &path, Some(&token(&others))).await;
            prop_assert_eq!(response.status().as_u16(), 403, "{}", place);
            let named = named(&response);
            prop_assert!(!is_known || named == demands, "{named:?} {place}");
        }
    }
    Ok(answered)
}

#[test]
fn the_table_agrees_with_the_responses() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let api = runtime.block_on(Api::start());
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) };
    let answered = Cell::new(0);
    let result = TestRunner::new(config).run(&prop::collection::vec(step(), 1..8), |steps| {
        let routes =
            built(&steps, &api.state, &mut Names { protected: 0, public: 0, fixed: false });
        let rows: Vec<_> = routes.access_table().routes().cloned().collect();
        let app = routes.with_state(api.state.clone()).into_router().unwrap();
        answered.set(answered.get() + runtime.block_on(compare(&api.issuer, &app, &rows))?);
        Ok(())
    });
    result.unwrap();
    assert!(answered.get() > 1_000, "{}", answered.get());
}

/// Returns a request that a handler refused before, and that is granted now.
async fn weakened(issuer: &AuthorizationServer, before: &Router, now: &Router) -> Option<String> {
    let all = issuer.token().scope("p0 p1 p2 p3 g0 g1").sign();
    let tokens: Vec<_> = ["", "p0", "p1", "p2", "g0", "g1", "g0 p0", "g1 p0"]
        .map(|scope| (scope, issuer.token().scope(scope).sign()))
        .into_iter()
        .map(|(scope, token)| (scope, Some(token)))
        .chain([("none", None)])
        .collect();
    for (method, path) in requests() {
        let reached = send(before, method, &path, Some(&all)).await;
        if !reached.headers().contains_key("x-name") {
            continue;
        }
        for (scope, token) in &tokens {
            let then = send(before, method, &path, token.as_deref()).await.status();
            let after = send(now, method, &path, token.as_deref()).await;
            if then != 200 && after.status() == 200 {
                return Some(format!("{method} {path} with `{scope}`: {then} -> 200"));
            }
        }
    }
    None
}

/// A table does not tell services from fallbacks, so a service in place of the fallback of a nested
/// router is not a change.
fn without_nested_fallbacks(steps: &[Step], is_root: bool) -> Vec<Step> {
    let nested = |steps: &[Step]| without_nested_fallbacks(steps, false);
    let kept = steps.iter().filter(|step| is_root || !matches!(step, Step::Fallback(_)));
    kept.map(|step| match step {
        Step::Nest(path, steps, has_state) => Step::Nest(path.clone(), nested(steps), *has_state),
        Step::Merge(steps) => Step::Merge(without_nested_fallbacks(steps, is_root)),
        step => step.clone(),
    })
    .collect()
}

#[test]
fn a_weakening_is_reported() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let api = runtime.block_on(Api::start());
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) };
    let edits = prop::collection::vec((0..8_usize, proptest::option::of(step())), 1..3);
    let result = TestRunner::new(config).run(
        &(prop::collection::vec(step(), 1..8), edits),
        |(steps, edits)| {
            let mut edited = steps.clone();
            for (index, step) in edits {
                if index < edited.len() && step.is_none() {
                    edited.remove(index);
                } else if let Some(step) = step {
                    edited.insert(index.min(edited.len()), step);
                }
            }
            let build = |steps: &[Step]| {
                built(
                    &without_nested_fallbacks(steps, true),
                    &api.state,
                    &mut Names { protected: 0, public: 0, fixed: true },
                )
            };
            let (before, now) = (build(&steps), build(&edited));
            let snapshot = before.access_table().to_snapshot();
            let changes = now.access_table().compare(&snapshot);
            let is_weaker = changes.as_ref().is_err_and(|changes| {
                changes.iter().any(|change| change.kind == ChangeKind::Weaker)
            });
            if is_weaker {
                return Ok(());
            }
            let text = format!("{}\n{}\n{changes:?}", before.access_table(), now.access_table());
            let finish =
                |routes: Routes| routes.with_state(api.state.clone()).into_router().unwrap();
            let weakened = runtime.block_on(weakened(&api.issuer, &finish(before), &finish(now)));
            prop_assert!(weakened.is_none(), "{weakened:?}\n{text}");
            Ok(())
        },
    );
    result.unwrap();
}
