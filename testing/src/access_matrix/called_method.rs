//! The method with which the access matrix calls a route.

use axum_protected::router::{AccessRow, AccessTable};

const METHODS: [&str; 6] = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

/// Returns the method to call a route with. For a route with the method `*`, returns the first
/// method for which the path has no separate route.
pub(super) fn method_to_call(route: &AccessRow, table: &AccessTable) -> &'static str {
    match route.method {
        "*" => METHODS
            .into_iter()
            .find(|method| {
                !table.routes().any(|other| other.path == route.path && other.method == *method)
            })
            .unwrap_or("QUERY"),
        method => method,
    }
}
