//! Patterns for computed paths that would hide the access of a route in a snapshot.

use std::collections::BTreeMap;

use super::access_entry::Entry;
use super::name;
use super::path::covers;
use crate::router::access_row::AccessRow;
use crate::router::table::AccessTable;

/// The access of the first route of each pattern, by the method and the pattern.
type Patterns<'a> = BTreeMap<(&'static str, &'a str), Entry>;

impl AccessTable {
    /// Returns a problem for each pattern whose routes have different access, because one entry of
    /// the snapshot would stand for both. Returns a problem for each path that also matches another
    /// pattern with different access, because the path could move to that pattern and the snapshot
    /// would not change.
    pub(in crate::router) fn pattern_conflicts(&self) -> Vec<String> {
        let computed = || self.routes().filter_map(|route| Some((route, route.pattern()?)));
        let mut patterns = Patterns::new();
        for (route, pattern) in computed() {
            let key = (route.method, pattern);
            patterns.entry(key).or_insert_with(|| Entry::of(route));
        }
        computed().flat_map(|(route, pattern)| problems(route, pattern, &patterns)).collect()
    }
}

fn problems(route: &AccessRow, pattern: &str, patterns: &Patterns<'_>) -> Vec<String> {
    let (name, entry) = (name(route), Entry::of(route));
    let AccessRow { method, path, .. } = route;
    let others = patterns.iter().filter(|(_, known)| **known != entry);
    others
        .filter_map(|((other_method, other), known)| {
            if (other_method, *other) == (method, pattern) {
                return Some(format!(
                    "the routes of the pattern `{name}` have different access: `{known}` and `{entry}`"
                ));
            }
            let is_overlap = *other != pattern && is_overlap(method, other_method);
            (is_overlap && covers(other, path)).then(|| format!(
                "`{method} {path}` also matches the pattern `{other}`, whose routes have different access: write patterns that do not match the same paths"
            ))
        })
        .collect()
}

/// Returns true if a route with one method may answer requests with the other method.
fn is_overlap(one: &str, other: &str) -> bool {
    let is_get = |method| matches!(method, "GET" | "HEAD");
    one == other || one == "*" || other == "*" || (is_get(one) && is_get(other))
}
