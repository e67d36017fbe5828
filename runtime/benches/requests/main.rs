//! Measures the cost of a request within one process, with and without the guard, and compares the
//! cost with the minimum work.
//!
//! `cargo bench -p axum-protected --bench requests` prints the table. Arguments after `--` select
//! cases by a part of their name. The times depend on the machine, so compare only the ratios of
//! times. The numbers of instructions and allocations do not depend on the machine.
#![allow(clippy::unwrap_used, reason = "a bench stops at an error")]

mod case;
#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "other benches use the rest")]
mod common;
mod credentials;
mod measure;
mod report;
mod stage;

use axum_protected::Algorithm;
use axum_protected_testing::SigningKeys;
use common::case::select_by_arguments;
use common::instructions;

use crate::case::{CASES, Work};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(task) = instructions::task(&arguments) {
        measure::perform(&task);
    }
    let cases = select_by_arguments(&CASES, &arguments, Work::bases);
    if cases.is_empty() {
        return;
    }
    let algorithms = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
    let keys = SigningKeys::generate(&algorithms).unwrap();
    report::print(&measure::all(&cases, &keys), &keys);
}
