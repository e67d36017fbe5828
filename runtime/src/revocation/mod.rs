//! List of the tokens that the application revokes. The server refuses a revoked token even if its
//! signature and claims are valid.

mod entry;
mod error;
mod feed;
mod issuer_entries;
mod list;
mod log;
mod record;
mod request;
mod target;
mod timestamp;

use std::fmt;
use std::future::{Future, ready};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

pub use self::error::RevocationError;
pub use self::feed::{FeedOutage, RevocationFeed};
pub use self::log::{LogFuture, LogPage, LogPosition, LogState, RevocationLog};
pub use self::request::RevocationRequest;
pub use self::target::Revocation;

use self::list::List;
use self::timestamp::Timestamp;
use crate::clock::Clock;
use crate::identity::AccessToken;
use crate::token::Dialect;

/// Time from now to the end of a revocation whose request contains none, without a feed.
const LONGEST_TIME: Duration = Duration::from_hours(24);

/// List of revocations of a [`ResourceServer`](crate::ResourceServer).
///
/// The application adds revocations to the list, for example after a back-channel logout, after a
/// message from a message bus or on the command of an administrator. Cloning is cheap; clones share
/// the list.
///
/// From the next request on, the server refuses a revoked token with status 401 and the code
/// `revoked_token`. A stream in [`while_valid`](crate::ResourceServer::while_valid) ends when its
/// token is revoked.
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
/// assert!(server.authenticate(&token).await.is_ok());
///
/// let now = SystemClock.now();
/// let tokens_of_alice = Revocation::subject(issuer.issuer(), "alice", now);
/// // The tokens of this issuer live for one hour at most.
/// server.revocations().revoke(tokens_of_alice, now + Duration::from_secs(3600)).await?;
/// let refused = server.authenticate(&token).await.unwrap_err();
/// assert_eq!(refused.kind().code(), "revoked_token");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The list is not stored on disk. The application must add the revocations again after a restart,
/// and must add each revocation in every instance of the server.
#[derive(Clone)]
pub struct Revocations(Arc<Shared>);

struct Shared {
    /// True after the application has revoked tokens for the first time. Before the first
    /// revocation, a request reads only this flag and does not lock the list.
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

    /// Revokes tokens until the time `until`, at which all of these tokens must have expired.
    ///
    /// `until` is the latest `exp` of the tokens. If the latest `exp` is unknown, pass the current
    /// time plus the longest lifetime that the issuer gives to a token.
    ///
    /// The revocation takes effect when this function is called, before the future is awaited.
    /// Await the future to learn if `revoke` succeeded.
    ///
    /// The list keeps a revocation at least for the time until `until` plus the configured leeway.
    /// Afterwards it may remove the revocation. If `until` is too late, the revocation takes space
    /// for longer than needed. If `until` is too early, the server may accept the tokens again. If
    /// the same tokens are already revoked, the later of the two values of `until` applies.
    ///
    /// # Errors
    ///
    /// Returns an error if the server does not trust the issuer, if `until` plus the leeway has
    /// passed, or if the list is full
    /// ([`revocation_bytes`](crate::ResourceServerBuilder::revocation_bytes)). If `revoke` returns
    /// an error, the call has revoked no tokens, and tokens that were revoked before remain
    /// revoked.
    pub fn revoke(
        &self,
        revocation: Revocation,
        until: SystemTime,
    ) -> impl Future<Output = Result<(), RevocationError>> + Send + 'static + use<> {
        ready(self.insert(revocation, until))
    }

    fn insert(&self, revocation: Revocation, until: SystemTime) -> Result<(), RevocationError> {
        let shared = &*self.0;
        // The configured leeway applies to the end of a revocation as it applies to `exp`.
        let cutoff = Timestamp::of(shared.clock.now()).minus(shared.leeway);
        let mut list = shared.list.write().unwrap_or_else(PoisonError::into_inner);
        let concerns_more = list.insert(revocation, Timestamp::of(until), cutoff)?.concerns_more;
        shared.has_revocations.store(true, Ordering::Relaxed);
        drop(list);
        if concerns_more {
            shared.news.send_replace(());
        }
        Ok(())
    }

    /// Returns true if the list revokes the token. `dialect` determines which claim names the
    /// token's client. `dialect` is an argument because another `ResourceServer` may have verified
    /// the token. The result reflects each call of `revoke` that returned before this call.
    pub(crate) fn concern(&self, token: &AccessToken, dialect: &Dialect) -> bool {
        self.0.has_revocations.load(Ordering::Relaxed) && self.0.concern(token, dialect)
    }

    /// Returns the longest time from now to the end of a revocation.
    fn longest_time(&self) -> Duration {
        LONGEST_TIME
    }

    fn now(&self) -> SystemTime {
        self.0.clock.now()
    }

    /// Returns a receiver that is notified when the application revokes more tokens.
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
