//! What outlives a request ends with its token.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Weak};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use futures_core::Stream;
use tokio::time::timeout;

use super::trusted_issuer::TrustedIssuer;
use super::while_valid::WhileValid;
use super::{ErasedInner, ResourceServer};
use crate::error::{RefusalKind, TokenError};
use crate::token::{AccessToken, SignedBy};

/// The longest between two looks: the clock may be put forward meanwhile, and keys grow too old.
const LOOK: Duration = Duration::from_secs(30);

/// The shortest: the granularity of timers.
const BLINK: Duration = Duration::from_millis(1);

impl ResourceServer {
    /// Ends the stream when a request with this token would no longer be let in: for the body of a
    /// response that takes long, as server-sent events.
    ///
    /// ```
    /// use std::convert::Infallible;
    /// use axum::extract::State;
    /// use axum::response::sse::{Event, Sse};
    /// use axum_protected::{AccessToken, ResourceServer, protected};
    /// use axum_protected::server::WhileValid;
    /// # type News = std::pin::Pin<Box<dyn futures_core::Stream<Item = Result<Event, Infallible>> + Send>>;
    /// # fn news() -> News { unimplemented!() }
    ///
    /// #[protected(scope = "news:read")]
    /// async fn events(State(server): State<ResourceServer>, token: AccessToken) -> Sse<WhileValid<News>> {
    ///     Sse::new(server.while_valid(&token, news()))
    /// }
    /// ```
    ///
    /// See [`until_invalid`](Self::until_invalid) for when that is. The stream ends as it would by
    /// itself, and is dropped; what has to be complete to be of use must say so itself. An item that
    /// is ready is not given any more, and an endless one is no obstacle. A server asks for more only
    /// when the client takes what there is: one that does not read gets nothing new, and holds the
    /// stream until it reads or goes.
    pub fn while_valid<S: Stream>(&self, token: &AccessToken, stream: S) -> WhileValid<S> {
        WhileValid::new(stream, self.until_invalid(token))
    }

    /// Waits until a request with this token would no longer be let in, and tells why: for what is no
    /// stream, as a websocket: in a `tokio::select!` that is `biased`, first, and beside the whole
    /// conversation, since a client that does not read holds up a send.
    ///
    /// | what happens | `kind()` | seen |
    /// |---|---|---|
    /// | `exp` passes, and the leeway | `Expired` | at once; 30 s at most after the clock was put forward |
    /// | the application revokes it | `Revoked` | at once |
    /// | the issuer withdraws or replaces its key | `UnknownKey`, `InvalidSignature` | with the next set, which may keep the key and bring others |
    /// | the issuer's outage lasts too long | `KeysUnavailable` | 30 s later at most |
    /// | the server is dropped | `KeysUnavailable` | at once |
    ///
    /// A token that another server verified is judged by all rules of this one, and the wait is over
    /// immediately if one of them refuses it, with that rule's kind.
    ///
    /// The policy is not judged again: what it demands of the claims does not change, but for
    /// `max_age`, which is about the request. Nor is the application's check.
    ///
    /// It may be dropped at any time, holds neither the server nor the state, and needs a tokio
    /// runtime with timers. Each revocation wakes all that wait, to look whether they are meant.
    pub fn until_invalid(
        &self,
        token: &AccessToken,
    ) -> impl Future<Output = TokenError> + Send + 'static + use<> {
        until_invalid(Arc::downgrade(&self.0), token.clone())
    }

    /// Judges a verified token as a request would have it judged now: all that can change or, where
    /// another server verified it, everything. The time is how long that need not be done again, if
    /// nobody revokes and no other set comes.
    pub(crate) fn judge_again(&self, token: &AccessToken) -> Result<Duration, RefusalKind> {
        let issuer = self.inner().issuers.get(token.issuer());
        let issuer = issuer.ok_or(RefusalKind::UnknownIssuer)?;
        let now = self.now();
        let signed_by = token.signed_by().ok_or(RefusalKind::UnknownKey)?;
        if token.is_by(&issuer.rules) {
            self.judge(issuer, token)?;
        } else {
            issuer.accepts_header(signed_by)?;
            token.check(&issuer.rules, now)?;
            self.judge_revocation(token)?;
        }
        let set = issuer.keys.held().ok_or(RefusalKind::KeysUnavailable)?;
        set.confirm(signed_by)?;
        let expiry = until_expiry(token.expires_at(), issuer.rules.leeway, now);
        Ok(expiry.map_or(LOOK, |expiry| expiry.clamp(BLINK, LOOK)))
    }

    /// Done when another set of the token's issuer may be held, or somebody revoked.
    fn news(&self, token: &AccessToken) -> impl Future<Output = ()> + Send + 'static + use<> {
        let issuer = self.inner().issuers.get(token.issuer());
        let keys = issuer.map(|issuer| issuer.keys.changes());
        let mut revocations = self.inner().revocations.news();
        async move {
            if let Some(mut keys) = keys {
                either(keys.next(), revocations.changed()).await;
            }
        }
    }
}

impl TrustedIssuer {
    /// The rules of [`Header::read`](crate::token::Header::read) for a header that other rules let in.
    fn accepts_header(&self, signed_by: &SignedBy) -> Result<(), RefusalKind> {
        if !self.algorithms.contains(&signed_by.algorithm) {
            return Err(RefusalKind::UnsupportedAlgorithm);
        }
        if !self.rules.profile.accepts_all_of(signed_by.profile) {
            return Err(RefusalKind::WrongType);
        }
        Ok(())
    }
}

/// `None` where no clock will show it.
fn until_expiry(expires_at: SystemTime, leeway: Duration, now: SystemTime) -> Option<Duration> {
    let end = expires_at.checked_add(leeway)?;
    Some(end.duration_since(now).unwrap_or_default())
}

async fn until_invalid(server: Weak<dyn ErasedInner>, token: AccessToken) -> TokenError {
    loop {
        let Some(server) = server.upgrade().map(ResourceServer) else {
            return RefusalKind::KeysUnavailable.into();
        };
        // Whatever comes after this is news, so that nothing is missed between the two.
        let news = server.news(&token);
        let holds = match server.judge_again(&token) {
            Ok(holds) => holds,
            Err(kind) => return kind.into(),
        };
        drop(server);
        // Whatever it was, the next judgement tells.
        let _ = timeout(holds, news).await;
    }
}

/// Until one of the two is done, leaving the other.
async fn either(one: impl Future, other: impl Future) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    std::future::poll_fn(|context| {
        let done = [
            Pin::as_mut(&mut one).poll(context).is_ready(),
            Pin::as_mut(&mut other).poll(context).is_ready(),
        ];
        if done.contains(&true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}
