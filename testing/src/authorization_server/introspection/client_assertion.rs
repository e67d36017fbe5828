//! The JWT with which a protected resource authenticates (RFC 7523 section 3).

use axum_protected::clock::{Clock, SystemClock};
use serde_json::{Map, Value};

use crate::jws::Jws;
use crate::token::since_epoch;

pub(super) struct ClientAssertion<'a>(Jws<'a>);

impl<'a> ClientAssertion<'a> {
    pub(super) fn read(text: &'a str) -> Option<Self> {
        Jws::read(text).map(Self)
    }

    /// Returns true if the client with this id has made the assertion for one of these audiences,
    /// and it has not expired.
    pub(super) fn is_of(&self, id: &str, jwks: &Value, audiences: &[&str]) -> bool {
        let claims = &self.0.payload;
        let is_client = |name: &str| claims.get(name).and_then(Value::as_str) == Some(id);
        let now = since_epoch(SystemClock.now());
        is_client("iss")
            && is_client("sub")
            && audiences.iter().any(|audience| is_for(claims, audience))
            && claims.get("exp").and_then(Value::as_u64).is_some_and(|exp| exp > now)
            && claims.get("jti").is_some_and(Value::is_string)
            && self.is_signed_by_one_of(jwks)
    }

    fn is_signed_by_one_of(&self, jwks: &Value) -> bool {
        let mut keys = jwks.get("keys").and_then(Value::as_array).into_iter().flatten();
        keys.any(|key| key.as_object().is_some_and(|key| self.0.is_signed_by(key)))
    }
}

/// Returns true if the claim `aud` is this audience, or an array with it (RFC 7519 section 4.1.3).
pub(super) fn is_for(claims: &Map<String, Value>, audience: &str) -> bool {
    match claims.get("aud") {
        Some(Value::Array(audiences)) => audiences.iter().any(|one| one == audience),
        Some(one) => one == audience,
        None => false,
    }
}
