//! Faults of the network between instances and Redis.

use std::time::Duration;

use tokio::time::sleep;

use super::Durations;
use crate::fleet::Fleet;
use crate::relay::Flow;

/// Drops all packets of these instances.
pub(super) async fn silence(fleet: &Fleet, instances: &[usize], durations: &Durations) {
    for &instance in instances {
        fleet.relays[instance].set_flows(Flow::Held, Flow::Held);
    }
    sleep(durations.fault).await;
    for &instance in instances {
        fleet.relays[instance].heal();
    }
}

/// Drops the answers to this instance.
pub(super) async fn half_open(fleet: &Fleet, instance: usize, durations: &Durations) {
    let relay = &fleet.relays[instance];
    relay.set_flows(Flow::OPEN, Flow::Held);
    sleep(durations.fault).await;
    relay.heal();
}

/// Closes the connections of this instance.
pub(super) async fn closed(fleet: &Fleet, instance: usize, durations: &Durations) {
    let relay = &fleet.relays[instance];
    relay.cut();
    sleep(durations.fault).await;
    relay.heal();
}

/// Delays the answers to all instances.
pub(super) async fn slow(fleet: &Fleet, millis: u64, durations: &Durations) {
    let delay = Duration::from_millis(millis);
    for relay in &fleet.relays {
        relay.set_flows(Flow::OPEN, Flow::Passes(delay));
    }
    sleep(durations.fault).await;
    for relay in &fleet.relays {
        relay.heal();
    }
}
