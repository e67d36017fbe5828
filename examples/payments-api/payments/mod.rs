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
    let metadata = server.configuration().resource.is_some().then(|| {
        let document = server.resource_metadata().scopes::<Scope>().name("Payments").routes();
        document.with_state(server.clone()).into_router()
    });
    let app = routes().with_state(AppState { server, bank: Bank::default() }).into_router()?;
    match metadata {
        Some(metadata) => Ok(app.merge(metadata?)),
        None => Ok(app),
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
