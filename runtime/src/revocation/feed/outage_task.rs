//! The task that notices that the revocations are outdated, and ends streams then.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::state::FeedState;

/// Time between two looks at the freshness.
const INTERVAL: Duration = Duration::from_millis(100);

/// Granularity of timers.
const TICK: Duration = Duration::from_millis(1);

/// Lets all streams judge their tokens when the revocations become outdated, in an endless loop.
/// Requests judge by the time of the server's clock, which shows that the process was stopped. The
/// clock may also be set back during an outage, so this task measures the time by another one.
pub(super) async fn watch_outages(state: Arc<FeedState>) {
    let mut was_up_to_date = false;
    loop {
        let now = Instant::now();
        let end = state.record_outdated(now).filter(|end| now <= *end);
        let is_up_to_date = state.shared.freshness.is_up_to_date(state.shared.now());
        if was_up_to_date && !is_up_to_date && state.shared.freshness.refuses_outages() {
            state.shared.notify();
        }
        was_up_to_date = is_up_to_date;
        let next = now + INTERVAL;
        sleep_until(end.map_or(next, |end| next.min(end + TICK))).await;
    }
}
