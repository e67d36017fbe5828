//! Builds access tokens for tests: valid tokens, and tokens with a defect.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use super::signing_key::encode;
use super::signing_keys::SigningKeys;
use axum_protected::__testing::claims_for;
use axum_protected::Algorithm;
use axum_protected::Issuer;
use axum_protected::clock::{Clock, SystemClock};

/// The default lifetime of a token.
pub(super) const LIFETIME: Duration = Duration::from_secs(3600);

/// A builder for an access token (RFC 9068). By default the token is valid. A test can change each
/// claim and each header parameter.
///
/// ```no_run
/// # fn example(issuer: &axum_protected_testing::AuthorizationServer) {
/// let good = issuer.token().subject("alice").scope("items:read items:write").sign();
/// let foreign = issuer.token().claim("aud", "https://other.example.com").sign();
/// let unnamed = issuer.token().without("sub").sign();
/// # }
/// ```
#[derive(Clone)]
#[must_use = "nothing is signed before `sign`"]
pub struct TokenBuilder {
    keys: SigningKeys,
    algorithm: Option<Algorithm>,
    header: Map<String, Value>,
    claims: Map<String, Value>,
}

impl TokenBuilder {
    /// Creates a builder for a token of this issuer for this audience. The token is valid for an
    /// hour.
    pub fn new(keys: &SigningKeys, issuer: &str, audience: &str) -> Self {
        let now = since_epoch(SystemClock.now());
        let claims = json!({
            "iss": issuer,
            "aud": audience,
            "sub": "alice",
            "client_id": "development",
            "iat": now,
            "exp": now.saturating_add(LIFETIME.as_secs()),
            "jti": format!("{:032x}", fastrand::u128(..)),
        });
        let header = json!({ "typ": "at+jwt" });
        Self {
            keys: keys.clone(),
            algorithm: None,
            header: members(header),
            claims: members(claims),
        }
    }

    /// Converts the claims to the token format of this issuer.
    pub(super) fn in_format_of(self, issuer: &Issuer) -> Self {
        let claims = claims_for(&[], issuer, self.claims, SystemClock.now());
        Self { claims, ..self }
    }

    pub(super) fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    pub(super) fn with_claims(self, claims: Map<String, Value>) -> Self {
        Self { claims, ..self }
    }

    /// Sets the claims `iat` and `exp` for a token that is valid for this duration from now on.
    pub(super) fn valid_for(self, lifetime: Duration) -> Self {
        let now = since_epoch(SystemClock.now());
        self.claim("iat", now).claim("exp", now.saturating_add(lifetime.as_secs()))
    }

    /// Selects the signing key by its algorithm. If no key has this algorithm, the first key signs
    /// the token.
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = Some(algorithm);
        self
    }

    /// Sets the claim `sub`.
    pub fn subject(self, subject: &str) -> Self {
        self.claim("sub", subject)
    }

    /// Sets the claim `scope`. Single spaces separate the scopes.
    pub fn scope(self, scope: &str) -> Self {
        self.claim("scope", scope)
    }

    /// Sets the claims `acr` and `auth_time` (RFC 9470). `ago` is the time since the user
    /// authenticated.
    pub fn authenticated(self, acr: &str, ago: Duration) -> Self {
        let now = since_epoch(SystemClock.now());
        self.claim("acr", acr).claim("auth_time", now.saturating_sub(ago.as_secs()))
    }

    /// Sets the claim `exp` to two minutes ago.
    pub fn expired(self) -> Self {
        let past = SystemClock.now() - Duration::from_secs(120);
        self.expires_at(past)
    }

    /// Sets the claim `exp` to a time, in whole seconds.
    pub fn expires_at(self, time: SystemTime) -> Self {
        self.claim("exp", since_epoch(time))
    }

    /// Sets the claim with this name.
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(name.to_owned(), value.into());
        self
    }

    /// Removes the claim with this name.
    pub fn without(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// Sets the header parameter with this name. By default `alg` and `kid` have the values of the
    /// signing key. The value `null` removes the parameter from the header.
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header.insert(name.to_owned(), value.into());
        self
    }

    /// Signs the token and returns its compact serialization.
    ///
    /// The signature is empty if the builder has no key, or if the operating system returns no
    /// randomness.
    #[must_use]
    pub fn sign(self) -> String {
        let mut header = self.header;
        let key = self.keys.get(self.algorithm);
        if let Some(key) = key {
            let entry = header.entry("alg");
            entry.or_insert_with(|| key.algorithm.name().into());
            header.entry("kid").or_insert_with(|| key.kid.clone().into());
        }
        header.retain(|_, value| !value.is_null());
        let parts = [Value::Object(header), Value::Object(self.claims)];
        let input = parts.map(|part| encode(part.to_string())).join(".");
        let signature = key.and_then(|key| key.sign(input.as_bytes()).ok());
        format!("{input}.{}", encode(signature.unwrap_or_default()))
    }
}

impl fmt::Debug for TokenBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TokenBuilder")
            .field("header", &self.header)
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

pub(super) fn since_epoch(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
