//! The throughput of known tokens with a feed and without one, side by side.

use std::time::{Duration, Instant};

use axum_protected::ResourceServer;
use axum_protected::revocation::{FeedOutage, RevocationFeed};
use axum_protected_testing::AuthorizationServer;
use tokio::time::sleep;

use super::http;
use super::redis_server::RedisServer;
use super::world::{builder, numbered, until};
use super::{number, row};

const ROUNDS: usize = 60;
const REQUESTS: usize = 20_000;
const HTTP_ROUNDS: usize = 30;

pub(crate) async fn measure() {
    let redis = RedisServer::start().await;
    let issuer = AuthorizationServer::start().await.unwrap();
    let token = issuer.token().subject("alice").sign();
    let feed = |outage| RevocationFeed::new(redis.open().revocation_log()).outage(outage);
    let off = builder(&issuer).build().unwrap();
    let same = builder(&issuer).build().unwrap();
    let go_on = builder(&issuer).revocation_feed(feed(FeedOutage::GoOn)).build().unwrap();
    let refuse = builder(&issuer).revocation_feed(feed(FeedOutage::Refuse)).build().unwrap();
    for filled in [false, true] {
        if filled {
            // Each request now asks a list with an entry, in all four servers.
            for server in [&off, &same, &go_on] {
                server.revocations().revoke(numbered(&issuer, 1), until()).await.unwrap();
            }
            sleep(Duration::from_secs(1)).await;
        }
        let list = if filled { "one entry" } else { "empty list" };
        let base = rates(&off, &same, &token).await;
        number(&format!("{list}: known tokens, no feed, per second and thread"), base.first);
        row(&format!("{list}: another server without a feed, ratio"), format!("{:.3}", base.ratio));
        let ratio = rates(&off, &go_on, &token).await.ratio;
        row(&format!("{list}: feed with `go_on`, ratio"), format!("{ratio:.3}"));
        let ratio = rates(&off, &refuse, &token).await.ratio;
        row(&format!("{list}: feed with `refuse`, ratio"), format!("{ratio:.3}"));
    }
    measure_http(
        &off,
        [("no feed", &same), ("feed with `go_on`", &go_on), ("feed with `refuse`", &refuse)],
        &token,
    )
    .await;
}

/// Measures the servers over HTTP, each beside the server without a feed.
async fn measure_http(off: &ResourceServer, others: [(&str, &ResourceServer); 3], token: &str) {
    let base = http::serve(off).await;
    for (name, other) in others {
        let address = http::serve(other).await;
        let (mut bases, mut ratios) = (Vec::new(), Vec::new());
        for _ in 0..HTTP_ROUNDS {
            let (one, other) = (http::rate(base, token).await, http::rate(address, token).await);
            bases.push(one);
            ratios.push(other / one);
        }
        number("over HTTP: known tokens, no feed, per second", median(bases));
        row(&format!("over HTTP: {name}, ratio"), format!("{:.3}", median(ratios)));
    }
}

struct Rates {
    first: f64,
    /// The rate of the second server beside that of the first: the median of all rounds.
    ratio: f64,
}

/// Measures both servers in turn, so that the machine treats them alike.
async fn rates(first: &ResourceServer, second: &ResourceServer, token: &str) -> Rates {
    for server in [first, second] {
        server.ready().await.unwrap();
        for _ in 0..3 {
            server.authenticate(token).await.unwrap();
        }
    }
    let (mut firsts, mut ratios) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (one, other) = (rate(first, token).await, rate(second, token).await);
        firsts.push(one);
        ratios.push(other / one);
    }
    Rates { first: median(firsts), ratio: median(ratios) }
}

async fn rate(server: &ResourceServer, token: &str) -> f64 {
    let begin = Instant::now();
    for _ in 0..REQUESTS {
        server.authenticate(token).await.unwrap();
    }
    REQUESTS as f64 / begin.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap()
}
