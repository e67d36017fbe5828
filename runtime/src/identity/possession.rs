//! The keys to which a token is bound, and the proofs of possession that its request has presented.

use super::AccessToken;
use crate::possession::{Binding, Proof, Proofs, Thumbprint};

impl AccessToken {
    /// Records the proofs that the request has presented.
    pub(crate) fn set_proofs(&mut self, proofs: Proofs) {
        self.proofs = proofs;
    }

    /// Returns true if the token is bound to a key.
    pub(crate) fn is_bound(&self) -> bool {
        self.is_bound
    }

    /// Returns the SHA-256 digest of the token's text, which DPoP proofs contain. An identity comes from
    /// one text, so the digest is computed once.
    pub(crate) fn text_digest(&self, text: &[u8]) -> Thumbprint {
        *self.identity().text_digest.get_or_init(|| Thumbprint::of(text))
    }

    /// Returns the keys to which the token is bound.
    pub(crate) fn binding(&self) -> Option<&Binding> {
        self.identity().origin.binding()
    }

    /// Returns the proof with which the request showed that the caller holds the key to which the
    /// token is bound. Returns `None` for a token that is not bound, and
    /// [`Proof::Dpop`](crate::Proof::Dpop) for a token that is bound in both ways.
    #[must_use]
    pub fn proof(&self) -> Option<Proof> {
        Proof::ALL.iter().copied().find(|proof| self.proofs.contains(*proof))
    }

    /// Returns true if the token is bound to a key in this way, and the request has presented the
    /// proof.
    #[must_use]
    pub fn has_proof(&self, proof: Proof) -> bool {
        self.proofs.contains(proof)
    }
}
