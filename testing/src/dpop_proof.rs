//! Builds DPoP proofs for tests: valid proofs, and proofs with a defect.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use super::digest::sha256;
use super::dpop_key::DpopKey;
use super::jws::{compact, members};
use super::token::since_epoch;
use axum_protected::clock::{Clock, SystemClock};

/// A builder for a DPoP proof (RFC 9449 section 4.2). [`DpopKey::proof`] creates it. By default the
/// proof is valid for a request without an access token, such as a request to a token endpoint. A
/// test can change each claim and each header parameter.
///
/// Each signing of a clone repeats the same `jti`. A new [`DpopKey::proof`] has a new one.
///
/// ```
/// use axum_protected_testing::DpopKey;
///
/// let key = DpopKey::generate()?;
/// let proof = || key.proof("GET", "https://api.example.com/items?page=2").access_token("a token");
/// let good = proof().sign();
/// let unnamed = proof().without("jti").sign();
/// let untyped = proof().header("typ", "JWT").sign();
/// let forged = proof().signed_by(&DpopKey::generate()?).sign();
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing is signed before `sign`"]
pub struct DpopProof {
    key: DpopKey,
    /// The key that signs. By default it is `key`, whose public part is in the header.
    signer: DpopKey,
    header: Map<String, Value>,
    claims: Map<String, Value>,
}

impl DpopProof {
    pub(super) fn new(key: &DpopKey, method: &str, url: &str) -> Self {
        let target = url.find(['?', '#']).and_then(|end| url.get(..end));
        let header = json!({
            "typ": "dpop+jwt",
            "alg": key.signing_key().algorithm.name(),
            "jwk": key.public_jwk(),
        });
        let claims = json!({
            "jti": format!("{:032x}", fastrand::u128(..)),
            "htm": method,
            "htu": target.unwrap_or(url),
            "iat": since_epoch(SystemClock.now()),
        });
        Self {
            key: key.clone(),
            signer: key.clone(),
            header: members(header),
            claims: members(claims),
        }
    }

    /// Sets the claim `ath` to the digest of the access token, which a request to a resource server
    /// needs.
    pub fn access_token(self, token: &str) -> Self {
        self.claim("ath", sha256(token))
    }

    /// Sets the claim `nonce` to the value of the header `DPoP-Nonce` of a response (RFC 9449
    /// section 8).
    pub fn nonce(self, nonce: &str) -> Self {
        self.claim("nonce", nonce)
    }

    /// Sets the claim `iat` to a time, in whole seconds.
    pub fn issued_at(self, time: SystemTime) -> Self {
        self.claim("iat", since_epoch(time))
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

    /// Sets the header parameter with this name. The value `null` removes the parameter from the
    /// header.
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header.insert(name.to_owned(), value.into());
        self
    }

    /// Adds the private key to the header parameter `jwk`, which RFC 9449 section 4.2 forbids. The
    /// value for an RSA key is random.
    pub fn private_jwk(self) -> Self {
        let mut jwk = members(self.key.public_jwk());
        jwk.insert("d".to_owned(), self.key.signing_key().private_member().into());
        self.header("jwk", jwk)
    }

    /// Signs with another key. The header parameters `jwk` and `alg` stay those of the first key.
    pub fn signed_by(self, key: &DpopKey) -> Self {
        Self { signer: key.clone(), ..self }
    }

    /// Signs the proof and returns its compact serialization, the value of the header `DPoP`.
    ///
    /// The signature is empty if the operating system returns no randomness.
    #[must_use]
    pub fn sign(self) -> String {
        compact(self.header, self.claims, Some(self.signer.signing_key()))
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_FIXED, ED25519, RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents,
        UnparsedPublicKey,
    };
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;
    use axum_protected::Algorithm;

    const URL: &str = "https://api.example.com/items?page=2#x";

    fn decoded(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    fn parts(proof: &str) -> (Value, Value) {
        let mut parts = proof.split('.').map(|part| serde_json::from_slice(&decoded(part)));
        (parts.next().unwrap().unwrap(), parts.next().unwrap().unwrap())
    }

    fn is_signed_by_its_key(proof: &str) -> bool {
        let (input, signature) = proof.rsplit_once('.').unwrap();
        let jwk = &parts(proof).0["jwk"];
        let octets = |name: &str| decoded(jwk[name].as_str().unwrap());
        let (message, signature) = (input.as_bytes(), decoded(signature));
        match jwk["kty"].as_str() {
            Some("EC") => {
                let point = [vec![4], octets("x"), octets("y")].concat();
                let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
                key.verify(message, &signature).is_ok()
            }
            Some("OKP") => {
                let key = UnparsedPublicKey::new(&ED25519, octets("x"));
                key.verify(message, &signature).is_ok()
            }
            _ => {
                let key = RsaPublicKeyComponents { n: octets("n"), e: octets("e") };
                key.verify(&RSA_PSS_2048_8192_SHA256, message, &signature).is_ok()
            }
        }
    }

    #[test]
    fn a_proof_names_the_request_and_is_signed_by_its_key() {
        for algorithm in [Algorithm::ES256, Algorithm::EdDSA, Algorithm::PS256] {
            let key = DpopKey::for_algorithm(algorithm).unwrap();
            let proof = key.proof("GET", URL).access_token("abc").nonce("n").sign();
            let (header, claims) = parts(&proof);
            let expected =
                json!({ "typ": "dpop+jwt", "alg": algorithm.name(), "jwk": key.public_jwk() });
            assert_eq!(header, expected);
            assert_eq!(claims["htm"], "GET");
            assert_eq!(claims["htu"], "https://api.example.com/items");
            // The digest is that of FIPS 180-2 appendix B.1.
            assert_eq!(claims["ath"], "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
            assert_eq!(claims["nonce"], "n");
            assert!(claims["iat"].is_u64());
            assert!(is_signed_by_its_key(&proof), "{algorithm}");
            assert_ne!(parts(&key.proof("GET", URL).sign()).1["jti"], claims["jti"]);
        }
    }

    #[test]
    fn a_defect_changes_nothing_else() {
        let key = DpopKey::generate().unwrap();
        let good = key.proof("GET", URL);
        let (header, claims) = parts(&good.clone().sign());
        let with = |mut object: Value, name: &str, value: Value| {
            object[name] = value;
            object
        };
        let untyped = parts(&good.clone().header("typ", Value::Null).sign());
        let without_typ = json!({ "alg": "ES256", "jwk": key.public_jwk() });
        assert_eq!(untyped, (without_typ, claims.clone()));
        let dated = good.clone().issued_at(SystemTime::UNIX_EPOCH);
        assert_eq!(parts(&dated.sign()), (header.clone(), with(claims.clone(), "iat", json!(0))));
        let unnamed = parts(&good.clone().without("jti").sign());
        assert_eq!(unnamed.1.get("jti"), None);

        let forged = good.clone().signed_by(&DpopKey::generate().unwrap()).sign();
        assert_eq!(parts(&forged), (header, claims));
        assert!(!is_signed_by_its_key(&forged));

        let private = good.private_jwk().sign();
        assert_eq!(decoded(parts(&private).0["jwk"]["d"].as_str().unwrap()).len(), 32);
        assert!(is_signed_by_its_key(&private));
    }
}
