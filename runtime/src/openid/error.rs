//! The error of a token that the provider did not issue to the client for this use.

use std::error::Error;
use std::fmt;

use super::rule::Rule;
use crate::error::{Fault, RefusalKind, TokenError};

/// Error of an ID token or a logout token.
///
/// The error names the rule that the token failed and the claim that the rule is about. It contains
/// no value from the token, so printing it cannot leak a token or a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenIdError {
    kind: Kind,
    reason: Reason,
}

/// Kind of a token that a provider sends to a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    #[cfg(feature = "__browser")]
    IdToken,
    LogoutToken,
}

/// Reason why a token was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reason {
    /// A rule that the token shares with access tokens.
    Fault(Fault),
    Rule(Rule),
    /// The server has no usable keys of the issuer. The text is the error of the last fetch.
    Unavailable(Option<String>),
}

impl OpenIdError {
    pub(crate) fn new(kind: Kind, reason: impl Into<Reason>) -> Self {
        Self { kind, reason: reason.into() }
    }

    /// Returns true if the token could not be judged, because the server has no usable keys of the
    /// issuer. The same token may be accepted later.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        matches!(self.reason, Reason::Unavailable(_))
    }

    /// Returns the name of the claim or header parameter that failed the rule, never its value.
    /// Returns `None` if the rule is not about a claim or a header parameter.
    #[cfg(feature = "__browser")]
    #[must_use]
    pub fn claim(&self) -> Option<&'static str> {
        match &self.reason {
            Reason::Fault(fault) => fault.claim(),
            Reason::Rule(rule) => Some(rule.claim()),
            Reason::Unavailable(_) => None,
        }
    }

    /// Returns a sentence that states the rule that the token failed. The text may change in any
    /// release.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match &self.reason {
            Reason::Fault(fault) => fault.rule(),
            Reason::Rule(rule) => rule.sentence(),
            Reason::Unavailable(_) => Fault::NoKeys.rule(),
        }
    }
}

impl From<Fault> for Reason {
    fn from(fault: Fault) -> Self {
        match fault {
            // The sentence of this fault names access tokens.
            Fault::TypOther => Self::Rule(Rule::TypHeaderOther),
            fault => Self::Fault(fault),
        }
    }
}

impl From<Rule> for Reason {
    fn from(rule: Rule) -> Self {
        Self::Rule(rule)
    }
}

/// Converts the error of the verification of a signature.
impl From<TokenError> for Reason {
    fn from(error: TokenError) -> Self {
        if error.kind() == RefusalKind::KeysUnavailable {
            return Self::Unavailable(error.fetch_error().map(str::to_owned));
        }
        error.fault().unwrap_or(Fault::SignatureInvalid).into()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            #[cfg(feature = "__browser")]
            Self::IdToken => "ID token",
            Self::LogoutToken => "logout token",
        })
    }
}

/// Writes the kind of the token, the rule, and the error of the last fetch of keys.
impl fmt::Display for OpenIdError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, reason } = self;
        let rule = self.rule();
        match reason {
            Reason::Unavailable(Some(error)) => {
                write!(formatter, "the {kind} cannot be verified: {rule}; {error}")
            }
            Reason::Unavailable(None) => {
                write!(formatter, "the {kind} cannot be verified: {rule}")
            }
            Reason::Fault(_) | Reason::Rule(_) => {
                write!(formatter, "the {kind} is not valid: {rule}")
            }
        }
    }
}

impl Error for OpenIdError {}
