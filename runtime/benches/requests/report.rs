//! The table.

use axum_protected::Algorithm;
use axum_protected_testing::SigningKeys;

use crate::case::Work;
use crate::common::table;
use crate::common::tokens::token;
use crate::common::watch::microseconds;
use crate::measure::Cost;
use crate::stage::ISSUER;

const HEAD: [&str; 6] = [
    "one request",
    "µs",
    "x plain",
    "x floor",
    "allocations",
    "instructions",
];

pub(crate) fn print(costs: &[Cost], keys: &SigningKeys) {
    let algorithms = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
    let length = |algorithm| token(keys, ISSUER, algorithm).sign().len();
    let [rsa, ec, ed] = algorithms.map(length);
    println!("\ntokens of {rsa} (RS256), {ec} (ES256) and {ed} (EdDSA) bytes; medians");
    println!("floor: of a first-seen token its verification, of a repeated one the comparison\n");
    let rows: Vec<_> = costs.iter().map(|cost| row(cost, costs)).collect();
    table::print(&HEAD, &rows);
}

fn row(cost: &Cost, all: &[Cost]) -> Vec<String> {
    let time_of = |work: Work| {
        let found = all.iter().find(|other| other.case.work == work);
        found.map(|other| microseconds(other.time))
    };
    let time = microseconds(cost.time);
    let floor = cost.case.work.floor().and_then(time_of);
    let instructions = cost.instructions.map(|number| number.to_string());
    vec![
        cost.case.name.to_owned(),
        format!("{time:.2}"),
        table::ratio(time, time_of(Work::Plain)),
        table::ratio(time, floor),
        cost.allocations.to_string(),
        instructions.unwrap_or_default(),
    ]
}
