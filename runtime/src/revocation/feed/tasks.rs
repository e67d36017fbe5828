//! Runs the tasks of a feed, and restarts a task that panics.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use tokio::runtime::Handle;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

use super::append_task::append;
use super::follow_task::follow;
use super::outage_task::watch_outages;
use super::removal_task::watch_removals;
use super::state::FeedState;
use super::trim_task::trim;
use crate::background_task::Pulse;
use crate::telemetry;

/// Pause after a panic.
const PANIC_PAUSE: Duration = Duration::from_secs(1);

/// Starts the tasks of a feed. They end when the returned task is aborted.
pub(super) fn start(runtime: &Handle, state: &Arc<FeedState>, pulse: Arc<Pulse>) -> JoinHandle<()> {
    let state = Arc::clone(state);
    runtime.spawn(async move {
        let mut tasks = JoinSet::new();
        tasks.spawn(supervise(Arc::clone(&state), move |state| {
            follow(state, Arc::clone(&pulse), Rng::new())
        }));
        tasks.spawn(supervise(Arc::clone(&state), append));
        tasks.spawn(supervise(Arc::clone(&state), |state| trim(state, Rng::new())));
        tasks.spawn(supervise(Arc::clone(&state), watch_removals));
        if state.shared.freshness.refuses_outages() {
            tasks.spawn(supervise(state, watch_outages));
        }
        while tasks.join_next().await.is_some() {}
    })
}

/// Runs a task, and restarts it after a panic of the log, of a `tracing` subscriber or of this crate.
async fn supervise<F>(state: Arc<FeedState>, run: impl Fn(Arc<FeedState>) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        // When this `JoinSet` goes out of scope, tokio aborts the task in it.
        let mut task = JoinSet::new();
        task.spawn(run(Arc::clone(&state)));
        match task.join_next().await {
            Some(Err(error)) if error.is_panic() => {}
            _ => return,
        }
        state.read_failed("a task of the feed panicked");
        telemetry::revocation_feed_panicked();
        sleep(PANIC_PAUSE).await;
    }
}
