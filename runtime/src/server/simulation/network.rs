//! The simulated network: the documents of a simulated issuer, and the log of their fetches.

use std::time::Duration;

use tokio::time::sleep;

use super::issuer::SimulatedIssuer;
use super::log::{Moment, Outcome};
use super::schedule::Behaviour;
use crate::keys::{Documents, FetchCause, FetchError, Fetched, KeySource, Source};

/// The time limits of the exchanges, after which the server gives up.
const KEY_SET_LIMIT: Duration = Duration::from_secs(5);
const METADATA_LIMIT: Duration = Duration::from_secs(5);
const DISCOVERY_LIMIT: Duration = Duration::from_secs(9);

/// The documents of a simulated issuer.
#[derive(Clone)]
struct SimulatedDocuments {
    issuer: SimulatedIssuer,
    /// The location of the key set that the last valid metadata named.
    location: Option<usize>,
}

impl SimulatedDocuments {
    /// Waits for the duration of an exchange. Returns the behaviour of the issuer at the start of
    /// the exchange, and the moment as of which it answers.
    async fn exchange(&self, limit: Duration) -> (Behaviour, Moment) {
        let started_at = self.issuer.now();
        let (behaviour, delay, is_early) = {
            let mut script = self.issuer.script();
            (script.behaviour, script.delay(limit), script.answers_early())
        };
        sleep(delay).await;
        (behaviour, if is_early { started_at } else { self.issuer.now() })
    }
}

impl Documents for SimulatedDocuments {
    fn has_settled_metadata(&self) -> bool {
        true
    }

    async fn ask_metadata(&mut self) -> Result<bool, FetchError> {
        let limit = if self.location.is_some() { METADATA_LIMIT } else { DISCOVERY_LIMIT };
        let (behaviour, _) = self.exchange(limit).await;
        let named = self.issuer.script().metadata(behaviour)?;
        Ok(self.location.replace(named) != Some(named))
    }

    async fn ask_set(&mut self) -> Fetched {
        let (behaviour, as_of) = self.exchange(KEY_SET_LIMIT).await;
        let location = self.location.expect("the metadata comes first");
        self.issuer.script().key_set(location, behaviour, as_of)
    }
}

/// A key source that logs each fetch of a simulated issuer's documents.
#[derive(Clone)]
pub(super) struct LoggedSource {
    issuer: SimulatedIssuer,
    source: Source<SimulatedDocuments>,
}

impl LoggedSource {
    pub(super) fn new(issuer: SimulatedIssuer) -> Self {
        let documents = SimulatedDocuments { issuer: issuer.clone(), location: None };
        Self { issuer, source: Source::of(documents) }
    }
}

impl KeySource for LoggedSource {
    async fn fetch(&mut self, cause: FetchCause) -> Fetched {
        self.issuer.script().begin(self.issuer.now());
        let guard = FetchGuard(&self.issuer);
        let fetched = self.source.fetch(cause).await;
        let now = self.issuer.now();
        let outcome = self.issuer.script().end(now);
        drop(guard);
        assert_eq!(fetched.is_ok(), matches!(outcome, Outcome::Set(_)), "{outcome:?}");
        fetched
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
