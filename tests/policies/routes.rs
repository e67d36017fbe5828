use std::convert::Infallible;
use std::panic::catch_unwind;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum_protected::router::AccessTable;
use axum_protected::routing::get;
use axum_protected::{ProtectedRouter, ResourceServer, protected, public};
use axum_protected_testing::assert_unchanged;
use serde_json::json;

use crate::api::{Api, AppState, router};

#[protected(issuer = "nobody")]
async fn of_nobody() {}

#[protected(any(scope = "a", all(scope = "b", issuer = "nowhere")))]
async fn of_nowhere() {}

#[public(reason = "a page for people")]
async fn lost() -> &'static str {
    "lost"
}

/// Serves requests as a service. The router treats services differently from handlers.
async fn files(request: Request) -> Result<Response, Infallible> {
    Ok(request.uri().path().to_owned().into_response())
}

#[test]
fn the_table_lists_every_access_rule() {
    let page = router().access_table().to_string();
    assert_eq!(
        page.lines()
            .filter_map(|line| line.split_once(" [").map(|(route, _)| format!("{route}\n")))
            .collect::<String>(),
        "\
DELETE /day: client backoffice and check in_office_hours
POST /export: (role auditor or claim department.name = \"finance\") and issuer acme
GET /health: public (liveness probe)
GET /late: acr gold or check in_office_hours
GET /mine: orders:read and check \"inline check\"
GET /orders: orders:read
DELETE /orders/{id}: orders:admin and acr gold and authenticated within 300 s
GET /orders/{id}: orders:admin or check owns_order
PUT /orders/{id}: orders:write and check owns_order
"
    );
}

#[test]
fn every_row_has_the_source_location_of_its_attribute() {
    let lost_only = || ProtectedRouter::<AppState>::new().route("/lost", get(lost));
    let here = std::panic::Location::caller();
    let router = lost_only().nest_service("/files", public("for all", tower::service_fn(files)));
    let table = router.access_table();
    let service = table.routes().find(|route| route.method == "*").unwrap();
    let location = service.access.location();
    assert_eq!((location.file(), location.line()), (here.file(), here.line() + 1));

    let rows = lost_only().access_table().to_json();
    let line = rows[0]["line"].as_u64().unwrap();
    let line = usize::try_from(line).unwrap();
    let source = include_str!("routes.rs").lines().nth(line - 1);
    assert_eq!(source, Some("#[public(reason = \"a page for people\")]"));
    assert_eq!(
        rows,
        json!([{
            "method": "GET",
            "path": "/lost",
            "access": "public (a page for people)",
            "page": false,
            "name": "policies::routes::lost",
            "file": file!(),
            "line": line,
        }])
    );
}

fn orders_only() -> AccessTable {
    #[protected(scope = "orders:read")]
    async fn list() {}
    let router = ProtectedRouter::<AppState>::new().route("/orders", get(list));
    router.access_table().clone()
}

#[test]
fn the_access_table_equals_the_reviewed_file() {
    let table = router().access_table().clone();
    assert_unchanged(&table, "policies/access.json");
}

/// Writes a temporary file that the test may overwrite, and returns its path.
fn file(name: &str, text: &str) -> String {
    let file = format!("{}/{name}", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&file, text).unwrap();
    file
}

/// Compares the table with the file. Asserts that this panics, and returns the message of the
/// panic.
fn panic_of(table: &AccessTable, file: &str) -> String {
    let panic = catch_unwind(|| assert_unchanged(table, file)).unwrap_err();
    *panic.downcast::<String>().unwrap()
}

#[test]
fn the_snapshot_names_every_difference() {
    #[protected]
    async fn list() {}
    #[protected(scope = "orders:export")]
    async fn export() {}
    let agreed = file("agreed.json", &orders_only().to_snapshot());
    assert_unchanged(&orders_only(), &agreed);
    let router = ProtectedRouter::<AppState>::new()
        .route("/export", get(export))
        .route("/orders", get(list));
    assert_eq!(
        panic_of(router.access_table(), &agreed),
        format!(
            "the access table differs from `{agreed}`:\n\
             WEAKER GET /orders: orders:read -> any valid token\n\
             new GET /export: orders:export\n\
             if this is intended, run `AXUM_PROTECTED_BLESS=1 cargo test`"
        )
    );
}

#[test]
fn a_file_that_is_not_a_snapshot_is_an_error() {
    let table = orders_only();

    let conflict = file("conflict.json", "<<<<<<< ours\n{}\n");
    assert_eq!(
        panic_of(&table, &conflict),
        format!(
            "the access table differs from `{conflict}`:\n\
             WEAKER every route: the file is not a snapshot, or lists a route twice\n\
             if this is intended, run `AXUM_PROTECTED_BLESS=1 cargo test`"
        )
    );

    let message = panic_of(&table, "policies/none.json");
    let first = "there is no snapshot at `policies/none.json`: run `AXUM_PROTECTED_BLESS=1";
    assert!(message.starts_with(first), "{message}");
}

mod a {
    use axum_protected::{Policy, check, protected};

    #[check]
    async fn owns() -> bool {
        true
    }

    #[derive(Policy)]
    #[policy(check = owns)]
    pub(super) struct Owner;

    #[protected(check = owns)]
    pub(super) async fn show() {}

    #[protected(check = || async { true })]
    pub(super) async fn inline() {}
}

mod b {
    use axum_protected::{Policy, check, protected};

    #[check]
    async fn owns() -> bool {
        true
    }

    #[derive(Policy)]
    #[policy(check = owns)]
    pub(super) struct Owner;

    #[protected(check = owns)]
    pub(super) async fn show() {}

    #[protected(check = || async { true })]
    pub(super) async fn inline() {}
}

#[protected(policy = a::Owner)]
async fn owner_of_a() {}

#[protected(policy = b::Owner)]
async fn owner_of_b() {}

#[protected(all(policy = a::Owner, policy = b::Owner))]
async fn owner_of_both() {}

#[test]
fn checks_of_one_name_in_two_modules_differ() {
    let of = |methods| {
        let router = ProtectedRouter::<AppState>::new().route("/", methods);
        router.access_table().clone()
    };
    let cases = [
        (get(owner_of_a), get(owner_of_b)),
        (get(owner_of_both), get(owner_of_b)),
        (get(a::show), get(b::show)),
        (get(a::inline), get(b::inline)),
    ];
    for (before, now) in cases {
        let (before, now) = (of(before), of(now));
        let changes = now.compare(&before.to_snapshot()).unwrap_err();
        assert!(changes.to_string().starts_with("WEAKER GET /: "), "{changes}");
    }
    // A different source location of a handler is not reported as a difference.
    let (before, now) = (of(get(owner_of_a)), of(get(a::show)));
    assert_eq!(now.compare(&before.to_snapshot()), Ok(()));
}

#[tokio::test]
async fn conflicts_between_routes_are_reported_together() {
    let api = Api::start().await;
    let inner = ProtectedRouter::new().route("/x", get(lost)).route("/{id}/y", get(lost));
    let error = ProtectedRouter::new()
        .route("/a", get(of_nobody).post(of_nowhere).get(lost))
        .route("/a", get(lost))
        .nest("/n", inner)
        .route("/n/{other}/y", get(lost))
        .route("items", get(lost))
        .nest("/", ProtectedRouter::new())
        .merge(ProtectedRouter::new().route("/n/x", get(lost)))
        .with_state::<()>(api.state)
        .into_router()
        .unwrap_err();
    assert_eq!(
        error.problems().collect::<Vec<_>>(),
        [
            "`GET /a` is declared twice",
            "`GET /a` is declared twice",
            "`/n/{id}/y` and `/n/{other}/y` match the same requests: give their parameters the same names, or remove one",
            "`items` is not a path: write it like `/items/{id}`",
            "nothing can be nested at `/`: write a path like `/api`, without a trailing slash",
            "`GET /n/x` is declared twice",
            "`GET /a` names the unknown issuer `nobody`",
            "`POST /a` names the unknown issuer `nowhere`",
        ]
    );
}

#[tokio::test]
async fn issuers_are_looked_up_in_the_state_that_serves_them() {
    let api = Api::start().await;
    let other = Api::start().await;
    let without = ProtectedRouter::<AppState>::new().route("/a", get(of_nobody));
    assert_eq!(
        without.into_router().unwrap_err().to_string(),
        "the router cannot be built: `GET /a` names an issuer, which is checked against the state: call `with_state` first"
    );
    // The inner server trusts the issuer `acme`. The router does not look for the issuer in the
    // outer server.
    let inner = router().with_state(api.state);
    let outer = ProtectedRouter::<ResourceServer>::new().nest("/inner", inner);
    let server = ResourceServer::builder()
        .issuer(other.issuer.issuer())
        .audience("another")
        .build()
        .unwrap();
    let app = outer.with_state::<()>(server).into_router();
    assert!(app.is_ok(), "{app:?}");
}

#[tokio::test]
async fn services_and_fallbacks_have_policies_too() {
    let service = || tower::service_fn(files);
    let inner = ProtectedRouter::new().nest_service("/files", protected(CanReadFiles, service()));
    let router = ProtectedRouter::<AppState>::new()
        .nest("/inner", inner)
        .nest("/api", router())
        .nest_service("/files", protected(CanReadFiles, service()))
        .nest_service("/documents", public("documents for all", service()))
        .fallback(lost);
    let table = router.access_table().to_string();
    assert!(table.contains("* /files/*: orders:write ["), "{table}");
    assert!(
        table.contains("* /documents/*: public (documents for all) [tests/policies/routes.rs:"),
        "{table}"
    );
    assert!(table.contains("* /*: public (a page for people) ["), "{table}");
    assert!(table.contains("PUT /api/orders/{id}: "), "{table}");

    let api = Api::of(router).await;
    let writer = api.issuer.token().scope("orders:write").sign();
    let reader = api.issuer.token().scope("orders:read").sign();
    for path in ["/files", "/files/", "/files/a", "/inner/files", "/inner/files/a/b"] {
        assert_eq!(api.status("GET", path, &writer).await.0, 200, "{path}");
        assert_eq!(api.status("GET", path, &reader).await.0, 403, "{path}");
        assert_eq!(api.call("GET", path, None).await.status(), 401, "{path}");
    }
    assert_eq!(api.status("POST", "/files/a/b", &reader).await.0, 403);
    assert_eq!(api.call("GET", "/files/a", None).await.status(), 401);
    assert_eq!(api.call("GET", "/documents/a", None).await.status(), 200);
    assert_eq!(api.call("GET", "/nowhere", None).await.status(), 200);
    assert_eq!(api.call("GET", "/api/orders", None).await.status(), 401);
}

#[tokio::test]
async fn a_fallback_covers_every_path_of_its_row() {
    let service = || tower::service_fn(files);
    let admin = || {
        ProtectedRouter::new()
            .route("/page", get(lost))
            .fallback_service(protected(CanReadFiles, service()))
    };
    let router = ProtectedRouter::<AppState>::new()
        .nest("/admin", admin())
        .nest("/a", ProtectedRouter::new().merge(admin()).nest("/b", admin()))
        .fallback_service(public("the site", service()));
    let table = router.access_table().clone();
    assert!(table.to_string().contains("* /a/b/*: orders:write ["), "{table}");
    let api = Api::of(router).await;
    for prefix in ["/admin", "/a", "/a/b"] {
        for end in ["", "/", "/x", "/x/", "//", "/page/"] {
            let path = format!("{prefix}{end}");
            assert_eq!(api.call("GET", &path, None).await.status(), 401, "{path}");
        }
        let page = format!("{prefix}/page");
        assert_eq!(api.call("GET", &page, None).await.status(), 200, "{page}");
    }
    assert_eq!(api.call("GET", "/administration", None).await.status(), 200);
    api.issuer.access_matrix(api.app(), &table).await.unwrap();
}

#[derive(axum_protected::Policy)]
#[policy(scope = "orders:write")]
struct CanReadFiles;
