use axum::extract::State;
use axum_protected::routing::get;
use axum_protected::{HasResourceServer, ProtectedRouter, ResourceServer, check, protected};

#[derive(Clone)]
struct Orders;

#[derive(Clone, HasResourceServer)]
struct AppState {
    server: ResourceServer,
}

#[check]
async fn owns_order(_: State<Orders>) -> bool {
    true
}

#[protected(check = owns_order)]
async fn show() {}

fn main() {
    let _ = ProtectedRouter::<AppState>::new().route("/orders", get(show));
}
