//! Builds security event tokens (RFC 8417).

use std::fmt;

use serde_json::{Map, Value};

use crate::signing_keys::SigningKeys;
use crate::token::TokenBuilder;

/// A builder for a security event token with one event. By default the token is valid. A test can
/// change each claim, each member of the event and each header parameter.
#[derive(Clone)]
#[must_use = "nothing is signed before `sign`"]
pub struct SecurityEventBuilder {
    token: TokenBuilder,
    event_type: String,
    event: Map<String, Value>,
}

impl SecurityEventBuilder {
    /// Creates a builder for a token of this issuer, for this audience, with an event of this type.
    ///
    /// ```
    /// use axum_protected::Algorithm;
    /// use axum_protected_testing::{SecurityEventBuilder, SigningKeys};
    /// use serde_json::json;
    ///
    /// let keys = SigningKeys::generate(&[Algorithm::ES256])?;
    /// let credential_change = "https://schemas.openid.net/secevent/caep/event-type/credential-change";
    /// let event = SecurityEventBuilder::new(&keys, "https://id.example.com", "api", credential_change)
    ///     .subject(json!({ "format": "email", "email": "alice@example.com" }))
    ///     .member("change_type", "revoke")
    ///     .sign();
    /// assert_eq!(event.split('.').count(), 3);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn new(keys: &SigningKeys, issuer: &str, audience: &str, event_type: &str) -> Self {
        let token = TokenBuilder::new(keys, issuer, audience)
            .header("typ", "secevent+jwt")
            // A security event token has neither `exp` nor `sub` (Shared Signals Framework 1.0
            // section 4.1).
            .without("exp")
            .without("sub")
            .without("client_id");
        Self { token, event_type: event_type.to_owned(), event: Map::new() }
    }

    /// Sets the claim `sub_id`, the subject identifier (RFC 9493).
    pub fn subject(self, subject: Value) -> Self {
        self.claim("sub_id", subject)
    }

    /// Sets the claim `aud`.
    pub fn audience(self, audience: impl Into<Value>) -> Self {
        self.claim("aud", audience)
    }

    /// Sets a member of the event, such as `event_timestamp`.
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.event.insert(name.to_owned(), value.into());
        self
    }

    /// Sets the claim with this name. The claim `events` replaces the event.
    pub fn claim(self, name: &str, value: impl Into<Value>) -> Self {
        Self { token: self.token.claim(name, value), ..self }
    }

    /// Removes the claim with this name.
    pub fn without(self, name: &str) -> Self {
        Self { token: self.token.without(name), ..self }
    }

    /// Sets the header parameter with this name. The value `null` removes the parameter.
    pub fn header(self, name: &str, value: impl Into<Value>) -> Self {
        Self { token: self.token.header(name, value), ..self }
    }

    /// Signs the token and returns its compact serialization.
    #[must_use]
    pub fn sign(self) -> String {
        if self.token.claims().contains_key("events") {
            return self.token.sign();
        }
        let events = Map::from_iter([(self.event_type, Value::Object(self.event))]);
        self.token.claim("events", events).sign()
    }
}

impl fmt::Debug for SecurityEventBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SecurityEventBuilder")
            .field("token", &self.token)
            .field("event_type", &self.event_type)
            .field("event", &self.event)
            .finish()
    }
}
