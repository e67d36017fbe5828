//! The cache of looked-up keys.
//!
//! Keys that the look-up found and keys that it did not find have caches of their own. A flood of
//! random keys therefore displaces no key that is in use. A key that was found once keeps its place
//! after its period. It is never used then, but its next look-up does not compete with those of
//! random keys.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, timeout_at};

use super::bucket::Bucket;
use super::claims::ValidKey;
use super::digest::KeyDigest;
use super::forgotten::Forgotten;
use super::key_identity::KeyIdentity;
use super::limits::Limits;
use super::look_up::LookUp;
use super::standing::{KeyFault, Standing};
use crate::telemetry;

/// The number of keys in the cache of keys that the look-up did not find.
const REFUSED_LIMIT: usize = 10_000;

/// The number of look-ups that may run or wait for keys that were never found.
const WAITING_LIMIT: usize = 1024;

/// The time for which a failed look-up of a key is not repeated.
const FAILURE_PERIOD: Duration = Duration::from_secs(1);

/// The bytes that an entry takes in addition to its identity.
const ENTRY_OVERHEAD: usize = 128;

/// The size in bytes of a typical entry, for an estimate of their number.
const TYPICAL_SIZE: usize = 768;

/// The number of the next look-up. The number is common to all servers, because a server may judge
/// a key that another server verified.
static NEXT_NUMBER: AtomicU64 = AtomicU64::new(1);

/// The result of a look-up: an identity, or the reason why there is none. `None` if the key was
/// forgotten in the meantime.
type Landing<I> = Option<Result<I, KeyFault>>;

/// Receives the result of a look-up. The value is `None` until the look-up has ended.
pub(super) type Landed<I> = watch::Receiver<Option<Landing<I>>>;

pub(super) struct LookUpCache<I> {
    look_up: LookUp,
    limits: Limits,
    found: Cache<KeyDigest, Held<I>, SizeInBytes>,
    refused: Cache<KeyDigest, Refused>,
    flights: Mutex<Flights<I>>,
    /// The permits of look-ups of keys that were found before, and of other keys.
    permits: [Semaphore; 2],
}

/// A key that the look-up found.
#[derive(Clone)]
pub(super) struct Held<I> {
    pub(super) identity: I,
    until: Instant,
}

/// A key that the look-up did not find, or whose look-up failed.
#[derive(Clone)]
struct Refused {
    fault: KeyFault,
    until: Instant,
}

/// The look-ups that run or wait.
struct Flights<I> {
    running: HashMap<KeyDigest, Flight<I>>,
    /// The number of them whose key was never found.
    of_new_keys: usize,
    bucket: Bucket,
    forgotten: Forgotten,
    last_error: Option<String>,
    warned_of_load: Option<Instant>,
}

struct Flight<I> {
    number: u64,
    is_new: bool,
    landed: Landed<I>,
}

impl<I: KeyIdentity> LookUpCache<I> {
    pub(super) fn new(look_up: LookUp, limits: Limits) -> Self {
        let bytes = u64::try_from(limits.cache_bytes).unwrap_or(u64::MAX);
        let flights = Flights {
            running: HashMap::new(),
            of_new_keys: 0,
            bucket: Bucket::new(limits.unknown_rate),
            forgotten: Forgotten::default(),
            last_error: None,
            warned_of_load: None,
        };
        Self {
            look_up,
            found: Cache::with_weighter(limits.cache_bytes / TYPICAL_SIZE, bytes, SizeInBytes),
            refused: Cache::new(REFUSED_LIMIT),
            flights: Mutex::new(flights),
            permits: [Semaphore::new(limits.concurrent), Semaphore::new(limits.concurrent)],
            limits,
        }
    }

    /// Returns the cached result of a look-up, if its period has not passed.
    pub(super) fn recall(&self, digest: &KeyDigest) -> Option<Result<Held<I>, KeyFault>> {
        let now = Instant::now();
        if let Some(held) = self.found.get(digest).filter(|held| now < held.until) {
            return Some(Ok(held));
        }
        let refused = self.refused.get(digest).filter(|refused| now < refused.until)?;
        Some(Err(refused.fault))
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
        if obtained.is_some_and(|number| flights.forgotten.includes(digest, number)) {
            return Standing::Refused(KeyFault::Unknown);
        }
        match self.recall(digest) {
            Some(Ok(held)) => Standing::Held(held.identity, Some(held.until)),
            Some(Err(fault)) => Standing::Refused(fault),
            None if flights.running.contains_key(digest) => Standing::Pending,
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
        self.found.remove(digest);
        self.refused.remove(digest);
        flights.remove(digest);
        let number = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
        flights.forgotten.add(*digest, number);
    }

    /// Returns the receiver of the running look-up of this key, and starts one if none runs.
    fn join_or_start(self: &Arc<Self>, digest: KeyDigest) -> Result<Landed<I>, KeyFault> {
        let runtime =
            Handle::try_current().map_err(|_| unavailable("there is no tokio runtime"))?;
        let mut flights = self.flights();
        if let Some(flight) = flights.running.get(&digest) {
            return Ok(flight.landed.clone());
        }
        let is_new = self.found.peek(&digest).is_none();
        if is_new {
            flights.admit_new_key()?;
        }
        let number = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
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
        let flight = flights.running.get(&digest).filter(|flight| flight.number == number)?;
        if flight.is_new && matches!(answer, Ok(Some(_))) {
            flights.bucket.give_back();
        }
        flights.remove(&digest);
        flights.report(answer.as_ref().err());
        Some(match answer {
            Ok(Some(key)) => Ok(self.keep(ValidKey { obtained: Some(number), ..key })),
            Ok(None) => {
                self.found.remove(&digest);
                Err(self.refuse(digest, KeyFault::Unknown, self.limits.unknown_period))
            }
            Err(cause) => Err(self.refuse(digest, unavailable(&cause), FAILURE_PERIOD)),
        })
    }

    /// Adds a key to the cache. A key with the same content as before keeps its identity.
    fn keep(&self, key: ValidKey) -> I {
        let digest = key.digest;
        let new = I::of_key(key);
        let earlier = self.found.peek(&digest).map(|held| held.identity);
        let identity = earlier.filter(|earlier| earlier.has_same_content(&new)).unwrap_or(new);
        let until = later(self.limits.cache_period);
        self.found.insert(digest, Held { identity: identity.clone(), until });
        self.refused.remove(&digest);
        identity
    }

    fn refuse(&self, digest: KeyDigest, fault: KeyFault, period: Duration) -> KeyFault {
        self.refused.insert(digest, Refused { fault: fault.clone(), until: later(period) });
        fault
    }

    fn flights(&self) -> MutexGuard<'_, Flights<I>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<I> Flights<I> {
    /// Admits the look-up of a key that was never found, unless there are too many of them.
    fn admit_new_key(&mut self) -> Result<(), KeyFault> {
        let now = Instant::now();
        if self.of_new_keys < WAITING_LIMIT && self.bucket.take(now) {
            self.of_new_keys = self.of_new_keys.saturating_add(1);
            return Ok(());
        }
        let is_recent = |time: Instant| now.duration_since(time) < Duration::from_secs(60);
        if !self.warned_of_load.is_some_and(is_recent) {
            self.warned_of_load = Some(now);
            telemetry::api_key_look_ups_limited();
        }
        Err(unavailable("there are too many look-ups of unknown keys"))
    }

    fn remove(&mut self, digest: &KeyDigest) {
        if self.running.remove(digest).is_some_and(|flight| flight.is_new) {
            self.of_new_keys = self.of_new_keys.saturating_sub(1);
        }
    }

    /// Logs a failed look-up, unless the look-up before it failed for the same reason.
    fn report(&mut self, error: Option<&String>) {
        if let Some(error) = error
            && self.last_error.as_ref() != Some(error)
        {
            telemetry::api_key_look_up_failed(error);
        }
        self.last_error = error.cloned();
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
        let own = flights.running.get(&self.digest).map(|flight| flight.number);
        if own == Some(self.number) {
            flights.remove(&self.digest);
        }
    }
}

fn unavailable(cause: &str) -> KeyFault {
    KeyFault::Unavailable { cause: cause.into(), retry_after: FAILURE_PERIOD }
}

/// Returns the time after this period. The limits keep the period short, so that the fallback never
/// occurs.
fn later(period: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(period).unwrap_or(now)
}

#[derive(Clone)]
struct SizeInBytes;

impl<I: KeyIdentity> Weighter<KeyDigest, Held<I>> for SizeInBytes {
    fn weight(&self, _: &KeyDigest, held: &Held<I>) -> u64 {
        let bytes = held.identity.size().saturating_add(ENTRY_OVERHEAD);
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}
