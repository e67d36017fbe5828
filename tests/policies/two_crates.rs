//! Tests a handler whose attribute contains code of two crates. Macros of both crates write the
//! path of this code as `$crate::two_crates::...`, so that the text of the path is the same.

use axum_protected::routing::get;
use axum_protected::{Policy, ProtectedRouter, check};

use crate::api::Api;

/// Refuses every request.
#[check]
async fn may_enter() -> bool {
    false
}

#[derive(Policy)]
#[policy(check = may_enter)]
struct Visitor;

macro_rules! handlers {
    () => {
        axum_protected_tests::handlers_of_two_crates! {
            $crate::two_crates::may_enter,
            $crate::two_crates::Visitor
        }
    };
}

handlers!();

#[tokio::test]
async fn each_crate_decides_by_its_own_code() {
    let router = ProtectedRouter::new().route("/checked", get(checked)).route("/named", get(named));
    let api = Api::of(router).await;
    let mut answers = Vec::new();
    for path in ["/checked", "/named"] {
        for scope in ["theirs", "ours", "ours theirs"] {
            let token = api.issuer.token().scope(scope).sign();
            answers.push((path, scope, api.status("GET", path, &token).await.0));
        }
    }
    assert_eq!(
        answers,
        [
            ("/checked", "theirs", 200),
            ("/checked", "ours", 403),
            ("/checked", "ours theirs", 200),
            ("/named", "theirs", 200),
            ("/named", "ours", 403),
            ("/named", "ours theirs", 200),
        ]
    );
}
