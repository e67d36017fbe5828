//! Measures the cost of a request for servers with growing numbers of threads, tokens, issuers and
//! keys. The cost in each row should be about the cost in the first row, except for effects of
//! processor caches and cores.
//!
//! `cargo bench -p axum-protected --bench scaling` prints the table. Arguments after `--` select
//! rows by a part of their name.
#![allow(clippy::unwrap_used, reason = "a bench stops at an error")]

#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "other benches use the rest")]
mod common;
mod load;
mod measure;
mod memory;
mod size;
mod world;

use common::table;
use common::watch::microseconds;
use measure::Times;

const HEAD: [&str; 5] =
    ["one request", "repeated µs", "x first row", "first-seen µs", "x first row"];

fn main() {
    // cargo also passes its own options, which begin with `-`.
    let filters: Vec<_> = std::env::args().skip(1).filter(|text| !text.starts_with('-')).collect();
    let sizes = size::select(|name| {
        filters.is_empty() || filters.iter().any(|part| name.contains(part.as_str()))
    });
    let all = measure::all(&sizes);
    let Some(base) = all.first() else { return };
    let (kept, length) = memory::of_a_known_token(base.size);
    println!("\na known token of {length} bytes takes {kept} bytes in the server");
    println!("ES256; the time of one request on one thread; medians\n");
    let rows: Vec<_> = all.iter().map(|times| row(times, base)).collect();
    table::print(&HEAD, &rows);
}

fn row(times: &Times, base: &Times) -> Vec<String> {
    let columns = [(times.repeated, base.repeated), (times.first_seen, base.first_seen)]
        .map(|(time, base)| (microseconds(time), microseconds(base)));
    let cells = columns
        .map(|(time, base)| [format!("{time:.2}"), table::ratio(time, Some(base))])
        .into_iter()
        .flatten();
    std::iter::once(times.size.name.to_owned()).chain(cells).collect()
}
