//! Restarts the fetch task after a panic of this crate, a dependency or a subscriber. Without it,
//! withdrawn keys would stay accepted.

use std::sync::Arc;

use fastrand::Rng;
use tokio::task::JoinSet;

use super::error::FetchError;
use super::fetching::{Shared, run_fetches};
use super::pulse::Pulse;
use super::source::KeySource;

/// Runs the fetch task. A panic counts as a failed fetch, with the same delay before the next one.
pub(super) async fn supervise(
    shared: Arc<Shared>,
    source: impl KeySource,
    mut rng: Rng,
    pulse: Arc<Pulse>,
) {
    loop {
        // Dropping the `JoinSet` aborts the task.
        let mut task = JoinSet::new();
        let (task_shared, task_rng, pulse) = (Arc::clone(&shared), rng.fork(), Arc::clone(&pulse));
        task.spawn(run_fetches(task_shared, source.clone(), task_rng, pulse));
        let _ = task.join_next().await;
        let fetch = shared.cache().current_fetch();
        shared.publish(fetch, Err(FetchError::Panicked), &mut rng);
    }
}
