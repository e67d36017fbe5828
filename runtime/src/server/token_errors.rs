//! Adds to the error of a refused token the configuration that the token was compared with.

use super::ResourceServer;
use super::trusted_issuer::TrustedIssuer;
use super::verification::signature_wait::SignatureError;
use crate::error::{Fault, RefusalKind, Step, TokenError};
use crate::flights::FAILURE_PERIOD;
use crate::keys::Unavailable;
use crate::redaction::redacted;
use crate::token::quoted;

impl ResourceServer {
    /// Creates the error of a request without a well-formed credential. The error names the place
    /// of tokens if it is configured.
    #[cold]
    pub(super) fn refuse_credential(&self, fault: Fault) -> TokenError {
        if fault.kind() == RefusalKind::SessionUnavailable {
            return TokenError::session_unavailable(fault);
        }
        let location = &self.inner().token_location;
        if location.is_default() || fault.step() != Step::Credential {
            return fault.into();
        }
        TokenError::of_no_issuer(fault, format!("`{location}`"))
    }

    /// Creates the error of a token that no configured issuer has issued.
    #[cold]
    pub(super) fn refuse_issuer(&self, fault: Fault) -> TokenError {
        let mut identifiers: Vec<_> =
            self.inner().issuers.keys().map(|identifier| redacted(identifier)).collect();
        identifiers.sort_unstable();
        TokenError::of_no_issuer(fault, quoted(identifiers))
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
        let claim = self.rules.claim(fault);
        TokenError::from(fault).of_issuer(redacted(&self.identifier), claim, expected)
    }

    /// Creates the error of a token of this issuer that no key verifies.
    #[cold]
    pub(super) fn refuse_key(&self, kind: RefusalKind) -> TokenError {
        SignatureError::Refused(kind).of_issuer(&self.identifier)
    }

    /// Creates the error of a token about which the issuer gave no usable answer.
    #[cold]
    pub(super) fn refuse_unanswered(&self, cause: &str) -> TokenError {
        let issuer = redacted(&self.identifier);
        TokenError::introspection_unavailable(issuer, FAILURE_PERIOD, cause.to_owned())
    }

    /// Creates the error of a token of this issuer while no keys are usable.
    #[cold]
    pub(super) fn refuse_without_keys(&self, unavailable: Unavailable) -> TokenError {
        SignatureError::NoKeys(unavailable).of_issuer(&self.identifier)
    }
}
