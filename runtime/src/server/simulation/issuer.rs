//! An issuer that does as the schedule says.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use http::StatusCode;
use tokio::time::{Instant, sleep};

use super::invariants::Answered;
use super::log::{Answer, Fetch, Ledger, Moment, Outcome, Published};
use super::schedule::Weather;
use super::signing::{KEYS, POOLS};
use crate::algorithm::Algorithm;
use crate::keys::{FetchError, Fetched, KeySet, KeySource, Parsed};

/// Clones are the same issuer.
#[derive(Clone)]
pub(super) struct SimulatedIssuer {
    begin: Instant,
    script: Arc<Mutex<Script>>,
}

pub(super) struct Script {
    pub(super) index: usize,
    pub(super) ledger: Ledger,
    pub(super) weather: Weather,
    pub(super) lifetime: Option<Duration>,
    /// The answer that a validator would name.
    confirmed: Option<Answer>,
    pub(super) answers: Vec<Answered>,
    chance: Rng,
}

/// What it saw of a run, to look at and to compare with another.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct History {
    pub(super) fetches: Vec<Fetch>,
    pub(super) answers: Vec<Answered>,
}

impl SimulatedIssuer {
    pub(super) fn new(index: usize, mut chance: Rng) -> Self {
        let mut ledger = Ledger::default();
        ledger.publish(Moment::ZERO, Published::only(chance.u8(..KEYS)));
        Self {
            begin: Instant::now(),
            script: Arc::new(Mutex::new(Script {
                index,
                ledger,
                weather: Weather::Fair,
                lifetime: None,
                confirmed: None,
                answers: Vec::new(),
                chance,
            })),
        }
    }

    pub(super) fn now(&self) -> Moment {
        self.begin.elapsed()
    }

    pub(super) fn published(&self) -> Published {
        self.script().ledger.published(self.now())
    }

    pub(super) fn publish(&self, keys: Published) {
        let now = self.now();
        self.script().ledger.publish(now, keys);
    }

    pub(super) fn history(&self) -> History {
        let script = self.script();
        let mut answers = script.answers.clone();
        // Of what comes at one moment the order means nothing.
        answers.sort_by_key(|answered| answered.number);
        History { fetches: script.ledger.fetches.clone(), answers }
    }

    pub(super) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeySource for SimulatedIssuer {
    async fn fetch(&mut self) -> Fetched {
        let begun = self.now();
        let guard = RequestGuard(self);
        let (weather, delay, early) = {
            let mut script = self.script();
            script.ledger.begin(begun);
            let weather = script.weather;
            (weather, script.delay(), script.chance.bool())
        };
        sleep(delay).await;
        let now = self.now();
        let mut script = self.script();
        let (outcome, answer) = script.answer(weather, if early { begun } else { now });
        script.ledger.end(now, outcome);
        drop(script);
        drop(guard);
        answer
    }
}

/// Notes that nobody waits for it any more.
struct RequestGuard<'a>(&'a SimulatedIssuer);

impl Drop for RequestGuard<'_> {
    fn drop(&mut self) {
        let (now, mut script) = (self.0.now(), self.0.script());
        if script.ledger.under_way() {
            script.ledger.end(now, Outcome::GivenUp);
        }
    }
}

impl Script {
    fn delay(&mut self) -> Duration {
        match self.weather {
            Weather::Slow(delay) => delay,
            // Until it is given up.
            Weather::Hangs => Duration::from_secs(5),
            _ => Duration::from_millis(self.chance.u64(1..=50)),
        }
    }

    fn answer(&mut self, weather: Weather, as_of: Moment) -> (Outcome, Fetched) {
        let as_of = match weather {
            Weather::Hangs | Weather::Down => {
                return self.fail(Err(FetchError::Status(StatusCode::SERVICE_UNAVAILABLE)));
            }
            Weather::Babbles(kind) => return self.fail(read(&babble(self.index, kind))),
            Weather::Lags(by) => as_of.saturating_sub(by),
            _ => as_of,
        };
        let keys = self.ledger.published(as_of);
        let lifetime = self.lifetime;
        let answer = Answer { keys, as_of, lifetime };
        let (answer, fetched) = match self.confirmed {
            Some(last) if weather == Weather::Lies => (Answer { lifetime, ..last }, Ok(None)),
            // More often than not it says so where nothing has changed.
            Some(last) if last.keys == keys && self.chance.u8(..4) > 0 => (answer, Ok(None)),
            _ => (answer, read(&document(self.index, keys)).map(Some)),
        };
        match fetched {
            Ok(parsed) => {
                self.confirmed = Some(answer);
                (Outcome::Set(answer), Ok((parsed, lifetime)))
            }
            Err(error) => self.fail(Err(error)),
        }
    }

    /// After it nothing is confirmed before it was said again.
    fn fail(&mut self, answer: Result<Parsed, FetchError>) -> (Outcome, Fetched) {
        self.confirmed = None;
        let fetched = answer.map(|parsed| (Some(parsed), None));
        assert!(fetched.is_err(), "what is no set was taken for one");
        (Outcome::Failed, fetched)
    }
}

fn read(document: &str) -> Result<Parsed, FetchError> {
    KeySet::parse(document.as_bytes(), &[Algorithm::EdDSA]).map_err(FetchError::Set)
}

fn document(issuer: usize, keys: Published) -> String {
    let published = POOLS[issuer].published.iter();
    let members = (0..KEYS).zip(published).filter(|(key, _)| keys.has(*key));
    let members: Vec<_> = members.map(|(_, jwk)| jwk.as_str()).collect();
    format!(r#"{{"keys":[{}]}}"#, members.join(","))
}

fn babble(issuer: usize, kind: u8) -> String {
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
