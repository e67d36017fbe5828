//! The task that notices that the revocations are outdated, and ends streams then.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::state::FeedState;

/// Time between two looks at the freshness.
const INTERVAL: Duration = Duration::from_millis(100);

/// Lets all streams judge their tokens when the revocations become outdated, in an endless loop.
pub(super) async fn watch_outages(state: Arc<FeedState>) {
    let mut was_up_to_date = false;
    loop {
        let is_up_to_date = state.shared.freshness.is_up_to_date(state.shared.now());
        if was_up_to_date && !is_up_to_date {
            state.shared.notify();
        }
        was_up_to_date = is_up_to_date;
        sleep(INTERVAL).await;
    }
}
