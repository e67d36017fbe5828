//! Who may call what: every route of a router, as a value, as text and as JSON.

use std::fmt;

use serde_json::{Value, json};

use super::declared_handler::Access;
use super::paths::below;
use crate::policy::display::one_line;

/// One route.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessRow {
    /// The HTTP method; `*` is every method that has no route of its own.
    pub method: &'static str,
    /// The path, as axum's router takes it; with `/*` at its end all that no other route is for.
    pub path: String,
    /// Who may call it.
    pub access: Access,
    /// The server that it was given knows its issuers.
    issuers_checked: bool,
}

impl AccessRow {
    pub(super) fn new(method: &'static str, path: &str, access: Access) -> Self {
        Self { method, path: path.to_owned(), access, issuers_checked: false }
    }

    /// Whatever no other route below a path is for.
    pub(super) fn everything_below(prefix: &str, access: Access) -> Self {
        Self::new("*", &below(prefix, "/*"), access)
    }

    fn issuers(&self) -> Vec<&'static str> {
        let Access::Protected(operation) = &self.access else {
            return Vec::new();
        };
        let demands = operation.requirement.demands().into_iter();
        demands.filter_map(|demand| demand.parts().issuer).collect()
    }
}

/// Every route of a [`ProtectedRouter`](crate::ProtectedRouter) with what it says.
///
/// `Display` is a page for a review, sorted by path and method, a line a route:
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
    /// The routes, in the order they were added.
    pub fn routes(&self) -> impl Iterator<Item = &AccessRow> {
        self.routes.iter()
    }

    /// The routes as a JSON array, sorted by path and method: objects with `method`, `path`,
    /// `access` in words, `name` of the handler or policy, and the `file` and `line` (from 1) of
    /// the declaration.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.sorted().into_iter().map(AccessRow::to_json).collect()
    }

    pub(super) fn into_routes(self) -> impl Iterator<Item = AccessRow> {
        self.routes.into_iter()
    }

    /// The routes of a router that is nested under this path.
    pub(super) fn into_routes_below(self, prefix: &str) -> impl Iterator<Item = AccessRow> {
        self.routes
            .into_iter()
            .map(move |route| AccessRow { path: below(prefix, &route.path), ..route })
    }

    /// Adds a route, unless there is one already.
    pub(super) fn add(&mut self, route: AccessRow) -> Result<(), String> {
        let AccessRow { method, path, .. } = &route;
        let same = |known: &AccessRow| known.method == *method && known.path == *path;
        if self.routes.iter().any(same) {
            return Err(format!("`{method} {path}` is declared twice"));
        }
        self.routes.push(route);
        Ok(())
    }

    /// The issuers that routes name and this server does not have; it will serve them now.
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

    /// The routes that name issuers and were never given a server.
    pub(super) fn unchecked_issuers(&self) -> impl Iterator<Item = String> {
        let unsettled = |route: &&AccessRow| !route.issuers_checked && !route.issuers().is_empty();
        self.routes.iter().filter(unsettled).map(|AccessRow { method, path, .. }| {
            format!("`{method} {path}` names an issuer: give the router its state first, with `with_state`")
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
