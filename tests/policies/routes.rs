use std::convert::Infallible;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum_protected::routing::get;
use axum_protected::testing::AccessSnapshotError;
use axum_protected::{AccessTable, ProtectedRouter, protected, public};

use crate::api::{Api, AppState, router};

#[protected(issuer = "nobody")]
async fn of_nobody() {}

#[protected(any(scope = "a", all(scope = "b", issuer = "nowhere")))]
async fn of_nowhere() {}

#[public(reason = "a page for people")]
async fn lost() -> &'static str {
    "lost"
}

/// What is not a handler.
async fn files(request: Request) -> Result<Response, Infallible> {
    Ok(request.uri().path().to_owned().into_response())
}

#[test]
fn the_table_is_a_page_for_a_review() {
    assert_eq!(
        router().access_table().to_string(),
        "\
DELETE /day: client backoffice and check in_office_hours
POST /export: (role auditor or claim department.name = \"finance\") and issuer acme
GET /health: public (liveness probe)
GET /late: acr gold or check in_office_hours
GET /mine: orders:read and check inline check
GET /orders: orders:read
DELETE /orders/{id}: orders:admin and acr gold and authenticated within 300 s
GET /orders/{id}: orders:admin or check owns_order
PUT /orders/{id}: orders:write and check owns_order
"
    );
}

fn orders_only() -> AccessTable {
    #[protected(scope = "orders:read")]
    async fn list() {}
    let router = ProtectedRouter::<AppState>::new().route("/orders", get(list));
    router.access_table().clone()
}

#[test]
fn the_snapshot_names_what_became_weaker() {
    let table = router().access_table().clone();
    table.assert_unchanged("policies/access.json").unwrap();
    let changes = orders_only().compare(&table.to_json()).unwrap_err();
    let error = AccessSnapshotError::Changed(changes).to_string();
    assert!(error.contains("gone DELETE /orders/{id}: "), "{error}");
    assert!(error.contains("AXUM_PROTECTED_BLESS=1"), "{error}");
}

#[tokio::test]
async fn what_only_shows_when_the_routes_are_together_is_told_at_once() {
    let api = Api::start().await;
    let inner = ProtectedRouter::new()
        .route("/x", get(lost))
        .route("/{id}/y", get(lost));
    let error = ProtectedRouter::new()
        .route("/a", get(of_nobody).post(of_nowhere).get(lost))
        .route("/a", get(lost))
        .nest("/n", inner)
        .route("/n/{other}/y", get(lost))
        .route("items", get(lost))
        .nest("/", ProtectedRouter::new())
        .merge(ProtectedRouter::new().route("/n/x", get(lost)))
        .with_state(api.state)
        .unwrap_err();
    assert_eq!(
        error.problems().collect::<Vec<_>>(),
        [
            "`GET /a` is declared twice",
            "`GET /a` is declared twice",
            "`/n/{id}/y` and `/n/{other}/y` are one path: name its parameters alike",
            "`items` is no path: write it as `/items/{id}`",
            "nothing can be nested at `/`: write a path as `/api`, without a slash at its end",
            "`GET /n/x` is declared twice",
            "`GET /a` names the unknown issuer `nobody`",
            "`POST /a` names the unknown issuer `nowhere`",
        ]
    );
}

#[tokio::test]
async fn services_and_fallbacks_state_their_policy_too() {
    let service = || tower::service_fn(files);
    let inner = ProtectedRouter::new().protected_service::<CanReadFiles, _>("/files", service());
    let router = ProtectedRouter::<AppState>::new()
        .nest("/inner", inner)
        .nest("/api", router())
        .protected_service::<CanReadFiles, _>("/files", service())
        .public_service("/documents", "documents for all", service())
        .fallback(lost);
    let table = router.access_table().to_string();
    assert!(table.contains("* /files/*: orders:write\n"), "{table}");
    assert!(
        table.contains("* /documents/*: public (documents for all)\n"),
        "{table}"
    );
    assert!(
        table.contains("* /*: public (a page for people)\n"),
        "{table}"
    );
    assert!(table.contains("PUT /api/orders/{id}: "), "{table}");

    let api = Api::of(router).await;
    let writer = api.issuer.token().scope("orders:write").sign();
    let reader = api.issuer.token().scope("orders:read").sign();
    for path in [
        "/files",
        "/files/",
        "/files/a",
        "/inner/files",
        "/inner/files/a/b",
    ] {
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

#[derive(axum_protected::Policy)]
#[policy(scope = "orders:write")]
struct CanReadFiles;
