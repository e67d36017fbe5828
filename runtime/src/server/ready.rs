//! Waits until the server holds the keys and the revocations that it needs.

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use tokio::time::{Instant, timeout_at};

use super::ResourceServer;
use super::issuer_failures::IssuerFailures;
use super::readiness::Readiness;
use super::trusted_issuer::TrustedIssuer;
use crate::keys::{FetchError, PATIENCE};

/// Reason for missing keys while no fetch has ended.
const NO_ANSWER: &str = "no answer yet";

impl ResourceServer {
    /// Waits until the server holds keys of all required issuers, for at most 5 s in total. If no
    /// issuer is required, this method waits until the server holds keys of one issuer. An issuer
    /// whose metadata names the endpoint of [`introspection`](super::Issuer::introspection) also needs
    /// this metadata.
    ///
    /// With a [`revocation_feed`](super::ResourceServerBuilder::revocation_feed), this method also
    /// waits until the server has read the whole log once. If the log does not answer, the server
    /// counts as ready, except with [`required`](crate::revocation::RevocationFeed::required) or
    /// [`FeedOutage::Refuse`](crate::revocation::FeedOutage::Refuse). A server is not ready while an
    /// entry of the log does not fit into its list.
    ///
    /// Call this method before the server accepts the first request, for example. The call is
    /// optional. A readiness probe that cannot wait for 5 s uses [`health`](Self::health).
    ///
    /// # Errors
    ///
    /// Returns the issuers whose keys the server does not hold yet, and the reason why the revocation
    /// feed is not ready. The text may contain the address of the log. The server continues in the
    /// background to fetch the missing keys and to read the log.
    pub async fn ready(&self) -> Result<(), ReadyError> {
        #[cfg(feature = "security_events")]
        self.ensure_polling();
        let deadline = Instant::now() + PATIENCE;
        let issuers = self.inner().issuers.values().map(Arc::as_ref);
        let missing = match Readiness::of(issuers, |issuer| issuer.required) {
            Readiness::All(required) => warm_all(required, deadline).await,
            Readiness::One(optional) => warm_one(optional, deadline).await,
        };
        let outdated = self.inner().revocations.wait_ready(deadline).await.err();
        ReadyError { missing, outdated }.into_result()
    }
}

/// Waits until all issuers have keys, and returns the issuers that have none at the deadline. The
/// background tasks of the issuers fetch concurrently, so this function waits for one issuer after
/// another.
async fn warm_all(issuers: Vec<&TrustedIssuer>, deadline: Instant) -> IssuerFailures {
    let mut missing = IssuerFailures::default();
    for issuer in issuers {
        if let Err(failure) = issuer.warm(deadline).await {
            failure.record(&mut missing, &issuer.identifier);
        }
    }
    missing
}

/// Waits until one of the issuers has keys, and returns all issuers if none has keys at the
/// deadline.
async fn warm_one(issuers: Vec<&TrustedIssuer>, deadline: Instant) -> IssuerFailures {
    let mut pending: Vec<_> = issuers
        .into_iter()
        .map(|issuer| Box::pin(async move { (issuer, issuer.warm(deadline).await) }))
        .collect();
    let mut missing = IssuerFailures::default();
    let is_ready = poll_fn(|context| {
        let mut is_ready = false;
        pending.retain_mut(|warming| match warming.as_mut().poll(context) {
            Poll::Pending => true,
            Poll::Ready((_, Ok(()))) => {
                is_ready = true;
                false
            }
            Poll::Ready((issuer, Err(failure))) => {
                failure.record(&mut missing, &issuer.identifier);
                false
            }
        });
        if is_ready || pending.is_empty() { Poll::Ready(is_ready) } else { Poll::Pending }
    });
    if is_ready.await { IssuerFailures::default() } else { missing }
}

/// Reason why the tokens of an issuer cannot be verified yet.
enum NotWarm {
    Keys(Option<Arc<FetchError>>),
    Endpoint(String),
}

impl NotWarm {
    fn record(self, missing: &mut IssuerFailures, issuer: &str) {
        match self {
            Self::Keys(error) => missing.push(issuer, NO_ANSWER, error),
            Self::Endpoint(reason) => missing.push_text(issuer, reason),
        }
    }
}

impl TrustedIssuer {
    /// Waits until the server has the keys of the issuer and knows its endpoint, if it needs them.
    async fn warm(&self, deadline: Instant) -> Result<(), NotWarm> {
        let keys = self.keys.warm(deadline).await;
        keys.map_err(|unavailable| NotWarm::Keys(unavailable.reason))?;
        let Some(introspector) = &self.introspection else { return Ok(()) };
        match timeout_at(deadline, introspector.warm()).await {
            Ok(warm) => warm.map_err(NotWarm::Endpoint),
            Err(_) => Err(NotWarm::Endpoint(NO_ANSWER.to_owned())),
        }
    }
}

/// The error of [`ResourceServer::ready`]: the issuers whose keys could not be loaded, each with
/// the reason, and the reason why the revocation feed is not ready. `source` returns the error of the
/// first issuer, whose sources lead to the innermost cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadyError {
    missing: IssuerFailures,
    outdated: Option<String>,
}

impl ReadyError {
    fn into_result(self) -> Result<(), Self> {
        if self.missing.is_empty() && self.outdated.is_none() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for ReadyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.missing.is_empty() {
            write!(formatter, "no keys from {}", self.missing)?;
        }
        let Some(outdated) = &self.outdated else { return Ok(()) };
        let separator = if self.missing.is_empty() { "" } else { "; " };
        write!(formatter, "{separator}{outdated}")
    }
}

impl Error for ReadyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.missing.first_error()
    }
}
