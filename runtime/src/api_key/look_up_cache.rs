//! The look-up of keys, with the cache of its results.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, timeout_at};

use super::claims::ValidKey;
use super::digest::KeyDigest;
use super::flights::{FAILURE_PERIOD, Flight, Flights, Landed, Landing, unavailable};
use super::key_identity::KeyIdentity;
use super::limits::Limits;
use super::look_up::LookUp;
use super::results::{Held, Results, later};
use super::standing::{KeyFault, Standing};
use crate::telemetry;

pub(super) struct LookUpCache<I> {
    look_up: LookUp,
    limits: Limits,
    results: Results<I>,
    flights: Mutex<Flights<I>>,
    /// The permits of look-ups of keys that were found before, and of other keys.
    permits: [Semaphore; 2],
}

impl<I: KeyIdentity> LookUpCache<I> {
    pub(super) fn new(look_up: LookUp, limits: Limits) -> Self {
        Self {
            look_up,
            results: Results::with_capacity(limits.cache_bytes),
            flights: Mutex::new(Flights::new(limits.unknown_rate)),
            permits: [Semaphore::new(limits.concurrent), Semaphore::new(limits.concurrent)],
            limits,
        }
    }

    /// Returns the cached result of a look-up, if its period has not passed.
    pub(super) fn recall(&self, digest: &KeyDigest) -> Option<Result<Held<I>, KeyFault>> {
        self.results.recall(digest)
    }

    /// Returns the result of a look-up, from the cache or from the application.
    pub(super) async fn find(self: &Arc<Self>, digest: KeyDigest) -> Result<I, KeyFault> {
        loop {
            if let Some(recalled) = self.recall(&digest) {
                return recalled.map(|held| held.identity);
            }
            let mut landed = self.join_or_start(digest)?;
            match landed.wait_for(Option::is_some).await.as_deref() {
                Ok(Some(Some(answer))) => return answer.clone(),
                // The key was forgotten while it was looked up.
                Ok(_) => {}
                Err(_) => return Err(unavailable("the look-up was cancelled")),
            }
        }
    }

    pub(super) fn standing(&self, digest: &KeyDigest, obtained: Option<u64>) -> Standing<I> {
        let flights = self.flights();
        if obtained.is_some_and(|number| flights.has_forgotten(digest, number)) {
            return Standing::Refused(KeyFault::Unknown);
        }
        match self.recall(digest) {
            Some(Ok(held)) => Standing::Held(held.identity, Some(held.until)),
            Some(Err(fault)) => Standing::Refused(fault),
            // Only the first look-up after the period is waited for. Otherwise a client could keep
            // its stream during an outage of the store by further requests with its key.
            None if flights.running.contains_key(digest) && !self.results.has_refused(digest) => {
                Standing::Pending
            }
            None => Standing::Refused(unavailable("the key is not cached")),
        }
    }

    /// Looks a key up again if it is not cached. Returns `None` if it is cached, or if it cannot be
    /// looked up now.
    pub(super) fn refresh(self: &Arc<Self>, digest: &KeyDigest) -> Option<Landed<I>> {
        match self.recall(digest) {
            Some(_) => None,
            None => self.join_or_start(*digest).ok(),
        }
    }

    pub(super) fn forget(&self, digest: &KeyDigest) {
        let mut flights = self.flights();
        self.results.expire(digest);
        self.results.expire_up_to(flights.forget(digest));
    }

    /// Returns the receiver of the running look-up of this key, and starts one if none runs.
    fn join_or_start(self: &Arc<Self>, digest: KeyDigest) -> Result<Landed<I>, KeyFault> {
        let runtime =
            Handle::try_current().map_err(|_| unavailable("there is no tokio runtime"))?;
        let mut flights = self.flights();
        if let Some(flight) = flights.running.get(&digest) {
            return Ok(flight.landed.clone());
        }
        // The look-up may have ended since the caller searched the cache.
        if let Some(recalled) = self.recall(&digest) {
            return Ok(watch::channel(Some(Some(recalled.map(|held| held.identity)))).1);
        }
        let now = Instant::now();
        let is_new = !self.results.has_found(&digest);
        if is_new && !flights.admits_new_key(now) {
            let needs_warning = flights.needs_warning(now);
            drop(flights);
            if needs_warning {
                telemetry::api_key_look_ups_limited();
            }
            return Err(unavailable("there are too many look-ups of unknown keys"));
        }
        let number = Flights::<I>::next_number();
        let (sender, landed) = watch::channel(None);
        flights.running.insert(digest, Flight { number, is_new, landed: landed.clone() });
        drop(flights);
        let running = RunningLookUp { cache: Arc::clone(self), digest, number, is_new, sender };
        runtime.spawn(running.run());
        Ok(landed)
    }

    /// Records the result of a look-up. Returns `None` if the key was forgotten in the meantime.
    fn land(
        &self,
        digest: KeyDigest,
        number: u64,
        answer: Result<Option<ValidKey>, String>,
    ) -> Landing<I> {
        let mut flights = self.flights();
        let flight = flights.numbered(&digest, number)?;
        if flight.is_new && matches!(answer, Ok(Some(_))) {
            flights.give_back();
        }
        flights.remove(&digest);
        let is_new_error = flights.is_new_error(answer.as_ref().err());
        let (landing, error) = match answer {
            Ok(Some(key)) => {
                let key = ValidKey { obtained: Some(number), ..key };
                let has_forgotten = |earlier| flights.has_forgotten(&digest, earlier);
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
        drop(flights);
        if let Some(error) = error.filter(|_| is_new_error) {
            telemetry::api_key_look_up_failed(&error);
        }
        Some(landing)
    }

    fn flights(&self) -> MutexGuard<'_, Flights<I>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A look-up in a task of its own. A request that is cancelled does therefore not cancel the look-up
/// for other requests.
struct RunningLookUp<I: KeyIdentity> {
    cache: Arc<LookUpCache<I>>,
    digest: KeyDigest,
    number: u64,
    is_new: bool,
    sender: watch::Sender<Option<Landing<I>>>,
}

impl<I: KeyIdentity> RunningLookUp<I> {
    async fn run(self) {
        let deadline = later(self.cache.limits.timeout);
        let [of_found, of_new] = &self.cache.permits;
        let permits = if self.is_new { of_new } else { of_found };
        let answer = match timeout_at(deadline, permits.acquire()).await {
            Ok(Ok(_permit)) => self.cache.look_up.ask(self.digest, deadline).await,
            _ => Err("too many look-ups run at the same time".to_owned()),
        };
        let landing = self.cache.land(self.digest, self.number, answer);
        self.sender.send_replace(Some(landing));
    }
}

/// Removes a look-up whose task ended early, for example because its runtime shut down.
impl<I: KeyIdentity> Drop for RunningLookUp<I> {
    fn drop(&mut self) {
        let mut flights = self.cache.flights();
        if flights.numbered(&self.digest, self.number).is_some() {
            flights.remove(&self.digest);
        }
    }
}
