//! An access table as a file to keep beside the code, and what a change of the code changed in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::declared::Access;
use super::table::AccessTable;
use crate::policy::{Requirement, words};

/// Above so many different demands in two policies they are not compared, only told as changed.
const COMPARABLE: usize = 16;

/// Who may call a route, by what reviews read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Entry {
    Public(String),
    Protected(Demand),
}

/// A requirement, its leaves in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Demand {
    All(Vec<Self>),
    Any(Vec<Self>),
    #[serde(untagged)]
    One(String),
}

type Entries = BTreeMap<String, Entry>;

/// How a route differs from what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChangeKind {
    /// Somebody who was refused is let through.
    Weaker,
    /// It was not there, or the file did not know it.
    New,
    /// Nobody who was refused is let through, and somebody who was let through is refused.
    Stronger,
    /// It reads differently and decides the same.
    Reworded,
    /// It is no longer there.
    Gone,
}

/// One route that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessChange {
    /// In which way.
    pub kind: ChangeKind,
    /// Its method and path.
    pub route: String,
    /// What it was and what it is, in words.
    pub detail: String,
}

/// The routes that differ from a file, weaker ones first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessChanges(Vec<AccessChange>);

impl AccessChanges {
    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &AccessChange> {
        self.0.iter()
    }
}

impl AccessTable {
    /// Who may call what as a text to keep in a file: sorted JSON, without the places in the source,
    /// which change when nothing else does.
    #[must_use]
    pub fn to_snapshot(&self) -> String {
        // Maps of strings and trees of strings have no value that JSON has not.
        serde_json::to_string_pretty(&self.entries()).unwrap_or_default() + "\n"
    }

    /// Compares with what [`to_snapshot`](Self::to_snapshot) gave before.
    ///
    /// # Errors
    ///
    /// Every route that differs. A file that is empty or no such JSON knows no route.
    pub fn compare(&self, before: &str) -> Result<(), AccessChanges> {
        let before: Entries = serde_json::from_str(before).unwrap_or_default();
        let now = self.entries();
        let routes: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
        let change = |route: &String| change(route, before.get(route), now.get(route));
        let mut changes: Vec<_> = routes.into_iter().filter_map(change).collect();
        changes.sort_by_key(|change| change.kind);
        if changes.is_empty() {
            Ok(())
        } else {
            Err(AccessChanges(changes))
        }
    }

    fn entries(&self) -> Entries {
        let entry = |access: &Access| match access {
            Access::Public(operation) => Entry::Public(operation.reason.to_owned()),
            Access::Protected(operation) => Entry::Protected(demand(&operation.requirement)),
        };
        self.routes()
            .map(|route| {
                (
                    format!("{} {}", route.method, route.path),
                    entry(&route.access),
                )
            })
            .collect()
    }
}

fn demand(requirement: &Requirement) -> Demand {
    match requirement {
        Requirement::All(members) => Demand::All(members.iter().map(demand).collect()),
        Requirement::Any(members) => Demand::Any(members.iter().map(demand).collect()),
        Requirement::Named(_, operation) => demand(&operation.requirement),
        // What implies a scope is part of what lets somebody through.
        Requirement::Declared(entry) if !entry.implied_by.is_empty() => {
            let broader = entry.implied_by.iter().copied();
            let scopes = std::iter::once(entry.name).chain(broader);
            Demand::Any(scopes.map(|scope| Demand::One(scope.to_owned())).collect())
        }
        // Two of them are two questions, whatever they are called.
        Requirement::Check(index, name) => Demand::One(format!("check {index} {name}")),
        leaf => Demand::One(leaf.to_string()),
    }
}

fn change(route: &str, before: Option<&Entry>, now: Option<&Entry>) -> Option<AccessChange> {
    let (kind, detail) = match (before, now) {
        (None, None) => return None,
        (None, Some(now)) => (ChangeKind::New, now.to_string()),
        (Some(before), None) => (ChangeKind::Gone, before.to_string()),
        (Some(before), Some(now)) if before == now => return None,
        (Some(before), Some(now)) => (kind(before, now), format!("{before} -> {now}")),
    };
    Some(AccessChange {
        kind,
        route: route.to_owned(),
        detail,
    })
}

fn kind(before: &Entry, now: &Entry) -> ChangeKind {
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
    let leaves: Vec<&str> = leaves.into_iter().collect();
    // Every way to satisfy some of the leaves and not the others.
    let mut worlds = (0..1_u32 << leaves.len()).map(|world| {
        let holds = |leaf: &str| {
            let index = leaves.iter().position(|known| *known == leaf);
            index.is_some_and(|index| world >> index & 1 == 1)
        };
        (before.holds(&holds), now.holds(&holds))
    });
    let weaker = worlds.clone().any(|(before, now)| now && !before);
    match (weaker, worlds.any(|(before, now)| before && !now)) {
        (true, _) => ChangeKind::Weaker,
        (false, true) => ChangeKind::Stronger,
        (false, false) => ChangeKind::Reworded,
    }
}

impl Demand {
    fn collect<'a>(&'a self, leaves: &mut BTreeSet<&'a str>) {
        match self {
            Self::All(members) | Self::Any(members) => {
                for member in members {
                    member.collect(leaves);
                }
            }
            Self::One(leaf) => {
                leaves.insert(leaf);
            }
        }
    }

    fn is_group(&self) -> bool {
        matches!(self, Self::All(members) | Self::Any(members) if members.len() > 1)
    }

    fn holds(&self, leaf: &impl Fn(&str) -> bool) -> bool {
        match self {
            Self::All(members) => members.iter().all(|member| member.holds(leaf)),
            Self::Any(members) => members.iter().any(|member| member.holds(leaf)),
            Self::One(one) => leaf(one),
        }
    }
}

impl fmt::Display for Demand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(leaf) => formatter.write_str(leaf),
            Self::All(members) => words::all(formatter, members, Self::is_group),
            Self::Any(members) => words::any(formatter, members, Self::is_group),
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public(reason) => write!(formatter, "public ({reason})"),
            Self::Protected(demand) => write!(formatter, "{demand}"),
        }
    }
}

impl fmt::Display for AccessChanges {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for AccessChange {
            kind,
            route,
            detail,
        } in &self.0
        {
            let kind = match kind {
                ChangeKind::Weaker => "WEAKER",
                ChangeKind::New => "new",
                ChangeKind::Stronger => "stronger",
                ChangeKind::Reworded => "reworded",
                ChangeKind::Gone => "gone",
            };
            writeln!(formatter, "{kind} {route}: {detail}")?;
        }
        Ok(())
    }
}

impl std::error::Error for AccessChanges {}

#[cfg(test)]
mod tests;
