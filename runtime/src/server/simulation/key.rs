//! A private key that signs access tokens.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

pub(super) struct Key(Ed25519KeyPair);

impl Key {
    pub(super) fn generate() -> Self {
        Self(Ed25519KeyPair::generate().unwrap())
    }

    /// Returns the public key as a JWK with this `kid` (RFC 8037 section 2).
    pub(super) fn jwk(&self, kid: &str) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.0.public_key());
        json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid, "use": "sig", "alg": "EdDSA"})
    }

    /// Signs an access token (RFC 9068) with these claims and this `kid`.
    pub(super) fn sign(&self, kid: &str, claims: &Value) -> String {
        let header = json!({"typ": "at+jwt", "alg": "EdDSA", "kid": kid});
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let input = format!("{}.{}", encode(&header), encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.0.sign(input.as_bytes()));
        format!("{input}.{signature}")
    }
}
