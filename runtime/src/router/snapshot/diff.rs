//! The differences between two access tables.

use super::change::{AccessChange, ChangeKind};
use super::rows::{Row, Rows};
use super::strictness::{is_weaker, kind};

pub(super) fn changes(before: &Rows, now: &Rows) -> Vec<AccessChange> {
    let gone = before
        .iter()
        .filter(|row| now.counterpart(row).is_none())
        .map(|row| gone_row(row, before, now));
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

/// Creates the change for a removed route. The change is [`ChangeKind::Weaker`] if some requests of
/// the removed route now reach a less strict route.
fn gone_row(row: &Row, before: &Rows, now: &Rows) -> AccessChange {
    let entry = &row.entry;
    let mut replacements = before.replacements(row, now).into_iter();
    match replacements.find(|replacement| is_weaker(entry, &replacement.entry)) {
        None => change(ChangeKind::Gone, row, entry.to_string()),
        Some(Row { route, entry: replacement, .. }) => {
            let detail = format!("{entry} -> gone, and `{route}` answers instead: {replacement}");
            change(ChangeKind::Weaker, row, detail)
        }
    }
}

/// Creates the change for a new route. The change is [`ChangeKind::Weaker`] if some requests of the
/// new route reached a stricter route before.
fn new_row(row: &Row, before: &Rows, now: &Rows) -> AccessChange {
    let entry = &row.entry;
    let mut replaced = now.replacements(row, before).into_iter();
    match replaced.find(|earlier| is_weaker(&earlier.entry, entry)) {
        None => change(ChangeKind::New, row, entry.to_string()),
        Some(Row { route, entry: earlier, .. }) => {
            let detail = format!("new, and `{route}` answered before: {earlier} -> {entry}");
            change(ChangeKind::Weaker, row, detail)
        }
    }
}

fn change(kind: ChangeKind, row: &Row, detail: String) -> AccessChange {
    AccessChange { kind, route: row.route.clone(), detail }
}
