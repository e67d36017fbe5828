//! The task that notices the removal of records that cannot be read.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::super::log::LogPosition;
use super::follower::Follower;
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

/// Forgets unreadable records that were removed from the log. Each look at the log waits for the
/// reader, so it forgets all records up to the next one that is there.
async fn forget_removed(state: &FeedState) -> Result<(), String> {
    loop {
        let Some((first, last, lineage)) = known(&lock(&state.follower)) else { return Ok(()) };
        let page = read(state, predecessor(first), 1).await?;
        let next = page.records.first().map(|(position, _)| *position);
        if next.is_some_and(|next| next <= first) || page.state.lineage != lineage {
            return Ok(());
        }
        let mut follower = lock(&state.follower);
        match next {
            Some(_) => follower.unreadable.retain_from(next),
            // Later records may have been appended since.
            None => follower.unreadable.retain_after(last),
        }
    }
}

/// Returns the positions of the first and the last known unreadable record, and the lineage of their
/// log.
fn known(follower: &Follower) -> Option<(LogPosition, LogPosition, String)> {
    let unreadable = &follower.unreadable;
    Some((unreadable.first()?, unreadable.last()?, follower.lineage()?.to_owned()))
}
