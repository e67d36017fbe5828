//! The routes of the authorization server.

use std::sync::{Arc, PoisonError, RwLock};

use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

use super::cors::cors;
use super::endpoints;
use super::issuing::Issuing;
use super::metadata::metadata;
use crate::signing_keys::SigningKeys;

/// Returns the routes of the metadata and the keys, and with clients those of the endpoints.
pub(super) fn router(
    issuer: &str,
    keys: &Arc<RwLock<SigningKeys>>,
    issuing: Option<&Arc<Issuing>>,
) -> Router {
    let metadata = metadata(issuer, issuing.map(|issuing| &issuing.registration));
    let metadata = get(move || async move { Json(metadata) });
    let published_keys = Arc::clone(keys);
    let jwks = get(move || async move { Json(published(&published_keys)) });
    let router = Router::new()
        .route("/.well-known/openid-configuration", metadata.clone())
        .route("/.well-known/oauth-authorization-server", metadata)
        .route("/jwks", jwks);
    let Some(issuing) = issuing else {
        return router;
    };
    let cors = cors(&issuing.registration);
    router.merge(endpoints::for_clients(issuing)).layer(cors).merge(endpoints::for_users(issuing))
}

fn published(keys: &RwLock<SigningKeys>) -> Value {
    keys.read().unwrap_or_else(PoisonError::into_inner).jwks()
}
