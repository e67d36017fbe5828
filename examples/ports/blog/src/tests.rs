use std::sync::{Arc, Mutex};

use axum_protected_testing::{AuthorizationServer, Case, assert_unchanged};

use crate::database::Database;
use crate::{AppState, app, routes};

/// The content of the tables: `ann` and `abe` are authors, `eve` is an editor.
const CONTENT: &str = "
    INSERT INTO roles VALUES ('ann', 'author'), ('abe', 'author'), ('eve', 'editor');
    INSERT INTO posts (id, author, text) VALUES (1, 'ann', 'hello'), (2, 'zoe', 'bye');
";

#[test]
fn the_access_of_each_route_was_reviewed() {
    assert_unchanged(routes().access_table(), "access.json");
}

#[tokio::test]
async fn each_route_refuses_and_grants_what_the_tables_say() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let database = Database::open().unwrap();
    database.0.execute_batch(CONTENT).unwrap();
    let server = issuer.resource_server().build().unwrap();
    let state = AppState { server, database: Arc::new(Mutex::new(database)) };

    let (write, edit, remove) = ("POST /posts", "POST /posts/{id}", "DELETE /posts/{id}");
    let report = issuer
        .access_matrix(&app(state).unwrap(), routes().access_table())
        .case(write, Case::granted().subject("ann").body("new"))
        .case(write, Case::denied().subject("zoe").body("new"))
        .case(edit, Case::granted().path("/posts/1").subject("ann").body("new"))
        .case(edit, Case::denied().path("/posts/1").subject("abe").body("new"))
        .case(edit, Case::denied().path("/posts/2").subject("zoe").body("new"))
        .case(edit, Case::denied().path("/posts/99").subject("ann").body("new"))
        .case(remove, Case::denied().path("/posts/1").subject("ann"))
        .case(remove, Case::granted().path("/posts/1").subject("eve"))
        .await
        .unwrap();
    assert_eq!(report.untried().count(), 0);
}
