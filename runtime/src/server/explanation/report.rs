//! The report about a token for the operator.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::rules::{ExplainedRule, RuleOutcome, explained_rules};
use crate::error::{RefusalKind, Step, TokenError};
use crate::keys::PublishedKey;
use crate::possession::Proof;

/// The explanation of the judgement on a token, from
/// [`ResourceServer::explain`](crate::ResourceServer::explain).
///
/// The explanation contains the claims of the token. Its `Display` output is for people; serde
/// serializes the same content.
#[derive(Clone, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// True if a request with this token and its [`proofs`](Self::proofs) would be authenticated now.
    /// The policy of an operation may still refuse it.
    pub is_accepted: bool,
    /// True if the token is accepted although it may be an ID token, because its only audience is
    /// its client.
    pub is_ambiguous: bool,
    /// The proofs of possession that a request must present with the token, because the token is
    /// bound to a key.
    pub proofs: Vec<Proof>,
    /// The configured issuer of the token. `None` if the token has no configured issuer, or if its
    /// header is refused.
    pub issuer: Option<String>,
    /// The state of the signature. It is checked even if a claim fails an earlier rule.
    pub signature: SignatureState,
    /// The rules in the order in which the server applies them.
    pub rules: Vec<ExplainedRule>,
    /// The header of the token, if it can be decoded.
    pub header: Option<Value>,
    /// The claims of the token, if they can be decoded.
    pub claims: Option<Value>,
    #[serde(serialize_with = "serialize_error")]
    pub(super) error: Option<TokenError>,
}

/// The state of a token's signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SignatureState {
    /// The signature verifies with a key that the server holds.
    Verified,
    /// The signature does not verify with the key that the token names.
    Invalid,
    /// The server holds no key that the header of the token selects.
    NoMatchingKey,
    /// The server holds no usable keys of the issuer.
    NoKeys,
    /// The issuer or the header does not select a key.
    NotChecked,
}

impl SignatureState {
    pub(super) fn of(result: Option<Result<&PublishedKey, RefusalKind>>) -> Self {
        match result {
            None => Self::NoKeys,
            Some(Ok(_)) => Self::Verified,
            Some(Err(RefusalKind::InvalidSignature)) => Self::Invalid,
            Some(Err(_)) => Self::NoMatchingKey,
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Invalid => "does not verify",
            Self::NoMatchingKey => "the server holds no key that `kid` and `alg` select",
            Self::NoKeys => "the server holds no keys of the issuer",
            Self::NotChecked => "not checked",
        }
    }
}

impl Explanation {
    /// Creates the explanation of the judgement on a token by these steps. The caller adds what it
    /// knows about the header, the issuer, the signature and the proofs.
    pub(super) fn new(steps: &[Step], claims: Option<Value>, error: Option<TokenError>) -> Self {
        Self {
            is_accepted: error.is_none(),
            is_ambiguous: false,
            proofs: Vec::new(),
            issuer: None,
            signature: SignatureState::NotChecked,
            rules: explained_rules(steps, error.as_ref()),
            header: None,
            claims,
            error,
        }
    }

    /// Returns the error that a request with this token would get. Returns `None` if the token is
    /// accepted.
    #[must_use]
    pub fn error(&self) -> Option<&TokenError> {
        self.error.as_ref()
    }
}

#[derive(Serialize)]
struct ErrorReport<'a> {
    code: &'static str,
    rule: Option<&'static str>,
    claim: Option<&'a str>,
    expected: Option<&'a str>,
}

#[allow(clippy::ref_option, reason = "serde passes the field")]
fn serialize_error<S: Serializer>(
    error: &Option<TokenError>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let report = error.as_ref().map(|error| ErrorReport {
        code: error.kind().code(),
        rule: error.rule(),
        claim: error.claim(),
        expected: error.expected(),
    });
    report.serialize(serializer)
}

impl fmt::Display for Explanation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.error {
            None => writeln!(formatter, "accepted")?,
            Some(error) => writeln!(formatter, "refused: {}: {error}", error.kind().code())?,
        }
        if self.is_ambiguous {
            writeln!(formatter, "warning: the token may be an ID token of its only audience")?;
        }
        for proof in &self.proofs {
            writeln!(formatter, "a request must prove possession of a key: {}", proof.name())?;
        }
        let issuer = self.issuer.as_deref().unwrap_or("not determined");
        writeln!(formatter, "issuer: {issuer}")?;
        writeln!(formatter, "signature: {}", self.signature.text())?;
        for ExplainedRule { rule, outcome } in &self.rules {
            let outcome = match outcome {
                RuleOutcome::Passed => "passed",
                RuleOutcome::Failed => "FAILED",
                RuleOutcome::NotReached => "not reached",
            };
            writeln!(formatter, "  {outcome:<11}  {rule}")?;
        }
        for (name, part) in [("header", &self.header), ("claims", &self.claims)] {
            match part {
                Some(part) => writeln!(formatter, "{name}: {}", printable(part))?,
                None => writeln!(formatter, "{name}: cannot be decoded")?,
            }
        }
        Ok(())
    }
}

/// Returns the JSON text of a value. Control characters that JSON permits are replaced, because the
/// text may be printed on a terminal.
fn printable(value: &Value) -> String {
    let text = format!("{value:#}");
    text.replace(|one: char| one.is_control() && one != '\n', "\u{fffd}")
}

/// Omits the header and the claims.
impl fmt::Debug for Explanation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Explanation")
            .field("is_accepted", &self.is_accepted)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}
