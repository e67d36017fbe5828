use axum_extra::extract::cookie::Key;
use axum_protected_testing::{AuthorizationServer, assert_unchanged};

use crate::{AppState, Pastes, app, routes};

#[test]
fn the_access_of_each_route_was_reviewed() {
    assert_unchanged(routes(Pastes::default()).access_table(), "access.json");
}

#[tokio::test]
async fn each_route_refuses_and_grants_what_the_table_says() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let server = issuer.resource_server().build().unwrap();
    let state = AppState { server, pastes: Pastes::default(), key: Key::generate() };
    let table = routes(Pastes::default());
    let report = issuer.access_matrix(&app(state).unwrap(), table.access_table()).await.unwrap();
    assert_eq!(report.untried().count(), 0);
}
