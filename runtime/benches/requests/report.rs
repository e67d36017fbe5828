//! The table of the measured costs as text.

use axum_protected::Algorithm;
use axum_protected_testing::SigningKeys;

use crate::case::Work;
use crate::common::measure::Cost;
use crate::common::table;
use crate::common::tokens::token;
use crate::common::watch::microseconds;
use crate::stage::ISSUER;

const HEAD: [&str; 9] = [
    "one request",
    "µs",
    "x plain",
    "x floor",
    "x memory off",
    "allocations",
    "instructions",
    "x plain",
    "x memory off",
];

pub(crate) fn print(costs: &[Cost<Work>], keys: &SigningKeys) {
    let algorithms = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
    let [rsa, ec, ed] = algorithms.map(|algorithm| token(keys, ISSUER, algorithm).sign().len());
    println!("\ntokens of {rsa} (RS256), {ec} (ES256) and {ed} (EdDSA) bytes; medians");
    println!(
        "floor: the signature verification of a first-seen token, the comparison of a repeated one"
    );
    println!("memory off: the same tokens to a server without a cache\n");
    let rows: Vec<_> = costs.iter().map(|cost| row(cost, costs)).collect();
    table::print(&HEAD, &rows);
}

fn row(cost: &Cost<Work>, all: &[Cost<Work>]) -> Vec<String> {
    let time = |cost: &Cost<Work>| Some(microseconds(cost.time));
    let instructions = |cost: &Cost<Work>| cost.instructions.and_then(as_float);
    let work = cost.case.work;
    let (floor, off) = (work.floor(), work.without_memory());
    vec![
        cost.case.name.to_owned(),
        format!("{:.2}", microseconds(cost.time)),
        ratio(cost, Some(Work::Plain), all, time),
        ratio(cost, floor, all, time),
        ratio(cost, off, all, time),
        cost.allocations.to_string(),
        cost.instructions.map_or_else(String::new, |number| number.to_string()),
        ratio(cost, Some(Work::Plain), all, instructions),
        ratio(cost, off, all, instructions),
    ]
}

/// Returns the ratio of this cost to the cost of the work `base` as text. Returns an empty text if
/// one of the two costs is missing.
fn ratio(
    cost: &Cost<Work>,
    base: Option<Work>,
    all: &[Cost<Work>],
    measure: impl Fn(&Cost<Work>) -> Option<f64>,
) -> String {
    let base = all.iter().find(|other| Some(other.case.work) == base);
    let (value, base) = (measure(cost), base.and_then(&measure));
    value.map_or_else(String::new, |value| table::ratio(value, base))
}

fn as_float(number: u64) -> Option<f64> {
    u32::try_from(number).ok().map(f64::from)
}
