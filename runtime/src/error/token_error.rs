//! The error of a request without a valid token.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::fault::Fault;
use super::refusal_kind::RefusalKind;

/// The time after which a client should try again to use its session.
const SESSION_RETRY: Duration = Duration::from_secs(5);

/// The time after which a client should try again while the server may lack revocations.
const REVOCATIONS_RETRY: Duration = Duration::from_secs(1);

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
/// let error = server.authenticate(&token).await.unwrap_err();
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
    issuer: Option<String>,
    claim: Option<String>,
    expected: Option<String>,
    retry_after: Option<Duration>,
    fetch_error: Option<String>,
}

impl TokenError {
    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        self.kind
    }

    /// Returns the identifier of the configured issuer that the server found for the token. Returns
    /// `None` if the token names no configured issuer.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.details.as_ref().and_then(|details| details.issuer.as_deref())
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
    pub fn expected(&self) -> Option<&str> {
        self.details.as_ref().and_then(|details| details.expected.as_deref())
    }

    /// Returns the time until the next attempt to fetch keys, the next look-up of an API key or the
    /// next question about the token, or until a session, the memory of used DPoP proofs or the
    /// revocations may be available. Returns `None` for every kind except
    /// [`RefusalKind::KeysUnavailable`], [`RefusalKind::ApiKeysUnavailable`],
    /// [`RefusalKind::IntrospectionUnavailable`], [`RefusalKind::SessionUnavailable`],
    /// [`RefusalKind::ProofsUnavailable`] and [`RefusalKind::RevocationsUnavailable`].
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let is_outdated = self.kind == RefusalKind::RevocationsUnavailable;
        let details = self.details.as_ref().and_then(|details| details.retry_after);
        details.or_else(|| is_outdated.then_some(REVOCATIONS_RETRY))
    }

    /// Returns the error of the last fetch of the issuer's keys, for
    /// [`RefusalKind::KeysUnavailable`], the error of the look-up of an API key, for
    /// [`RefusalKind::ApiKeysUnavailable`], the error of the question about a token, for
    /// [`RefusalKind::IntrospectionUnavailable`], or the error of a store of DPoP proofs, for
    /// [`RefusalKind::ProofsUnavailable`]. Returns `None` if no fetch has ended yet, and for other
    /// kinds.
    #[must_use]
    pub fn fetch_error(&self) -> Option<&str> {
        self.details.as_ref().and_then(|details| details.fetch_error.as_deref())
    }

    /// Creates the error of a token whose issuer has no usable keys.
    pub(crate) fn keys_unavailable(
        issuer: &str,
        retry_after: Duration,
        fetch_error: Option<String>,
    ) -> Self {
        let issuer = Some(issuer.to_owned());
        let retry_after = Some(retry_after);
        let details = Details { issuer, retry_after, fetch_error, ..Details::default() };
        Self { details: Some(Box::new(details)), ..RefusalKind::KeysUnavailable.into() }
    }

    /// Creates the error of an API key whose look-up failed.
    pub(crate) fn api_keys_unavailable(retry_after: Duration, cause: String) -> Self {
        let details = Details {
            retry_after: Some(retry_after),
            fetch_error: Some(cause),
            ..Details::default()
        };
        Self { details: Some(Box::new(details)), ..Fault::KeyLookUpFailed.into() }
    }

    /// Creates the error of a DPoP proof while nobody can tell if it was used before.
    pub(crate) fn proofs_unavailable(
        fault: Fault,
        retry_after: Duration,
        cause: Option<String>,
    ) -> Self {
        let retry_after = Some(retry_after);
        let details = Details { retry_after, fetch_error: cause, ..Details::default() };
        Self { details: Some(Box::new(details)), ..fault.into() }
    }

    /// Creates the error of a token about which its issuer gave no usable answer.
    pub(crate) fn introspection_unavailable(
        issuer: &str,
        retry_after: Duration,
        cause: String,
    ) -> Self {
        let details = Details {
            issuer: Some(issuer.to_owned()),
            retry_after: Some(retry_after),
            fetch_error: Some(cause),
            ..Details::default()
        };
        Self { details: Some(Box::new(details)), ..Fault::IntrospectionFailed.into() }
    }

    /// Creates the error of a session that cannot be used at present.
    pub(crate) fn session_unavailable(fault: Fault) -> Self {
        let retry_after = Some(SESSION_RETRY);
        let details = Details { retry_after, ..Details::default() };
        Self { details: Some(Box::new(details)), ..fault.into() }
    }

    /// Creates an error that belongs to no configured issuer. `expected` describes the
    /// configuration that the rule compares with.
    pub(crate) fn of_no_issuer(fault: Fault, expected: String) -> Self {
        let details = Details { expected: Some(expected), ..Details::default() };
        Self { details: Some(Box::new(details)), ..fault.into() }
    }

    /// Returns the error of a token of this configured issuer. `claim` is the configured name of
    /// the claim, if the name is configured. `expected` describes the configuration that the rule
    /// compares with.
    pub(crate) fn of_issuer(
        self,
        issuer: &str,
        claim: Option<String>,
        expected: Option<String>,
    ) -> Self {
        let issuer = Some(issuer.to_owned());
        let details = Details { issuer, claim, expected, ..Details::default() };
        Self { details: Some(Box::new(details)), ..self }
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

/// Writes the kind, the rule, the expected configuration, and the error of the last fetch.
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
            if let Some(fetch_error) = &details.fetch_error {
                write!(formatter, "; {fetch_error}")?;
            }
        }
        Ok(())
    }
}

impl Error for TokenError {}
