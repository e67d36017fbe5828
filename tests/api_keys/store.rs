//! A store of keys that counts and delays its look-ups.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::http::HeaderMap;
use axum_protected::api_key::{ApiKey, ApiKeys, KeyDigest};
use axum_protected::{AccessToken, RefusalKind, ResourceServer, TokenError};
use axum_protected_tests::Log;
use tokio::time::sleep;

use super::{entry, fixed};

/// The ways in which a look-up fails.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Failure {
    Error,
    Panic,
    EarlyPanic,
    OtherDigest,
    NoSubject,
    Hang,
}

#[derive(Default)]
struct State {
    keys: HashMap<KeyDigest, ApiKey>,
    failure: Option<Failure>,
    delay: Duration,
    calls: usize,
    running: usize,
    most: usize,
}

#[derive(Clone, Default)]
pub(crate) struct Store(Arc<Mutex<State>>);

impl Store {
    pub(crate) fn add(&self, key: &str) {
        self.put(entry(key));
    }

    pub(crate) fn put(&self, key: ApiKey) {
        self.state().keys.insert(key.digest(), key);
    }

    pub(crate) fn remove(&self, key: &str) {
        self.state().keys.remove(&KeyDigest::of(key));
    }

    pub(crate) fn fail(&self, failure: impl Into<Option<Failure>>) {
        self.state().failure = failure.into();
    }

    pub(crate) fn delay(&self, delay: Duration) {
        self.state().delay = delay;
    }

    /// Returns the number of look-ups since the last call of this function.
    pub(crate) fn calls(&self) -> usize {
        std::mem::take(&mut self.state().calls)
    }

    /// Returns the largest number of look-ups that ran at the same time.
    pub(crate) fn most_concurrent(&self) -> usize {
        self.state().most
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    async fn look_up(self, digest: KeyDigest) -> Result<Option<ApiKey>, String> {
        let (key, failure, delay) = {
            let mut state = self.state();
            state.calls += 1;
            state.running += 1;
            state.most = state.most.max(state.running);
            (state.keys.get(&digest).cloned(), state.failure, state.delay)
        };
        if !delay.is_zero() {
            sleep(delay).await;
        }
        if let Some(Failure::Hang) = failure {
            std::future::pending::<()>().await;
        }
        self.state().running -= 1;
        match failure {
            Some(Failure::Panic) => panic!("a look-up that panics"),
            Some(Failure::Error) => Err("the table is locked".to_owned()),
            Some(Failure::OtherDigest) => Ok(Some(entry("another"))),
            Some(Failure::NoSubject) => Ok(Some(ApiKey::new(digest))),
            _ => Ok(key),
        }
    }

    pub(crate) fn keys(&self) -> ApiKeys {
        let store = self.clone();
        ApiKeys::new().look_up(move |digest| {
            let failure = store.state().failure;
            assert!(!matches!(failure, Some(Failure::EarlyPanic)), "a look-up that panics early");
            store.clone().look_up(digest)
        })
    }

    pub(crate) fn server(&self) -> ResourceServer {
        fixed().api_keys(self.keys()).build().unwrap()
    }
}

pub(crate) async fn present(server: &ResourceServer, key: &str) -> Result<AccessToken, TokenError> {
    let headers = [("x-api-key".parse().unwrap(), key.parse().unwrap())];
    server.authenticate(&HeaderMap::from_iter(headers)).await
}

/// Returns the kind of the refusal of a key.
pub(crate) async fn refused(server: &ResourceServer, key: &str) -> RefusalKind {
    present(server, key).await.unwrap_err().kind()
}

/// Returns the number of events with this name.
pub(crate) fn count(log: &Log, name: &str) -> usize {
    log.take().iter().filter(|event| event.name == name).count()
}
