//! One row of an access table.

use std::fmt;

use serde_json::{Value, json};

use super::combined_operation::combine;
use super::declared_handler::Access;
use super::path_conflicts::below;
use super::unknown_access::UnknownAccess;
use crate::policy::display::one_line;
use crate::policy::{Demand, Operation};

/// The text that follows the access of a page.
pub(super) const PAGE: &str = ", page";

/// One route and its access.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessRow {
    /// The HTTP method of the route. `*` stands for every HTTP method that has no route of its own
    /// at this path. `?` stands for the unknown routes of a function that was called by
    /// [`map_router`](crate::ProtectedRouter::map_router).
    pub method: &'static str,
    /// The path in axum's syntax. A path that ends in `/*` stands for all paths below its prefix
    /// that no other route matches.
    pub path: String,
    /// The access of the route: the access that the handler declares, together with the demands of
    /// the guards in front of it.
    pub access: Access,
    /// The access that the handler declares itself.
    declared: Access,
    /// The operations of the [guards](crate::ProtectedRouter::guard) in front of the route. The
    /// outermost guard is the first.
    guards: Vec<Operation>,
    /// The issuers in the requirement that `check_issuers` has not compared with the issuers of a
    /// server.
    unchecked_issuers: Vec<&'static str>,
    /// The path that stands for `path` in snapshots, if `path` was computed when the program started.
    pattern: Option<String>,
    /// True if the route serves an OpenAPI document, which need not describe the route itself.
    pub(crate) is_document: bool,
}

impl AccessRow {
    pub(super) fn new(method: &'static str, path: &str, access: Access) -> Self {
        let unchecked_issuers = match &access {
            Access::Protected(operation) => operation.requirement.issuers(),
            Access::Public(_) | Access::Unknown(_) => Vec::new(),
        };
        Self {
            method,
            path: path.to_owned(),
            access,
            declared: access,
            guards: Vec::new(),
            unchecked_issuers,
            pattern: None,
            is_document: false,
        }
    }

    /// Returns the row of a route with a computed path. The pattern stands for the path in
    /// snapshots.
    pub(super) fn with_pattern(self, pattern: Option<&str>) -> Self {
        Self { pattern: pattern.map(str::to_owned), ..self }
    }

    /// Creates the row for all paths that begin with this prefix and that no other route matches.
    pub(super) fn everything_below(prefix: &str, access: Access) -> Self {
        Self::new("*", &below(prefix, "/*"), access)
    }

    /// Creates the row for the routes and layers that a function adds to an [`axum::Router`].
    pub(super) fn unknown(access: UnknownAccess) -> Self {
        Self::new("?", "/*", Access::Unknown(access))
    }

    /// Returns the row of the same route in a router that is nested at this path.
    pub(super) fn nested(self, prefix: &str) -> Self {
        let pattern = self.pattern.map(|pattern| below(prefix, &pattern));
        Self { path: below(prefix, &self.path), pattern, ..self }
    }

    /// Returns true if both rows stand for the same requests.
    pub(super) fn is_same_route(&self, other: &Self) -> bool {
        let routes = [self, other].map(|row| (row.method, &row.path, row.unknown_reason()));
        routes.windows(2).all(|pair| pair.first() == pair.last())
    }

    /// Returns a problem text if the access needs a reason and the reason is empty.
    pub(super) fn empty_reason(&self) -> Option<String> {
        let Self { method, path, access, .. } = self;
        match access {
            Access::Public(operation) if operation.reason.trim().is_empty() => Some(format!(
                "`{method} {path}` is public for an empty reason: state why, as in `public(\"liveness probe\", handler)`"
            )),
            Access::Unknown(unknown) if unknown.reason.trim().is_empty() => Some(
                "`map_router` is called for an empty reason: state why, as in `map_router(\"sessions\", change)`".to_owned()
            ),
            Access::Public(_) | Access::Protected(_) | Access::Unknown(_) => None,
        }
    }

    fn unknown_reason(&self) -> Option<&'static str> {
        match &self.access {
            Access::Unknown(unknown) => Some(unknown.reason),
            Access::Protected(_) | Access::Public(_) => None,
        }
    }

    /// Adds the demands of a guard in front of the route and of all guards before.
    pub(super) fn guard(&mut self, operation: &Operation) {
        self.guards.insert(0, *operation);
        let combined = *self.combine(&self.parts());
        self.access = match self.declared {
            Access::Unknown(unknown) => {
                Access::Unknown(UnknownAccess { guard: Some(combined), ..unknown })
            }
            Access::Protected(_) | Access::Public(_) => Access::Protected(combined),
        };
    }

    /// Records that the issuers in this requirement are compared with the issuers of a server
    /// later.
    pub(super) fn check_later(&mut self, operation: &Operation) {
        self.unchecked_issuers.extend(operation.requirement.issuers());
    }

    /// Returns the operation that combines the guards of the route and the handler. Returns `None`
    /// if no guard is in front of the route.
    pub(super) fn combination(&self) -> Option<(&'static Operation, Vec<Operation>)> {
        (!self.guards.is_empty()).then(|| {
            let parts = self.parts();
            (self.combine(&parts), parts)
        })
    }

    fn combine(&self, parts: &[Operation]) -> &'static Operation {
        combine(self.declared.name(), self.declared.location(), parts)
    }

    fn parts(&self) -> Vec<Operation> {
        let own = match self.declared {
            Access::Protected(operation) => Some(operation),
            Access::Public(_) | Access::Unknown(_) => None,
        };
        self.guards.iter().copied().chain(own).collect()
    }

    /// Returns the access that the handler declares, if a guard in front of the route adds a
    /// demand.
    #[cfg(feature = "openapi")]
    pub(crate) fn access_without_guards(&self) -> Option<&Access> {
        (!self.guards.is_empty()).then_some(&self.declared)
    }

    pub(super) fn demands(&self) -> Vec<Demand> {
        match &self.access {
            Access::Protected(operation)
            | Access::Unknown(UnknownAccess { guard: Some(operation), .. }) => {
                operation.requirement.demands()
            }
            Access::Public(_) | Access::Unknown(_) => Vec::new(),
        }
    }

    /// Returns the row of another method at the path of this route, with the same pattern.
    pub(super) fn with_method(&self, method: &'static str, access: Access) -> Self {
        Self::new(method, &self.path, access).with_pattern(self.pattern())
    }

    pub(super) fn pattern(&self) -> Option<&str> {
        self.pattern.as_deref()
    }

    pub(super) fn unchecked_issuers(&self) -> &[&'static str] {
        &self.unchecked_issuers
    }

    /// Returns the issuers that have not been compared with the issuers of a server, and forgets
    /// them.
    pub(super) fn take_unchecked_issuers(&mut self) -> Vec<&'static str> {
        std::mem::take(&mut self.unchecked_issuers)
    }

    /// Returns true if the route shows a page: it admits a cookie also if a link on another site led
    /// to the route. See the [pages](macro@crate::protected#pages) of `#[protected]`.
    ///
    /// The handler and all guards in front of it decide together. A guard decides for a handler with
    /// `#[public]`, which needs no token, and for routes that are not known. A route for a method
    /// other than `GET` is not a page, because such a request is not a link.
    #[must_use]
    pub fn is_page(&self) -> bool {
        let handler_is_page = match &self.declared {
            Access::Protected(operation) => operation.is_page,
            Access::Public(operation) => operation.is_page || !self.guards.is_empty(),
            Access::Unknown(_) => !self.guards.is_empty(),
        };
        matches!(self.method, "GET" | "*" | "?")
            && handler_is_page
            && self.guards.iter().all(|guard| guard.is_page)
    }

    pub(super) fn to_json(&self) -> Value {
        let location = self.access.location();
        json!({
            "method": self.method,
            "path": self.path,
            "access": self.access.to_string(),
            "page": self.is_page(),
            "name": self.access.name(),
            "file": location.file(),
            "line": location.line(),
        })
    }
}

impl fmt::Display for AccessRow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let location = self.access.location();
        let (file, line) = (location.file(), location.line());
        let Self { method, path, access, .. } = self;
        let page = if self.is_page() { PAGE } else { "" };
        let row = format!("{method} {path}: {access}{page} [{file}:{line}]");
        formatter.write_str(&one_line(&row))
    }
}
