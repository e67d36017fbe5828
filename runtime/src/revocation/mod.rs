//! Revoked tokens. The server refuses them because the application revoked them, even if their
//! claims are valid.

mod entry;
mod error;
mod issuer_entries;
mod list;
mod target;

use std::fmt;
use std::future::{Future, ready};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

pub use self::error::RevocationError;
pub use self::target::Revocation;

use self::list::List;
use crate::clock::Clock;
use crate::token::{AccessToken, Dialect};

/// List of revocations of a [`ResourceServer`](crate::ResourceServer).
///
/// The application adds revocations to the list, for example after a back-channel logout, after a
/// message from a message bus or when an administrator asks for it. Cloning is cheap; clones share
/// the list.
///
/// From the next request on, the server refuses a revoked token with status 401 and the code
/// `revoked_token`. Streams of a revoked token in
/// [`while_valid`](crate::ResourceServer::while_valid) end.
///
/// ```
/// use std::time::Duration;
/// use axum_protected::clock::{Clock, SystemClock};
/// use axum_protected::revocation::Revocation;
/// use axum_protected_testing::AuthorizationServer;
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let issuer = AuthorizationServer::start().await?;
/// let server = issuer.resource_server().build()?;
/// let token = issuer.token().subject("alice").sign();
/// assert!(server.verify(&token).await.is_ok());
///
/// let now = SystemClock.now();
/// let tokens_of_alice = Revocation::subject(issuer.issuer(), "alice", now);
/// // The tokens of this issuer live for one hour at most.
/// server.revocations().revoke(tokens_of_alice, now + Duration::from_secs(3600)).await?;
/// let refused = server.verify(&token).await.unwrap_err();
/// assert_eq!(refused.kind().code(), "revoked_token");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The list is in memory. The application must add the revocations again after a restart, and must
/// add each revocation in every instance of the server.
#[derive(Clone)]
pub struct Revocations(Arc<Shared>);

struct Shared {
    /// True after the first revocation. Before the first revocation, a request reads only this flag
    /// and does not lock the list.
    has_revocations: AtomicBool,
    list: RwLock<List>,
    news: watch::Sender<()>,
    clock: Arc<dyn Clock>,
    leeway: Duration,
}

impl Revocations {
    pub(crate) fn new<'a>(
        issuers: impl IntoIterator<Item = &'a str>,
        bytes: usize,
        clock: Arc<dyn Clock>,
        leeway: Duration,
    ) -> Self {
        Self(Arc::new(Shared {
            has_revocations: AtomicBool::new(false),
            list: RwLock::new(List::new(issuers, bytes)),
            news: watch::Sender::default(),
            clock,
            leeway,
        }))
    }

    /// Revokes tokens until a time at which all of them have expired.
    ///
    /// `until` is the latest `exp` of the tokens. If the latest `exp` is unknown, pass the current
    /// time plus the longest lifetime that the issuer gives to a token.
    ///
    /// The revocation takes effect when this function is called, before the future is awaited. Await
    /// the future for the result.
    ///
    /// The list may drop a revocation after `until` plus the configured leeway, never earlier. If
    /// `until` is too late, the revocation takes memory for longer than needed. If `until` is too
    /// early, the server may accept the tokens again. If the same tokens are already revoked, the
    /// later of the two times applies.
    ///
    /// # Errors
    ///
    /// Returns an error if the server does not trust the issuer, if `until` plus the leeway has
    /// passed, or if the list is full
    /// ([`revocation_bytes`](crate::ResourceServerBuilder::revocation_bytes)). If `revoke` returns
    /// an error, no token is revoked and existing revocations are kept.
    pub fn revoke(
        &self,
        revocation: Revocation,
        until: SystemTime,
    ) -> impl Future<Output = Result<(), RevocationError>> + Send + 'static + use<> {
        ready(self.insert(revocation, until))
    }

    fn insert(&self, revocation: Revocation, until: SystemTime) -> Result<(), RevocationError> {
        let shared = &*self.0;
        // The end of a revocation has the same leeway as `exp`.
        let cutoff =
            shared.clock.now().checked_sub(shared.leeway).unwrap_or(SystemTime::UNIX_EPOCH);
        let mut list = shared.list.write().unwrap_or_else(PoisonError::into_inner);
        let concerns_more = list.insert(revocation, until, cutoff)?;
        shared.has_revocations.store(true, Ordering::Relaxed);
        drop(list);
        if concerns_more {
            shared.news.send_replace(());
        }
        Ok(())
    }

    /// Returns true if the token is revoked. `dialect` determines which claim names the token's
    /// client. The dialect is an argument because another server may have verified the token. The
    /// result takes into account each call of `revoke` that returned before this call.
    pub(crate) fn concern(&self, token: &AccessToken, dialect: &Dialect) -> bool {
        self.0.has_revocations.load(Ordering::Relaxed) && self.0.concern(token, dialect)
    }

    /// Returns a receiver that is notified when more tokens are revoked.
    pub(crate) fn news(&self) -> watch::Receiver<()> {
        self.0.news.subscribe()
    }
}

impl Shared {
    #[cold]
    fn concern(&self, token: &AccessToken, dialect: &Dialect) -> bool {
        let list = self.list.read().unwrap_or_else(PoisonError::into_inner);
        list.concerns(token, dialect)
    }
}

impl fmt::Debug for Revocations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Revocations").finish_non_exhaustive()
    }
}
