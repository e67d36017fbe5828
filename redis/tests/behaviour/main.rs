//! Tests against real Redis servers, which each test starts for itself on free ports.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod access;
mod append_and_read;
mod cluster;
mod faults;
mod long_records;
mod proof_faults;
mod proofs;
mod replication;
mod restarts;
mod sentinel;
mod server;
mod settings;
#[cfg(feature = "__rustls")]
mod tls;

use std::time::Duration;

use axum_protected::revocation::{LogPage, LogPosition, RevocationLog};
use axum_protected_redis::{RedisLog, RedisSettings};

/// Opens the log of a server.
fn log(url: &str) -> RedisLog {
    RedisSettings::new(url).open().unwrap().revocation_log()
}

/// Reads up to 100 records without waiting.
async fn read(log: &RedisLog, after: Option<LogPosition>) -> LogPage {
    log.read(after, 100, Duration::ZERO).await.unwrap()
}

async fn append(log: &RedisLog, records: &[&str]) {
    let records = records.iter().map(|record| (*record).to_owned()).collect();
    log.append(records).await.unwrap();
}

/// Returns the error of a read.
async fn read_error(log: &RedisLog) -> String {
    log.read(None, 100, Duration::ZERO).await.unwrap_err().to_string()
}

/// Returns the error of an appended record.
async fn append_error(log: &RedisLog, record: &str) -> String {
    log.append(vec![record.to_owned()]).await.unwrap_err().to_string()
}

/// Returns the records of a page without their positions.
fn texts(page: &LogPage) -> Vec<&str> {
    page.records.iter().map(|(_, record)| record.as_str()).collect()
}
