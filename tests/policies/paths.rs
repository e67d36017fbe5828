//! Tests that the router returns an error for an invalid path and never panics.

use axum::routing::MethodFilter;
use axum_protected::router::DeclaredService;
use axum_protected::routing::{any, get, on, post};
use axum_protected::{ProtectedRouter, public};
use proptest::prelude::*;

use crate::api::AppState;

#[public(reason = "a page for people")]
async fn page() {}

/// Serves requests as a service. The router treats services differently from handlers.
async fn service(
    request: axum::extract::Request,
) -> Result<axum::response::Response, std::convert::Infallible> {
    drop(request);
    Ok(axum::response::Response::default())
}

type Router = ProtectedRouter<AppState>;

fn problems(router: Router) -> Vec<String> {
    let error = router.into_router().err().unwrap();
    error.problems().map(str::to_owned).collect()
}

#[test]
fn invalid_paths_are_reported() {
    let both = |one: &str, other: &str| {
        problems(Router::new().route(one, get(page)).route(other, get(page)))
    };
    let cases = [
        (
            "/{id",
            "`/{id` is not a path: write a parameter as `{name}`, and a literal brace as `{{` or `}}`",
        ),
        (
            "/{a}{b}",
            "`/{a}{b}` is not a path: a segment may contain one parameter, with nothing after it",
        ),
        ("/{*rest}/x", "`/{*rest}/x` is not a path: `{*rest}` must be the whole last segment"),
        ("", "`` is not a path: write it like `/items/{id}`"),
        ("/:id", "`/:id` is not a path: write it like `/items/{id}`"),
    ];
    for (path, problem) in cases {
        assert_eq!(both("/x", path), [problem], "{path}");
    }
    let same = "match the same requests: give their parameters the same names, or remove one";
    for (one, other) in [("/x-{a}", "/x-{b}"), ("/{b}", "/{*a}"), ("/{a}/x", "/{b}/x")] {
        let [problem] = both(one, other).try_into().unwrap();
        assert!(problem.contains(same), "{problem}");
    }
}

#[test]
fn a_fallback_and_a_service_on_one_path_conflict() {
    let service = || tower::service_fn(service);
    let open = |path: &str| Router::new().nest_service(path, public("for all", service()));
    let everywhere = || Router::new().fallback_service(public("for all", service()));
    assert_eq!(problems(everywhere().fallback(page)), ["`* /*` is declared twice"]);
    assert_eq!(problems(open("/x").route("/x", any(page))), ["`* /x` is declared twice"]);
    let lost = || Router::new().fallback(page);
    let outer = "give the fallback to the outer router";
    assert_eq!(
        problems(Router::new().nest("/{a}", lost())),
        [format!("a router with a fallback cannot be nested at `/{{a}}`: {outer}")]
    );
    // The router reports an error, because axum would ignore the inner fallback.
    let forgotten = Router::new().nest("/a", Router::new().nest("/b", lost()));
    assert_eq!(
        problems(forgotten),
        [
            "the router at `/a` contains routers with a fallback and has none itself: add a fallback to it"
        ]
    );
    assert!(everywhere().route("/x", get(page)).into_router().is_ok());
}

fn path() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "/", "/", "/", "a", "b", "{a}", "{b}", "{*a}", "{{", "}}", "{", "}", "*", ":", ".", "é",
        "%",
    ]);
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// One call of a method of the router.
#[derive(Debug, Clone)]
enum Step {
    Get(String),
    Post(String),
    Any(String),
    On(String, MethodFilter, MethodFilter),
    NestService(String),
    RouteService(String),
    Fallback,
    FallbackService,
    NotAllowed,
    Nest(String, Vec<Self>),
    Merge(Vec<Self>),
    RouteLayer,
}

fn filter() -> impl Strategy<Value = MethodFilter> {
    let filters = vec![MethodFilter::GET, MethodFilter::HEAD, MethodFilter::PUT];
    let filters = prop::sample::select(filters);
    (filters.clone(), filters).prop_map(|(one, other)| one.or(other))
}

fn step() -> impl Strategy<Value = Step> {
    let leaf = prop_oneof![
        path().prop_map(Step::Get),
        path().prop_map(Step::Post),
        path().prop_map(Step::Any),
        (path(), filter(), filter()).prop_map(|(path, one, other)| Step::On(path, one, other)),
        path().prop_map(Step::NestService),
        path().prop_map(Step::RouteService),
        Just(Step::Fallback),
        Just(Step::FallbackService),
        Just(Step::NotAllowed),
        Just(Step::RouteLayer),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        let steps = prop::collection::vec(inner, 0..5);
        prop_oneof![
            (path(), steps.clone()).prop_map(|(path, steps)| Step::Nest(path, steps)),
            steps.prop_map(Step::Merge),
        ]
    })
}

fn open_service() -> impl DeclaredService<AppState> {
    public("for all", tower::service_fn(service))
}

fn built(steps: Vec<Step>) -> Router {
    steps.into_iter().fold(Router::new(), |router: Router, step| match step {
        Step::Get(path) => router.route(&path, get(page)),
        Step::Post(path) => router.route(&path, post(page)),
        Step::Any(path) => router.route(&path, any(page)),
        Step::NestService(path) => router.nest_service(&path, open_service()),
        Step::On(path, one, other) => router.route(&path, on(one, page).on(other, page)),
        Step::RouteService(path) => router.route_service(&path, open_service()),
        Step::Fallback => router.fallback(page),
        Step::FallbackService => router.fallback_service(open_service()),
        Step::NotAllowed => router.method_not_allowed_fallback(page),
        Step::Nest(path, steps) => router.nest(&path, built(steps)),
        Step::Merge(steps) => router.merge(built(steps)),
        Step::RouteLayer => {
            router.route_layer(tower::layer::layer_fn(|route: axum::routing::Route| route))
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_order_of_calls_panics(steps in prop::collection::vec(step(), 0..8)) {
        let _ = built(steps).into_router();
    }
}
