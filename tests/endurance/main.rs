//! Puts half an hour of load on a running API. The issuer rotates its key every 30 s and is down
//! half of the time. The API must not refuse a valid request, and the memory of its process must
//! not grow by more than a tenth.
//!
//! ```sh
//! cargo build --release --bin items-api
//! cargo run --release -p axum-protected-tests --bin endurance -- target/release/items-api 30
//! ```
//!
//! The first argument is the path of the API program. The test starts this program with its own
//! issuer in the environment. The second argument is the duration in minutes. The test reads the
//! memory from `/proc`, so it needs Linux.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod load;
mod process;
mod rotation;

use std::time::Duration;

use axum_protected_tests::ScriptedIssuer;
use tokio::sync::watch;
use tokio::time::{Instant, interval};

use self::load::Tally;
use self::process::{Api, ITEMS};
use self::rotation::Signer;

const CALLERS: usize = 8;

/// The fraction of the duration after which the test measures the memory of the process for the
/// first time. The caches are full by then.
const SETTLED: f64 = 0.2;

/// The largest allowed ratio of the memory at the end to the memory at the first reading.
const GROWTH: f64 = 1.1;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().expect("the path of the program to call");
    let minutes = arguments.next().expect("how many minutes");
    let time = Duration::from_secs_f64(60.0 * minutes.parse::<f64>().expect("minutes"));

    let issuer = ScriptedIssuer::start().await;
    let api = Api::start(&program, issuer.url()).await;
    let (signing, signer) = watch::channel(Signer::first(&issuer));
    tokio::spawn(rotation::rotate(issuer, signing));
    let callers: Vec<_> =
        (0..CALLERS).map(|_| tokio::spawn(load::call(ITEMS, signer.clone(), time))).collect();
    let memory = watch_memory(&api, time).await;
    let mut tally = Tally::default();
    for caller in callers {
        tally.add(&caller.await.unwrap());
    }
    println!("{tally}");
    println!("resident: {memory:?} KiB");
    assert!(tally.is_spotless(), "good requests were refused");
    let (settled, last) = memory.expect("no memory was read");
    assert!(f64::from(last) <= GROWTH * f64::from(settled), "it grows");
}

/// Returns the memory of the API process in KiB, after the fraction `SETTLED` of the duration and
/// at the end.
async fn watch_memory(api: &Api, time: Duration) -> Option<(u32, u32)> {
    let start = Instant::now();
    let mut ticks = interval(Duration::from_secs(10));
    let (mut settled, mut last) = (None, None);
    while start.elapsed() < time {
        ticks.tick().await;
        last = api.resident().or(last);
        if start.elapsed() >= time.mul_f64(SETTLED) {
            settled = settled.or(last);
        }
        println!("{:5} s: {last:?} KiB", start.elapsed().as_secs());
    }
    settled.zip(last)
}
