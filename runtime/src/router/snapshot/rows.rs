//! The rows of an access table, with an index to find the rows for a request.

use std::collections::{BTreeMap, BTreeSet};

use super::access_entry::{Entries, Entry};
use super::path::{
    common_requests, computed_pattern, is_below, matches, requests, unknown_prefix,
    wildcard_prefix, without_names,
};

/// A row of an access table: a route and its access.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The method and path as declared.
    pub(super) route: String,
    pub(super) method: String,
    /// The path without the names of its parameters.
    pub(super) path: String,
    pub(super) entry: Entry,
}

/// The rows of one access table.
#[derive(Default)]
pub(super) struct Rows {
    /// The rows by path and method.
    by_path: BTreeMap<String, BTreeMap<String, Row>>,
    /// The matcher for the paths of routes.
    routes: matchit::Router<String>,
    /// The matcher for the paths of fallbacks and services, which end in `/*`.
    below: matchit::Router<String>,
    /// The same paths, except the path of the fallback of the whole router.
    nested: BTreeSet<String>,
    /// The patterns for computed paths. A request that matches a pattern may or may not reach a
    /// route of the pattern.
    computed: BTreeSet<String>,
    /// The rows for unknown routes, by the route with its reason.
    unknown: BTreeMap<String, Row>,
}

impl Rows {
    /// Creates a `Rows` value from these entries. The returned flag is false if two rows match the
    /// same requests.
    pub(super) fn new(entries: Entries) -> (Self, bool) {
        let mut rows = Self::default();
        let mut distinct = true;
        for (route, entry) in entries {
            if let Entry::Unknown { .. } = entry {
                rows.add_unknown(route, entry);
                continue;
            }
            let (method, path) = route.split_once(' ').unwrap_or((&route, ""));
            let (method, path) = (method.to_owned(), without_names(path));
            rows.match_requests(&path);
            let row = Row { route, method: method.clone(), path: path.clone(), entry };
            let methods = rows.by_path.entry(path).or_default();
            distinct &= methods.insert(method, row).is_none();
        }
        (rows, distinct)
    }

    /// Creates a `Rows` value from these entries. Returns `None` if two rows match the same
    /// requests.
    pub(super) fn distinct(entries: Entries) -> Option<Self> {
        let (rows, distinct) = Self::new(entries);
        distinct.then_some(rows)
    }

    fn add_unknown(&mut self, route: String, entry: Entry) {
        let path = unknown_prefix(&route).unwrap_or_default();
        let row =
            Row { route: route.clone(), method: "?".to_owned(), path: without_names(path), entry };
        self.unknown.insert(route, row);
    }

    /// Returns the rows for unknown routes.
    pub(super) fn unknown(&self) -> impl Iterator<Item = &Row> {
        self.unknown.values()
    }

    /// Returns the row for unknown routes that has the same path and reason as a row of another
    /// table.
    pub(super) fn unknown_counterpart(&self, row: &Row) -> Option<&Row> {
        self.unknown.get(&row.route)
    }

    /// Returns the rows for unknown routes that the requests of a row of another table may reach.
    pub(super) fn unknown_replacements<'a>(&'a self, row: &Row) -> impl Iterator<Item = &'a Row> {
        let path = computed_pattern(&row.path).unwrap_or(&row.path).to_owned();
        self.unknown().filter(move |unknown| {
            let below = path.strip_prefix(&unknown.path);
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    fn match_requests(&mut self, path: &str) {
        // The insertion fails if the matcher already has the path for another method, or if the
        // paths conflict, which no router allows. This function ignores both failures.
        if computed_pattern(path).is_some() {
            self.computed.insert(path.to_owned());
        } else if let Some(prefix) = wildcard_prefix(path) {
            for end in ["", "/", "/{*p}"] {
                let _ = self.below.insert(format!("{prefix}{end}"), path.to_owned());
            }
            if !prefix.is_empty() {
                self.nested.insert(path.to_owned());
            }
        } else {
            let _ = self.routes.insert(path, path.to_owned());
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Row> {
        self.by_path.values().flat_map(BTreeMap::values)
    }

    /// Returns the row that has the same method and path as a row of another table.
    pub(super) fn counterpart(&self, row: &Row) -> Option<&Row> {
        self.by_path.get(&row.path)?.get(&row.method)
    }

    /// Returns the rows of the table `others` that the requests of a row of this table reach.
    pub(super) fn replacements<'a>(&self, row: &Row, others: &'a Self) -> Vec<&'a Row> {
        let mut found = Vec::new();
        let requests = self.requests(row, others);
        for method in self.methods(row, others) {
            for request in &requests {
                if self.answers(method, request).contains(&row) {
                    found.extend(others.answers(method, request));
                }
            }
        }
        found
    }

    /// Returns sample request paths that may reach a row: for the row alone, and together with each
    /// row of both tables, because another row may match only some of its requests.
    fn requests(&self, row: &Row, others: &Self) -> BTreeSet<String> {
        let paths = self.by_path.keys().chain(others.by_path.keys());
        let common = paths.flat_map(|path| common_requests(&row.path, path));
        requests(&row.path).into_iter().chain(common).collect()
    }

    /// Returns the HTTP methods of the requests that may reach a row.
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

    /// Returns the rows that a request may reach. A row whose path ends in `/*` is either a
    /// service, which precedes broader routes, or a fallback, which broader routes and services
    /// precede. A table does not tell services from fallbacks, so this function returns all rows
    /// if the result depends on the difference. It also returns each row for computed paths that
    /// may match.
    fn answers(&self, method: &str, request: &str) -> Vec<&Row> {
        let route = self.routes.at(request).ok().map(|found| found.value.as_str());
        let row = route.and_then(|path| self.row_for_method(path, method));
        let nearest = self.below.at(request).ok().map(|found| found.value.as_str());
        let others = self.nested.iter().map(String::as_str).filter(|path| {
            nearest.is_some_and(|nearest| nearest != *path) && is_below(path, request)
        });
        let below = nearest
            .into_iter()
            .chain(others)
            .filter(|below| route.is_none_or(|route| may_precede(below, route, row.is_some())))
            .filter_map(|path| self.row_for_method(path, "*"));
        let computed = self.computed.iter().filter_map(|path| {
            let is_match = matches(computed_pattern(path)?, request);
            self.row_for_method(path, method).filter(|_| is_match)
        });
        row.into_iter().chain(below).chain(computed).collect()
    }

    fn row_for_method(&self, path: &str, method: &str) -> Option<&Row> {
        let methods = self.by_path.get(path)?;
        methods
            .get(method)
            .or_else(|| methods.get("GET").filter(|_| method == "HEAD"))
            .or_else(|| methods.get("*"))
    }
}

/// Returns true if a request that matches the path `route` may reach the row with the path `below`,
/// which ends in `/*`. A route under the prefix of `below` precedes that row for all HTTP methods,
/// because the router responds with 405 to methods without a handler. If `route` is the prefix
/// itself, requests with methods that have no handler may reach the row.
fn may_precede(below: &str, route: &str, is_answered: bool) -> bool {
    let prefix = wildcard_prefix(below).unwrap_or(below);
    match route.strip_prefix(prefix) {
        Some("" | "/") => !is_answered && !prefix.is_empty(),
        Some(rest) => !rest.starts_with('/'),
        None => true,
    }
}
