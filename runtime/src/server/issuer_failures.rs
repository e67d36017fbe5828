//! The issuers whose keys could not be fetched, with the reasons.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::error_chain::ErrorChain;
use crate::keys::FetchError;

/// Issuers whose keys could not be fetched, sorted by identifier.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct IssuerFailures(Vec<IssuerFailure>);

#[derive(Debug, Clone)]
struct IssuerFailure {
    issuer: String,
    reason: String,
    error: Option<Arc<FetchError>>,
}

impl PartialEq for IssuerFailure {
    fn eq(&self, other: &Self) -> bool {
        (&self.issuer, &self.reason) == (&other.issuer, &other.reason)
    }
}

impl Eq for IssuerFailure {}

impl IssuerFailures {
    /// Adds an issuer with the error of its last fetch. Without such an error, the reason is
    /// `summary`.
    pub(super) fn push(
        &mut self,
        issuer: &str,
        summary: &'static str,
        error: Option<Arc<FetchError>>,
    ) {
        let reason = match &error {
            Some(error) => ErrorChain(&**error).to_string(),
            None => summary.to_owned(),
        };
        self.insert(IssuerFailure { issuer: issuer.to_owned(), reason, error });
    }

    /// Adds an issuer with the text of a reason.
    pub(super) fn push_text(&mut self, issuer: &str, reason: String) {
        self.insert(IssuerFailure { issuer: issuer.to_owned(), reason, error: None });
    }

    fn insert(&mut self, failure: IssuerFailure) {
        let after = self.0.partition_point(|earlier| earlier.issuer <= failure.issuer);
        self.0.insert(after, failure);
    }

    /// Returns the error that `error` makes from the failures, or `Ok` without a failure.
    pub(super) fn into_result<E>(self, error: impl FnOnce(Self) -> E) -> Result<(), E> {
        if self.0.is_empty() { Ok(()) } else { Err(error(self)) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the error of the first issuer that has one, for `Error::source`.
    pub(super) fn first_error(&self) -> Option<&(dyn Error + 'static)> {
        let error = self.0.iter().find_map(|failure| failure.error.as_deref())?;
        Some(error)
    }
}

/// Writes the failures separated by semicolons.
impl fmt::Display for IssuerFailures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for IssuerFailure { issuer, reason, .. } in &self.0 {
            write!(formatter, "{separator}`{issuer}` ({reason})")?;
            separator = "; ";
        }
        Ok(())
    }
}
