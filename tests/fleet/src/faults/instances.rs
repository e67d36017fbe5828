//! Pauses and restarts of instances.

use tokio::time::sleep;

use super::Durations;
use crate::fleet::Fleet;

/// Stops an instance with `SIGSTOP` and continues it.
pub(super) async fn pause(fleet: &Fleet, instance: usize, durations: &Durations) {
    let instance = &fleet.instances[instance];
    instance.pause().await;
    sleep(durations.pause).await;
    instance.resume().await;
}

/// Restarts each instance after the one before is ready.
pub(super) async fn restart_one_after_another(fleet: &Fleet) {
    for instance in &fleet.instances {
        instance.stop().await;
        instance.start().await;
        instance.serve_when_ready().await;
    }
}

/// Stops all instances, then starts all.
pub(super) async fn restart_together(fleet: &Fleet) {
    for instance in &fleet.instances {
        instance.stop().await;
    }
    fleet.start_instances().await;
}

/// Restarts an instance that then cannot reach Redis. A load balancer that does not ask whether the
/// instance is ready sends requests to it.
pub(super) async fn restart_cut_off(fleet: &Fleet, index: usize, durations: &Durations) {
    let (instance, relay) = (&fleet.instances[index], &fleet.relays[index]);
    instance.stop().await;
    relay.cut();
    instance.start().await;
    instance.serve_before_ready().await;
    sleep(durations.fault).await;
    relay.heal();
}
