//! List of the tokens that the application revokes. The server refuses a revoked token even if its
//! signature and claims are valid.

mod entry;
mod error;
mod feed;
mod freshness;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
#[allow(clippy::mutable_key_type, reason = "the generation of an entry is not part of its key")]
mod issuer_entries;
#[allow(clippy::mutable_key_type, reason = "the generation of an entry is not part of its key")]
mod list;
mod log;
mod record;
mod request;
mod shared;
mod target;
mod timestamp;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::watch;
use tokio::time::Instant;

pub use self::error::RevocationError;
pub use self::feed::{FeedHealth, FeedOutage, RevocationFeed};
pub use self::log::{LogFuture, LogPage, LogPosition, LogState, RevocationLog};
pub use self::request::RevocationRequest;
pub use self::target::Revocation;

use self::feed::Feed;
use self::freshness::Freshness;
use self::list::List;
use self::shared::Shared;
use self::timestamp::Timestamp;
use crate::clock::Clock;
use crate::error::Fault;
use crate::identity::AccessToken;
use crate::token::Dialect;

/// Time from now to the end of a revocation whose request contains none, without a feed.
const LONGEST_TIME: Duration = Duration::from_secs(24 * 3600);

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
/// The list is not stored on disk. Without a feed, the application must add the revocations again
/// after a restart, and must add each revocation in every instance of the server. With a
/// [`RevocationFeed`], all instances have the same revocations.
#[derive(Clone)]
pub struct Revocations {
    shared: Arc<Shared>,
    feed: Option<Arc<Feed>>,
}

impl Revocations {
    pub(crate) fn new<'a>(
        issuers: impl IntoIterator<Item = &'a str>,
        bytes: usize,
        clock: Arc<dyn Clock>,
        leeway: Duration,
        feed: Option<RevocationFeed>,
    ) -> Self {
        let freshness = match &feed {
            None => Freshness::not_demanded(),
            Some(feed) => Freshness::new(feed.outage, feed.required),
        };
        let list = List::new(issuers, bytes);
        let shared = Arc::new(Shared::new(list, clock, leeway, freshness));
        let feed = feed.map(|settings| Arc::new(Feed::new(Arc::clone(&shared), settings)));
        Self { shared, feed }
    }

    /// Revokes tokens until the time `until`, at which all of these tokens must have expired.
    ///
    /// `until` is the latest `exp` of the tokens. If the latest `exp` is unknown, pass the current
    /// time plus the longest lifetime that the issuer gives to a token.
    ///
    /// The revocation takes effect when this function is called, before the future is awaited.
    /// Await the future to learn if `revoke` succeeded. With a [`RevocationFeed`], it waits until the
    /// log has the revocation, for at most a few seconds. Dropping the future does not cancel the
    /// revocation.
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
    /// ([`revocation_bytes`](crate::ResourceServerBuilder::revocation_bytes)). With a feed, also
    /// returns an error if `until` is beyond its horizon. If `revoke` returns such an error, the call
    /// has revoked no tokens, and tokens that were revoked before remain revoked.
    ///
    /// [`RevocationError::LocalOnly`] says that the tokens are revoked in this process, and that the
    /// log did not confirm it.
    pub fn revoke(
        &self,
        revocation: Revocation,
        until: SystemTime,
    ) -> impl Future<Output = Result<(), RevocationError>> + Send + 'static + use<> {
        let revoked = self.revoke_now(revocation, Timestamp::of(until));
        async move {
            match revoked? {
                None => Ok(()),
                Some(shared) => shared.await,
            }
        }
    }

    /// Revokes tokens in this process. With a feed, returns the future that waits for the log.
    fn revoke_now(
        &self,
        revocation: Revocation,
        until: Timestamp,
    ) -> Result<
        Option<impl Future<Output = Result<(), RevocationError>> + Send + 'static + use<>>,
        RevocationError,
    > {
        if let Some(feed) = &self.feed {
            feed.check(&revocation, until)?;
        }
        let entry = self.shared.insert(revocation, until)?;
        Ok(self.feed.as_ref().map(|feed| feed.share(entry)))
    }

    /// Returns the longest time from now to the end of a revocation.
    fn longest_time(&self) -> Duration {
        self.feed.as_ref().map_or(LONGEST_TIME, |feed| feed.horizon())
    }

    /// Returns an error if the token is revoked, or if the feed demands that all tokens are refused
    /// at this time. `dialect` determines which claim names the token's client. `dialect` is an
    /// argument because another `ResourceServer` may have verified the token. The result reflects
    /// each call of `revoke` that returned before this call.
    #[inline]
    pub(crate) fn judge(
        &self,
        token: &AccessToken,
        dialect: &Dialect,
        now: SystemTime,
    ) -> Result<(), Fault> {
        if self.shared.freshness.is_demanded() || self.shared.has_revocations() {
            return self.judge_by_list(token, dialect, now);
        }
        Ok(())
    }

    #[cold]
    fn judge_by_list(
        &self,
        token: &AccessToken,
        dialect: &Dialect,
        now: SystemTime,
    ) -> Result<(), Fault> {
        // The freshness is read first, so that the list has all that it stands for.
        let freshness = self.shared.freshness.judge(now);
        if self.shared.has_revocations() && self.concern(token, dialect) {
            return Err(Fault::TokenRevoked);
        }
        if freshness.is_err() {
            self.start_feed();
        }
        freshness
    }

    fn concern(&self, token: &AccessToken, dialect: &Dialect) -> bool {
        if let Some(feed) = &self.feed {
            feed.start_once();
        }
        self.shared.concern(token, dialect)
    }

    /// Starts the feed if it is not running. The server calls this method for tokens that it has not
    /// verified before.
    #[cold]
    pub(crate) fn start_feed(&self) {
        if let Some(feed) = &self.feed {
            feed.start();
        }
    }

    /// Waits until the server is ready, as far as that depends on the feed. Returns the reason why it
    /// is not at the deadline.
    pub(crate) async fn wait_ready(&self, deadline: Instant) -> Result<(), String> {
        match &self.feed {
            None => Ok(()),
            Some(feed) => feed.wait_ready(deadline).await,
        }
    }

    /// Returns true if the server is ready, as far as that depends on the feed.
    pub(crate) fn is_ready(&self) -> bool {
        self.feed.as_ref().is_none_or(|feed| feed.is_ready())
    }

    /// Returns the health of the feed.
    pub(crate) fn feed_health(&self) -> Option<FeedHealth> {
        self.feed.as_ref().map(|feed| feed.health())
    }

    /// Returns a receiver that is notified when tokens are revoked, or when an outage of the feed
    /// refuses tokens.
    pub(crate) fn news(&self) -> watch::Receiver<()> {
        self.shared.news()
    }
}

impl fmt::Debug for Revocations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Revocations").finish_non_exhaustive()
    }
}
