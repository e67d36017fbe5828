//! The task that fetches outlives its own panics, be they ours, a dependency's or a subscriber's:
//! otherwise nobody would notice that a key was withdrawn.

use std::sync::Arc;

use fastrand::Rng;
use tokio::task::JoinSet;

use super::error::FetchError;
use super::fetching::{Shared, fetch_for_ever};
use super::pulse::Pulse;
use super::source::KeySource;

/// Begins what never ends, and begins it anew where it panicked, as late as after any failure.
pub(super) async fn supervised(
    shared: Arc<Shared>,
    source: impl KeySource,
    mut chance: Rng,
    pulse: Arc<Pulse>,
) {
    loop {
        // The set takes its task with it when it is dropped.
        let mut task = JoinSet::new();
        let (shared_too, own, pulse) = (Arc::clone(&shared), chance.fork(), Arc::clone(&pulse));
        task.spawn(fetch_for_ever(shared_too, source.clone(), own, pulse));
        let _ = task.join_next().await;
        let fetch = shared.cache().begun();
        shared.publish(fetch, Err(FetchError::Panicked), &mut chance);
    }
}
