//! Tests routes with computed paths, for which a pattern stands in snapshots.

use axum_protected::routing::get;
use axum_protected::{ProtectedRouter, protected, public};

use crate::api::{Api, AppState};

type Routes = ProtectedRouter<AppState>;

#[public(reason = "scripts")]
async fn script() {}

#[public(reason = "scripts")]
async fn another_script() {}

#[protected(scope = "admin")]
async fn admin() {}

fn script_at(path: &str) -> Routes {
    Routes::new().route_with_pattern("/assets/app-{hash}.js", path, get(script))
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
async fn a_snapshot_does_not_change_with_the_path() {
    let before = Routes::new().nest("/v1", script_at("/assets/app-1.js"));
    let now = Routes::new().nest("/v1", script_at("/assets/app-2.js"));
    assert_eq!(before.access_table().to_snapshot(), now.access_table().to_snapshot());
    assert_eq!(changes(&before, &now), [""; 0]);
    let table = now.access_table().clone();
    assert!(table.to_string().starts_with("GET /v1/assets/app-2.js: public"), "{table}");
    let snapshot = table.to_snapshot();
    assert!(snapshot.contains("\"GET computed:/v1/assets/app-{hash}.js\""), "{snapshot}");
    let api = Api::of(now).await;
    assert_eq!(api.call("GET", "/v1/assets/app-2.js", None).await.status(), 200);
    assert_eq!(api.call("GET", "/v1/assets/app-1.js", None).await.status(), 404);
    api.issuer.access_matrix(api.app(), &table).await.unwrap();
}

#[test]
fn a_pattern_hides_no_weaker_route() {
    let of = |routes: &[(&str, &str, bool)]| {
        routes.iter().fold(Routes::new(), |router, (pattern, path, is_public)| {
            match (pattern.is_empty(), is_public) {
                (true, true) => router.route(path, get(script)),
                (true, false) => router.route(path, get(admin)),
                (false, true) => router.route_with_pattern(pattern, path, get(script)),
                (false, false) => router.route_with_pattern(pattern, path, get(admin)),
            }
        })
    };
    let none = Vec::<&str>::new();
    let x = "/x/{n}";
    let cases = vec![
        (of(&[(x, "/x/1", false)]), of(&[(x, "/x/2", false)]), none.clone()),
        (
            of(&[(x, "/x/1", false)]),
            of(&[(x, "/x/1", true)]),
            vec!["WEAKER GET computed:/x/{n}: admin -> public (scripts)"],
        ),
        // A declared route becomes one of the pattern.
        (
            of(&[(x, "/x/1", true), ("", "/x/users", false)]),
            of(&[(x, "/x/1", true), (x, "/x/users", true)]),
            vec![
                "WEAKER GET /x/users: admin -> gone, and `GET computed:/x/{n}` answers instead: public (scripts)",
            ],
        ),
        // A route of the pattern becomes a declared route.
        (
            of(&[(x, "/x/1", false)]),
            of(&[("", "/x/1", true)]),
            vec![
                "WEAKER GET /x/1: new, and `GET computed:/x/{n}` answered before: admin -> public (scripts)",
                "WEAKER GET computed:/x/{n}: admin -> gone, and `GET /x/1` answers instead: public (scripts)",
            ],
        ),
        // A route with a parameter matches more requests than the routes of an equal pattern.
        (
            of(&[(x, "/x/1", true), ("", "/{*rest}", false)]),
            of(&[("", x, true), ("", "/{*rest}", false)]),
            vec![
                "WEAKER GET /x/{n}: new, and `GET /{*rest}` answered before: admin -> public (scripts)",
                "gone GET computed:/x/{n}: public (scripts)",
            ],
        ),
        // The pattern is gone, and a broader route answers.
        (
            of(&[("/x/a-{n}.js", "/x/a-1.js", false)]),
            of(&[("", "/{*rest}", true)]),
            vec![
                "WEAKER GET /{*rest}: new, and `GET computed:/x/a-{n}.js` answered before: admin -> public (scripts)",
                "WEAKER GET computed:/x/a-{n}.js: admin -> gone, and `GET /{*rest}` answers instead: public (scripts)",
            ],
        ),
        // Another pattern matches the requests of a pattern.
        (
            of(&[("/x/a-{n}.js", "/x/a-1.js", false)]),
            of(&[("/x/{n}.js", "/x/a-1.js", true)]),
            vec![
                "WEAKER GET computed:/x/a-{n}.js: admin -> gone, and `GET computed:/x/{n}.js` answers instead: public (scripts)",
                "WEAKER GET computed:/x/{n}.js: new, and `GET computed:/x/a-{n}.js` answered before: admin -> public (scripts)",
            ],
        ),
    ];
    for (before, now, expected) in cases {
        assert_eq!(changes(&before, &now), expected);
    }
}

#[test]
fn routes_with_one_pattern_have_the_same_access() {
    let pattern = "/assets/{file}";
    let same = Routes::new()
        .route_with_pattern(pattern, "/assets/a-1", get(script))
        .route_with_pattern(pattern, "/assets/b-2", get(another_script));
    let snapshot = same.access_table().to_snapshot();
    assert_eq!(snapshot.matches("computed:").count(), 1, "{snapshot}");
    assert!(same.into_router().is_ok());

    let different = Routes::new()
        .route_with_pattern(pattern, "/assets/a-1", get(script))
        .route_with_pattern(pattern, "/assets/b-2", get(admin));
    // Even the table of the wrong router hides neither route.
    let snapshot = different.access_table().to_snapshot();
    assert!(snapshot.contains("GET /assets/b-2"), "{snapshot}");
    let inner = Routes::new().nest("/in", different);
    let error = inner.into_router().unwrap_err();
    assert!(
        error.problems().any(|problem| problem
            == "the routes of the pattern `GET computed:/in/assets/{file}` have different access: `public (scripts)` and `admin`"),
        "{error}"
    );
}

/// Otherwise a path could move from one pattern to the other, and the snapshot would not change.
#[test]
fn a_path_matches_no_pattern_with_another_access() {
    let overlapping =
        |methods| {
            Routes::new()
                .route_with_pattern("/x/a-{n}.js", "/x/a-1.js", get(admin))
                .route_with_pattern("/x/{n}.js", "/x/a-2.js", methods)
        };
    assert!(overlapping(get(admin)).into_router().is_ok());
    let error = overlapping(get(script)).into_router().unwrap_err();
    assert_eq!(
        error.problems().collect::<Vec<_>>(),
        [
            "`GET /x/a-1.js` also matches the pattern `/x/{n}.js`, whose routes have different access: write patterns that do not match the same paths",
            "`GET /x/a-2.js` also matches the pattern `/x/a-{n}.js`, whose routes have different access: write patterns that do not match the same paths"
        ]
    );
    let apart = Routes::new()
        .route_with_pattern("/x/a-{n}.js", "/x/a-1.js", get(admin))
        .route_with_pattern("/x/b-{n}.js", "/x/b-2.js", get(script));
    assert!(apart.into_router().is_ok());
}

#[test]
fn a_path_must_match_its_pattern() {
    for (pattern, path, matches) in [
        ("/a-{x}.js", "/a-1.js", true),
        ("/a-{x}.js", "/a-.js", false),
        ("/a-{x}.js", "/b-1.js", false),
        ("/a-{x}.js", "/a-1/2.js", false),
        ("/a-{x}.js", "/a-1.js.map", false),
        ("/{x}-{y}", "/a-b-c", true),
        ("/v-{x}/{id}", "/v-1/{id}", true),
        ("/v-{x}/{id}", "/v-1/{*rest}", false),
        ("/v-{x}/{*rest}", "/v-1/{*rest}", true),
        ("/v-{x}/1", "/v-1/{id}", false),
        ("/{{{x}}}", "/{{a}}", true),
        ("/{*all}", "/a/b", true),
        ("{x}", "/a", false),
        ("", "/a", false),
        ("/ä-{x}", "/ä-ö", true),
    ] {
        let routes = Routes::new().route_with_pattern(pattern, path, get(script));
        let problem = format!(
            "`{path}` does not match its pattern `{pattern}`: write a pattern like `/assets/{{file}}`"
        );
        let result = routes.into_router();
        let is_reported = result.is_err_and(|error| error.problems().any(|found| found == problem));
        assert_eq!(is_reported, !matches, "{pattern} {path}");
    }
}
