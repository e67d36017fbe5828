//! The whole run.

use std::process::ExitCode;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::arguments::{self, Arguments};
use crate::expectation::Outage;
use crate::faults::{Durations, FAULTS, Fault};
use crate::redis_server;
use crate::row;
use crate::table::Table;

/// Runs the program with these arguments. Prints the table and returns failure if an expectation is
/// not met.
pub async fn run(arguments: impl IntoIterator<Item = String>) -> ExitCode {
    let arguments = match arguments::parse(arguments) {
        Ok(arguments) => arguments,
        Err(problem) => {
            eprintln!("error: {problem}\n\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    if !redis_server::is_installed() {
        eprintln!(
            "error: `redis-server` is not installed; on Debian: apt-get install redis-server faketime"
        );
        return ExitCode::FAILURE;
    }
    let table = rows(&arguments).await;
    println!("{table}");
    if table.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn rows(arguments: &Arguments) -> Table {
    let durations = if arguments.is_short { Durations::SHORT } else { Durations::LONG };
    let places = Arc::new(Semaphore::new(arguments.parallel));
    let mut rows = JoinSet::new();
    for (index, (fault, outage)) in chosen(arguments).into_iter().enumerate() {
        let (places, program) = (Arc::clone(&places), arguments.program.clone());
        rows.spawn(async move {
            let _place = places.acquire_owned().await.expect("the semaphore stays open");
            eprintln!("{}, {} ...", fault.name, outage.name());
            (index, row::run(&program, fault, outage, durations).await)
        });
    }
    let mut rows = rows.join_all().await;
    rows.sort_by_key(|(index, _)| *index);
    Table(rows.into_iter().map(|(_, row)| row).collect())
}

/// Returns the rows of the table.
fn chosen(arguments: &Arguments) -> Vec<(&'static Fault, Outage)> {
    let is_chosen = |fault: &&Fault| match &arguments.only {
        Some(text) => fault.name.contains(text),
        None => fault.is_short || !arguments.is_short,
    };
    let faults = FAULTS.iter().filter(is_chosen);
    faults.flat_map(|fault| arguments.outages.iter().map(move |&outage| (fault, outage))).collect()
}
