//! The fleet test: three processes of `items-api` share their revocations through Redis, while
//! networks, machines and Redis fail.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod answer;
mod arguments;
mod clock;
mod command;
mod convergence;
mod expectation;
mod faults;
mod fleet;
mod instance;
mod load;
mod measurement;
mod processes;
mod redis_server;
mod relay;
mod row;
mod scratch;
mod table;
mod tally;
mod tokens;
mod victim;

pub use self::command::run;
