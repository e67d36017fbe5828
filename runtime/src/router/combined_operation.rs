//! Combines the operations of guards in front of each other, so that documents and challenges state
//! their demands together. A combination never decides on a request: each guard judges its own
//! operation.

use std::collections::BTreeMap;
use std::panic::Location;
use std::sync::{Mutex, PoisonError};

use crate::policy::requirement::policy;
use crate::policy::{Operation, Requirement};

/// The combinations that exist so far, by the name of the handler. Refusals are memoized by the
/// address of a requirement, so equal combinations are one value, which is never dropped. A program
/// has a fixed number of combinations.
static COMBINATIONS: Mutex<BTreeMap<&str, Vec<Combination>>> = Mutex::new(BTreeMap::new());

struct Combination {
    parts: Vec<Operation>,
    operation: &'static Operation,
}

/// Returns the operation with this name and location that demands everything that the parts demand.
pub(super) fn combine(
    name: &'static str,
    location: &'static Location<'static>,
    parts: &[Operation],
) -> &'static Operation {
    let mut combinations = COMBINATIONS.lock().unwrap_or_else(PoisonError::into_inner);
    let known = combinations.entry(name).or_default();
    let is_same = |one: &&Combination| one.parts == parts && one.operation.location == location;
    if let Some(combination) = known.iter().find(is_same) {
        return combination.operation;
    }
    let requirement = all_of(parts);
    let operation =
        Box::leak(Box::new(Operation { location, ..Operation::new(name, requirement) }));
    known.push(Combination { parts: parts.to_vec(), operation });
    operation
}

/// Returns the requirement that demands everything that the parts demand. Leaves out a demand that
/// repeats another.
fn all_of(parts: &[Operation]) -> Requirement {
    let mut members: Vec<Operation> = Vec::new();
    for part in parts.iter().flat_map(split) {
        if !members.iter().any(|known| is_same_demand(known, &part)) {
            members.push(part);
        }
    }
    // A combination is judged only without results of checks, so its members need no numbers that
    // differ. A named policy keeps the numbers of its checks apart.
    let members: Vec<_> =
        members.into_iter().map(|part| policy(0, Box::leak(Box::new(part)))).collect();
    match members.as_slice() {
        [only] => *only,
        _ => Requirement::All(members.leak()),
    }
}

/// Splits an operation into operations that must all be satisfied. They keep its name, which
/// identifies the checks of the operation.
fn split(operation: &Operation) -> Vec<Operation> {
    match operation.requirement {
        Requirement::All(members) => {
            members.iter().map(|member| Operation { requirement: *member, ..*operation }).collect()
        }
        Requirement::Any(_) | Requirement::One(_) => vec![*operation],
    }
}

/// Returns true if both operations demand the same. The name of a check depends on the module of
/// its operation, so two operations with checks demand the same only if they are equal.
fn is_same_demand(one: &Operation, other: &Operation) -> bool {
    let has_check = one.requirement.demands().iter().any(|demand| demand.parts().check.is_some());
    one == other || (!has_check && one.requirement == other.requirement)
}
