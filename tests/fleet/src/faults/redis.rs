//! Faults of Redis.

use tokio::time::sleep;

use super::Durations;
use crate::fleet::{Fleet, Servers};
use crate::relay::Flow;

/// Stops Redis in the regular way and starts it with its data.
pub(super) async fn restart(fleet: &Fleet, durations: &Durations) {
    let mut redis = fleet.redis.lock().await;
    let primary = &mut redis.as_mut().expect("a fleet with Redis").primary;
    primary.stop().await;
    sleep(durations.away).await;
    primary.resume().await;
}

/// Kills Redis and starts it with an empty folder.
pub(super) async fn restart_without_data(fleet: &Fleet, durations: &Durations) {
    let mut redis = fleet.redis.lock().await;
    let primary = &mut redis.as_mut().expect("a fleet with Redis").primary;
    primary.kill().await;
    primary.remove_data();
    sleep(durations.away).await;
    primary.resume().await;
}

/// Kills Redis and starts it with the data that it had written.
pub(super) async fn kill(fleet: &Fleet, durations: &Durations) {
    let mut redis = fleet.redis.lock().await;
    let primary = &mut redis.as_mut().expect("a fleet with Redis").primary;
    primary.kill().await;
    sleep(durations.away).await;
    primary.resume().await;
}

/// Separates the replica, moves the positions of the primary far ahead, lets the instances follow
/// them, and puts the replica in the place of the primary. One instance does not reach the primary in
/// its last seconds, so only the others know the records that are lost.
pub(super) async fn fail_over(fleet: &Fleet, cut_off: usize, durations: &Durations) {
    let mut redis = fleet.redis.lock().await;
    let servers = redis.as_mut().expect("a fleet with Redis");
    let replica = servers.replica.as_ref().expect("a replica");
    let () = replica.run(&["REPLICAOF", "NO", "ONE"]);
    for stream in servers.primary.streams() {
        let () = servers.primary.run(&["XSETID", &stream, "9999999999999-0"]);
    }
    sleep(durations.fault / 2).await;
    let relay = &fleet.relays[cut_off];
    relay.set_flows(Flow::Held, Flow::Held);
    sleep(durations.fault / 2).await;
    put_replica_in_place(fleet, servers).await;
}

/// Puts a complete replica in the place of the primary.
pub(super) async fn fail_over_after_wait(fleet: &Fleet) {
    let mut redis = fleet.redis.lock().await;
    let servers = redis.as_mut().expect("a fleet with Redis");
    put_replica_in_place(fleet, servers).await;
}

/// Kills the primary. A proxy leads the instances to the replica, of which a third server is the new
/// replica.
async fn put_replica_in_place(fleet: &Fleet, servers: &mut Servers) {
    let replica = servers.replica.take().expect("a replica");
    servers.primary.kill().await;
    let () = replica.run(&["REPLICAOF", "NO", "ONE"]);
    servers.primary.remove_data();
    let old = std::mem::replace(&mut servers.primary, replica);
    for relay in &fleet.relays {
        relay.lead_to(servers.primary.address());
        relay.heal();
    }
    servers.replica = Some(old.into_replica_of(servers.primary.address()).await);
}
