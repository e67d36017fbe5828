//! Measures the cost of a request with a token that the issuer was asked about, or that is bound to
//! a key, and compares the cost with the minimum work.
//!
//! `cargo bench -p axum-protected --features dpop --bench proofs` prints the table. Arguments after
//! `--` select cases by a part of their name. The bench fails if a cost exceeds its limit, which is
//! a ratio of times. On a machine with other load, compare the numbers of instructions.
#![allow(clippy::unwrap_used, reason = "a bench stops at an error")]

mod case;
mod certificate;
#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "other benches use the rest")]
mod common;
mod endpoint;
mod measure;
mod report;
mod sent;
mod stage;

use common::case::select_by_arguments;
use common::instructions;

use crate::case::{CASES, Work};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(task) = instructions::task(&arguments) {
        measure::perform(&task);
    }
    let cases = select_by_arguments(&CASES, &arguments, Work::floor);
    report::print(&measure::all(&cases));
}
