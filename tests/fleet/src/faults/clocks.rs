//! Clocks of instances that differ from the right time.

use tokio::time::sleep;

use super::Durations;
use crate::fleet::Fleet;

/// Restarts these instances with clocks that differ by this many seconds.
pub(super) async fn differ(fleet: &Fleet, offsets: &[(usize, i64)], durations: &Durations) {
    for &(instance, seconds) in offsets {
        let instance = &fleet.instances[instance];
        instance.stop().await;
        instance.shift_clock(seconds);
        instance.start().await;
        instance.serve_when_ready().await;
    }
    sleep(durations.fault).await;
}

/// Sets the clock of a running instance back by 5 minutes.
pub(super) async fn set_back(fleet: &Fleet, instance: usize, durations: &Durations) {
    fleet.instances[instance].shift_clock(-300);
    sleep(durations.fault).await;
}
