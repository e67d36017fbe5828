//! Restarts the fetch task after a panic in this crate, in a dependency or in a `tracing`
//! subscriber. Without the restart, the server would not learn which keys the issuer has withdrawn.

use std::sync::Arc;

use fastrand::Rng;
use tokio::task::JoinSet;

use super::error::FetchError;
use super::fetch_task::{Shared, run_fetches};
use super::source::KeySource;
use crate::background_task::Pulse;

/// Runs the fetch task, and restarts the task when it panics. A panic counts as a failed fetch: the
/// next fetch waits as long as after any failed fetch. Ends when the runtime shuts down, which
/// cancels the task.
pub(super) async fn supervise(
    shared: Arc<Shared>,
    source: impl KeySource,
    mut rng: Rng,
    pulse: Arc<Pulse>,
) {
    loop {
        // When this `JoinSet` goes out of scope, tokio aborts the task in it.
        let mut task = JoinSet::new();
        let (task_shared, task_rng, pulse) = (Arc::clone(&shared), rng.fork(), Arc::clone(&pulse));
        task.spawn(run_fetches(task_shared, source.clone(), task_rng, pulse));
        match task.join_next().await {
            Some(Err(error)) if error.is_panic() => {}
            _ => return,
        }
        let fetch = shared.cache().current_fetch();
        shared.publish(fetch, Err(FetchError::Panicked), &mut rng);
    }
}
