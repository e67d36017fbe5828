//! The task that appends revocations to the log.

use std::sync::Arc;

use tokio::time::{Instant, timeout_at};

use super::super::entry::Entry;
use super::call::{TIME_LIMIT, answer};
use super::outbox::{Appended, Step};
use super::state::FeedState;
use crate::lock::lock;

/// Appends what is in the outbox, in an endless loop. All entries that arrive during a call are
/// appended together by the next one.
pub(super) async fn append(state: Arc<FeedState>) {
    lock(&state.outbox).interrupt();
    loop {
        let generation = state.generation();
        let step =
            lock(&state.outbox).next(Instant::now(), |entry| state.is_missing(entry, generation));
        match step {
            Step::Append(entries) => {
                let result = append_entries(&state, &entries).await;
                lock(&state.outbox).finish(&result, state.last_page());
                state.appended(&result);
            }
            Step::WaitUntil(time) => {
                // After a wakeup and after the timeout, the loop asks the outbox again.
                let _ = timeout_at(time, state.append.notified()).await;
            }
            Step::Wait => state.append.notified().await,
        }
    }
}

async fn append_entries(state: &FeedState, entries: &[Arc<Entry>]) -> Appended {
    let issuers = state.shared.list().names();
    let records = entries.iter().filter_map(|entry| entry.record(&issuers)).collect();
    answer(state.settings.log.append(records), TIME_LIMIT).await
}
