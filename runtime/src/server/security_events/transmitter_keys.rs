//! The keys of a transmitter.

use std::sync::Arc;

use crate::algorithm::Algorithm;
use crate::error::TokenError;
use crate::keys::Keys;
use crate::server::trusted_issuer::TrustedIssuer;
use crate::server::verification::signature_wait::verify_with_newest;
use crate::token::{Compact, Header};

/// The keys with which the events of a transmitter are verified.
pub(in crate::server) enum TransmitterKeys {
    /// The transmitter is an issuer of the server, and signs events with the keys of its tokens.
    Issuer(Arc<TrustedIssuer>),
    /// Keys that verify no access tokens.
    Own(OwnKeys),
}

/// Keys of a transmitter that are not those of an issuer.
pub(in crate::server) struct OwnKeys {
    /// The identifier of the transmitter, for errors.
    pub(in crate::server) transmitter: String,
    pub(in crate::server) keys: Keys,
    pub(in crate::server) algorithms: Vec<Algorithm>,
}

impl TransmitterKeys {
    /// Returns the algorithms with which only the transmitter can sign.
    pub(in crate::server) fn algorithms(&self) -> Vec<Algorithm> {
        match self {
            Self::Issuer(issuer) => issuer.asymmetric_algorithms(),
            Self::Own(own) => own.algorithms.clone(),
        }
    }

    /// Verifies the signature of an event. Waits for a fetch if the key is not known.
    pub(in crate::server) async fn verify_signature(
        &self,
        header: &Header<'_>,
        token: &Compact<'_>,
    ) -> Result<(), TokenError> {
        match self {
            Self::Issuer(issuer) => issuer.verify_signature_of_message(header, token).await,
            Self::Own(own) => match verify_with_newest(&own.keys, header, token).await {
                Ok(_) => Ok(()),
                Err(error) => Err(error.of_issuer(&own.transmitter)),
            },
        }
    }

    /// Returns the keys that are not those of an issuer.
    pub(in crate::server) fn own(&self) -> Option<&OwnKeys> {
        match self {
            Self::Issuer(_) => None,
            Self::Own(own) => Some(own),
        }
    }

    pub(in crate::server) fn keys(&self) -> &Keys {
        match self {
            Self::Issuer(issuer) => &issuer.keys,
            Self::Own(own) => &own.keys,
        }
    }
}
