//! Requests of the caller's own, for routes that a check decides.

use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use axum_protected::routing::{get, post};
use axum_protected::{AccessToken, Claims, Policy, ProtectedLayer, check, protected, public};
use axum_protected_testing::{AccessMatrixBuilder, Case};
use serde_json::{Value, json};

use crate::api::{Api, Routes, failures, untried};

/// Order 7 belongs to `alice`. No other order exists.
#[check]
async fn owns(Path(id): Path<u64>, caller: AccessToken) -> Result<bool, StatusCode> {
    if id == 7 { Ok(caller.subject() == Some("alice")) } else { Err(StatusCode::NOT_FOUND) }
}

#[protected(any(scope = "admin", all(scope = "orders:read", check = owns)))]
async fn show() {}

#[protected(scope = "orders:write", check = owns)]
async fn change() {}

#[protected(scope = "orders:write")]
async fn without_check() {}

#[public(reason = "a test")]
async fn open() {}

fn routes() -> Routes {
    Routes::new().route("/orders/{id}", get(show).put(change)).route("/orders/new", get(open))
}

const SHOW: &str = "GET /orders/{id}";
const CHANGE: &str = "PUT /orders/{id}";

fn owner() -> Case {
    Case::granted().path("/orders/7").subject("alice")
}

fn other() -> Case {
    Case::denied().path_value("id", "7").subject("bob")
}

fn matrix(api: &Api) -> AccessMatrixBuilder<'_> {
    api.issuer.access_matrix(&api.app, &api.table)
}

#[tokio::test]
async fn a_route_is_tried_by_a_granted_and_a_denied_case() {
    let api = Api::of(routes()).await;
    let report = matrix(&api).await.unwrap();
    let both = [format!("{SHOW}: a check decides"), format!("{CHANGE}: a check decides")];
    assert_eq!(untried(&report), both);

    // The check decides about a request that the scope `admin` does not grant.
    let matrix = |api| matrix(api).case(SHOW, owner()).case(SHOW, other());

    let report = matrix(&api).case(CHANGE, owner()).await.unwrap();
    assert_eq!(untried(&report), [format!("{CHANGE}: a check decides, and no case was denied")]);
    let report = matrix(&api).case(CHANGE, other()).await.unwrap();
    assert_eq!(untried(&report), [format!("{CHANGE}: a check decides, and no case was granted")]);

    // The check answers 404 for order 8, which is a refusal as well.
    let missing = Case::denied().path("/orders/8").subject("alice");
    for denied in [other(), missing] {
        let report = matrix(&api).case(CHANGE, owner()).case(CHANGE, denied).await.unwrap();
        assert_eq!(untried(&report), Vec::<&str>::new());
    }
}

/// A token with the scope `admin` would be granted without the check.
#[tokio::test]
async fn the_token_of_a_case_leaves_the_decision_to_the_check() {
    let api = Api::of(routes()).await;
    let show = "GET /orders/{id}";
    matrix(&api).case(show, owner()).case(show, other()).await.unwrap();
    let admin = other().claim("scope", "admin");
    assert_eq!(
        failures(matrix(&api).case(show, admin).await),
        ["GET /orders/{id}, case 1 (denied): 200 instead of the refusal `denied`"]
    );
}

#[tokio::test]
async fn a_case_with_another_result_is_a_failure() {
    let mut api = Api::of(routes()).await;
    let swapped = matrix(&api)
        .case(CHANGE, Case::granted().path("/orders/7").subject("bob"))
        .case(CHANGE, Case::denied().path("/orders/7").subject("alice"))
        .await;
    assert_eq!(
        failures(swapped),
        [
            format!("{CHANGE}, case 1 (granted): 403 (`denied`), though it is enough"),
            format!("{CHANGE}, case 2 (denied): 200 instead of the refusal `denied`"),
        ]
    );

    // The app has lost its check.
    api.app = Api::of(
        Routes::new()
            .route("/orders/{id}", get(show).put(without_check))
            .route("/orders/new", get(open)),
    )
    .await
    .app;
    let untrusting = failures(matrix(&api).case(CHANGE, owner()).case(CHANGE, other()).await);
    assert!(untrusting.iter().any(|failure| failure.contains("case 1")), "{untrusting:#?}");
}

#[tokio::test]
async fn a_case_that_reaches_no_route_is_an_error() {
    let api = Api::of(routes()).await;
    let elsewhere = Case::granted().path("/orders/new");
    assert_eq!(
        failures(matrix(&api).case("GET /orders/{id}", elsewhere).await),
        ["GET /orders/{id}, case 1 (granted): it leads to `/orders/new`"]
    );
    let nowhere = Case::granted().path("orders/7");
    assert_eq!(
        failures(matrix(&api).case(CHANGE, nowhere).await),
        [format!("{CHANGE}, case 1 (granted): it is not in the app")]
    );

    let wrong = Case::denied()
        .path_value("order", "7")
        .header("a b", "c")
        .header("a", "b\nc")
        .claim("exp", 1)
        .claims(json!("sub"));
    let result = matrix(&api).case("GET /orders/7", owner()).case(CHANGE, wrong).await;
    let place = format!("{CHANGE}, case 1 (denied): ");
    assert_eq!(
        result.unwrap_err().to_string(),
        format!(
            "the access matrix cannot be sent:\n\
             a case is for `GET /orders/7`, which is not in the table\n\
             {place}`a b` is not the name of a header\n\
             {place}the value of the header `a` has characters that no header has\n\
             {place}the claim `exp` cannot be chosen, because the access matrix sets it\n\
             {place}`claims` takes a JSON object\n\
             {place}`path_value` names the parameter `order`, which is in no path\n"
        )
    );
}

#[check]
async fn has_all(headers: HeaderMap, RawQuery(query): RawQuery, claims: Claims<Value>) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    query.as_deref() == Some("a=1")
        && header("x-tenant") == Some("acme")
        && header("content-type") == Some("application/json")
        && claims["tenant"] == "acme"
}

#[protected(check = has_all)]
async fn create() {}

#[tokio::test]
async fn a_case_has_headers_a_query_a_body_and_claims() {
    let api = Api::of(Routes::new().route("/", post(create))).await;
    let whole = |case: Case| {
        case.query("a=1")
            .header("x-tenant", "acme")
            .json(&json!({"name": "x"}))
            .claims(json!({"tenant": "acme"}))
    };
    let report = matrix(&api)
        .case("POST /", whole(Case::granted()))
        .case("POST /", whole(Case::denied()).query("a=2"))
        .case("POST /", whole(Case::denied()).claim("tenant", "other"))
        .case("POST /", Case::denied())
        .await;
    assert_eq!(untried(&report.unwrap()), Vec::<&str>::new());
}

#[check]
async fn is_alice(caller: AccessToken) -> bool {
    caller.subject() == Some("alice")
}

#[derive(Policy)]
#[policy(check = is_alice)]
struct Alice;

#[protected(all(scope = "a", check = is_alice))]
async fn by_alice() {}

/// The app demands the check alone, before or in place of the scope.
#[tokio::test]
async fn a_check_that_refuses_first_hides_no_missing_scope() {
    #[protected(check = is_alice)]
    async fn only_check() {}

    let api = Api::of(Routes::new().route("/", get(only_check))).await;
    let table = Routes::new().route("/", get(by_alice)).access_table().clone();
    let matrix = || {
        api.issuer
            .access_matrix(&api.app, &table)
            .case("GET /", Case::granted().subject("alice"))
            .case("GET /", Case::denied().subject("bob"))
    };
    assert_eq!(
        untried(&matrix().await.unwrap()),
        [
            "GET /: without `a`: 403 (`denied`): a check refused first; choose a `subject` that it accepts"
        ]
    );
    assert_eq!(
        failures(matrix().subject("alice").await),
        ["GET /, without `a`: 200 instead of the refusal `insufficient_scope`"]
    );

    let api = Api::of(Routes::new().route("/", get(by_alice))).await;
    let state = api.issuer.resource_server().build().unwrap();
    let api = api.layered(|app| app.layer(ProtectedLayer::<Alice, _>::new(state)));
    let matrix = api.issuer.access_matrix(&api.app, &table).subject("alice");
    matrix.case("GET /", Case::granted()).await.unwrap();
}
