//! Runs one question about a token for all requests that need the answer.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument as _;

use super::call::CallError;
use super::{Introspector, REFUSAL_PERIOD, TokenDigest, Verdict, VerifiedJwt, digest};
use crate::clock::Clock;
use crate::error::{Fault, RefusalKind, TokenError};
use crate::flights::{FAILURE_PERIOD, Flight, FlightResult, later, next_number};
use crate::introspection::Answer;
use crate::keys::PATIENCE;
use crate::redaction::redacted;
use crate::server::ResourceServer;
use crate::server::trusted_issuer::TrustedIssuer;
use crate::server::verified_tokens::{CachedToken, VerifiedTokens};
use crate::telemetry::{self, IntrospectionOutcome};

/// The parts of a server that a question needs.
#[derive(Clone)]
pub(super) struct Asker {
    pub(super) issuer: Arc<TrustedIssuer>,
    pub(super) verified: Arc<VerifiedTokens>,
    pub(super) clock: Arc<dyn Clock>,
}

impl ResourceServer {
    /// Asks the issuer about a token that is not in the cache. `jwt` is the token itself if it is a
    /// JWT whose signature was verified.
    pub(in crate::server) async fn ask_issuer(
        &self,
        issuer: &Arc<TrustedIssuer>,
        text: &str,
        jwt: Option<VerifiedJwt>,
    ) -> Result<CachedToken, TokenError> {
        // The recent error is read before the lock of the questions is taken, so that a flood with
        // the same token does not wait for the lock.
        let recent = issuer.introspection.as_ref().and_then(|one| one.recall_refusal(text));
        if let Some(error) = recent {
            return Err(error);
        }
        let mut result = self.asker(issuer).join_or_start(text, jwt, false)?;
        let ended = result.wait_for(Option::is_some).await;
        let verdict = ended.ok().and_then(|verdict| verdict.clone());
        let interrupted = || Err(issuer.refuse_unanswered("the question was interrupted"));
        let accepted = verdict.unwrap_or_else(interrupted)?;
        self.judge_revocation(&issuer.rules.dialect, &accepted.token, self.now())
            .map_err(|fault| issuer.refuse(fault))?;
        Ok(CachedToken::of_answer(accepted, issuer))
    }

    pub(super) fn asker(&self, issuer: &Arc<TrustedIssuer>) -> Asker {
        let inner = self.inner();
        Asker {
            issuer: Arc::clone(issuer),
            verified: Arc::clone(&inner.verified),
            clock: Arc::clone(&inner.clock),
        }
    }
}

impl Asker {
    /// Returns the result of the running question about this token, and starts one if none runs.
    /// `was_active` is true if the caller knows that the issuer said so before. Returns an error that
    /// is recent enough to be the answer, and an error if there are too many questions.
    pub(super) fn join_or_start(
        self,
        text: &str,
        jwt: Option<VerifiedJwt>,
        was_active: bool,
    ) -> Result<FlightResult<Verdict>, TokenError> {
        let issuer = Arc::clone(&self.issuer);
        let Some(introspector) = &issuer.introspection else {
            return Err(issuer.refuse_unanswered("the issuer has no `introspection`"));
        };
        let runtime = Handle::try_current()
            .map_err(|_| issuer.refuse_unanswered("there is no tokio runtime"))?;
        let digest = digest(text);
        let mut flights = introspector.flights();
        if let Some(flight) = flights.get(&digest) {
            return Ok(flight.result.clone());
        }
        if let Some(error) = introspector.refusals.recall(&digest) {
            return Err(error);
        }
        let known = self.verified.get(text.as_bytes());
        // The question may have ended since the caller searched the cache.
        if let Some(cached) = known.clone().filter(|cached| cached.is_usable(Instant::now())) {
            return Ok(watch::channel(Some(Ok(cached.accepted()))).1);
        }
        let now = Instant::now();
        let is_unknown = known.is_none() && !was_active;
        if is_unknown && !flights.admits_unknown(now) {
            let needs_warning = flights.needs_warning(now);
            drop(flights);
            if needs_warning {
                telemetry::introspection_limited(redacted(&issuer.identifier));
            }
            return Err(
                issuer.refuse_unanswered("there are too many questions about unknown tokens")
            );
        }
        let number = next_number();
        let (sender, result) = watch::channel(None);
        flights.insert(digest, Flight { number, is_unknown, result: result.clone() });
        drop(flights);
        let task = QuestionTask {
            asker: self,
            text: text.into(),
            digest,
            number,
            is_unknown,
            jwt,
            sender,
        };
        let span = telemetry::introspection(redacted(&issuer.identifier));
        runtime.spawn(task.run().instrument(span));
        Ok(result)
    }
}

/// A question in a task of its own. A request that is cancelled therefore does not end the question
/// for other requests.
struct QuestionTask {
    asker: Asker,
    text: Box<str>,
    digest: TokenDigest,
    number: u64,
    is_unknown: bool,
    jwt: Option<VerifiedJwt>,
    sender: watch::Sender<Option<Verdict>>,
}

impl QuestionTask {
    async fn run(mut self) {
        let issuer = Arc::clone(&self.asker.issuer);
        let Some(introspector) = &issuer.introspection else { return };
        let answer = self.answer(introspector).await;
        let verdict = self.finish(introspector, answer);
        self.sender.send_replace(Some(verdict));
    }

    /// Asks within the limits of time and of questions at the same time.
    async fn answer(&self, introspector: &Introspector) -> Result<Answer, CallError> {
        let deadline = later(PATIENCE);
        let [of_known, of_unknown] = &introspector.permits;
        let permits = if self.is_unknown { of_unknown } else { of_known };
        let Asker { issuer, clock, .. } = &self.asker;
        // The semaphore is never closed.
        let _permit = timeout_at(deadline, permits.acquire())
            .await
            .map_err(|_| "earlier questions to the endpoint took all the time".to_owned())?;
        timeout_at(deadline, introspector.call(issuer, &**clock, &self.text))
            .await
            .map_err(|_| "the endpoint did not answer in time".to_owned())?
    }

    /// Records the result of the question, and returns it.
    fn finish(
        &mut self,
        introspector: &Introspector,
        answer: Result<Answer, CallError>,
    ) -> Verdict {
        let (verdict, failure) = self.verdict(introspector, answer);
        let issuer = redacted(&self.asker.issuer.identifier);
        let mut flights = introspector.flights();
        if verdict.is_ok() && self.is_unknown {
            flights.give_back();
        }
        let cause = failure.as_ref().map(CallError::cause);
        let is_new_error = flights.is_new_error(cause, Instant::now());
        self.record(introspector, &verdict);
        flights.remove(&self.digest);
        drop(flights);
        telemetry::introspected(issuer, IntrospectionOutcome::of(&verdict));
        match failure.filter(|_| is_new_error) {
            Some(CallError::Refused(cause)) => telemetry::introspection_refused(issuer, &cause),
            Some(CallError::Failed(cause)) => telemetry::introspection_failed(issuer, &cause),
            None => {}
        }
        verdict
    }

    fn verdict(
        &mut self,
        introspector: &Introspector,
        answer: Result<Answer, CallError>,
    ) -> (Verdict, Option<CallError>) {
        let Asker { issuer, clock, .. } = &self.asker;
        let refuse = |fault| (Err(issuer.refuse(fault)), None);
        match answer {
            Ok(Answer::Active(answer)) => {
                let jwt = self.jwt.take();
                match introspector.accept(issuer, &answer, &self.text, jwt, clock.now()) {
                    Ok(accepted) => (Ok(accepted), None),
                    Err(fault) => refuse(fault),
                }
            }
            Ok(Answer::Inactive) => refuse(Fault::TokenInactive),
            Err(failure) => (Err(issuer.refuse_unanswered(failure.cause())), Some(failure)),
        }
    }

    /// Remembers an active token in the cache of verified tokens, and another one for a short time. A
    /// token that was active keeps its place there after a failure, so that the next question about it
    /// does not compete with those about random tokens.
    fn record(&self, introspector: &Introspector, verdict: &Verdict) {
        let verified = &self.asker.verified;
        let text = self.text.as_bytes();
        match verdict {
            Ok(accepted) => {
                let cached = CachedToken::of_answer(accepted.clone(), &self.asker.issuer);
                verified.add(text, cached, self.asker.clock.now());
                introspector.refusals.remove(&self.digest);
            }
            Err(error) if error.kind() == RefusalKind::IntrospectionUnavailable => {
                introspector.refusals.record(self.digest, error.clone(), FAILURE_PERIOD);
            }
            Err(error) => {
                verified.remove(text);
                let period = introspector.settings.period.min(REFUSAL_PERIOD);
                introspector.refusals.record(self.digest, error.clone(), period);
            }
        }
    }
}

/// Removes a question whose task ended early, for example because its runtime shut down.
impl Drop for QuestionTask {
    fn drop(&mut self) {
        let issuer = Arc::clone(&self.asker.issuer);
        let Some(introspector) = &issuer.introspection else { return };
        let mut flights = introspector.flights();
        if flights.with_number(&self.digest, self.number).is_some() {
            flights.remove(&self.digest);
        }
    }
}
