//! Entry point of the fuzz target for proofs.

use super::known_headers::KnownHeaders;
use super::proof::DpopProof;
use super::target_uri::BaseUri;
use crate::algorithm::Algorithm;

/// Reads a proof and compares its `htu` with the URI of a request to this path. Returns true if the
/// signature verifies with the key of the proof, or `None` if the proof has no key or lacks a claim.
#[must_use]
pub fn proof_signature(text: &[u8], path: &str) -> Option<bool> {
    let known = KnownHeaders::new();
    let proof = DpopProof::parse(text, &Algorithm::ALL, &known).ok()?;
    let claims = proof.claims().ok()?;
    let _ = is_target(claims.htu, path);
    Some(proof.has_valid_signature(&known))
}

/// Returns true if `htu` is the URI of a request to this path at `https://api.example.com/v1`.
#[must_use]
pub fn is_target(htu: &str, path: &str) -> bool {
    let Ok(url) = "https://api.example.com/v1".parse() else { return false };
    BaseUri::of_public_url(&url).is_target(htu, path)
}
