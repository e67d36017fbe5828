//! Builds access tokens for tests: valid tokens, and tokens with a defect.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use super::authorization_server::IssuedTokens;
use super::digest::sha256;
use super::dpop_key::DpopKey;
use super::jws::{compact, members};
use super::signing_keys::SigningKeys;
use axum_protected::__testing::claims_for;
use axum_protected::Algorithm;
use axum_protected::Issuer;
use axum_protected::clock::{Clock, SystemClock};

/// The default lifetime of a token.
pub(super) const LIFETIME: Duration = Duration::from_secs(3600);

/// A builder for an access token: a JWT (RFC 9068), or an opaque token with the same claims. By
/// default the token is valid. A test can change each claim and each header parameter. An opaque
/// token has no header and no algorithm.
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
    /// The server that stores the claims of an opaque token, or `None` for a JWT.
    opaque: Option<Arc<IssuedTokens>>,
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
            opaque: None,
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

    /// Makes an opaque token, of which the server knows the claims.
    pub(super) fn opaque(self, issued: &Arc<IssuedTokens>) -> Self {
        Self { opaque: Some(Arc::clone(issued)), ..self }
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

    /// Binds the token to a key: sets the member `jkt` of the claim `cnf` to the thumbprint of the
    /// key (RFC 9449 section 6.1). Other members of `cnf` stay.
    ///
    /// ```no_run
    /// # fn example(issuer: &axum_protected_testing::AuthorizationServer) -> std::io::Result<()> {
    /// use axum_protected_testing::DpopKey;
    ///
    /// let key = DpopKey::generate()?;
    /// let token = issuer.token().scope("items:read").bound_to(&key).sign();
    /// # Ok(())
    /// # }
    /// ```
    pub fn bound_to(self, key: &DpopKey) -> Self {
        self.confirmed_by("jkt", key.thumbprint())
    }

    /// Binds the token to a client certificate: sets the member `x5t#S256` of the claim `cnf` to the
    /// SHA-256 digest of the certificate (RFC 8705 section 3.1). Other members of `cnf` stay.
    ///
    /// `der` is the DER encoding of the certificate. It is not parsed.
    pub fn bound_to_certificate(self, der: impl AsRef<[u8]>) -> Self {
        self.confirmed_by("x5t#S256", sha256(der))
    }

    fn confirmed_by(mut self, member: &str, thumbprint: String) -> Self {
        let confirmation = self.claims.remove("cnf").map(members);
        let mut confirmation = confirmation.unwrap_or_default();
        confirmation.insert(member.to_owned(), thumbprint.into());
        self.claim("cnf", confirmation)
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

    /// Signs the token and returns its compact serialization. For an
    /// [`opaque_token`](crate::AuthorizationServer::opaque_token), stores the claims at the server
    /// and returns the token.
    ///
    /// The signature is empty if the builder has no key, or if the operating system returns no
    /// randomness.
    #[must_use]
    pub fn sign(self) -> String {
        if let Some(issued) = self.opaque {
            return issued.issue(self.claims);
        }
        let mut header = self.header;
        let key = self.keys.get(self.algorithm);
        if let Some(key) = key {
            let entry = header.entry("alg");
            entry.or_insert_with(|| key.algorithm.name().into());
            header.entry("kid").or_insert_with(|| key.kid.clone().into());
        }
        compact(header, self.claims, key)
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

pub(super) fn since_epoch(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum_protected::Algorithm;

    #[test]
    fn a_token_can_be_bound_to_a_key_and_to_a_certificate() {
        let keys = SigningKeys::generate(&[Algorithm::ES256]).unwrap();
        let key = DpopKey::generate().unwrap();
        let token = TokenBuilder::new(&keys, "https://issuer.example.com", "api");
        // The digest of `abc` is that of FIPS 180-2 appendix B.1.
        let digest = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0";
        let jkt = key.thumbprint();
        let bound = token.clone().bound_to(&key);
        assert_eq!(bound.claims()["cnf"], json!({ "jkt": jkt }));
        let bound = token.bound_to_certificate("abc").bound_to(&key);
        assert_eq!(bound.claims()["cnf"], json!({ "x5t#S256": digest, "jkt": jkt }));
    }
}
