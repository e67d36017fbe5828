//! The access table of a router: the access of every route as a value, as text and as JSON.

use std::fmt;

use serde_json::{Value, json};

use super::declared_handler::Access;
use super::path_conflicts::below;
use crate::policy::Demand;
use crate::policy::display::one_line;

/// One route and its access.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessRow {
    /// The HTTP method of the route. `*` stands for every HTTP method that has no route of its own
    /// at this path.
    pub method: &'static str,
    /// The path in axum's syntax. A path that ends in `/*` stands for all paths below its prefix
    /// that no other route matches.
    pub path: String,
    /// The declared access of the route.
    pub access: Access,
    /// True if `check_issuers` has compared the issuers in the requirement with the issuers of the
    /// server.
    issuers_checked: bool,
}

impl AccessRow {
    pub(super) fn new(method: &'static str, path: &str, access: Access) -> Self {
        Self { method, path: path.to_owned(), access, issuers_checked: false }
    }

    /// Creates the row for all paths that begin with this prefix and that no other route matches.
    pub(super) fn everything_below(prefix: &str, access: Access) -> Self {
        Self::new("*", &below(prefix, "/*"), access)
    }

    /// Returns a problem text if the route is public and its reason is empty.
    pub(super) fn empty_reason(&self) -> Option<String> {
        let Self { method, path, access, .. } = self;
        match access {
            Access::Public(operation) if operation.reason.trim().is_empty() => Some(format!(
                "`{method} {path}` is public for an empty reason: state why, as in `public(\"liveness probe\", handler)`"
            )),
            _ => None,
        }
    }

    fn demands(&self) -> Vec<Demand> {
        match &self.access {
            Access::Protected(operation) => operation.requirement.demands(),
            Access::Public(_) => Vec::new(),
        }
    }

    fn issuers(&self) -> Vec<&'static str> {
        self.demands().into_iter().filter_map(|demand| demand.parts().issuer).collect()
    }
}

/// Every route of a [`ProtectedRouter`](crate::ProtectedRouter) with its access.
///
/// `Display` writes one line for each route, sorted by path and method:
///
/// ```text
/// GET /items: items:read [src/items.rs:12]
/// POST /items: items:write and (role editor or check owns_shop) [src/items.rs:20]
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessTable {
    routes: Vec<AccessRow>,
}

impl AccessTable {
    /// Returns the routes in the order in which they were added to the router.
    pub fn routes(&self) -> impl Iterator<Item = &AccessRow> {
        self.routes.iter()
    }

    /// Returns the routes as a JSON array, sorted by path and method. Each route is an object with
    /// the members `method`, `path`, `access` (as `Display` writes the access), `name` (of the
    /// handler or policy), `file` and `line`. `file` and `line` give the location of the
    /// declaration; lines are counted from 1.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.sorted().into_iter().map(AccessRow::to_json).collect()
    }

    /// Returns the scopes that the routes demand, in the order of the routes, each once.
    pub(crate) fn scopes(&self) -> Vec<&'static str> {
        let mut scopes = Vec::new();
        for demand in self.routes.iter().flat_map(AccessRow::demands) {
            if let Some(entry) = demand.parts().scope
                && !scopes.contains(&entry.name)
            {
                scopes.push(entry.name);
            }
        }
        scopes
    }

    pub(super) fn into_routes(self) -> impl Iterator<Item = AccessRow> {
        self.routes.into_iter()
    }

    /// Returns the routes of this table with the prefix added to their paths.
    pub(super) fn into_routes_below(self, prefix: &str) -> impl Iterator<Item = AccessRow> {
        self.routes
            .into_iter()
            .map(move |route| AccessRow { path: below(prefix, &route.path), ..route })
    }

    /// Adds a route. Returns a problem text as an error if the table already has a route with the
    /// same method and path.
    pub(super) fn add(&mut self, route: AccessRow) -> Result<(), String> {
        let AccessRow { method, path, .. } = &route;
        if self.routes.iter().any(|known| known.method == *method && known.path == *path) {
            return Err(format!("`{method} {path}` is declared twice"));
        }
        self.routes.push(route);
        Ok(())
    }

    /// Compares the issuers in the requirements of all unchecked routes with the issuers of the
    /// server. Returns a problem text for each issuer that the server does not have.
    pub(super) fn check_issuers(&mut self, known: impl Fn(&str) -> bool) -> Vec<String> {
        let mut problems = Vec::new();
        for route in self.routes.iter_mut().filter(|route| !route.issuers_checked) {
            route.issuers_checked = true;
            for issuer in route.issuers().into_iter().filter(|issuer| !known(issuer)) {
                let AccessRow { method, path, .. } = route;
                problems.push(format!("`{method} {path}` names the unknown issuer `{issuer}`"));
            }
        }
        problems
    }

    /// Returns a problem text for each route that names an issuer before a call of `check_issuers`
    /// has checked the route.
    pub(super) fn unchecked_issuers(&self) -> impl Iterator<Item = String> {
        self.routes
            .iter()
            .filter(|route| !route.issuers_checked && !route.issuers().is_empty())
            .map(|AccessRow { method, path, .. }| {
                format!("`{method} {path}` names an issuer, which is checked against the state: call `with_state` first")
            })
    }

    pub(crate) fn sorted(&self) -> Vec<&AccessRow> {
        let mut routes: Vec<_> = self.routes.iter().collect();
        routes.sort_by_key(|route| (&route.path, route.method));
        routes
    }
}

impl AccessRow {
    fn to_json(&self) -> Value {
        let location = self.access.location();
        json!({
            "method": self.method,
            "path": self.path,
            "access": self.access.to_string(),
            "name": self.access.name(),
            "file": location.file(),
            "line": location.line(),
        })
    }
}

impl fmt::Display for AccessTable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut routes = self.sorted().into_iter();
        routes.try_for_each(|route| writeln!(formatter, "{route}"))
    }
}

impl fmt::Display for AccessRow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let location = self.access.location();
        let (file, line) = (location.file(), location.line());
        let Self { method, path, access, .. } = self;
        let row = format!("{method} {path}: {access} [{file}:{line}]");
        formatter.write_str(&one_line(&row))
    }
}
