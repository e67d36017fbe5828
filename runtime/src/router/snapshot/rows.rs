//! The rows of a table, by the requests that they answer.

use std::collections::{BTreeMap, BTreeSet};

use super::access_entry::{Entries, Entry};
use super::path::{requests, wildcard_prefix, without_names};

/// Who may call a route.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Method and path as they are written.
    pub(super) route: String,
    pub(super) method: String,
    /// Without the names of its parameters.
    pub(super) path: String,
    pub(super) entry: Entry,
}

/// The rows of one table.
#[derive(Default)]
pub(super) struct Rows {
    /// By method too.
    by_path: BTreeMap<String, BTreeMap<String, Row>>,
    /// The paths of what is no fallback or service.
    routes: matchit::Router<String>,
    /// The paths of fallbacks and services.
    below: matchit::Router<String>,
}

impl Rows {
    /// The rows, and whether no two of them are for the same requests.
    pub(super) fn new(entries: Entries) -> (Self, bool) {
        let mut rows = Self::default();
        let mut distinct = true;
        for (route, entry) in entries {
            let (method, path) = route.split_once(' ').unwrap_or((&route, ""));
            let (method, path) = (method.to_owned(), without_names(path));
            rows.match_requests(&path);
            let row = Row { route, method: method.clone(), path: path.clone(), entry };
            let methods = rows.by_path.entry(path).or_default();
            distinct &= methods.insert(method, row).is_none();
        }
        (rows, distinct)
    }

    /// The rows, if no two of them are for the same requests.
    pub(super) fn distinct(entries: Entries) -> Option<Self> {
        let (rows, distinct) = Self::new(entries);
        distinct.then_some(rows)
    }

    fn match_requests(&mut self, path: &str) {
        // What does not fit is there with another method already, or in no router that can be built.
        if let Some(prefix) = wildcard_prefix(path) {
            for end in ["", "/", "/{*p}"] {
                let _ = self.below.insert(format!("{prefix}{end}"), path.to_owned());
            }
        } else {
            let _ = self.routes.insert(path, path.to_owned());
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Row> {
        self.by_path.values().flat_map(BTreeMap::values)
    }

    /// The row for the same requests as one of another table.
    pub(super) fn counterpart(&self, row: &Row) -> Option<&Row> {
        self.by_path.get(&row.path)?.get(&row.method)
    }

    /// What answers in another table where a row of this one does.
    pub(super) fn replacements<'a>(&self, row: &Row, others: &'a Self) -> Vec<&'a Row> {
        let mut found = Vec::new();
        for method in self.methods(row, others) {
            for request in requests(&row.path) {
                if self.answers(method, &request).contains(&row) {
                    found.extend(others.answers(method, &request));
                }
            }
        }
        found
    }

    /// The methods that a row may be for.
    fn methods<'a>(&'a self, row: &'a Row, others: &'a Self) -> BTreeSet<&'a str> {
        let all = || self.iter().chain(others.iter());
        match row.method.as_str() {
            "*" => all().map(|row| row.method.as_str()).chain(["*"]).collect(),
            "GET" => BTreeSet::from(["GET", "HEAD"]),
            method => BTreeSet::from([method]),
        }
    }

    /// What may answer a request: two where it depends on whether everything below a path is a
    /// service's, which goes before broader routes, or a fallback's.
    fn answers(&self, method: &str, request: &str) -> Vec<&Row> {
        let route = self.routes.at(request).ok();
        let route = route.map(|found| found.value.as_str());
        let row = route.and_then(|path| self.row_for_method(path, method));
        let below = self.below.at(request).ok();
        let below = below.map(|found| found.value.as_str());
        let below = below.filter(|below| match route {
            Some(route) => may_precede(below, route, row.is_some()),
            None => true,
        });
        let below = below.and_then(|path| self.row_for_method(path, "*"));
        row.into_iter().chain(below).collect()
    }

    fn row_for_method(&self, path: &str, method: &str) -> Option<&Row> {
        let methods = self.by_path.get(path)?;
        let as_get = || methods.get("GET").filter(|_| method == "HEAD");
        let row = methods.get(method).or_else(as_get);
        row.or_else(|| methods.get("*"))
    }
}

/// Whether everything below a path may take what a route is for. A route within goes first, and
/// has no other method answered in its place, unless its path is that of a service itself.
fn may_precede(below: &str, route: &str, is_answered: bool) -> bool {
    let prefix = wildcard_prefix(below).unwrap_or(below);
    match route.strip_prefix(prefix) {
        Some("" | "/") => !is_answered && !prefix.is_empty(),
        Some(rest) => !rest.starts_with('/'),
        None => true,
    }
}
