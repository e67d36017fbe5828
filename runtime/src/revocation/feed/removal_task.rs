//! The task that notices the removal of records that cannot be read.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::state::FeedState;
use super::trim::predecessor;
use super::trim_task::read;
use crate::lock::lock;

/// Time between two looks. While such a record is there, a server may refuse all tokens, so an
/// operator who removes it must not have to wait.
const INTERVAL: Duration = Duration::from_secs(2);

/// Looks for the unreadable records of the log, in an endless loop. Without such records it does not
/// ask the log.
pub(super) async fn watch_removals(state: Arc<FeedState>) {
    loop {
        sleep(INTERVAL).await;
        let _ = forget_removed(&state).await;
    }
}

/// Forgets unreadable records that were removed from the log.
async fn forget_removed(state: &FeedState) -> Result<(), String> {
    loop {
        let first = {
            let follower = lock(&state.follower);
            follower.unreadable().first().zip(follower.lineage().map(str::to_owned))
        };
        let Some((position, lineage)) = first else { return Ok(()) };
        let page = read(state, predecessor(position), 1).await?;
        let is_there = page.records.first().is_some_and(|(found, _)| *found == position);
        if is_there || page.state.lineage != lineage {
            return Ok(());
        }
        lock(&state.follower).forget_unreadable(position);
    }
}
