//! Runs the behaviour that every store of sessions must show over SQLite and Redis. The tested modules
//! are those of `axum-protected-browser`; their own tests run here too.
#![cfg(test)]
#![allow(dead_code, unused_imports, reason = "the rest of the crate uses it")]

#[path = "../../../browser/src/seal/mod.rs"]
mod seal;
#[path = "../../../browser/src/session/mod.rs"]
mod session;
#[path = "../../../browser/src/store/mod.rs"]
mod store;
#[path = "../../../browser/src/telemetry/mod.rs"]
mod telemetry;

mod redis;
mod sqlite;

use std::sync::Arc;

use crate::store::{ExternalSettings, ExternalStore, behaviour};

/// Puts the adapter in front of a store.
fn adapter(store: impl tower_sessions_core::SessionStore) -> Arc<ExternalStore> {
    let settings = ExternalSettings {
        issuer: "https://login.example.com".into(),
        client_id: "notes".into(),
        session_lifetime: behaviour::LIFETIME,
        idle: None,
    };
    Arc::new(ExternalStore::new(Arc::new(store), settings))
}
