//! Measures how a feed of revocations through Redis scales: `cargo bench -p axum-protected-redis
//! --bench scale`, optionally with the names of parts: `requests`, `append`, `start`, `wire`.
//!
//! Starts a `redis-server` of its own. Nothing here is a test: the figures depend on the machine.

#![allow(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a benchmark may panic, and the figures are rounded"
)]

mod append;
mod http;
mod memory;
mod redis_server;
mod requests;
mod start;
mod wire;
mod world;

fn main() {
    let parts: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let has = |part: &str| parts.is_empty() || parts.iter().any(|name| name == part);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    println!("| figure | value |\n|---|--:|");
    if has("requests") {
        runtime.block_on(requests::measure());
    }
    if has("append") {
        runtime.block_on(append::measure());
    }
    if has("start") {
        runtime.block_on(start::measure());
    }
    if has("wire") {
        runtime.block_on(wire::measure());
    }
}

/// Prints a row of the table, with a rounded number.
fn number(figure: &str, value: f64) {
    row(figure, format!("{value:.0}"));
}

/// Prints a row of the table.
fn row(figure: &str, value: impl std::fmt::Display) {
    println!("| {figure} | {value} |");
}
