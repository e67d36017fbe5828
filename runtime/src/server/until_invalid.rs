//! Ends streams and websockets when their token becomes invalid.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Weak};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use futures_core::Stream;
use tokio::time::timeout;

use super::introspection::Renewal;
use super::trusted_issuer::TrustedIssuer;
use super::while_valid::WhileValid;
use super::{ErasedInner, ResourceServer};
use crate::error::{Fault, RefusalKind, TokenError};
use crate::identity::AccessToken;
use crate::token::{SignedBy, check_end};

/// The longest time between two checks of a token. Between two checks, the operator may put the
/// clock forward, and the issuer's keys may become too old.
const MAX_INTERVAL: Duration = Duration::from_secs(30);

/// The shortest time between two checks of a token, which is the granularity of tokio's timers.
const MIN_INTERVAL: Duration = Duration::from_millis(1);

impl ResourceServer {
    /// Wraps a stream so that it ends when the server would no longer accept a request with this
    /// token. Use this method for long-lived response bodies such as server-sent events.
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
    /// [`until_invalid`](Self::until_invalid) states the exact moment at which the stream ends. At
    /// that moment, the wrapper drops the inner stream and any item that is ready, so a stream that
    /// is always ready ends too. The client sees a normal end of the response body. If clients must
    /// be able to detect an incomplete response, send a marker at the end of each complete
    /// response. The HTTP server polls the body only while the client reads. A client that does not
    /// read receives no new items, but the wrapper and the inner stream exist until the client
    /// reads or disconnects.
    pub fn while_valid<S: Stream>(&self, token: &AccessToken, stream: S) -> WhileValid<S> {
        WhileValid::new(stream, self.until_invalid(token))
    }

    /// Waits until the server would no longer accept a request with this token, and returns the
    /// reason.
    ///
    /// Use this method for websockets and other connections that are not streams. Make the future
    /// the first branch of a `biased` `tokio::select!` around the whole conversation. A `select!`
    /// that does not include the sends is not enough, because a send blocks while the client does
    /// not read.
    ///
    /// | event | `kind()` | detected |
    /// |---|---|---|
    /// | `exp` and the leeway pass | `Expired` | immediately; within 30 s if the clock was put forward |
    /// | the application revokes the token | `Revoked` | immediately |
    /// | the server may lack revocations, and its feed [refuses](crate::revocation::FeedOutage::Refuse) tokens then | `RevocationsUnavailable` | within 100 ms |
    /// | the issuer withdraws or replaces its key | `UnknownKey`, `InvalidSignature` | with the next key set; a set that keeps the key has no effect |
    /// | the issuer's outage lasts too long | `KeysUnavailable` | within 30 s |
    /// | the server is dropped | `KeysUnavailable` | immediately |
    /// | `expires_at` of an API key passes | `ExpiredApiKey` | immediately; within 30 s if the clock was put forward |
    /// | an API key is removed or changed | `UnknownApiKey` | immediately for a configured or forgotten key, after the cache period for another looked-up key |
    /// | the look-up of an API key fails | `ApiKeysUnavailable` | when the cache period ends |
    /// | the issuer says that the token is not active, or says something else of it than before | `InactiveToken` | with the next question, at the end of the [cache period](crate::introspection::Introspection::cache_period) |
    /// | the issuer cannot be asked about the token | `IntrospectionUnavailable` | at most 5 s after the end of the cache period |
    ///
    /// If another `ResourceServer` verified the token, this server judges the token by all of its
    /// own rules. If the token fails one of these rules, the future completes immediately with the
    /// kind of that rule.
    ///
    /// While a stream or websocket is open, the policy is not judged again, because the claims do
    /// not change and `max_age` applies only to the time of the request. The application's checks
    /// do not run again.
    ///
    /// The caller may drop the future at any time. The future does not keep the server or the
    /// application state alive. The future needs a tokio runtime with timers. Each revocation wakes
    /// all waiting futures, and each future then checks its token.
    pub fn until_invalid(
        &self,
        token: &AccessToken,
    ) -> impl Future<Output = TokenError> + Send + 'static + use<> {
        until_invalid(Arc::downgrade(&self.0), token.clone())
    }

    /// Judges a verified token again, as for a request that arrives now. If this server verified
    /// the token, only the rules whose result can change are judged. If another server verified the
    /// token, all rules of this server are judged. Returns the time until the next check is due. A
    /// revocation or a new key set makes an earlier check necessary.
    pub(crate) fn judge_again(&self, token: &AccessToken) -> Result<Duration, TokenError> {
        let next = match token.api_key() {
            Some(key) => self.judge_key_again(token, key, self.now())?,
            None => self.judge_token_again(token)?,
        };
        Ok(next.map_or(MAX_INTERVAL, |next| next.clamp(MIN_INTERVAL, MAX_INTERVAL)))
    }

    /// Judges a verified token of an issuer again. Returns the time until it expires.
    fn judge_token_again(&self, token: &AccessToken) -> Result<Option<Duration>, TokenError> {
        let issuer = self
            .inner()
            .issuers
            .get(token.issuer())
            .ok_or_else(|| self.refuse_issuer(Fault::IssUnknown))?;
        let now = self.now();
        let jwt = token.jwt().ok_or(RefusalKind::UnknownKey)?;
        if jwt.answered().is_none() && issuer.is_asked_about_jwts() {
            return Err(issuer.refuse_unanswered("another server accepted the token"));
        }
        let signed_by = match jwt.signed_by() {
            None if jwt.answered().is_some() && issuer.has_opaque_tokens() => None,
            signed_by => Some(signed_by.ok_or(RefusalKind::UnknownKey)?),
        };
        let judged = match signed_by {
            _ if jwt.is_by(&issuer.rules) => jwt.check_now(&issuer.rules, now),
            Some(signed_by) => issuer
                .accepts_header(signed_by)
                .and_then(|()| jwt.check(&issuer.rules, signed_by.profile, now)),
            // The answer to the next question is judged by the rules of this server.
            None => Ok(()),
        };
        let end = jwt.answered().and_then(|answered| answered.end);
        judged
            .and_then(|()| check_end(end, now))
            .and_then(|()| self.judge_revocation(&issuer.rules.dialect, token, now))
            .map_err(|fault| issuer.refuse(fault))?;
        if let Some(signed_by) = signed_by {
            let set = issuer.keys.held().ok_or(RefusalKind::KeysUnavailable)?;
            set.confirm(signed_by)?;
        }
        let with_leeway = |expires_at| until_expiry(expires_at, issuer.rules.leeway, now);
        let until_end = end.map(|end| end.duration_since(now).unwrap_or_default());
        Ok(until_end.or_else(|| token.expires_at().and_then(with_leeway)))
    }

    /// Returns a future that completes when the key set of the token's issuer or the API keys may
    /// have changed, or when the application has revoked any token.
    fn next_change(
        &self,
        token: &AccessToken,
    ) -> impl Future<Output = ()> + Send + 'static + use<> {
        let inner = self.inner();
        let api_key = token.api_key().zip(inner.api_keys.as_ref());
        let api_keys = api_key.map(|(key, keys)| keys.store.changes(&key.digest));
        let keys = inner.issuers.get(token.issuer()).map(|issuer| issuer.keys.changes());
        let mut revocations = inner.revocations.news();
        async move {
            if let Some(mut keys) = keys {
                wait_for_either(keys.next(), revocations.changed()).await;
            } else if let Some(api_keys) = api_keys {
                wait_for_either(api_keys.next(), revocations.changed()).await;
            }
        }
    }
}

impl TrustedIssuer {
    /// Applies the rules of [`Header::read`](crate::token::Header::read) to a header that another
    /// server accepted.
    fn accepts_header(&self, signed_by: &SignedBy) -> Result<(), Fault> {
        if !self.algorithms.contains(&signed_by.algorithm) {
            return Err(Fault::AlgNotAccepted);
        }
        if !self.rules.profile.accepts_all_of(signed_by.profile) {
            return Err(Fault::TypOther);
        }
        Ok(())
    }
}

/// Returns the time until `expires_at` and the leeway have passed. Returns `None` if that moment is
/// outside the range of `SystemTime`.
fn until_expiry(expires_at: SystemTime, leeway: Duration, now: SystemTime) -> Option<Duration> {
    let end = expires_at.checked_add(leeway)?;
    Some(end.duration_since(now).unwrap_or_default())
}

async fn until_invalid(server: Weak<dyn ErasedInner>, token: AccessToken) -> TokenError {
    let mut renewal = Renewal::default();
    loop {
        let Some(server) = server.upgrade().map(ResourceServer) else {
            return RefusalKind::KeysUnavailable.into();
        };
        // `next_change` subscribes before `judge_again` runs, so that a change during `judge_again`
        // is not missed.
        let change = server.next_change(&token);
        let interval = match server.judge_again(&token) {
            Ok(interval) => interval,
            Err(error) => return error,
        };
        let interval = match server.renew(&token, &mut renewal) {
            Ok(next) => next.map_or(interval, |next| interval.min(next.max(MIN_INTERVAL))),
            Err(error) => return error,
        };
        drop(server);
        // The result of `timeout` is ignored, because `judge_again` runs next both after the timer
        // and after a change.
        let _ = timeout(interval, wait_for_either(change, renewal.ended())).await;
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
