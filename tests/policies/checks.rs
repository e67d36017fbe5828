use axum::extract::State;
use axum::routing::get;
use axum_protected::{Authorized, Policy, ProtectedLayer, ProtectedRouter, check};
use tower::ServiceExt;

use crate::api::{Api, AppState, challenge};

#[tokio::test]
async fn a_check_is_asked_after_the_token_and_only_where_it_matters() {
    let api = Api::start().await;
    let as_user = |subject: &str, scope: &str| {
        let token = api.issuer.token().subject(subject).scope(scope);
        token.sign()
    };
    let asked = vec!["owns_order"];
    let cases = [
        // The owner, with any token; the admin, without a question.
        ("GET", "/orders/1", as_user("alice", ""), 200, asked.clone()),
        ("GET", "/orders/2", as_user("alice", ""), 403, asked.clone()),
        (
            "GET",
            "/orders/2",
            as_user("alice", "orders:admin"),
            200,
            vec![],
        ),
        // The check's own answer is the answer.
        ("GET", "/orders/3", as_user("alice", ""), 404, asked.clone()),
        ("GET", "/orders/x", as_user("alice", ""), 400, vec![]),
        // Without the scope of the named policy nobody asks for the owner.
        (
            "PUT",
            "/orders/1",
            as_user("alice", "orders:read"),
            403,
            vec![],
        ),
        (
            "PUT",
            "/orders/2",
            as_user("alice", "orders:write"),
            403,
            asked.clone(),
        ),
        (
            "PUT",
            "/orders/3",
            as_user("alice", "orders:write"),
            404,
            asked,
        ),
        // An inline check.
        ("GET", "/mine", as_user("alice", "orders:read"), 200, vec![]),
        ("GET", "/mine", as_user("bob", "orders:read"), 403, vec![]),
    ];
    for (method, path, token, status, asked) in cases {
        assert_eq!(
            api.status(method, path, &token).await,
            (status, asked),
            "{method} {path}"
        );
    }
    let owner = as_user("alice", "orders:write");
    let (status, asked) = api.status("PUT", "/orders/1", &owner).await;
    assert_eq!(status, 200);
    // Once, though the handler takes the proof of what its guard has found.
    assert_eq!(asked, ["owns_order"]);
}

#[tokio::test]
async fn a_plain_no_is_a_refusal_that_asks_for_no_scope() {
    let api = Api::start().await;
    let token = api.issuer.token().claim("client_id", "backoffice").sign();
    let response = api.call("DELETE", "/day", Some(&token)).await;
    assert_eq!(response.status(), 403);
    let challenge = challenge(&response);
    assert!(
        challenge.contains("error=\"insufficient_scope\""),
        "{challenge}"
    );
    assert!(!challenge.contains("scope=\"orders"), "{challenge}");

    // Stepping up would do in spite of the check, so that is what is said.
    let response = api.call("GET", "/late", Some(&token)).await;
    assert_eq!(response.status(), 401);
    assert!(crate::api::challenge(&response).contains("acr_values=\"gold\""));

    let other = api.issuer.token().sign();
    assert_eq!(api.status("DELETE", "/day", &other).await, (403, vec![]));
}

#[tokio::test]
async fn what_was_found_is_not_passed_on_to_another_router() {
    #[derive(Policy)]
    #[policy(check = in_office_hours_of_late)]
    struct Late;

    #[check]
    async fn in_office_hours_of_late(State(state): State<AppState>) -> bool {
        state.asked.lock().unwrap().push("late");
        true
    }

    async fn inner(_: Authorized<Late>) {}

    let api = Api::start().await;
    let token = api.issuer.token().sign();
    let within = || {
        axum::Router::new()
            .route("/x", get(inner))
            .with_state(api.state.clone())
    };
    let layered = within().layer(ProtectedLayer::<Late, _>::new(api.state.clone()));
    let served = ProtectedRouter::new().protected_service::<Late, _>("/s", within());
    let served = served.with_state(api.state.clone()).into_router().unwrap();
    for (app, path) in [(layered, "/x"), (served, "/s/x")] {
        api.state.asked.lock().unwrap().clear();
        let request = axum::http::Request::get(path)
            .header("Authorization", format!("Bearer {token}"))
            .body(axum::body::Body::empty())
            .unwrap();
        assert_eq!(app.oneshot(request).await.unwrap().status(), 200);
        assert_eq!(*api.state.asked.lock().unwrap(), ["late", "late"]);
    }
}
