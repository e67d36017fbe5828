//! Judges with which keys the caller of an endpoint proves possession, and so to which keys its
//! tokens are bound.

mod accepted_proofs;
mod client_certificate;
mod confirmation;
mod presented_proof;

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::HeaderMap;
use axum_protected::Algorithm;
use axum_protected::clock::{Clock, SystemClock};
use tokio::time::Instant;

pub(super) use self::confirmation::Confirmation;

use self::accepted_proofs::AcceptedProofs;
use self::presented_proof::{PresentedProof, ProvenRequest};
use super::error::{ErrorCode, OAuthError};
use super::secret;
use crate::token::since_epoch;

/// The header with a DPoP proof (RFC 9449 section 4.1).
pub(super) const DPOP: &str = "dpop";

/// The header with a nonce for the next proof (RFC 9449 section 8.1).
pub(super) const DPOP_NONCE: &str = "dpop-nonce";

/// Returns the algorithms of the proofs that the server accepts.
pub(super) fn algorithms() -> Vec<&'static str> {
    Algorithm::ALL.iter().map(|algorithm| algorithm.name()).collect()
}

/// The state in which the proofs of all requests are judged.
pub(super) struct Possession {
    issuer: String,
    /// True if each proof for the token endpoint needs a nonce of this server.
    requires_nonce: bool,
    accepted: Mutex<AcceptedProofs>,
}

impl Possession {
    pub(super) fn new(issuer: &str, requires_nonce: bool) -> Self {
        let issuer = issuer.to_owned();
        Self { issuer, requires_nonce, accepted: Mutex::new(AcceptedProofs::new()) }
    }

    /// Returns the keys that the request to this endpoint proves. A proof for a request with an
    /// access token names the token, and needs no nonce.
    pub(super) fn confirm(
        &self,
        headers: &HeaderMap,
        method: &str,
        path: &str,
        access_token: Option<&str>,
    ) -> Result<Confirmation, OAuthError> {
        let x5t = client_certificate::thumbprint(headers)?;
        let Some(proof) = PresentedProof::read(headers)? else {
            return Ok(Confirmation { jkt: None, x5t });
        };
        let url = format!("{}{path}", self.issuer);
        let now = since_epoch(SystemClock.now());
        let request = ProvenRequest { method, url: &url, access_token, now };
        let jkt = proof.verify(&request)?;
        if self.requires_nonce && access_token.is_none() && !self.knows_nonce(&proof) {
            return Err(ErrorCode::UseDpopNonce.because("the proof has no nonce of this server"));
        }
        if self.accepted().accept(&jkt, proof.jti(), Instant::now()) {
            return Ok(Confirmation { jkt: Some(jkt), x5t });
        }
        Err(ErrorCode::InvalidDpopProof.because("the proof has been used already"))
    }

    /// Returns a nonce for the next proof, if proofs need one. Returns `None` if the operating
    /// system returns no randomness.
    pub(super) fn next_nonce(&self) -> Option<String> {
        let nonce = secret::random().ok().filter(|_| self.requires_nonce)?;
        self.accepted().add_nonce(nonce.clone(), Instant::now());
        Some(nonce)
    }

    fn knows_nonce(&self, proof: &PresentedProof<'_>) -> bool {
        proof.nonce().is_some_and(|nonce| self.accepted().knows_nonce(nonce, Instant::now()))
    }

    fn accepted(&self) -> MutexGuard<'_, AcceptedProofs> {
        self.accepted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
