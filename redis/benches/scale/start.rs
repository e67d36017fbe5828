//! The start of an instance when the log has a million entries.

use std::time::{Duration, Instant, SystemTime};

use axum_protected_testing::AuthorizationServer;
use tokio::time::sleep;

use super::append::entries;
use super::memory::resident_mebibytes;
use super::redis_server::RedisServer;
use super::world::{follower, name, until};
use super::{number, row};

const ENTRIES: usize = 1_000_000;

pub(crate) async fn measure() {
    let redis = RedisServer::start().await;
    let issuer = AuthorizationServer::start().await.unwrap();
    fill(&redis, &issuer).await;
    let in_redis = redis.number("used_memory").await / 1024.0 / 1024.0;
    number("stream of 1,000,000 entries: memory of Redis, MiB", in_redis);
    let valid = issuer.token().subject("alice").sign();
    let first = issuer.token().claim("jti", name(0)).sign();
    let last = issuer.token().claim("jti", name(ENTRIES - 1)).sign();
    let (before, begin) = (resident_mebibytes(), Instant::now());
    let server = follower(&issuer, &redis.open());
    let sent = redis.number("total_net_output_bytes").await;
    let ready = tokio::spawn({
        let server = server.clone();
        async move {
            while server.ready().await.is_err() {}
            begin.elapsed()
        }
    });
    let (mut requests, mut accepted, mut slowest) = (0_u64, 0_u64, Duration::ZERO);
    let (mut first_refused, mut last_refused) = (None, None);
    while last_refused.is_none() {
        let asked = Instant::now();
        accepted += u64::from(server.authenticate(&valid).await.is_ok());
        slowest = slowest.max(asked.elapsed());
        requests += 1;
        for (token, refused) in [(&first, &mut first_refused), (&last, &mut last_refused)] {
            if refused.is_none() && server.authenticate(token).await.is_err() {
                *refused = Some(begin.elapsed());
            }
        }
        sleep(Duration::from_micros(200)).await;
    }
    let ready = ready.await.unwrap();
    assert_eq!(requests, accepted, "a valid token was refused");
    assert_eq!(entries(&server), ENTRIES, "{:?}", server.health());
    row("start: the first entry is applied after, ms", first_refused.unwrap().as_millis());
    row("start: the last entry is applied after, ms", last_refused.unwrap().as_millis());
    row("start: `ready()` returns after, ms", ready.as_millis());
    row("start: requests with a valid token meanwhile, all accepted", requests);
    row("start: the slowest of them, ms", format!("{:.1}", slowest.as_secs_f64() * 1000.0));
    let counted = server.health().revocation_feed.unwrap().bytes;
    row("start: memory of the list, as counted, MiB", counted / 1024 / 1024);
    number("start: growth of the resident memory, MiB", resident_mebibytes() - before);
    let read = redis.number("total_net_output_bytes").await - sent;
    number("start: bytes read per entry", read / ENTRIES as f64);
}

/// Appends the records without a server, so that their memory in this process is that of one server.
async fn fill(redis: &RedisServer, issuer: &AuthorizationServer) {
    let mut connection = redis.connection().await.unwrap();
    let until = until().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    for start in (0..ENTRIES).step_by(10_000) {
        let mut pipeline = redis::pipe();
        for index in start..start + 10_000 {
            let (issuer, name) = (issuer.issuer(), name(index));
            let record =
                format!(r#"{{"v":1,"issuer":"{issuer}","token":"{name}","until":{until}}}"#);
            pipeline.cmd("XADD").arg("axum-protected:revocations").arg("*").arg("r").arg(record);
            pipeline.ignore();
        }
        pipeline.query_async::<()>(&mut connection).await.unwrap();
    }
}
