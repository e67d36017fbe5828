//! Callers whose tokens are never revoked.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use super::{Shared, ticks};

/// The number of callers of each instance.
pub(super) const CALLERS: usize = 2;

/// The pause between two requests of one caller.
const PACE: Duration = Duration::from_millis(40);

/// The number of requests with one token. Most requests thus have a token that the instance knows.
const REQUESTS: usize = 20;

/// Calls one instance until the load stops.
pub(super) async fn call(shared: Arc<Shared>, instance: usize) {
    let mut ticks = ticks(PACE);
    while !shared.is_stopped() {
        let token = shared.fleet.tokens.valid();
        for _ in 0..REQUESTS {
            ticks.tick().await;
            if shared.is_stopped() {
                return;
            }
            if let Some(answer) = shared.fleet.instances[instance].present(&token).await {
                let mut tally =
                    shared.valid[instance].lock().unwrap_or_else(PoisonError::into_inner);
                tally.count(&answer.outcome);
            }
        }
    }
}
