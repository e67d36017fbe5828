use axum_protected::routing::get;
use axum_protected::{HasResourceServer, ProtectedRouter, ResourceServer, protected};

#[derive(Clone, HasResourceServer)]
struct AppState {
    server: ResourceServer,
}

async fn naked() {}

#[protected]
async fn guarded() {}

#[derive(Clone)]
struct Without;

fn main() {
    let _ = ProtectedRouter::<AppState>::new()
        .route("/guarded", get(guarded))
        .route("/naked", get(naked));

    let _ = ProtectedRouter::<AppState>::new().route("/axum", axum::routing::get(guarded));

    let _ = ProtectedRouter::<Without>::new();
}
