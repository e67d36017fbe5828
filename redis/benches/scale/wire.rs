//! The traffic and the processor time of Redis with many instances.

use std::time::Duration;

use axum_protected_testing::AuthorizationServer;
use tokio::time::sleep;

use super::redis_server::RedisServer;
use super::row;
use super::world::{follower, numbered, until};

const SECONDS: u64 = 10;

pub(crate) async fn measure() {
    for instances in [1, 100, 1000] {
        measure_instances(instances).await;
    }
}

async fn measure_instances(instances: usize) {
    let redis = RedisServer::start().await;
    let issuer = AuthorizationServer::start().await.unwrap();
    let mut servers = Vec::new();
    for _ in 0..instances {
        servers.push(follower(&issuer, &redis.open()));
    }
    for server in &servers {
        while server.ready().await.is_err() {}
    }
    sleep(Duration::from_secs(2)).await;
    let idle = Traffic::of(&redis).await;
    sleep(Duration::from_secs(SECONDS)).await;
    let idle = Traffic::of(&redis).await.since(&idle);
    let per_second = |bytes: f64| (bytes / SECONDS as f64) as u64;
    row(
        &format!("{instances} idle instances: from Redis, bytes per second"),
        per_second(idle.sent),
    );
    row(
        &format!("{instances} idle instances: to Redis, bytes per second"),
        per_second(idle.received),
    );
    row(&format!("{instances} idle instances: processor time of Redis, %"), idle.share());
    let busy = Traffic::of(&redis).await;
    let revoker = servers.first().unwrap().revocations();
    let mut revoked = 0;
    for _ in 0..SECONDS * 10 {
        for _ in 0..10 {
            drop(revoker.revoke(numbered(&issuer, revoked), until()));
            revoked += 1;
        }
        sleep(Duration::from_millis(100)).await;
    }
    let busy = Traffic::of(&redis).await.since(&busy);
    row(
        &format!("{instances} instances, 100 revocations per second: from Redis, bytes per second"),
        per_second(busy.sent),
    );
    row(
        &format!("{instances} instances, 100 revocations per second: processor time of Redis, %"),
        busy.share(),
    );
}

struct Traffic {
    sent: f64,
    received: f64,
    processor: f64,
}

impl Traffic {
    async fn of(redis: &RedisServer) -> Self {
        Self {
            sent: redis.number("total_net_output_bytes").await,
            received: redis.number("total_net_input_bytes").await,
            processor: redis.processor_seconds().await,
        }
    }

    /// Returns the share of a processor that Redis used, in percent.
    fn share(&self) -> String {
        format!("{:.1}", self.processor / SECONDS as f64 * 100.0)
    }

    fn since(&self, earlier: &Self) -> Self {
        Self {
            sent: self.sent - earlier.sent,
            received: self.received - earlier.received,
            processor: self.processor - earlier.processor,
        }
    }
}
