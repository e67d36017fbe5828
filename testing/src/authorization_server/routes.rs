//! The routes of the authorization server.

use std::sync::{Arc, PoisonError, RwLock};

use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

use super::client_endpoints;
use super::cors::cors;
use super::introspection::{self, Introspection};
use super::issuing::Issuing;
use super::metadata::metadata;
use super::user_endpoints;
use crate::signing_keys::SigningKeys;

/// Returns the routes of the metadata and the keys, those of the endpoints for clients if there are
/// clients, and that for protected resources if there are some.
pub(super) fn router(
    issuer: &str,
    keys: &Arc<RwLock<SigningKeys>>,
    issuing: Option<&Arc<Issuing>>,
    introspection: Option<&Arc<Introspection>>,
) -> Router {
    let registration = issuing.map(|issuing| &issuing.registration);
    let metadata = metadata(issuer, registration, introspection.is_some());
    let metadata = get(move || async move { Json(metadata) });
    let published_keys = Arc::clone(keys);
    let jwks = get(move || async move { Json(published(&published_keys)) });
    let router = Router::new()
        .route("/.well-known/openid-configuration", metadata.clone())
        .route("/.well-known/oauth-authorization-server", metadata)
        .route("/jwks", jwks);
    // Pages in browsers do not call the introspection endpoint, so it does not support CORS.
    let for_resources = introspection.map(introspection::router).unwrap_or_default();
    let Some(issuing) = issuing else {
        return router.merge(for_resources);
    };
    let cors = cors(&issuing.registration);
    router
        .merge(client_endpoints::router(issuing))
        .layer(cors)
        .merge(user_endpoints::router(issuing))
        .merge(for_resources)
}

fn published(keys: &RwLock<SigningKeys>) -> Value {
    keys.read().unwrap_or_else(PoisonError::into_inner).jwks()
}
