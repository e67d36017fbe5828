//! The key of a client, and the proofs that the client holds it (RFC 9449).

use std::time::UNIX_EPOCH;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use axum_protected::clock::{Clock, SystemClock};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{Method, Url};
use serde::Serialize;
use serde_json::{Value, json};

use super::Error;

/// A private key for ES256. A client keeps one key as long as it keeps the tokens that are bound to
/// it. It never leaves the client.
pub(crate) struct ProofKey(EcdsaKeyPair);

/// The request that a proof is for.
pub(crate) struct ProvenRequest<'a> {
    pub(crate) method: &'a Method,
    pub(crate) url: &'a Url,
    /// The access token of a request to an API. A request to the authorization server has none.
    pub(crate) token: Option<&'a str>,
    /// The last nonce that the server has sent.
    pub(crate) nonce: Option<&'a str>,
}

/// The claims of a proof (RFC 9449 section 4.2).
#[derive(Serialize)]
struct Claims<'a> {
    /// A new random value.
    jti: String,
    htm: &'a str,
    htu: String,
    iat: u64,
    /// The digest of the token, so that the proof is for this token only (section 7).
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<String>,
    /// The evidence of the time at which the proof was made (sections 8 and 9).
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
}

impl ProofKey {
    pub(crate) fn generate() -> Result<Self, Error> {
        Ok(Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?))
    }

    /// Returns a proof for one request. Each request needs a new proof, because a server accepts a
    /// proof once and for a short time.
    pub(crate) fn proof(&self, request: &ProvenRequest<'_>) -> Result<String, Error> {
        // RFC 9449 section 4.2: the type, the algorithm, and the public key.
        let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.public_key() });
        let claims = Claims {
            jti: random()?,
            htm: request.method.as_str(),
            htu: without_query(request.url),
            iat: SystemClock.now().duration_since(UNIX_EPOCH)?.as_secs(),
            ath: request.token.map(sha256),
            nonce: request.nonce,
        };
        let claims = serde_json::to_string(&claims)?;
        let input = format!("{}.{}", encode(header.to_string()), encode(claims));
        let signature = self.0.sign(&SystemRandom::new(), input.as_bytes())?;
        Ok(format!("{input}.{}", encode(signature)))
    }

    /// Returns the thumbprint of the public key (RFC 7638 section 3): the digest of its required
    /// members in lexicographic order, without white space.
    pub(crate) fn thumbprint(&self) -> String {
        let [x, y] = self.coordinates();
        sha256(format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#))
    }

    fn public_key(&self) -> Value {
        let [x, y] = self.coordinates();
        json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y })
    }

    /// Returns the coordinates of the public key. Its encoding is the octet 4 and both coordinates,
    /// of 32 octets each (SEC 1 section 2.3.3).
    fn coordinates(&self) -> [String; 2] {
        let point = self.0.public_key().as_ref();
        let (_, coordinates) = point.split_at_checked(1).unwrap_or_default();
        let (x, y) = coordinates.split_at_checked(32).unwrap_or_default();
        [encode(x), encode(y)]
    }
}

/// Returns the URL without query and fragment, which are not part of a proof (RFC 9449 section 4.2).
fn without_query(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// Returns 256 random bits in base64url: an identifier of a proof, or a PKCE code verifier.
pub(super) fn random() -> Result<String, Error> {
    let mut octets = [0; 32];
    rand::fill(&mut octets)?;
    Ok(encode(octets))
}

/// Returns a SHA-256 digest in base64url.
pub(super) fn sha256(text: impl AsRef<[u8]>) -> String {
    encode(digest(&SHA256, text.as_ref()))
}

fn encode(octets: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(octets)
}
