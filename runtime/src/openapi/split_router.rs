//! The OpenAPI document of a [`ProtectedRouter`] whose routes have descriptions by utoipa.

use axum::Router;
use serde_json::Value;
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::{Operation, PathItem};

use super::guarded_route::describe_route;
use crate::router::{AccessRow, AccessTable, ProtectedRouter, RouterError};

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Returns the finished router and its OpenAPI document. An operation behind a
    /// [`guard`](Self::guard) has the demands of the guard and of its handler.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`into_router`](Self::into_router).
    pub fn split_for_parts(self) -> Result<(Router<S>, OpenApi), RouterError> {
        let openapi = with_guards(self.document().openapi.clone(), self.access_table());
        Ok((self.into_router()?, openapi))
    }
}

/// Adds the demands of guards to the operations of a document.
pub(super) fn with_guards(mut openapi: OpenApi, table: &AccessTable) -> OpenApi {
    for (path, item) in &mut openapi.paths.paths {
        for (method, operation) in operations(item) {
            let route = table.route_of(path, method);
            if let Some(route) = route.filter(|route| route.access_without_guards().is_some()) {
                add_guards(operation, route);
            }
        }
    }
    openapi
}

fn add_guards(operation: &mut Operation, route: &AccessRow) {
    // The conversions cannot fail, because utoipa reads the operations that it writes. After an
    // error, this code would leave the operation unchanged.
    if let Ok(Value::Object(mut object)) = serde_json::to_value(&*operation) {
        describe_route(&mut object, route);
        if let Ok(described) = serde_json::from_value(Value::Object(object)) {
            *operation = described;
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let PathItem { get, put, post, delete, options, head, patch, trace, .. } = item;
    let all = [
        ("get", get),
        ("put", put),
        ("post", post),
        ("delete", delete),
        ("options", options),
        ("head", head),
        ("patch", patch),
        ("trace", trace),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}
