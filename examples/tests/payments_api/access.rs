//! Tests the access table, and every route with insufficient tokens and wrong proofs.

use axum_protected_testing::{Case, assert_unchanged};
use serde_json::json;

use super::api::{Api, ORIGIN, details};
use super::payments;

#[test]
fn the_access_table_equals_the_reviewed_file() {
    assert_unchanged(payments::routes().access_table(), "payments-api/access.json");
}

#[tokio::test]
async fn every_route_refuses_insufficient_tokens_and_wrong_proofs() {
    let api = Api::start().await;
    let payment = api.payment("10").await;
    let consent = |case: Case, id: &str| {
        let details = json!([details(id, &payment)]);
        case.path("/api/payments/p1").json(&payment).claim("authorization_details", details)
    };
    let report = api
        .issuer
        .access_matrix(&api.app, payments::routes().access_table())
        .audience(ORIGIN)
        .public_url(ORIGIN)
        .subject("alice")
        .case("GET /api/accounts", Case::granted())
        .case("GET /api/accounts", Case::denied().claim("client_id", "alice"))
        .case("PUT /api/payments/{id}", consent(Case::granted(), "p1"))
        .case("PUT /api/payments/{id}", consent(Case::denied(), "p2"))
        .case("GET /api/payments/{id}", consent(Case::granted(), "p1"))
        .case("GET /api/payments/{id}", consent(Case::denied(), "p2"))
        .await;
    assert_eq!(report.unwrap().untried().count(), 0);
}
