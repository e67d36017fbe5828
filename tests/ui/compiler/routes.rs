use axum_protected::routing::get;
use axum_protected::{HasResourceServer, ProtectedRouter, ResourceServer, protected};

#[derive(Clone, HasResourceServer)]
struct AppState {
    server: ResourceServer,
}

async fn unprotected() {}

#[protected]
async fn protected_handler() {}

fn main() {
    let _ = ProtectedRouter::<AppState>::new()
        .route("/protected_handler", get(protected_handler))
        .route("/unprotected", get(unprotected));

    let _ = ProtectedRouter::<AppState>::new().route("/axum", axum::routing::get(protected_handler));
}
