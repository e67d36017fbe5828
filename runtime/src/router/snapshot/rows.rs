//! The rows of a table, indexed by the requests that they answer.

use std::collections::{BTreeMap, BTreeSet};

use super::access_entry::{Entries, Entry};
use super::path::{requests, wildcard_prefix, without_names};

/// A route and its access.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Method and path as declared.
    pub(super) route: String,
    pub(super) method: String,
    /// The path without the names of its parameters.
    pub(super) path: String,
    pub(super) entry: Entry,
}

/// The rows of one table.
#[derive(Default)]
pub(super) struct Rows {
    /// The rows by path and method.
    by_path: BTreeMap<String, BTreeMap<String, Row>>,
    /// The paths of routes.
    routes: matchit::Router<String>,
    /// The paths of fallbacks and services.
    below: matchit::Router<String>,
}

impl Rows {
    /// Creates the rows. The flag is false if two of them match the same requests.
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

    /// Creates the rows; `None` if two of them match the same requests.
    pub(super) fn distinct(entries: Entries) -> Option<Self> {
        let (rows, distinct) = Self::new(entries);
        distinct.then_some(rows)
    }

    fn match_requests(&mut self, path: &str) {
        // An insertion fails if the path exists with another method, or in a table that no router can
        // have. Both are ignored.
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

    /// The row with the same method and path as a row of another table.
    pub(super) fn counterpart(&self, row: &Row) -> Option<&Row> {
        self.by_path.get(&row.path)?.get(&row.method)
    }

    /// The rows of another table that answer the requests of a row of this table.
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

    /// The methods that a row may answer.
    fn methods<'a>(&'a self, row: &'a Row, others: &'a Self) -> BTreeSet<&'a str> {
        match row.method.as_str() {
            "*" => self
                .iter()
                .chain(others.iter())
                .map(|row| row.method.as_str())
                .chain(["*"])
                .collect(),
            "GET" => BTreeSet::from(["GET", "HEAD"]),
            method => BTreeSet::from([method]),
        }
    }

    /// The rows that may answer a request. There are two if the result depends on whether `/*` is a
    /// service, which precedes broader routes, or a fallback. The table does not distinguish them.
    fn answers(&self, method: &str, request: &str) -> Vec<&Row> {
        let route = self.routes.at(request).ok().map(|found| found.value.as_str());
        let row = route.and_then(|path| self.row_for_method(path, method));
        let below = self
            .below
            .at(request)
            .ok()
            .map(|found| found.value.as_str())
            .filter(|below| route.is_none_or(|route| may_precede(below, route, row.is_some())))
            .and_then(|path| self.row_for_method(path, "*"));
        row.into_iter().chain(below).collect()
    }

    fn row_for_method(&self, path: &str, method: &str) -> Option<&Row> {
        let methods = self.by_path.get(path)?;
        methods
            .get(method)
            .or_else(|| methods.get("GET").filter(|_| method == "HEAD"))
            .or_else(|| methods.get("*"))
    }
}

/// True if the row of `/*` may answer a request that a route matches. A route below the prefix comes
/// first, and also answers its other methods (with 405), unless its path is that of the service
/// itself.
fn may_precede(below: &str, route: &str, is_answered: bool) -> bool {
    let prefix = wildcard_prefix(below).unwrap_or(below);
    match route.strip_prefix(prefix) {
        Some("" | "/") => !is_answered && !prefix.is_empty(),
        Some(rest) => !rest.starts_with('/'),
        None => true,
    }
}
