//! Tests that the members of an answer satisfy the same policies as claims.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::post;
use axum_protected::protected;
use axum_protected_tests::{App, Call, trusting};
use serde_json::json;
use tower::ServiceExt;

use super::double::ISSUER;
use super::{Double, active, issuer, now, with};

#[tokio::test]
async fn scopes_decide_as_in_a_token() {
    let double = Double::default();
    let served = double.serve().await;
    let app = App::serve(trusting(issuer(&served.url)).build().unwrap()).await;
    double.answer("reader", with(active(&served.url), json!({ "scope": "items:read" })));
    double.answer("nobody", with(active(&served.url), json!({ "scope": null })));
    app.grants(&Call::get("/api/items").bearer("reader")).await;
    app.refuses(&Call::post("/api/items").bearer("reader"), 403, "insufficient_scope").await;
    app.refuses(&Call::get("/api/items").bearer("nobody"), 403, "insufficient_scope").await;
    app.grants(&Call::get("/api/me").bearer("nobody")).await;
}

#[tokio::test]
async fn the_authentication_of_the_user_decides_as_in_a_token() {
    let double = Double::default();
    let served = double.serve().await;
    let app = App::serve(trusting(issuer(&served.url)).build().unwrap()).await;
    let gold = Call::get("/api/gold");
    for (token, members, is_granted) in [
        ("strong", json!({ "acr": "gold", "auth_time": now() - 10 }), true),
        ("weak", json!({ "acr": "silver", "auth_time": now() - 10 }), false),
        ("old", json!({ "acr": "gold", "auth_time": now() - 1000 }), false),
        ("unknown", json!({}), false),
    ] {
        double.answer(token, with(active(&served.url), members));
        let call = gold.clone().bearer(token);
        if is_granted {
            app.grants(&call).await;
        } else {
            app.refuses(&call, 401, "insufficient_user_authentication").await;
        }
    }
}

#[tokio::test]
async fn checks_and_claims_see_the_answer() {
    let double = Double::default();
    let served = double.serve().await;
    let app = App::serve(trusting(issuer(&served.url)).build().unwrap()).await;
    let members = json!({ "sub": "carol", "email": "carol@example.com" });
    double.answer("carol", with(active(&served.url), members));
    double.answer("alice", active(&served.url));
    app.grants(&Call::get("/api/carol").bearer("carol")).await;
    let answer = app.grants(&Call::get("/api/caller").bearer("carol")).await;
    assert_eq!(answer.text(), "carol@example.com");
    app.refuses(&Call::get("/api/carol").bearer("alice"), 403, "denied").await;
}

#[protected(details(type = "payment_initiation", actions = "initiate"))]
async fn pay() {}

#[tokio::test]
async fn the_details_of_an_answer_decide_as_in_a_token() {
    let double = Double::default();
    let server = double.server().build().unwrap();
    let app = Router::new().route("/pay", post(pay)).with_state(server);
    let initiate = json!([{ "type": "payment_initiation", "actions": ["initiate"] }]);
    let status = json!([{ "type": "payment_initiation", "actions": ["status"] }]);
    for (token, details, expected) in [
        ("initiate", initiate, StatusCode::OK),
        ("status", status, StatusCode::FORBIDDEN),
        ("none", json!(null), StatusCode::FORBIDDEN),
        ("malformed", json!({ "type": "payment_initiation" }), StatusCode::UNAUTHORIZED),
    ] {
        double.answer(token, with(active(ISSUER), json!({ "authorization_details": details })));
        let request = Request::post("/pay").header("Authorization", format!("Bearer {token}"));
        let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), expected, "{token}");
    }
}
