//! The keys of a transmitter.

use std::sync::Arc;

use crate::algorithm::Algorithm;
use crate::error::TokenError;
use crate::server::trusted_issuer::TrustedIssuer;
use crate::token::{Compact, Header};

/// The keys with which the events of a transmitter are verified.
pub(in crate::server) enum TransmitterKeys {
    /// The transmitter is an issuer of the server, and signs events with the keys of its tokens.
    Issuer(Arc<TrustedIssuer>),
}

impl TransmitterKeys {
    /// Returns the algorithms with which only the transmitter can sign.
    pub(in crate::server) fn algorithms(&self) -> Vec<Algorithm> {
        match self {
            Self::Issuer(issuer) => issuer.asymmetric_algorithms(),
        }
    }

    /// Verifies the signature of an event. Waits for a fetch if the key is not known.
    pub(in crate::server) async fn verify_signature(
        &self,
        header: &Header<'_>,
        token: &Compact<'_>,
    ) -> Result<(), TokenError> {
        match self {
            Self::Issuer(issuer) => issuer.verify_signature(header, token).await.map(|_| ()),
        }
    }
}
