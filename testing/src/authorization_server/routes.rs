//! The routes of the authorization server.

use std::sync::{Arc, PoisonError, RwLock};

use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

use super::Startup;
use super::cors::cors;
use super::endpoints;
use super::issuing::Issuing;
use super::metadata::metadata;
use crate::signing_keys::SigningKeys;

/// Returns the routes of the metadata and the keys, and with a registration those of the endpoints.
pub(super) fn router(issuer: &str, keys: &Arc<RwLock<SigningKeys>>, startup: Startup) -> Router {
    let metadata = metadata(issuer, startup.registration.as_ref());
    let metadata = get(move || async move { Json(metadata) });
    let published_keys = Arc::clone(keys);
    let jwks = get(move || async move { Json(published(&published_keys)) });
    let router = Router::new()
        .route("/.well-known/openid-configuration", metadata.clone())
        .route("/.well-known/oauth-authorization-server", metadata)
        .route("/jwks", jwks);
    let Some(registration) = startup.registration else {
        return router;
    };
    let cors = cors(&registration);
    let issuing = Arc::new(Issuing::new(issuer, registration, keys, startup.token_lifetime));
    router.merge(endpoints::for_clients(&issuing)).layer(cors).merge(endpoints::for_users(&issuing))
}

fn published(keys: &RwLock<SigningKeys>) -> Value {
    keys.read().unwrap_or_else(PoisonError::into_inner).jwks()
}
