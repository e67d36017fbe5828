//! Tokens that are good by all they say, and refused all the same: what the application has learnt
//! since they were issued.

mod entry;
mod error;
mod list;
mod of_issuer;
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
use crate::token::AccessToken;

/// The revocations of a [`ResourceServer`](crate::ResourceServer), which the application feeds: from
/// a back-channel logout, a message bus, a call of an administrator. Cheap to clone; clones are the
/// same list.
///
/// A token that is on it is refused with 401, `revoked_token`, from the next request on, and ends
/// what runs [`while_valid`](crate::ResourceServer::while_valid).
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
/// let all_of_alice = Revocation::subject(issuer.issuer(), "alice", now);
/// // No token of this issuer is good for longer than an hour.
/// server.revocations().revoke(all_of_alice, now + Duration::from_secs(3600)).await?;
/// let refused = server.verify(&token).await.unwrap_err();
/// assert_eq!(refused.kind().code(), "revoked_token");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It lives in memory: what starts anew, or beside others, has to be told what it missed.
#[derive(Clone)]
pub struct Revocations(Arc<Shared>);

struct Shared {
    /// Whether there has ever been one: nearly always all that a request looks at.
    any: AtomicBool,
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
            any: AtomicBool::new(false),
            list: RwLock::new(List::new(issuers, bytes)),
            news: watch::Sender::default(),
            clock,
            leeway,
        }))
    }

    /// Revokes until the last token that it concerns has expired: that token's `exp` or, where it is
    /// not known, the longest that the issuer lets a token live from now.
    ///
    /// The call itself does so, before the future is awaited: from then on this server refuses the
    /// tokens. The future tells the outcome, and must be awaited for it.
    ///
    /// It may be forgotten after that time and the configured leeway, never before: a time that is
    /// too late costs memory, one that is too early lets the token in again. What is revoked
    /// already stays so until the later time.
    ///
    /// # Errors
    ///
    /// The issuer is not one of the server's, `until` has passed, or the list is full
    /// ([`revocation_bytes`](crate::ResourceServerBuilder::revocation_bytes)). Nothing was revoked
    /// then, and nothing that was revoked before is forgotten.
    pub fn revoke(
        &self,
        revocation: Revocation,
        until: SystemTime,
    ) -> impl Future<Output = Result<(), RevocationError>> + Send + 'static + use<> {
        ready(self.revoke_here(revocation, until))
    }

    fn revoke_here(
        &self,
        revocation: Revocation,
        until: SystemTime,
    ) -> Result<(), RevocationError> {
        let shared = &*self.0;
        // As `exp` is judged.
        let past = shared.clock.now().checked_sub(shared.leeway);
        let past = past.unwrap_or(SystemTime::UNIX_EPOCH);
        let mut list = shared.list.write().unwrap_or_else(PoisonError::into_inner);
        let is_news = list.insert(revocation, until, past)?;
        shared.any.store(true, Ordering::Relaxed);
        drop(list);
        if is_news {
            shared.news.send_replace(());
        }
        Ok(())
    }

    /// Whoever revoked before this was asked is heard.
    pub(crate) fn concern(&self, token: &AccessToken) -> bool {
        self.0.any.load(Ordering::Relaxed) && self.0.concern(token)
    }

    /// Changes with each revocation.
    pub(crate) fn news(&self) -> watch::Receiver<()> {
        self.0.news.subscribe()
    }
}

impl Shared {
    #[cold]
    fn concern(&self, token: &AccessToken) -> bool {
        let list = self.list.read().unwrap_or_else(PoisonError::into_inner);
        list.concerns(token)
    }
}

impl fmt::Debug for Revocations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Revocations").finish_non_exhaustive()
    }
}
