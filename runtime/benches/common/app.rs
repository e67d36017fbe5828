//! The measured application. Its handlers with and without a guard return the same response.

use axum::Router;
use axum::routing::get;
use axum_protected::{AccessToken, HasResourceServer, ResourceServer, protected};

pub(crate) const PROTECTED: &str = "/api/items";
pub(crate) const ARGUMENT: &str = "/api/argument";
pub(crate) const PLAIN: &str = "/api/plain";

const ANSWER: &str = "[]";

#[derive(Clone, HasResourceServer)]
struct AppState {
    server: ResourceServer,
}

#[protected(scope = "items:read")]
async fn items() -> &'static str {
    ANSWER
}

#[protected(scope = "items:read")]
async fn argument(_: AccessToken) -> &'static str {
    ANSWER
}

async fn plain() -> &'static str {
    ANSWER
}

pub(crate) fn router(server: ResourceServer) -> Router {
    Router::new()
        .route(PROTECTED, get(items))
        .route(ARGUMENT, get(argument))
        .route(PLAIN, get(plain))
        .with_state(AppState { server })
}
