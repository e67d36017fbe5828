use axum_protected::clock::{Clock, SystemClock};
use serde_json::json;

use crate::api::{Api, challenge};

#[tokio::test]
async fn a_broader_scope_satisfies_a_narrower_demand_and_never_the_reverse() {
    let api = Api::start().await;
    let cases = [
        ("GET", "/orders", "orders:read", 200),
        ("GET", "/orders", "orders:write", 200),
        ("GET", "/orders", "orders:admin", 200),
        ("GET", "/orders", "orders", 403),
        ("GET", "/orders", "", 403),
        ("GET", "/orders/2", "orders:admin", 200),
        ("GET", "/orders/2", "orders:write", 403),
    ];
    for (method, path, scope, status) in cases {
        let token = api.issuer.token().scope(scope).sign();
        assert_eq!(api.status(method, path, &token).await.0, status, "{path} {scope}");
    }
}

#[tokio::test]
async fn roles_claims_and_issuers_are_demands_too() {
    let api = Api::start().await;
    let with = |name: &str, value| api.issuer.token().claim(name, value).sign();
    let cases = [
        (with("roles", json!(["auditor"])), 200),
        (with("roles", json!(["auditors"])), 403),
        (with("department", json!({"name": "finance"})), 200),
        (with("department", json!({"name": ["sales", "finance"]})), 200),
        (with("department", json!({"name": "sales"})), 403),
        (with("department.name", json!("finance")), 403),
    ];
    for (token, status) in cases {
        assert_eq!(api.status("POST", "/export", &token).await.0, status);
    }
}

#[tokio::test]
async fn a_weak_or_old_authentication_gets_a_step_up_challenge() {
    let api = Api::start().await;
    let token = || api.issuer.token().scope("orders:admin").claim("acr", "gold");
    let now = SystemClock.now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();

    let good = token().claim("auth_time", now - 60).sign();
    assert_eq!(api.status("DELETE", "/orders/1", &good).await.0, 200);

    let old = token().claim("auth_time", now - 3600).sign();
    let weak = token().claim("auth_time", now).claim("acr", "silver").sign();
    let unsaid = token().sign();
    for token in [old, weak, unsaid] {
        let response = api.call("DELETE", "/orders/1", Some(&token)).await;
        assert_eq!(response.status(), 401);
        let challenge = challenge(&response);
        for part in [
            "error=\"insufficient_user_authentication\"",
            "acr_values=\"gold\"",
            "max_age=\"300\"",
            "scope=\"orders:admin\"",
        ] {
            assert!(challenge.contains(part), "{challenge}");
        }
    }

    // A step-up would not be sufficient, because the token also lacks a scope.
    let reader = api.issuer.token().scope("orders:read").sign();
    let response = api.call("DELETE", "/orders/1", Some(&reader)).await;
    assert_eq!(response.status(), 403);
    assert!(challenge(&response).contains("error=\"insufficient_scope\""));

    // If the token is invalid, the challenge does not name the required authentication.
    let response = api.call("DELETE", "/orders/1", Some("a.b.c")).await;
    assert!(!challenge(&response).contains("acr_values"));
}
