//! Whether one demand lets somebody through whom another refuses.

use std::collections::BTreeSet;

use super::access_entry::Entry;
use super::change::ChangeKind;
use super::demand::Demand;
use crate::policy::description::max_age;

/// Above so many different demands in two policies they are not compared, only told as changed.
const COMPARABLE: usize = 16;

/// Whether somebody who was refused is let through.
pub(super) fn is_weaker(before: &Entry, now: &Entry) -> bool {
    before != now && kind(before, now) == ChangeKind::Weaker
}

/// How two that differ do.
pub(super) fn kind(before: &Entry, now: &Entry) -> ChangeKind {
    let (before, now) = match (before, now) {
        (Entry::Protected(before), Entry::Protected(now)) => (before, now),
        (Entry::Public(_), Entry::Public(_)) => return ChangeKind::Reworded,
        (Entry::Public(_), Entry::Protected(_)) => return ChangeKind::Stronger,
        (Entry::Protected(_), Entry::Public(_)) => return ChangeKind::Weaker,
    };
    let mut leaves = BTreeSet::new();
    before.collect(&mut leaves);
    now.collect(&mut leaves);
    if leaves.len() > COMPARABLE {
        return ChangeKind::Weaker;
    }
    compare(before, now, &leaves.into_iter().collect::<Vec<_>>())
}

fn compare(before: &Demand, now: &Demand, leaves: &[&str]) -> ChangeKind {
    // Every way to satisfy some of the leaves and not the others.
    let worlds = (0..1_u32 << leaves.len()).filter_map(|world| {
        let holds = |leaf: &str| {
            let index = leaves.iter().position(|known| *known == leaf);
            index.is_some_and(|index| world >> index & 1 == 1)
        };
        is_possible(leaves, &holds).then(|| (before.holds(&holds), now.holds(&holds)))
    });
    let (mut weaker, mut stronger) = (false, false);
    for (before, now) in worlds {
        weaker |= now && !before;
        stronger |= before && !now;
    }
    match (weaker, stronger) {
        (true, _) => ChangeKind::Weaker,
        (false, true) => ChangeKind::Stronger,
        (false, false) => ChangeKind::Reworded,
    }
}

/// Who authenticated within a time did so within a longer one.
fn is_possible(leaves: &[&str], holds: &impl Fn(&str) -> bool) -> bool {
    let ages = || leaves.iter().filter_map(|leaf| Some((max_age(leaf)?, *leaf)));
    let shortest = ages().filter(|(_, leaf)| holds(leaf)).min();
    ages().all(|(age, leaf)| shortest.is_none_or(|(shortest, _)| age <= shortest || holds(leaf)))
}
