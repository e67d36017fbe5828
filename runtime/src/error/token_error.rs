//! The error of a request without a valid token.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::fault::Fault;
use super::refusal_kind::RefusalKind;

/// The error for a request whose token the server did not accept or could not verify.
///
/// A `TokenError` names the rule that the request failed, the claim or header parameter that the
/// rule is about, and the configuration that the server compared with. It contains no value from
/// the request, so printing it cannot leak a token or a claim. The client sees only the
/// [`kind`](Self::kind).
///
/// ```
/// # use axum_protected::ResourceServer;
/// # use axum_protected_testing::AuthorizationServer;
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let issuer = AuthorizationServer::start().await?;
/// let server = issuer.resource_server().build()?;
/// let token = issuer.token().without("aud").sign();
///
/// let error = server.verify(&token).await.unwrap_err();
/// assert_eq!(error.claim(), Some("aud"));
/// assert_eq!(error.rule(), Some("the claim `aud` is missing"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenError {
    kind: RefusalKind,
    fault: Option<Fault>,
    /// Boxed, because the result of a look-up in the cache of verified tokens contains a
    /// `TokenError`, and this result should be small.
    details: Option<Box<Details>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Details {
    retry_after: Option<Duration>,
    claim: Option<String>,
    expected: Option<String>,
}

impl TokenError {
    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        self.kind
    }

    /// Returns the name of the claim or header parameter that failed the rule, never its value.
    /// Returns `None` if the rule is not about a claim or a header parameter.
    #[must_use]
    pub fn claim(&self) -> Option<&str> {
        let configured = self.details.as_ref().and_then(|details| details.claim.as_deref());
        configured.or_else(|| self.fault?.claim())
    }

    /// Returns a sentence that states the rule that the request failed. The text may change in any
    /// release.
    #[must_use]
    pub fn rule(&self) -> Option<&'static str> {
        self.fault.map(Fault::rule)
    }

    /// Returns the configuration that the server compared the claim with, for example the
    /// configured audiences. Returns `None` if the rule does not depend on the configuration.
    #[must_use]
    pub fn expected(&self) -> Option<String> {
        self.details.as_ref().and_then(|details| details.expected.clone())
    }

    /// Returns the time until the next attempt to fetch keys. Returns `None` for every kind except
    /// [`RefusalKind::KeysUnavailable`].
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.details.as_ref().and_then(|details| details.retry_after)
    }

    pub(crate) fn keys_unavailable(retry_after: Duration) -> Self {
        let details = Details { retry_after: Some(retry_after), ..Details::default() };
        Self { details: Some(Box::new(details)), ..RefusalKind::KeysUnavailable.into() }
    }

    /// Creates the error of a request that failed a rule which depends on the configuration.
    /// `claim` is the configured name of the claim, if the name is configured. `expected` describes
    /// the configuration.
    pub(crate) fn configured(
        fault: Fault,
        claim: Option<String>,
        expected: Option<String>,
    ) -> Self {
        let details = Details { claim, expected, ..Details::default() };
        let is_empty = details == Details::default();
        Self { details: (!is_empty).then(|| Box::new(details)), ..fault.into() }
    }

    pub(crate) fn fault(&self) -> Option<Fault> {
        self.fault
    }
}

impl From<RefusalKind> for TokenError {
    fn from(kind: RefusalKind) -> Self {
        Self { kind, fault: Fault::of_kind(kind), details: None }
    }
}

impl From<Fault> for TokenError {
    fn from(fault: Fault) -> Self {
        Self { kind: fault.kind(), fault: Some(fault), details: None }
    }
}

/// Writes the kind, the rule and the expected configuration.
impl fmt::Display for TokenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.kind.description())?;
        if let Some(rule) = self.rule() {
            write!(formatter, ": {rule}")?;
        }
        if let Some(details) = &self.details {
            if let Some(claim) = &details.claim {
                write!(formatter, " (`{claim}`)")?;
            }
            if let Some(expected) = &details.expected {
                write!(formatter, "; expected {expected}")?;
            }
        }
        Ok(())
    }
}

impl Error for TokenError {}
