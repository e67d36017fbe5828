//! Restarts the fetch task after this crate, a dependency or a `tracing` subscriber panics. Without
//! the restart, the server would continue to accept keys that the issuer has withdrawn.

use std::sync::Arc;

use fastrand::Rng;
use tokio::task::JoinSet;

use super::error::FetchError;
use super::fetching::{Shared, run_fetches};
use super::pulse::Pulse;
use super::source::KeySource;

/// Runs the fetch task, and restarts the task when it panics. A panic counts as a failed fetch, so
/// the next fetch is delayed in the same way.
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
