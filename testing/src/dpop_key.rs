//! The key with which a client proves possession of its access tokens (RFC 9449).

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::digest::sha256;
use super::dpop_proof::DpopProof;
use super::signing_key::SigningKey;
use axum_protected::Algorithm;

/// A private key of a client, which makes DPoP proofs (RFC 9449). Clones share the key.
///
/// ```
/// use axum_protected_testing::{AuthorizationServer, DpopKey};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let issuer = AuthorizationServer::start().await?;
/// let key = DpopKey::generate()?;
/// let token = issuer.token().scope("items:read").bound_to(&key).sign();
///
/// // A request with a bound token has these two headers.
/// let authorization = format!("DPoP {token}");
/// let proof = key.proof("GET", "http://127.0.0.1:3000/items").access_token(&token).sign();
/// assert_eq!(proof.split('.').count(), 3);
///
/// // A proof with exactly one defect.
/// let other_method = key.proof("POST", "http://127.0.0.1:3000/items").access_token(&token).sign();
/// let without_digest = key.proof("GET", "http://127.0.0.1:3000/items").sign();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct DpopKey(Arc<SigningKey>);

impl DpopKey {
    /// Generates a key for ES256.
    ///
    /// # Errors
    ///
    /// Returns an error if the operating system returns no randomness.
    pub fn generate() -> io::Result<Self> {
        Self::for_algorithm(Algorithm::ES256)
    }

    /// Generates a key for an algorithm. In a debug build the generation of an RSA key takes
    /// seconds.
    ///
    /// # Errors
    ///
    /// Returns an error if the operating system returns no randomness, or for an HMAC algorithm,
    /// which cannot prove possession.
    pub fn for_algorithm(algorithm: Algorithm) -> io::Result<Self> {
        let key = SigningKey::generate(algorithm, None).map_err(io::Error::other)?;
        Ok(Self(Arc::new(key)))
    }

    /// Returns a proof for a request with this method to this URL. The query and the fragment of
    /// the URL are not part of the proof (RFC 9449 section 4.2).
    pub fn proof(&self, method: impl AsRef<str>, url: impl AsRef<str>) -> DpopProof {
        DpopProof::new(self, method.as_ref(), url.as_ref())
    }

    /// Returns the public key as a JWK with its required members only.
    #[must_use]
    pub fn public_jwk(&self) -> Value {
        Value::Object(self.public_members())
    }

    /// Returns the SHA-256 thumbprint of the public key in base64url (RFC 7638): the value of `jkt`
    /// in the claim `cnf`, and of the parameter `dpop_jkt`.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        thumbprint(&self.public_members())
    }

    fn public_members(&self) -> Map<String, Value> {
        self.0.public_members().unwrap_or_default()
    }

    pub(super) fn signing_key(&self) -> &SigningKey {
        &self.0
    }
}

/// Returns the thumbprint of a JWK with its required members only: the digest of the members in
/// lexicographic order, without white space (RFC 7638 section 3).
pub(super) fn thumbprint(required_members: &Map<String, Value>) -> String {
    // A `Map` may keep the order of insertion, depending on a feature of serde_json.
    let ordered: BTreeMap<&String, &Value> = required_members.iter().collect();
    sha256(serde_json::to_vec(&ordered).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::jws::members;

    #[test]
    fn the_thumbprint_is_that_of_the_standards() {
        let cases = [
            // RFC 7638 section 3.1.
            (
                json!({
                    "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
                    "kty": "RSA",
                    "e": "AQAB",
                }),
                "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
            ),
            // RFC 8037 appendix A.3.
            (
                json!({
                    "kty": "OKP",
                    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                    "crv": "Ed25519",
                }),
                "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
            ),
            // The key of RFC 9449 section 4.1, and its `jkt` in section 6.1.
            (
                json!({
                    "kty": "EC",
                    "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
                    "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
                    "crv": "P-256",
                }),
                "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
            ),
        ];
        for (jwk, expected) in cases {
            assert_eq!(thumbprint(&members(jwk)), expected);
        }
    }

    #[test]
    fn a_shared_secret_proves_nothing() {
        assert!(DpopKey::for_algorithm(Algorithm::HS256).is_err());
    }
}
