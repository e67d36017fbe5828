//! Measures the cost of a request within one process, with and without the guard, and compares the
//! cost with the minimum work.
//!
//! `cargo bench -p axum-protected --bench requests` prints the table. Arguments after `--` select
//! cases by a part of their name. The times depend on the machine, so compare only the ratios of
//! times. The numbers of instructions and allocations do not depend on the machine.
#![allow(clippy::unwrap_used, reason = "a bench stops at an error")]

mod case;
#[path = "../common/mod.rs"]
mod common;
mod credentials;
mod floor;
mod instructions;
mod measure;
mod report;
mod stage;

use axum_protected::Algorithm;
use axum_protected_testing::SigningKeys;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, script, case, count] = arguments.as_slice()
        && flag == instructions::FLAG
    {
        instructions::perform(script, case, count);
        return;
    }
    // cargo also passes its own options, which begin with `-`.
    let filters: Vec<_> = arguments.iter().filter(|text| !text.starts_with('-')).collect();
    let cases = case::select(|name| {
        filters.is_empty() || filters.iter().any(|part| name.contains(part.as_str()))
    });
    if cases.is_empty() {
        return;
    }
    let algorithms = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
    let keys = SigningKeys::generate(&algorithms).unwrap();
    report::print(&measure::all(&cases, &keys), &keys);
}
