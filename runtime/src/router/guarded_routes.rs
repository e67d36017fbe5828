//! The routes behind a guard, with the combined operation of each.

use http::Method;

use super::path_conflicts::{Paths, SERVICE_TAIL};
use super::table::AccessTable;
use crate::extract::guarded_request::RouteOperations;
use crate::policy::Operation;

/// The combined operations of the routes behind a guard, by the paths of requests.
#[derive(Default)]
pub(super) struct GuardedRoutes {
    routes: matchit::Router<Vec<GuardedRoute>>,
    fallbacks: matchit::Router<GuardedRoute>,
}

#[derive(Clone)]
struct GuardedRoute {
    method: &'static str,
    /// The operation that combines the guards and the handler of the route.
    operation: &'static Operation,
    /// The operations of the guards and of the handler.
    parts: Vec<Operation>,
}

impl GuardedRoutes {
    pub(super) fn new(paths: &Paths, table: &AccessTable) -> Self {
        let mut guarded = Self::default();
        for (path, methods) in paths.routes() {
            let routes = methods.iter().filter_map(|method| route(table, method, path)).collect();
            // The insertion cannot fail, because `Paths` accepted the same paths.
            let _ = guarded.routes.insert(path, routes);
        }
        for prefix in paths.fallbacks() {
            guarded.add_fallback(prefix, table);
        }
        guarded
    }

    /// Returns the routes that consist only of the fallback of the router itself.
    pub(super) fn fallback(table: &AccessTable) -> Self {
        let mut guarded = Self::default();
        guarded.add_fallback("", table);
        guarded
    }

    fn add_fallback(&mut self, prefix: &str, table: &AccessTable) {
        if let Some(route) = row(table, "*", &format!("{prefix}/*")) {
            for end in ["", "/", "/{*rest}"] {
                let path = format!("{prefix}{end}");
                if !path.is_empty() {
                    let _ = self.fallbacks.insert(path, route.clone());
                }
            }
        }
    }

    fn find(&self, method: &str, path: &str) -> Option<&GuardedRoute> {
        match self.routes.at(path) {
            Ok(found) => {
                let of = |wanted| found.value.iter().find(|route| route.method == wanted);
                of(method).or_else(|| of("GET").filter(|_| method == "HEAD")).or_else(|| of("*"))
            }
            Err(_) => self.fallbacks.at(path).ok().map(|found| found.value),
        }
    }
}

/// Returns the route that a router has at this path. The table has one row for the three paths of a
/// service: the path itself, the path with a slash at the end, and everything below.
fn route(table: &AccessTable, method: &'static str, path: &str) -> Option<GuardedRoute> {
    row(table, method, path).or_else(|| {
        let prefix = path.strip_suffix(SERVICE_TAIL).or_else(|| path.strip_suffix('/'));
        row(table, method, &format!("{}/*", prefix.unwrap_or(path)))
    })
}

fn row(table: &AccessTable, method: &'static str, path: &str) -> Option<GuardedRoute> {
    let (operation, parts) = table.route(method, path)?.combination()?;
    Some(GuardedRoute { method, operation, parts })
}

impl RouteOperations for GuardedRoutes {
    fn combination(
        &self,
        method: &Method,
        path: &str,
        part: &Operation,
    ) -> Option<&'static Operation> {
        let route = self.find(method.as_str(), path)?;
        route.parts.contains(part).then_some(route.operation)
    }
}
