//! A simulated issuer, whose behaviour the schedule determines.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use http::StatusCode;
use tokio::time::{Instant, sleep};

use super::invariants::CallResult;
use super::log::{Answer, Fetch, Log, Moment, Outcome, Published};
use super::schedule::Behaviour;
use super::signing::{KEYS, POOLS};
use crate::algorithm::Algorithm;
use crate::keys::{FetchCause, FetchError, Fetched, FetchedKeys, KeySet, KeySource};

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
    /// The last `Answer` of the issuer that contained a key set or confirmed one. `None` if the
    /// last fetch failed.
    confirmed: Option<Answer>,
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
                confirmed: None,
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

impl KeySource for SimulatedIssuer {
    async fn fetch(&mut self, _: FetchCause) -> Fetched {
        let started_at = self.now();
        let guard = FetchGuard(self);
        let (behaviour, delay, early) = {
            let mut script = self.script();
            script.log.begin(started_at);
            let behaviour = script.behaviour;
            (behaviour, script.delay(), script.rng.bool())
        };
        sleep(delay).await;
        let now = self.now();
        let mut script = self.script();
        let (outcome, answer) = script.answer(behaviour, if early { started_at } else { now });
        script.log.end(now, outcome);
        drop(script);
        drop(guard);
        answer
    }
}

/// A guard that logs a fetch as abandoned if the fetch is dropped before its end.
struct FetchGuard<'a>(&'a SimulatedIssuer);

impl Drop for FetchGuard<'_> {
    fn drop(&mut self) {
        let (now, mut script) = (self.0.now(), self.0.script());
        if script.log.under_way() {
            script.log.end(now, Outcome::Abandoned);
        }
    }
}

impl Script {
    fn delay(&mut self) -> Duration {
        match self.behaviour {
            Behaviour::Slow(delay) => delay,
            // These 5 s are the time after which the server gives up a fetch.
            Behaviour::Hangs => Duration::from_secs(5),
            _ => Duration::from_millis(self.rng.u64(1..=50)),
        }
    }

    fn answer(&mut self, behaviour: Behaviour, as_of: Moment) -> (Outcome, Fetched) {
        let as_of = match behaviour {
            Behaviour::Hangs | Behaviour::Down => {
                return self.fail(Err(FetchError::Status(StatusCode::SERVICE_UNAVAILABLE)));
            }
            Behaviour::Malformed(kind) => {
                return self.fail(read(&malformed_document(self.index, kind)));
            }
            Behaviour::Stale(by) => as_of.saturating_sub(by),
            _ => as_of,
        };
        let keys = self.log.published(as_of);
        let lifetime = self.lifetime;
        let answer = Answer { keys, as_of, lifetime };
        let (answer, fetched) = match self.confirmed {
            Some(last) if behaviour == Behaviour::ConfirmsWrongly => {
                (Answer { lifetime, ..last }, Ok(None))
            }
            // The issuer usually confirms an unchanged set as not modified.
            Some(last) if last.keys == keys && self.rng.u8(..4) > 0 => (answer, Ok(None)),
            _ => (answer, read(&document(self.index, keys)).map(Some)),
        };
        match fetched {
            Ok(parsed) => {
                self.confirmed = Some(answer);
                (Outcome::Set(answer), Ok(FetchedKeys::new(parsed, lifetime)))
            }
            Err(error) => self.fail(Err(error)),
        }
    }

    /// Returns a failed fetch. Clears the last answer, so that the next successful fetch returns a
    /// whole key set and not only a confirmation.
    fn fail(&mut self, answer: Result<KeySet, FetchError>) -> (Outcome, Fetched) {
        self.confirmed = None;
        let fetched = answer.map(|parsed| FetchedKeys::new(Some(parsed), None));
        assert!(fetched.is_err(), "a malformed document was accepted as a key set");
        (Outcome::Failed, fetched)
    }
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
