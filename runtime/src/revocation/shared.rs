//! The list of revocations with its lock, its clock and the flags that requests read.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

use super::entry::Entry;
use super::error::RevocationError;
use super::freshness::Freshness;
use super::list::{Inserted, List};
use super::target::Revocation;
use super::timestamp::Timestamp;
use crate::clock::Clock;
use crate::identity::AccessToken;
use crate::token::Dialect;

/// State that requests, the application and the tasks of a feed share.
pub(super) struct Shared {
    /// True after tokens were revoked for the first time, or if the feed waits for a tokio runtime.
    /// Before, a request reads only this flag and does not lock the list.
    has_revocations: AtomicBool,
    list: RwLock<List>,
    news: watch::Sender<()>,
    clock: Arc<dyn Clock>,
    leeway: Duration,
    pub(super) freshness: Freshness,
}

/// Result of applying a revocation from the log.
pub(super) enum Application {
    /// The list had the revocation.
    Known,
    /// The list has the revocation now.
    Inserted(Inserted),
    /// The revocation has ended.
    Ended,
    /// The list has no room for the revocation.
    Full,
    /// The server does not trust the issuer.
    Foreign,
}

impl Shared {
    pub(super) fn new(
        list: List,
        clock: Arc<dyn Clock>,
        leeway: Duration,
        freshness: Freshness,
    ) -> Self {
        Self {
            has_revocations: AtomicBool::new(false),
            list: RwLock::new(list),
            news: watch::Sender::default(),
            clock,
            leeway,
            freshness,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp::of(self.system_time())
    }

    pub(super) fn system_time(&self) -> SystemTime {
        self.clock.now()
    }

    /// Returns the time at or before which entries have ended. The configured leeway applies to the
    /// end of a revocation as it applies to `exp`.
    pub(super) fn cutoff(&self) -> Timestamp {
        self.now().minus(self.leeway)
    }

    pub(super) fn leeway(&self) -> Duration {
        self.leeway
    }

    pub(super) fn list(&self) -> RwLockReadGuard<'_, List> {
        self.list.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn list_mut(&self) -> RwLockWriteGuard<'_, List> {
        self.list.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Revokes tokens on behalf of the application.
    pub(super) fn insert(
        &self,
        revocation: Revocation,
        until: Timestamp,
    ) -> Result<Arc<Entry>, RevocationError> {
        let revocation = revocation.of_tokens_before(until.plus(self.leeway));
        let cutoff = self.cutoff();
        let mut list = self.list_mut();
        let Inserted { entry, concerns_more } = list.insert(revocation, until, cutoff)?;
        self.has_revocations.store(true, Ordering::Relaxed);
        drop(list);
        if concerns_more {
            self.notify();
        }
        Ok(entry)
    }

    /// Applies a revocation from the log, which has it in this generation. Does not notify streams.
    pub(super) fn apply(
        &self,
        revocation: Revocation,
        until: Timestamp,
        generation: u32,
    ) -> Application {
        let revocation = revocation.of_tokens_before(until.plus(self.leeway));
        // Most revocations of a resync are known. Requests do not wait for them.
        if self.list().confirm(&revocation, until, generation) {
            return Application::Known;
        }
        let cutoff = self.cutoff();
        let mut list = self.list_mut();
        match list.insert_from_log(revocation, until, cutoff, generation) {
            Ok(inserted) => {
                self.has_revocations.store(true, Ordering::Relaxed);
                Application::Inserted(inserted)
            }
            Err(RevocationError::Over) => Application::Ended,
            Err(RevocationError::UnknownIssuer) => Application::Foreign,
            Err(_) => Application::Full,
        }
    }

    /// Returns the latest end of the entries that have ended at `cutoff`, and of those that the list
    /// has removed since the last call. If the clock is set back before it, they have not ended, and
    /// nobody has searched the log for them.
    pub(super) fn take_latest_ended(&self, cutoff: Timestamp) -> Timestamp {
        let mut list = self.list_mut();
        list.take_latest_removed().max(list.latest_ended(cutoff))
    }

    /// Returns true if the list may revoke tokens. The result reflects each call of `insert` that
    /// returned before this call.
    #[inline]
    pub(super) fn has_revocations(&self) -> bool {
        self.has_revocations.load(Ordering::Relaxed)
    }

    /// Lets requests look at the list even if it is empty.
    pub(super) fn demand_attention(&self) {
        self.has_revocations.store(true, Ordering::Relaxed);
    }

    /// Returns true if the list revokes the token.
    pub(super) fn concern(&self, token: &AccessToken, dialect: &Dialect) -> bool {
        self.list().concerns(token, dialect)
    }

    /// Lets all streams judge their tokens again.
    pub(super) fn notify(&self) {
        self.news.send_replace(());
    }

    /// Returns a receiver that is notified when the server revokes more tokens, or when the
    /// revocations are outdated.
    pub(super) fn news(&self) -> watch::Receiver<()> {
        self.news.subscribe()
    }
}
