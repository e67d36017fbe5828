//! Adds the access of the routes in an access table to an OpenAPI document.

use serde_json::{Map, Value};

use super::DocumentMismatch;
use super::guarded_route::describe_route;
use super::json_document::METHODS;
use crate::router::{Access, AccessRow, AccessTable};

impl AccessTable {
    /// Adds the access of each operation to an OpenAPI document. Changes the `security`, the
    /// description, the responses and the extension `x-access` of each operation. Call
    /// [`OpenApiSecurity::apply_to`](crate::openapi::OpenApiSecurity::apply_to) afterwards to set
    /// the names of the security schemes.
    ///
    /// ```
    /// # use axum_protected::router::AccessTable;
    /// # fn example(table: &AccessTable, document: &mut serde_json::Value) {
    /// if let Err(mismatch) = table.describe(document) {
    ///     panic!("{mismatch}");
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the routes that the document lacks, the operations that the table lacks, and the
    /// operations whose `security` differed from the table. Adds the access to every operation that
    /// has a route in the table, even if it returns an error. A route of
    /// [`openapi_route`](crate::ProtectedRouter::openapi_route) need not be in the document.
    pub fn describe(&self, document: &mut Value) -> Result<(), DocumentMismatch> {
        let mut mismatch = DocumentMismatch::default();
        let paths = document.get_mut("paths").and_then(Value::as_object_mut);
        for (path, item) in paths.into_iter().flatten() {
            for (method, operation) in item.as_object_mut().into_iter().flat_map(operations) {
                self.describe_one(path, method, operation, &mut mismatch);
            }
        }
        let described = |route: &&AccessRow| !is_open_ended(route) && !route.is_document;
        for route in self.routes().filter(described) {
            if !has(document, route) {
                let AccessRow { method, path, .. } = route;
                mismatch.undocumented.push(format!("{method} {path}"));
            }
        }
        mismatch.unless_empty()
    }

    fn describe_one(
        &self,
        path: &str,
        method: &str,
        operation: &mut Map<String, Value>,
        mismatch: &mut DocumentMismatch,
    ) {
        let name = || format!("{} {path}", method.to_uppercase());
        match self.route_of(path, method) {
            None => mismatch.undeclared.push(name()),
            Some(route) => {
                if !describe_route(operation, route) {
                    mismatch.contradicting.push(name());
                }
            }
        }
    }

    /// Returns the route that the requests of an operation reach. A route for the HTTP method
    /// precedes a route for all methods. Both precede a service or fallback, of which the one with
    /// the longest path is selected.
    pub(super) fn route_of(&self, path: &str, method: &str) -> Option<&AccessRow> {
        let at = |wanted: &str| {
            self.routes().find(|route| {
                let is_method = route.method.eq_ignore_ascii_case(wanted);
                is_method && !is_open_ended(route) && template(&route.path) == template(path)
            })
        };
        let by_get = at("get").filter(|_| method == "head");
        // This search excludes the fallback of the root router, because the fallback gets the
        // requests that match no operation.
        let below = self.routes().filter(|route| !is_unknown(route)).filter(|route| {
            route
                .path
                .strip_suffix("/*")
                .is_some_and(|prefix| !prefix.is_empty() && is_below(path, &template(prefix)))
        });
        let exact = at(method).or(by_get).or_else(|| at("*"));
        // The router responds with 405 to the other methods of a path that has a route; these
        // requests reach no service or fallback.
        let is_routed = self
            .routes()
            .any(|route| !is_open_ended(route) && template(&route.path) == template(path));
        exact.or_else(|| below.max_by_key(|route| route.path.len()).filter(|_| !is_routed))
    }
}

fn operations(
    item: &mut Map<String, Value>,
) -> impl Iterator<Item = (&str, &mut Map<String, Value>)> {
    item.iter_mut().filter_map(|(name, operation)| {
        let is_method = METHODS.contains(&name.as_str());
        let operation = operation.as_object_mut().filter(|_| is_method)?;
        Some((name.as_str(), operation))
    })
}

/// Returns true if the row is a service or a fallback. A document may omit the operations of a
/// service or a fallback.
fn is_open_ended(route: &AccessRow) -> bool {
    route.path.ends_with("/*")
}

/// Returns true if the row stands for the unknown routes of a function. Documents may describe these
/// routes, but their access is not known.
fn is_unknown(route: &AccessRow) -> bool {
    matches!(route.access, Access::Unknown(_))
}

fn has(document: &Value, route: &AccessRow) -> bool {
    let paths = document.get("paths").and_then(Value::as_object);
    let mut same = paths.into_iter().flatten().filter_map(|(path, item)| {
        (template(path) == template(&route.path)).then(|| item.as_object()).flatten()
    });
    let method = route.method.to_ascii_lowercase();
    same.any(|item| match method.as_str() {
        "*" => METHODS.iter().any(|method| item.contains_key(*method)),
        // This function returns true for `CONNECT`, because OpenAPI cannot describe this method.
        "connect" => true,
        method => item.contains_key(method),
    })
}

/// Removes the names of parameters from a path, because documents and routes may use different
/// names. Replaces `{{` and `}}` by single braces.
fn template(path: &str) -> String {
    let mut template = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        template.push_str(before);
        if let Some(literal) = after.strip_prefix('{') {
            template.push('{');
            rest = literal;
        } else {
            template.push_str("{}");
            rest = after.split_once('}').map_or("", |(_, rest)| rest);
        }
    }
    template.push_str(&rest.replace("}}", "}"));
    template
}

fn is_below(path: &str, prefix: &str) -> bool {
    template(path).strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
