use axum_protected::{ProtectedRouter, ResourceServer, protected, routes};

#[protected(scope = "a")]
async fn list() {}

fn main() {
    let _ = ProtectedRouter::<ResourceServer>::new().routes(routes!(list));
}
