//! Tests the receivers of security events: back-channel logouts, pushed events, and events that the
//! server polls.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::similar_names,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod poll;
mod polled;
mod polling_faults;
mod polling_with_feed;
mod transmitter_keys;
