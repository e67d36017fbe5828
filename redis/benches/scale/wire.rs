//! The traffic and the processor time of Redis with many instances.

use std::time::Duration;

use axum_protected_testing::AuthorizationServer;
use tokio::time::sleep;

use super::redis_server::RedisServer;
use super::world::{follower, numbered, until};
use super::{number, row};

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
    let before = Traffic::of(&redis).await;
    sleep(Duration::from_secs(SECONDS)).await;
    let idle = Traffic::of(&redis).await.since(&before);
    idle.print(&format!("{instances} idle instances"));
    let before = Traffic::of(&redis).await;
    let revoker = servers.first().unwrap().revocations();
    let mut total = 0;
    for _ in 0..SECONDS * 10 {
        for _ in 0..10 {
            drop(revoker.revoke(numbered(&issuer, total), until()));
            total += 1;
        }
        sleep(Duration::from_millis(100)).await;
    }
    let busy = Traffic::of(&redis).await.since(&before);
    busy.print(&format!("{instances} instances, 100 revocations per second"));
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

    fn print(&self, load: &str) {
        let seconds = SECONDS as f64;
        number(&format!("{load}: from Redis, bytes per second"), self.sent / seconds);
        number(&format!("{load}: to Redis, bytes per second"), self.received / seconds);
        let share = self.processor / seconds * 100.0;
        row(&format!("{load}: processor time of Redis, %"), format!("{share:.1}"));
    }

    fn since(&self, earlier: &Self) -> Self {
        Self {
            sent: self.sent - earlier.sent,
            received: self.received - earlier.received,
            processor: self.processor - earlier.processor,
        }
    }
}
