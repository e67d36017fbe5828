//! Runs one task at a time for each session.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::session::SessionName;

/// The flights that are running, by session. A flight is a task of its own, so that it continues
/// when the request that began it is aborted.
#[derive(Debug)]
pub(super) struct Flights<T>(Arc<Running<T>>);

#[derive(Debug)]
struct Running<T>(Mutex<HashMap<SessionName, watch::Receiver<Option<T>>>>);

/// The end of a flight. The session may have the next flight when this value is dropped, also after
/// a panic.
pub(super) struct Landing<T> {
    running: Arc<Running<T>>,
    key: SessionName,
    result: watch::Sender<Option<T>>,
}

impl<T> Default for Flights<T> {
    fn default() -> Self {
        Self(Arc::new(Running(Mutex::default())))
    }
}

impl<T: Clone + Send + Sync + 'static> Flights<T> {
    /// Waits for the result of the session's flight, and begins a flight if none is running. A caller
    /// that stops waiting does not end the flight.
    ///
    /// Returns `None` if the flight ended without a result: it panicked, or its runtime ended.
    pub(super) async fn join<F>(
        &self,
        key: SessionName,
        begin: impl FnOnce(Landing<T>) -> F,
    ) -> Option<T>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut result = self.find_or_begin(key, begin);
        result.wait_for(Option::is_some).await.ok()?.clone()
    }

    fn find_or_begin<F>(
        &self,
        key: SessionName,
        begin: impl FnOnce(Landing<T>) -> F,
    ) -> watch::Receiver<Option<T>>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut running = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        match running.entry(key) {
            Entry::Occupied(flight) => flight.get().clone(),
            Entry::Vacant(vacant) => {
                let (sender, receiver) = watch::channel(None);
                vacant.insert(receiver.clone());
                drop(running);
                let running = Arc::clone(&self.0);
                tokio::spawn(begin(Landing { running, key, result: sender }));
                receiver
            }
        }
    }

    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.0.0.lock().unwrap().len()
    }
}

impl<T> Landing<T> {
    /// Gives the result to all that wait. The flight may continue; its session has no other flight
    /// before it ends.
    pub(super) fn publish(&self, result: T) {
        self.result.send_replace(Some(result));
    }
}

impl<T> Drop for Landing<T> {
    fn drop(&mut self) {
        self.running.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use futures_util::future::join_all;
    use tokio::time::{sleep, timeout};

    use super::*;

    const KEY: SessionName = [1; 32];

    /// Counts the flights. Each takes one second, and its result is its number.
    #[derive(Clone, Default)]
    struct Counter(Arc<AtomicUsize>);

    impl Counter {
        async fn fly(self, landing: Landing<usize>) {
            let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
            sleep(Duration::from_secs(1)).await;
            landing.publish(number);
        }

        async fn join(&self, flights: &Flights<usize>, key: SessionName) -> Option<usize> {
            flights.join(key, |landing| self.clone().fly(landing)).await
        }
    }

    #[tokio::test(start_paused = true)]
    async fn six_requests_share_one_flight_and_the_next_begins_another() {
        let (flights, counter) = (Flights::default(), Counter::default());
        let results = join_all((0..6).map(|_| counter.join(&flights, KEY))).await;
        assert_eq!(results, [Some(1); 6]);
        assert_eq!(counter.join(&flights, KEY).await, Some(2));
        assert_eq!(flights.count(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn sessions_do_not_wait_for_each_other() {
        let (flights, counter) = (Flights::default(), Counter::default());
        let keys = [[1; 32], [2; 32]];
        let both = join_all(keys.map(|key| counter.join(&flights, key)));
        assert_eq!(timeout(Duration::from_millis(1100), both).await.unwrap().len(), 2);
        assert_eq!(counter.0.load(Ordering::Relaxed), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_flight_continues_when_the_request_that_began_it_is_aborted() {
        let (flights, counter) = (Flights::default(), Counter::default());
        let first = timeout(Duration::from_millis(100), counter.join(&flights, KEY)).await;
        assert!(first.is_err());
        assert_eq!(counter.join(&flights, KEY).await, Some(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_ends_the_flight_without_a_result_and_the_next_one_works() {
        let (flights, counter) = (Flights::default(), Counter::default());
        let panicking = |landing: Landing<usize>| async move {
            let _landing = landing;
            sleep(Duration::from_secs(1)).await;
            panic!("a fault of the test");
        };
        let waiting = join_all((0..3).map(|_| flights.join(KEY, panicking)));
        assert_eq!(waiting.await, [None; 3]);
        assert_eq!(counter.join(&flights, KEY).await, Some(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_flight_that_continues_after_its_result_keeps_the_next_one_away() {
        let (flights, counter) = (Flights::default(), Counter::default());
        let long = |landing: Landing<usize>| async move {
            landing.publish(9);
            sleep(Duration::from_secs(5)).await;
        };
        assert_eq!(flights.join(KEY, long).await, Some(9));
        assert_eq!(counter.join(&flights, KEY).await, Some(9));
        sleep(Duration::from_secs(6)).await;
        assert_eq!(counter.join(&flights, KEY).await, Some(1));
    }
}
