//! The table of the measured costs as text.

use crate::case::{LIMIT, Work};
use crate::common::measure::Cost;
use crate::common::table;
use crate::common::watch::microseconds;

const HEAD: [&str; 7] =
    ["one request", "µs", "x floor", "allocations", "instructions", "x floor", "limit"];

/// Prints the table. Panics if a ratio of times exceeds its limit.
pub(crate) fn print(costs: &[Cost<Work>]) {
    println!(
        "\nfloor: the verification of the proof's signature with a parsed key, and that of the"
    );
    println!("signature of a first-seen token; for other tokens the same token without proof\n");
    let rows: Vec<_> = costs.iter().map(|cost| row(cost, costs)).collect();
    table::print(&HEAD, &rows);
    let over: Vec<_> = costs.iter().filter(|cost| is_over(cost, costs)).collect();
    let names: Vec<_> = over.iter().map(|cost| cost.case.name).collect();
    assert!(names.is_empty(), "these cost more than {LIMIT} times their floor: {names:?}");
}

fn is_over(cost: &Cost<Work>, all: &[Cost<Work>]) -> bool {
    let ratio = floor(cost, all, time).map(|floor| microseconds(cost.time) / floor);
    cost.case.work.is_limited() && ratio.is_some_and(|ratio| ratio > LIMIT)
}

fn row(cost: &Cost<Work>, all: &[Cost<Work>]) -> Vec<String> {
    let ratio = |measure: fn(&Cost<Work>) -> Option<f64>| match measure(cost) {
        Some(value) => table::ratio(value, floor(cost, all, measure)),
        None => String::new(),
    };
    let limit = if cost.case.work.is_limited() { format!("{LIMIT:.2}") } else { String::new() };
    vec![
        cost.case.name.to_owned(),
        format!("{:.2}", microseconds(cost.time)),
        ratio(time),
        cost.allocations.to_string(),
        cost.instructions.map_or_else(String::new, |number| number.to_string()),
        ratio(instructions),
        limit,
    ]
}

/// Returns the sum of the costs of the floor. Returns `None` if there is no floor, or if a cost is
/// missing.
fn floor(
    cost: &Cost<Work>,
    all: &[Cost<Work>],
    measure: fn(&Cost<Work>) -> Option<f64>,
) -> Option<f64> {
    let parts = cost.case.work.floor();
    if parts.is_empty() {
        return None;
    }
    let of = |part: Work| all.iter().find(|other| other.case.work == part).and_then(measure);
    parts.into_iter().map(of).sum()
}

#[allow(clippy::unnecessary_wraps, reason = "a measure may be missing")]
fn time(cost: &Cost<Work>) -> Option<f64> {
    Some(microseconds(cost.time))
}

fn instructions(cost: &Cost<Work>) -> Option<f64> {
    u32::try_from(cost.instructions?).ok().map(f64::from)
}
