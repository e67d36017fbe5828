use axum_protected::{ProtectedRouter, ResourceServer, protected, public, routes};

#[utoipa::path(get, path = "/unprotected")]
async fn unprotected() {}

#[utoipa::path(get, path = "/above")]
#[protected(scope = "a")]
async fn above() {}

use utoipa::path as described;

#[public(reason = "a page for people")]
#[described(get, path = "/renamed")]
async fn renamed() {}

fn main() {
    let _ = ProtectedRouter::<ResourceServer>::new().routes(routes!(unprotected, above, renamed));
    let _ = ProtectedRouter::<ResourceServer>::new().routes(routes!());
}
