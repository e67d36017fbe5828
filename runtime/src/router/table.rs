//! The access table of a router: the access of every route as a value, as text and as JSON.

use std::fmt;

use serde_json::Value;

use super::access_row::AccessRow;
use crate::policy::Operation;

/// Every route of a [`ProtectedRouter`](crate::ProtectedRouter) with its access.
///
/// `Display` writes one line for each route, sorted by path and method:
///
/// ```text
/// GET /items: items:read [src/items.rs:12]
/// POST /items: items:write and (role editor or check owns_shop) [src/items.rs:20]
/// GET /print: items:read, page [src/print.rs:7]
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
    /// the members `method`, `path`, `access` (as `Display` writes the access), `page` (true if the
    /// route [shows a page](AccessRow::is_page)), `name` (of the handler or policy), `file` and
    /// `line`. `file` and `line` give the location of the declaration; lines are counted from 1.
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

    /// Returns the types of authorization details that the routes demand, in the order of the
    /// routes.
    pub(crate) fn details_types(&self) -> impl Iterator<Item = &'static str> {
        let demands = self.routes.iter().flat_map(AccessRow::demands);
        demands.filter_map(|demand| Some(demand.parts().details?.kind()))
    }

    pub(super) fn into_routes(self) -> impl Iterator<Item = AccessRow> {
        self.routes.into_iter()
    }

    /// Returns the routes of this table with the prefix added to their paths.
    pub(super) fn into_routes_below(self, prefix: &str) -> impl Iterator<Item = AccessRow> {
        self.routes.into_iter().map(move |route| route.nested(prefix))
    }

    /// Returns the route with this method and path.
    pub(super) fn route(&self, method: &str, path: &str) -> Option<&AccessRow> {
        self.routes.iter().find(|route| route.method == method && route.path == path)
    }

    /// Returns a route with this path.
    pub(super) fn at(&self, path: &str) -> Option<&AccessRow> {
        self.routes.iter().find(|route| route.path == path)
    }

    /// Adds a route. Returns a problem text as an error if the table already has a route with the
    /// same method and path.
    pub(super) fn add(&mut self, route: AccessRow) -> Result<(), String> {
        if self.routes.iter().any(|known| known.is_same_route(&route)) {
            let AccessRow { method, path, .. } = &route;
            return Err(format!("`{method} {path}` is declared twice"));
        }
        self.routes.push(route);
        Ok(())
    }

    /// Records that the routes with this path serve an OpenAPI document.
    #[cfg(feature = "openapi")]
    pub(crate) fn mark_document(&mut self, path: &str) {
        for route in self.routes.iter_mut().filter(|route| route.path == path) {
            route.is_document = true;
        }
    }

    /// Adds the demand of a guard to every route.
    pub(super) fn guard(&mut self, operation: &Operation) {
        self.routes.iter_mut().for_each(|route| route.guard(operation));
    }

    /// Records that the issuers in the requirement of a guard are compared with the issuers of the
    /// server later.
    pub(super) fn check_later(&mut self, operation: &Operation) {
        self.routes.iter_mut().for_each(|route| route.check_later(operation));
    }

    /// Compares the issuers in the requirements of all unchecked routes with the issuers of the
    /// server. Returns a problem text for each issuer that the server does not have.
    pub(super) fn check_issuers(&mut self, known: impl Fn(&str) -> bool) -> Vec<String> {
        let mut problems = Vec::new();
        for route in &mut self.routes {
            let unchecked = route.take_unchecked_issuers();
            for issuer in unchecked.into_iter().filter(|issuer| !known(issuer)) {
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
            .filter(|route| !route.unchecked_issuers().is_empty())
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

impl fmt::Display for AccessTable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut routes = self.sorted().into_iter();
        routes.try_for_each(|route| writeln!(formatter, "{route}"))
    }
}
