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
        Some(was) => changed_row(was, row),
    });
    let mut changes: Vec<_> = others.chain(gone).chain(unknown_rows(before, now)).collect();
    changes.sort_by(|one, other| one.route.cmp(&other.route));
    changes
}

fn changed_row(was: &Row, row: &Row) -> Option<AccessChange> {
    (was.entry != row.entry).then(|| {
        let kind = kind(&was.entry, &row.entry);
        change(kind, row, format!("{} -> {}", was.entry, row.entry))
    })
}

/// Creates the change for a removed route. The change is [`ChangeKind::Weaker`] if some requests of
/// the removed route now reach a less strict route, or may reach an unknown route.
fn gone_row(row: &Row, before: &Rows, now: &Rows) -> AccessChange {
    let entry = &row.entry;
    let mut replacements =
        before.replacements(row, now).into_iter().chain(now.unknown_replacements(row));
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

/// Returns the changes of the rows for unknown routes. A new or removed row is
/// [`ChangeKind::Weaker`]: a new function may add routes for all callers, and a removed function may
/// have added a layer that refused requests.
fn unknown_rows(before: &Rows, now: &Rows) -> Vec<AccessChange> {
    let gone = before
        .unknown()
        .filter(|row| now.unknown_counterpart(row).is_none())
        .map(|row| change(ChangeKind::Weaker, row, format!("{} -> gone", row.entry)));
    let others = now.unknown().filter_map(|row| match before.unknown_counterpart(row) {
        None => Some(change(ChangeKind::Weaker, row, format!("new: {}", row.entry))),
        Some(was) => changed_row(was, row),
    });
    others.chain(gone).collect()
}

fn change(kind: ChangeKind, row: &Row, detail: String) -> AccessChange {
    AccessChange { kind, route: row.route.clone(), detail }
}
