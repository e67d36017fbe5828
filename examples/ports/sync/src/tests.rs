use axum_protected_testing::{AuthorizationServer, Case, assert_unchanged};

use crate::memory::Memory;
use crate::{AppState, app, routes};

#[test]
fn the_access_of_each_route_was_reviewed() {
    assert_unchanged(routes::<Memory>().access_table(), "access.json");
}

#[tokio::test]
async fn each_route_refuses_and_grants_what_the_table_says() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let repository = Memory::default();
    repository.content().owners.insert(7, "alice".to_owned());
    let server = issuer.resource_server().build().unwrap();
    let app = app(AppState { server, repository }).unwrap();

    let routes = routes::<Memory>();
    let mut matrix = issuer.access_matrix(&app, routes.access_table());
    for route in ["GET /collections/{collection}", "PUT /collections/{collection}"] {
        matrix = matrix
            .case(route, Case::granted().path("/collections/7").subject("alice"))
            .case(route, Case::denied().path("/collections/7").subject("bob"))
            .case(route, Case::denied().path("/collections/8").subject("alice"));
    }
    assert_eq!(matrix.await.unwrap().untried().count(), 0);
}
