//! The routes that differ between two tables.

use super::change::{AccessChange, ChangeKind};
use super::compare::{is_weaker, kind};
use super::rows::{Row, Rows};

pub(super) fn changes(before: &Rows, now: &Rows) -> Vec<AccessChange> {
    let gone = before.iter().filter(|row| now.counterpart(row).is_none());
    let gone = gone.map(|row| gone_row(row, before, now));
    let others = now.iter().filter_map(|row| match before.counterpart(row) {
        None => Some(new_row(row, before, now)),
        Some(was) if was.entry == row.entry => None,
        Some(was) => {
            let kind = kind(&was.entry, &row.entry);
            Some(change(kind, row, format!("{} -> {}", was.entry, row.entry)))
        }
    });
    let mut changes: Vec<_> = others.chain(gone).collect();
    changes.sort_by(|one, other| one.route.cmp(&other.route));
    changes
}

/// A route that is no longer there leaves its requests to a broader one.
fn gone_row(row: &Row, before: &Rows, now: &Rows) -> AccessChange {
    let entry = &row.entry;
    let mut takers = before.replacements(row, now).into_iter();
    match takers.find(|taker| is_weaker(entry, &taker.entry)) {
        None => change(ChangeKind::Gone, row, entry.to_string()),
        Some(Row { route, entry: taker, .. }) => {
            let detail = format!("{entry} -> gone, and `{route}` takes it: {taker}");
            change(ChangeKind::Weaker, row, detail)
        }
    }
}

/// A new route takes its requests from a broader one.
fn new_row(row: &Row, before: &Rows, now: &Rows) -> AccessChange {
    let entry = &row.entry;
    let mut owners = now.replacements(row, before).into_iter();
    match owners.find(|owner| is_weaker(&owner.entry, entry)) {
        None => change(ChangeKind::New, row, entry.to_string()),
        Some(Row { route, entry: owner, .. }) => {
            let detail = format!("new, and `{route}` had it: {owner} -> {entry}");
            change(ChangeKind::Weaker, row, detail)
        }
    }
}

fn change(kind: ChangeKind, row: &Row, detail: String) -> AccessChange {
    AccessChange { kind, route: row.route.clone(), detail }
}
