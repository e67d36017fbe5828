//! The look-up of keys, with the cache of its results.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, timeout_at};

use super::claims::ValidKey;
use super::digest::KeyDigest;
use super::key_identity::KeyIdentity;
use super::limits::Limits;
use super::look_up::LookUp;
use super::results::{FoundKey, Results};
use super::running_look_ups::{LookUpResult, ResultReceiver, RunningLookUps, unavailable};
use super::standing::{KeyFault, Standing};
use crate::flights::{FAILURE_PERIOD, Flight, later, next_number};
use crate::telemetry;

pub(super) struct LookUpCache<I> {
    look_up: LookUp,
    limits: Limits,
    results: Results<I>,
    running: Mutex<RunningLookUps<I>>,
    /// The permits of look-ups of keys that were found before, and of other keys.
    permits: [Semaphore; 2],
}

impl<I: KeyIdentity> LookUpCache<I> {
    pub(super) fn new(look_up: LookUp, limits: Limits) -> Self {
        Self {
            look_up,
            results: Results::with_capacity(limits.cache_bytes),
            running: Mutex::new(RunningLookUps::new(limits.unknown_rate)),
            permits: [Semaphore::new(limits.concurrent), Semaphore::new(limits.concurrent)],
            limits,
        }
    }

    /// Returns the cached result of a look-up, if its period has not passed.
    pub(super) fn recall(&self, digest: &KeyDigest) -> Option<Result<FoundKey<I>, KeyFault>> {
        self.results.recall(digest)
    }

    /// Returns the result of a look-up, from the cache or from the application.
    pub(super) async fn find(self: &Arc<Self>, digest: KeyDigest) -> Result<I, KeyFault> {
        loop {
            if let Some(recalled) = self.recall(&digest) {
                return recalled.map(|held| held.identity);
            }
            let mut result = self.join_or_start(digest)?;
            match result.wait_for(Option::is_some).await.as_deref() {
                Ok(Some(Some(answer))) => return answer.clone(),
                // The key was forgotten while it was looked up.
                Ok(_) => {}
                Err(_) => return Err(unavailable("the look-up was cancelled")),
            }
        }
    }

    pub(super) fn standing(&self, digest: &KeyDigest, look_up_number: Option<u64>) -> Standing<I> {
        let running = self.running();
        if look_up_number.is_some_and(|number| running.has_forgotten(digest, number)) {
            return Standing::Refused(KeyFault::Unknown);
        }
        match self.recall(digest) {
            Some(Ok(held)) => Standing::Valid(held.identity, Some(held.until)),
            Some(Err(fault)) => Standing::Refused(fault),
            // Only the first look-up after the period is waited for. Otherwise a client could keep
            // its stream during an outage of the store by further requests with its key.
            None if running.flights.get(digest).is_some() && !self.results.has_refused(digest) => {
                Standing::Pending
            }
            None => Standing::Refused(unavailable("the key is not cached")),
        }
    }

    /// Looks a key up again if it is not cached. Returns `None` if it is cached, or if it cannot be
    /// looked up now.
    pub(super) fn refresh(self: &Arc<Self>, digest: &KeyDigest) -> Option<ResultReceiver<I>> {
        match self.recall(digest) {
            Some(_) => None,
            None => self.join_or_start(*digest).ok(),
        }
    }

    pub(super) fn forget(&self, digest: &KeyDigest) {
        let mut running = self.running();
        self.results.expire(digest);
        self.results.expire_up_to(running.forget(digest));
    }

    /// Returns the receiver of the running look-up of this key, and starts one if none runs.
    fn join_or_start(self: &Arc<Self>, digest: KeyDigest) -> Result<ResultReceiver<I>, KeyFault> {
        let runtime =
            Handle::try_current().map_err(|_| unavailable("there is no tokio runtime"))?;
        let mut running = self.running();
        if let Some(look_up) = running.flights.get(&digest) {
            return Ok(look_up.result.clone());
        }
        // The look-up may have ended since the caller searched the cache.
        if let Some(recalled) = self.recall(&digest) {
            return Ok(watch::channel(Some(Some(recalled.map(|held| held.identity)))).1);
        }
        let now = Instant::now();
        let is_new = !self.results.has_found(&digest);
        if is_new && !running.flights.admits_unknown(now) {
            let needs_warning = running.flights.needs_warning(now);
            drop(running);
            if needs_warning {
                telemetry::api_key_look_ups_limited();
            }
            return Err(unavailable("there are too many look-ups of unknown keys"));
        }
        let number = next_number();
        let (sender, result) = watch::channel(None);
        let flight = Flight { number, is_unknown: is_new, result: result.clone() };
        running.flights.insert(digest, flight);
        drop(running);
        let task = LookUpTask { cache: Arc::clone(self), digest, number, is_new, sender };
        runtime.spawn(task.run());
        Ok(result)
    }

    /// Records the result of a look-up. Returns `None` if the key was forgotten in the meantime.
    fn finish(
        &self,
        digest: KeyDigest,
        number: u64,
        answer: Result<Option<ValidKey>, String>,
    ) -> LookUpResult<I> {
        let mut running = self.running();
        let look_up = running.flights.with_number(&digest, number)?;
        if look_up.is_unknown && matches!(answer, Ok(Some(_))) {
            running.flights.give_back();
        }
        running.flights.remove(&digest);
        let cause = answer.as_ref().err().map(String::as_str);
        let is_new_error = running.flights.is_new_error(cause, Instant::now());
        let (result, error) = match answer {
            Ok(Some(key)) => {
                let key = ValidKey { look_up_number: Some(number), ..key };
                let has_forgotten = |earlier| running.has_forgotten(&digest, earlier);
                let period = self.limits.cache_period;
                (Ok(self.results.keep(key, number, period, has_forgotten)), None)
            }
            Ok(None) => {
                self.results.remove(&digest);
                let period = self.limits.unknown_period;
                (Err(self.results.refuse(digest, KeyFault::Unknown, period)), None)
            }
            Err(cause) => {
                let fault = self.results.refuse(digest, unavailable(&cause), FAILURE_PERIOD);
                (Err(fault), Some(cause))
            }
        };
        drop(running);
        if let Some(error) = error.filter(|_| is_new_error) {
            telemetry::api_key_look_up_failed(&error);
        }
        Some(result)
    }

    fn running(&self) -> MutexGuard<'_, RunningLookUps<I>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A look-up in a task of its own. A request that is cancelled does therefore not cancel the look-up
/// for other requests.
struct LookUpTask<I: KeyIdentity> {
    cache: Arc<LookUpCache<I>>,
    digest: KeyDigest,
    number: u64,
    is_new: bool,
    sender: watch::Sender<Option<LookUpResult<I>>>,
}

impl<I: KeyIdentity> LookUpTask<I> {
    async fn run(self) {
        let deadline = later(self.cache.limits.timeout);
        let [of_found, of_new] = &self.cache.permits;
        let permits = if self.is_new { of_new } else { of_found };
        let answer = match timeout_at(deadline, permits.acquire()).await {
            Ok(Ok(_permit)) => self.cache.look_up.ask(self.digest, deadline).await,
            _ => Err("too many look-ups run at the same time".to_owned()),
        };
        let result = self.cache.finish(self.digest, self.number, answer);
        self.sender.send_replace(Some(result));
    }
}

/// Removes a look-up whose task ended early, for example because its runtime shut down.
impl<I: KeyIdentity> Drop for LookUpTask<I> {
    fn drop(&mut self) {
        let mut running = self.cache.running();
        if running.flights.with_number(&self.digest, self.number).is_some() {
            running.flights.remove(&self.digest);
        }
    }
}
