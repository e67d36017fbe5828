use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum_protected::clock::{Clock, SystemClock};
use axum_protected::revocation::Revocation;
use axum_protected_testing::{AuthorizationServer, assert_unchanged};
use futures_util::StreamExt;
use tokio::sync::broadcast;
use tower::ServiceExt;

use crate::{AppState, app, routes};

struct Feed {
    issuer: AuthorizationServer,
    state: AppState,
    app: Router,
}

impl Feed {
    async fn start() -> Self {
        let issuer = AuthorizationServer::start().await.unwrap();
        let server = issuer.resource_server().build().unwrap();
        let state = AppState { server, messages: broadcast::Sender::new(16) };
        let app = app(state.clone()).unwrap();
        Self { issuer, state, app }
    }
}

#[test]
fn the_access_of_each_route_was_reviewed() {
    assert_unchanged(routes().access_table(), "access.json");
}

#[tokio::test]
async fn each_route_refuses_and_grants_what_the_table_says() {
    let Feed { issuer, app, .. } = Feed::start().await;
    let report = issuer.access_matrix(&app, routes().access_table()).await.unwrap();
    assert_eq!(report.untried().count(), 0);
}

#[tokio::test]
async fn the_events_end_when_their_token_is_revoked() {
    let Feed { issuer, state, app } = Feed::start().await;
    let token = issuer.token().subject("alice").scope("feed:read").sign();
    let request = Request::get("/events").header("Authorization", format!("Bearer {token}"));
    let response = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let mut events = response.into_body().into_data_stream();

    state.messages.send("hello".to_owned()).unwrap();
    assert_eq!(events.next().await.unwrap().unwrap(), "data: hello\n\n");

    let now = SystemClock.now();
    let alice = Revocation::subject(issuer.issuer(), "alice", now + Duration::from_secs(1));
    let until = now + Duration::from_secs(7200);
    state.server.revocations().revoke(alice, until).await.unwrap();
    assert!(events.next().await.is_none());
}
