//! The orders: scopes, policies, handlers, store and router.

mod handlers;
mod policies;
mod scope;
mod store;

use axum::Router;
use axum_protected::router::RouterError;
use axum_protected::routing::get;
use axum_protected::{HasResourceServer, ProtectedRouter, ResourceServer};
use serde::Deserialize;

use self::store::Orders;

#[derive(Clone, HasResourceServer)]
pub(crate) struct AppState {
    server: ResourceServer,
    orders: Orders,
}

/// The claims that handlers and checks read.
#[derive(Deserialize)]
struct Caller {
    /// The subject of the token: the user, or the client if no user is involved. The extractor
    /// refuses a token without `sub`.
    sub: String,
}

/// Returns the application. `server` verifies the tokens of all requests.
pub(crate) fn app(server: ResourceServer) -> Result<Router, RouterError> {
    let orders = Orders::default();
    routes().with_state(AppState { server, orders }).into_router()
}

/// Returns all routes. [`ProtectedRouter::access_table`] lists the requirements of each route.
pub(crate) fn routes() -> ProtectedRouter<AppState> {
    ProtectedRouter::new().route("/health", get(handlers::health)).nest("/api", api())
}

fn api() -> ProtectedRouter<AppState> {
    let order = get(handlers::show).put(handlers::replace).delete(handlers::remove);
    ProtectedRouter::new()
        .route("/orders", get(handlers::list).post(handlers::place))
        .route("/orders/{id}", order)
        .route("/report", get(handlers::report))
}
