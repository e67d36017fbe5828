//! Adds the configuration that a refused token was compared with to the error, for the log.

use super::ResourceServer;
use super::trusted_issuer::TrustedIssuer;
use super::validation::url;
use crate::error::{Fault, TokenError};
use crate::token::quoted;

impl ResourceServer {
    /// Creates the error of a token that no configured issuer has issued.
    #[cold]
    pub(super) fn refuse_issuer(&self, fault: Fault) -> TokenError {
        let mut identifiers: Vec<_> =
            self.inner().issuers.keys().map(|identifier| url::redacted(identifier)).collect();
        identifiers.sort_unstable();
        TokenError::configured(fault, None, Some(quoted(identifiers)))
    }
}

impl TrustedIssuer {
    /// Creates the error of a token of this issuer.
    #[cold]
    pub(super) fn refuse(&self, fault: Fault) -> TokenError {
        let expected = match fault {
            Fault::AlgNotAccepted => {
                Some(quoted(self.algorithms.iter().map(|algorithm| algorithm.name())))
            }
            _ => self.rules.expected(fault),
        };
        TokenError::configured(fault, self.rules.claim(fault), expected)
    }
}
