//! Access tokens to order: right unless told to be wrong.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use super::signing_key::encode;
use super::signing_keys::SigningKeys;
use axum_protected::__testing::claims_for;
use axum_protected::Algorithm;
use axum_protected::Provider;
use axum_protected::clock::{Clock, SystemClock};

/// How long a token is good unless told otherwise.
pub(super) const LIFETIME: Duration = Duration::from_secs(3600);

/// Describes an access token (RFC 9068): good as it is, and wrong where one asks for it.
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
    /// A token of this issuer for this audience, good for an hour.
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

    /// As this provider writes its tokens.
    pub(super) fn written_as(self, provider: Provider) -> Self {
        let claims = claims_for(&[], provider, self.claims, SystemClock.now());
        Self { claims, ..self }
    }

    pub(super) fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    pub(super) fn with_claims(self, claims: Map<String, Value>) -> Self {
        Self { claims, ..self }
    }

    /// Signs with the key for this algorithm.
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = Some(algorithm);
        self
    }

    /// The `sub`.
    pub fn subject(self, subject: &str) -> Self {
        self.claim("sub", subject)
    }

    /// The `scope`: values with single spaces between them.
    pub fn scope(self, scope: &str) -> Self {
        self.claim("scope", scope)
    }

    /// The `acr`, and an `auth_time` this long ago (RFC 9470).
    pub fn authenticated(self, acr: &str, ago: Duration) -> Self {
        let now = since_epoch(SystemClock.now());
        self.claim("acr", acr).claim("auth_time", now.saturating_sub(ago.as_secs()))
    }

    /// An `exp` two minutes ago.
    pub fn expired(self) -> Self {
        let past = SystemClock.now() - Duration::from_secs(120);
        self.expires_at(past)
    }

    /// The `exp`, in whole seconds.
    pub fn expires_at(self, time: SystemTime) -> Self {
        self.claim("exp", since_epoch(time))
    }

    /// Any claim.
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(name.to_owned(), value.into());
        self
    }

    /// Leaves a claim out.
    pub fn without(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// Any header parameter; `alg` and `kid` are filled in unless they are given here, and left
    /// out where they are `null`.
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header.insert(name.to_owned(), value.into());
        self
    }

    /// The compact serialization.
    ///
    /// Without a key, or where the operating system gives no randomness, the signature is empty.
    #[must_use]
    pub fn sign(self) -> String {
        let mut header = self.header;
        let key = self.keys.get(self.algorithm);
        if let Some(key) = key {
            let entry = header.entry("alg");
            entry.or_insert_with(|| key.algorithm.name().into());
            header.entry("kid").or_insert_with(|| key.kid.as_str().into());
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

fn since_epoch(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
