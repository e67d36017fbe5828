//! The payments: scopes, policies, handlers, bank and router.

mod bank;
mod consent;
mod customer;
mod handlers;
mod iban;
mod money;
mod payment_id;
mod policies;
mod problem;
mod scope;

use axum::Router;
use axum_protected::router::RouterError;
use axum_protected::routing::get;
use axum_protected::{HasResourceServer, ProtectedRouter, ResourceServer};

pub(crate) use self::consent::CONSENT_TYPE;
pub(crate) use self::scope::Scope;

use self::bank::Bank;

#[derive(Clone, HasResourceServer)]
pub(crate) struct AppState {
    server: ResourceServer,
    bank: Bank,
}

/// Returns the application. `server` verifies the tokens and the proofs of all requests. If it has a
/// `resource`, the application publishes its metadata (RFC 9728).
pub(crate) fn app(server: ResourceServer) -> Result<Router, RouterError> {
    let routes = routes();
    let metadata = server.configuration().resource.is_some().then(|| {
        server
            .resource_metadata()
            .name("Payments")
            .scopes::<Scope>()
            .authorization_details_types_of(routes.access_table())
            .routes()
    });
    let app = routes.with_state(AppState { server: server.clone(), bank: Bank::default() });
    match metadata {
        Some(metadata) => Ok(app.into_router()?.merge(metadata.with_state(server).into_router()?)),
        None => app.into_router(),
    }
}

/// Returns all routes. [`ProtectedRouter::access_table`] lists the requirements of each route.
pub(crate) fn routes() -> ProtectedRouter<AppState> {
    ProtectedRouter::new().route("/health", get(handlers::health)).nest("/api", api())
}

fn api() -> ProtectedRouter<AppState> {
    ProtectedRouter::new()
        .route("/accounts", get(handlers::accounts))
        .route("/payments/{id}", get(handlers::status).put(handlers::initiate))
}
