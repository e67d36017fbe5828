//! A simulated issuer, whose behaviour the schedule determines.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use http::StatusCode;
use tokio::time::Instant;

use super::invariants::CallResult;
use super::log::{Answer, Fetch, Log, MetadataExchange, Moment, Outcome, Published};
use super::schedule::Behaviour;
use super::signing::{KEYS, POOLS};
use crate::algorithm::Algorithm;
use crate::keys::{FetchError, Fetched, FetchedKeys, KeySet};

/// A simulated issuer. Clones share one `Script`.
#[derive(Clone)]
pub(super) struct SimulatedIssuer {
    begin: Instant,
    script: Arc<Mutex<Script>>,
}

pub(super) struct Script {
    pub(super) index: usize,
    pub(super) log: Log,
    pub(super) behaviour: Behaviour,
    pub(super) lifetime: Option<Duration>,
    /// True if the locations that the issuer has left return no keys.
    old_locations_are_gone: bool,
    /// The last `Answer` that contained a key set or confirmed one. `None` if the last exchange for
    /// a key set failed.
    confirmed: Option<Answer>,
    /// The exchanges of the fetch under way: for the metadata, and the last one for a key set.
    exchanges: (MetadataExchange, Option<Answer>),
    pub(super) answers: Vec<CallResult>,
    rng: Rng,
}

/// All fetches of an issuer and all results of requests in a run. Tests compare the histories of
/// two runs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct History {
    pub(super) fetches: Vec<Fetch>,
    pub(super) answers: Vec<CallResult>,
}

impl SimulatedIssuer {
    pub(super) fn new(index: usize, mut rng: Rng) -> Self {
        let mut log = Log::default();
        log.publish(Moment::ZERO, Published::only(rng.u8(..KEYS)));
        Self {
            begin: Instant::now(),
            script: Arc::new(Mutex::new(Script {
                index,
                log,
                behaviour: Behaviour::Normal,
                lifetime: None,
                old_locations_are_gone: false,
                confirmed: None,
                exchanges: Default::default(),
                answers: Vec::new(),
                rng,
            })),
        }
    }

    pub(super) fn now(&self) -> Moment {
        self.begin.elapsed()
    }

    pub(super) fn published(&self) -> Published {
        self.script().log.published(self.now())
    }

    pub(super) fn publish(&self, keys: Published) {
        let now = self.now();
        self.script().log.publish(now, keys);
    }

    pub(super) fn move_keys(&self, is_gone: bool) {
        let (now, mut script) = (self.now(), self.script());
        script.log.move_keys(now);
        script.old_locations_are_gone = is_gone;
    }

    pub(super) fn history(&self) -> History {
        let script = self.script();
        let mut answers = script.answers.clone();
        // Results that the server returns at the same moment have an arbitrary order, so they are
        // sorted before they are compared.
        answers.sort_by_key(|answer| answer.number);
        History { fetches: script.log.fetches.clone(), answers }
    }

    pub(super) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Script {
    pub(super) fn begin(&mut self, now: Moment) {
        self.log.begin(now);
        self.exchanges = Default::default();
    }

    /// Ends the fetch under way. Its outcome is that of its last exchange for a key set.
    pub(super) fn end(&mut self, now: Moment) -> Outcome {
        let (metadata, answer) = self.exchanges;
        let outcome =
            answer.map_or(Outcome::Failed, |answer| Outcome::Set(Answer { metadata, ..answer }));
        self.log.end(now, outcome);
        outcome
    }

    /// Draws the time until an exchange ends. `limit` is the time after which the server gives up.
    pub(super) fn delay(&mut self, limit: Duration) -> Duration {
        match self.behaviour {
            Behaviour::Slow(delay) => delay.min(limit),
            Behaviour::Hangs => limit,
            _ => Duration::from_millis(self.rng.u64(1..=50)),
        }
    }

    /// Returns true if the issuer answers an exchange as of its start, and false if as of its end.
    pub(super) fn answers_early(&mut self) -> bool {
        self.rng.bool()
    }

    /// Returns the location that the metadata names.
    pub(super) fn metadata(&mut self, behaviour: Behaviour) -> Result<usize, FetchError> {
        let fails = match behaviour {
            Behaviour::Hangs | Behaviour::Down | Behaviour::WithoutMetadata => true,
            Behaviour::Malformed(kind) => kind % 2 == 0,
            _ => false,
        };
        if fails {
            self.exchanges.0 = MetadataExchange::Failed;
            return Err(unavailable());
        }
        let named = self.log.location();
        self.exchanges.0 = MetadataExchange::Valid(named);
        Ok(named)
    }

    /// Returns the key set at this location.
    pub(super) fn key_set(
        &mut self,
        location: usize,
        behaviour: Behaviour,
        as_of: Moment,
    ) -> Fetched {
        // The server has a validator for the last location only.
        self.confirmed = self.confirmed.filter(|last| last.location == location);
        self.exchanges.1 = None;
        let fetched = self.read_key_set(location, behaviour, as_of);
        match &fetched {
            Ok(_) => self.confirmed = self.exchanges.1,
            Err(_) => self.confirmed = None,
        }
        fetched
    }

    fn read_key_set(&mut self, location: usize, behaviour: Behaviour, as_of: Moment) -> Fetched {
        let is_gone = self.old_locations_are_gone && location < self.log.location();
        let as_of = match behaviour {
            Behaviour::Hangs | Behaviour::Down => return Err(unavailable()),
            _ if is_gone => return Err(unavailable()),
            Behaviour::Malformed(kind) => {
                let parsed = read(&malformed_document(self.index, kind))?;
                panic!("a malformed document was accepted as a key set: {parsed:?}");
            }
            Behaviour::Stale(by) => as_of.saturating_sub(by),
            _ => as_of,
        };
        let as_of = self.log.last_update(location, as_of);
        let keys = self.log.published(as_of);
        let (lifetime, metadata) = (self.lifetime, MetadataExchange::None);
        let answer = Answer { keys, as_of, lifetime, location, metadata };
        let (answer, parsed) = match self.confirmed {
            Some(last) if behaviour == Behaviour::ConfirmsWrongly => {
                (Answer { lifetime, ..last }, None)
            }
            // The issuer usually confirms an unchanged set as not modified.
            Some(last) if last.keys == keys && self.rng.u8(..4) > 0 => (answer, None),
            _ => (answer, Some(read(&document(self.index, keys))?)),
        };
        self.exchanges.1 = Some(answer);
        Ok(FetchedKeys::new(parsed, lifetime))
    }
}

fn unavailable() -> FetchError {
    FetchError::Status(StatusCode::SERVICE_UNAVAILABLE)
}

fn read(document: &str) -> Result<KeySet, FetchError> {
    KeySet::parse(document.as_bytes(), &[Algorithm::EdDSA]).map_err(FetchError::Set)
}

fn document(issuer: usize, keys: Published) -> String {
    let members: Vec<&str> = (0..KEYS)
        .zip(&POOLS[issuer].published)
        .filter(|(key, _)| keys.has(*key))
        .map(|(_, jwk)| jwk.as_str())
        .collect();
    format!(r#"{{"keys":[{}]}}"#, members.join(","))
}

fn malformed_document(issuer: usize, kind: u8) -> String {
    let good = document(issuer, Published(u8::MAX));
    match kind % 6 {
        0 => String::new(),
        1 => "<html>maintenance</html>".to_owned(),
        2 => good[..good.len() - 1].to_owned(),
        3 => r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#.to_owned(),
        4 => format!(r#"{{"keys":[],{}"#, &good[1..]),
        _ => format!(r#"{{"keys":[{}{{}}]}}"#, "{},".repeat(100)),
    }
}
