//! Tests `map_router`, whose routes and layers the access table does not know.

use axum::Router;
use axum::http::HeaderValue;
use axum::middleware::map_response;
use axum::response::Response;
use axum_protected::routing::get;
use axum_protected::{Policy, ProtectedLayer, ProtectedRouter, protected, public};

use crate::api::{Api, AppState};

type Routes = ProtectedRouter<AppState>;

#[public(reason = "a page")]
async fn page() -> &'static str {
    "page"
}

#[protected(scope = "a")]
async fn with_a() {}

#[derive(Policy)]
#[policy(scope = "group")]
struct Group;

fn foreign(router: Router<AppState>) -> Router<AppState> {
    router.route("/version", axum::routing::get(|| async { "1" })).layer(map_response(
        |mut response: Response| async {
            response.headers_mut().insert("x-foreign", HeaderValue::from_static("1"));
            response
        },
    ))
}

fn pages() -> Routes {
    Routes::new().route("/page", get(page)).route("/a", get(with_a))
}

#[tokio::test]
async fn the_table_has_a_row_for_what_it_does_not_know() {
    let here = std::panic::Location::caller();
    let inner = pages().map_router("foreign routes", foreign).fallback(page);
    let line = here.line() + 1;
    let routes = Routes::new().nest("/in", inner).route("/page", get(page));
    let table = routes.access_table().clone();
    let row = format!("? /in/*: ? (foreign routes) [{}:{line}]", file!());
    assert!(table.to_string().lines().any(|known| known == row), "{table}");

    let api = Api::of(routes).await;
    for (path, has_layer) in
        [("/in/version", true), ("/in/page", true), ("/in/", false), ("/page", false)]
    {
        let response = api.call("GET", path, None).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers().contains_key("x-foreign"), has_layer, "{path}");
    }
    let report = api.issuer.access_matrix(api.app(), &table).await.unwrap();
    assert_eq!(
        report.untried().collect::<Vec<_>>(),
        ["? /in/*: the table does not know these routes (foreign routes)"]
    );
    let mut document = serde_json::json!({"paths": {
        "/in/page": {"get": {}}, "/in/a": {"get": {}}, "/page": {"get": {}}, "/in/version": {"get": {}},
    }});
    // The fallback of the inner router answers what the table does not know.
    assert!(table.describe(&mut document).is_ok());
}

/// Compares the tables, and returns the changes.
fn changes(before: &Routes, now: &Routes) -> Vec<String> {
    let before = before.access_table().to_snapshot();
    match now.access_table().compare(&before) {
        Ok(()) => Vec::new(),
        Err(changes) => changes.to_string().lines().map(str::to_owned).collect(),
    }
}

#[tokio::test]
async fn each_difference_of_unknown_routes_is_a_change() {
    let state = Api::start().await.state;
    let group = || ProtectedLayer::<Group, _>::new(state.clone());
    let mapped = |reason| pages().map_router(reason, foreign);
    let nested = |routes| Routes::new().nest("/in", routes);
    let alone = || Routes::new().map_router("x {y} (z", foreign);
    let none = Vec::<&str>::new();
    let cases = vec![
        (mapped("x"), mapped("x"), none.clone()),
        (alone(), alone(), none),
        (pages(), mapped("x"), vec!["WEAKER ? /* (x): new: ?"]),
        (mapped("x"), pages(), vec!["WEAKER ? /* (x): ? -> gone"]),
        (mapped("x"), mapped("y"), vec!["WEAKER ? /* (x): ? -> gone", "WEAKER ? /* (y): new: ?"]),
        (mapped("x"), mapped("x").map_router("y", foreign_again), vec!["WEAKER ? /* (y): new: ?"]),
        (alone().guard(group()), alone(), vec!["WEAKER ? /* (x {y} (z): ? behind group -> ?"]),
        (alone(), alone().guard(group()), vec!["stronger ? /* (x {y} (z): ? -> ? behind group"]),
        // The function may now answer the requests of a removed route.
        (
            pages().map_router("x", |router| router),
            Routes::new().route("/page", get(page)).map_router("x", foreign),
            vec!["WEAKER GET /a: a -> gone, and `? /* (x)` answers instead: ?"],
        ),
        (
            nested(alone()).route("/in/a", get(with_a)).route("/inner", get(with_a)),
            nested(alone()),
            vec![
                "WEAKER GET /in/a: a -> gone, and `? /in/* (x {y} (z)` answers instead: ?",
                "gone GET /inner: a",
            ],
        ),
    ];
    for (before, now, expected) in cases {
        assert_eq!(changes(&before, &now), expected);
    }
}

fn foreign_again(router: Router<AppState>) -> Router<AppState> {
    router.route("/another", axum::routing::get(|| async {}))
}

#[test]
fn mistakes_with_unknown_routes_are_reported() {
    let twice = Routes::new().map_router("x", foreign).map_router("x", foreign_again);
    let fallback = Routes::new().fallback(page).map_router("x", foreign);
    let nested = Routes::new().nest("/in", fallback.clone());
    assert!(fallback.into_router().is_ok());
    for (routes, problem) in [
        (twice, "`? /*` is declared twice: give each `map_router` its own reason"),
        (
            nested,
            "the router at `/in` sets its fallback before `map_router`: call `fallback` after it",
        ),
    ] {
        let error = routes.into_router().unwrap_err();
        assert_eq!(error.problems().collect::<Vec<_>>(), [problem]);
    }
}
