//! The notes: scopes, handlers, pages, store and router.

mod changes;
mod document;
mod handlers;
mod page;
mod print;
mod scope;
mod store;

use axum::Router;
use axum::middleware::map_response;
use axum_protected::router::RouterError;
use axum_protected::routing::get;
use axum_protected::{HasResourceServer, ProtectedRouter, ResourceServer};
use axum_protected_browser::BrowserBackend;
use serde::Deserialize;

use self::store::Notes;

pub(crate) use self::scope::Scope;

#[derive(Clone, HasResourceServer)]
pub(crate) struct AppState {
    server: ResourceServer,
    notes: Notes,
}

/// The claims that the handlers read.
#[derive(Deserialize)]
struct Caller {
    /// The user. The extractor refuses a token without `sub`.
    sub: String,
}

/// Returns the application. `server` verifies the tokens of all requests, and `backend` keeps them.
pub(crate) fn app(server: ResourceServer, backend: &BrowserBackend) -> Result<Router, RouterError> {
    let notes = Notes::default();
    all_routes(backend).with_state(AppState { server, notes }).into_router()
}

/// Returns the routes of the application and of the backend. The layer of the backend attaches the
/// session of a browser to each request, and the guards ask it for the token.
pub(crate) fn all_routes(backend: &BrowserBackend) -> ProtectedRouter<AppState> {
    routes().merge(backend.routes()).layer(backend.layer())
}

/// Returns the routes of the application. They also accept a token in the header, from programs.
pub(crate) fn routes() -> ProtectedRouter<AppState> {
    ProtectedRouter::new()
        .route("/", get(page::document))
        .route("/notes.js", get(page::script))
        .route("/notes.css", get(page::style))
        .route("/print", get(print::print).layer(map_response(print::refusal)))
        .nest("/api", api())
}

fn api() -> ProtectedRouter<AppState> {
    ProtectedRouter::new()
        .route("/notes", get(handlers::list).post(handlers::add))
        .route("/changes", get(changes::changes))
}
