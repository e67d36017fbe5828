//! The task that fetches outlives its own panics, be they ours, a dependency's or a subscriber's:
//! otherwise nobody would notice that a key was withdrawn.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::FetchError;
use super::fetching::Shared;

/// Begins what never ends, and begins it anew where it panicked, as late as after any failure.
pub(super) async fn supervised<F>(shared: Arc<Shared>, begin: impl Fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        // The set takes its task with it when it is dropped.
        let mut task = JoinSet::new();
        task.spawn(begin());
        let _ = task.join_next().await;
        shared.publish(Err(FetchError::Panicked));
    }
}
