//! Explains how the server judges an API key.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::Explanation;
use super::rules::KEY_STEPS;
use crate::api_key::ISSUER;
use crate::error::{RefusalKind, TokenError};
use crate::json::Item;
use crate::server::ResourceServer;

impl ResourceServer {
    /// Explains a text that is an API key. Returns `None` for another text.
    pub(super) fn explain_key(&self, text: &str) -> Option<Explanation> {
        use RefusalKind::{InvalidRequest, UnknownApiKey};
        let inner = self.inner();
        inner.api_keys.as_ref()?;
        let judged = self.recall_key(text.as_bytes(), inner.clock.now());
        // A text that may also be a token is a key only if the server holds it.
        let is_held = match &judged {
            Some(Ok(_)) => true,
            Some(Err(error)) => !matches!(error.kind(), UnknownApiKey | InvalidRequest),
            None => false,
        };
        if !is_held && !self.is_key(text) {
            return None;
        }
        let not_cached = || {
            Err(TokenError::api_keys_unavailable(
                Duration::ZERO,
                "the key is not cached".to_owned(),
            ))
        };
        let (claims, error) = match judged.unwrap_or_else(not_cached) {
            Ok(verified) => {
                let claims = Item::Object(verified.token().claims());
                (Value::deserialize(claims).ok(), None)
            }
            Err(error) => (None, Some(error)),
        };
        Some(Explanation {
            issuer: Some(ISSUER.to_owned()),
            ..Explanation::new(&KEY_STEPS, claims, error)
        })
    }
}
