//! Ends streams and websockets once their token is no longer valid.

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

/// The longest time between two checks: the clock may be put forward meanwhile, and keys may become
/// too old.
const MAX_INTERVAL: Duration = Duration::from_secs(30);

/// The shortest time between two checks: the granularity of timers.
const MIN_INTERVAL: Duration = Duration::from_millis(1);

impl ResourceServer {
    /// Ends the stream when a request with this token would no longer be accepted. Intended for
    /// long-lived response bodies such as server-sent events.
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
    /// See [`until_invalid`](Self::until_invalid) for the exact moment. The inner stream is dropped,
    /// and the client sees a normal end of the stream. If clients must be able to detect an incomplete
    /// response, mark its end in the protocol. An item that is ready at that moment is discarded, so a
    /// stream that is always ready ends too. A server polls the body only while the client reads: a
    /// client that does not read receives nothing new, but keeps the stream alive until it reads or
    /// disconnects.
    pub fn while_valid<S: Stream>(&self, token: &AccessToken, stream: S) -> WhileValid<S> {
        WhileValid::new(stream, self.until_invalid(token))
    }

    /// Waits until a request with this token would no longer be accepted, and returns the reason.
    ///
    /// Intended for websockets and other connections that are not streams. Use it as the first branch of
    /// a `biased` `tokio::select!` around the whole conversation, not around single sends: a client that
    /// does not read blocks a send.
    ///
    /// | event | `kind()` | detected |
    /// |---|---|---|
    /// | `exp` and the leeway pass | `Expired` | immediately; within 30 s if the clock was put forward |
    /// | the application revokes the token | `Revoked` | immediately |
    /// | the issuer withdraws or replaces its key | `UnknownKey`, `InvalidSignature` | with the next key set; a set that keeps the key has no effect |
    /// | the issuer's outage lasts too long | `KeysUnavailable` | within 30 s |
    /// | the server is dropped | `KeysUnavailable` | immediately |
    ///
    /// A token that another server verified is judged by all rules of this one. If one of them refuses
    /// it, the wait ends immediately with that rule's kind.
    ///
    /// The policy is not judged again: the claims do not change, and `max_age` applies to the request
    /// only. The application's check does not run again either.
    ///
    /// The future may be dropped at any time. It keeps neither the server nor the state alive, and needs
    /// a tokio runtime with timers. Each revocation wakes all waiting futures, which then check
    /// whether it concerns their token.
    pub fn until_invalid(
        &self,
        token: &AccessToken,
    ) -> impl Future<Output = TokenError> + Send + 'static + use<> {
        until_invalid(Arc::downgrade(&self.0), token.clone())
    }

    /// Judges a verified token as a request would now: by the rules that can change, or by all rules if
    /// another server verified it. Returns the time until the next check, unless a revocation or a new
    /// key set comes first.
    pub(crate) fn judge_again(&self, token: &AccessToken) -> Result<Duration, RefusalKind> {
        let issuer = self.inner().issuers.get(token.issuer()).ok_or(RefusalKind::UnknownIssuer)?;
        let now = self.now();
        let signed_by = token.signed_by().ok_or(RefusalKind::UnknownKey)?;
        if token.is_by(&issuer.rules) {
            self.judge(issuer, token)?;
        } else {
            issuer.accepts_header(signed_by)?;
            token.check(&issuer.rules, now)?;
            self.judge_revocation(&issuer.rules, token)?;
        }
        let set = issuer.keys.held().ok_or(RefusalKind::KeysUnavailable)?;
        set.confirm(signed_by)?;
        let expiry = until_expiry(token.expires_at(), issuer.rules.leeway, now);
        Ok(expiry.map_or(MAX_INTERVAL, |expiry| expiry.clamp(MIN_INTERVAL, MAX_INTERVAL)))
    }

    /// Completes when the key set of the token's issuer may have changed, or a token was revoked.
    fn next_change(
        &self,
        token: &AccessToken,
    ) -> impl Future<Output = ()> + Send + 'static + use<> {
        let keys = self.inner().issuers.get(token.issuer()).map(|issuer| issuer.keys.changes());
        let mut revocations = self.inner().revocations.news();
        async move {
            if let Some(mut keys) = keys {
                wait_for_either(keys.next(), revocations.changed()).await;
            }
        }
    }
}

impl TrustedIssuer {
    /// Applies the rules of [`Header::read`](crate::token::Header::read) to a header that another
    /// server accepted.
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

/// Returns the time until expiry; `None` if the expiry is outside the range of the clock.
fn until_expiry(expires_at: SystemTime, leeway: Duration, now: SystemTime) -> Option<Duration> {
    let end = expires_at.checked_add(leeway)?;
    Some(end.duration_since(now).unwrap_or_default())
}

async fn until_invalid(server: Weak<dyn ErasedInner>, token: AccessToken) -> TokenError {
    loop {
        let Some(server) = server.upgrade().map(ResourceServer) else {
            return RefusalKind::KeysUnavailable.into();
        };
        // Subscribed before the check, so that a change during the check is not missed.
        let change = server.next_change(&token);
        let interval = match server.judge_again(&token) {
            Ok(interval) => interval,
            Err(kind) => return kind.into(),
        };
        drop(server);
        // The next check finds the cause; it does not matter which of the two ended the wait.
        let _ = timeout(interval, change).await;
    }
}

/// Waits until one of the two futures completes, and drops the other.
async fn wait_for_either(one: impl Future, other: impl Future) {
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
