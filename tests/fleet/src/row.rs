//! The run of one row: a new fleet, load, a fault, convergence, and restarts.

use std::path::Path;
use std::sync::Arc;

use tokio::time::sleep;

use crate::clock;
use crate::convergence::{converge, forgotten};
use crate::expectation::{Outage, failures};
use crate::faults::{Cause, Durations, Fault};
use crate::fleet::{Fleet, Plan};
use crate::load::Load;
use crate::measurement::Measurement;
use crate::scratch::Scratch;
use crate::table::{Row, RowResult};
use crate::victim::Victim;

/// Runs a fault with one choice of the operator.
pub(crate) async fn run(
    program: &Path,
    fault: &'static Fault,
    outage: Outage,
    durations: Durations,
) -> Row {
    let row = |result| Row { fault: fault.name, outage: outage.name(), result };
    if fault.cause.has_shifted_clocks() && clock::library().is_none() {
        return row(RowResult::Skipped("needs the package `faketime` of Debian"));
    }
    let plan = Plan {
        program: program.to_owned(),
        outage: outage.name(),
        has_replica: fault.cause.has_replica(),
        waits_for_replica: fault.cause == Cause::FailoverAfterWait,
        has_shifted_clocks: fault.cause.has_shifted_clocks(),
    };
    let mut scratch = Scratch::new(outage.name());
    let folder = scratch.path().to_owned();
    // A panic must not end the other rows.
    let measured = tokio::spawn(async move {
        let fleet = Arc::new(Fleet::start(&plan, &folder).await);
        measure(&fleet, fault, &durations).await
    });
    match measured.await {
        Ok(seen) => {
            let failures = failures(fault, outage, &seen);
            if !failures.is_empty() {
                eprintln!(
                    "{}, {}: logs in {}",
                    fault.name,
                    outage.name(),
                    scratch.path().display()
                );
                scratch.keep();
            }
            row(RowResult::Measured(Box::new(seen), failures))
        }
        Err(panic) => {
            scratch.keep();
            row(RowResult::Broken(format!("{panic}; logs in {}", scratch.path().display())))
        }
    }
}

async fn measure(fleet: &Arc<Fleet>, fault: &Fault, durations: &Durations) -> Measurement {
    let load = Load::start(fleet);
    sleep(durations.calm).await;
    fault.run(fleet, durations).await;
    load.set_revoking(false).await;
    let converged = converge(fleet, &load.victims()).await;
    load.set_revoking(true).await;
    sleep(durations.calm).await;
    let seen = load.stop().await;
    let mut measurement = Measurement::of(&seen, fault.under);
    measurement.converged = Some(converged);
    measurement.lost = lost_by_restarts(fleet, &seen.victims).await;
    measurement
}

/// Restarts the instances one after another. Each must know all revocations when it is ready.
async fn lost_by_restarts(fleet: &Fleet, victims: &[Arc<Victim>]) -> Vec<String> {
    let mut lost = Vec::new();
    for (index, instance) in fleet.instances.iter().enumerate() {
        instance.stop().await;
        instance.start().await;
        instance.serve_when_ready().await;
        let forgotten = forgotten(instance, index, victims).await;
        lost.extend(forgotten.into_iter().map(|what| format!("{}: {what}", instance.name)));
    }
    lost
}
