//! The OpenAPI document of the routes of a router, and the routes that publish documents. Without
//! the feature `utoipa` the document of the routes is empty.

use std::sync::Arc;

#[cfg(feature = "utoipa")]
use ::utoipa::openapi::{OpenApi, Paths};

#[cfg(feature = "utoipa")]
use super::path_conflicts::below;
use super::table::AccessTable;

/// A route that publishes a document of the finished router.
pub(crate) trait Publication: Send + Sync {
    /// Completes the document and publishes it. Returns the problems of the document.
    fn publish(&self, table: &AccessTable, document: &Document) -> Vec<String>;
}

/// The document of the routes added so far. Without the feature `utoipa` the document is empty.
#[derive(Clone, Default)]
pub(crate) struct Document {
    #[cfg(feature = "utoipa")]
    pub(crate) openapi: OpenApi,
    publications: Vec<Arc<dyn Publication>>,
}

impl Document {
    /// Adds a route that publishes a document.
    #[cfg(feature = "openapi")]
    pub(crate) fn add(&mut self, publication: Arc<dyn Publication>) {
        self.publications.push(publication);
    }

    /// Publishes all documents. Returns the problems of the documents.
    pub(super) fn publish(&self, table: &AccessTable) -> Vec<String> {
        self.publications.iter().flat_map(|publication| publication.publish(table, self)).collect()
    }

    #[cfg_attr(not(feature = "utoipa"), allow(unused_variables, reason = "there are no paths"))]
    pub(super) fn nest(&mut self, path: &str, inner: Self) {
        #[cfg(feature = "utoipa")]
        let inner = {
            let mut inner = inner;
            let mut nested = Paths::new();
            for (inner_path, item) in std::mem::take(&mut inner.openapi.paths.paths) {
                nested.paths.insert(below(path, &inner_path), item);
            }
            inner.openapi.paths = nested;
            inner
        };
        self.merge(inner);
    }

    pub(super) fn merge(&mut self, other: Self) {
        #[cfg(feature = "utoipa")]
        self.openapi.merge(other.openapi);
        self.publications.extend(other.publications);
    }
}

#[cfg(feature = "utoipa")]
impl Document {
    /// Adds the operations of routes to the document. Replaces an existing operation with the same
    /// path and method.
    pub(super) fn route(&mut self, operations: OpenApi) {
        for (path, item) in &operations.paths.paths {
            if let Some(known) = self.openapi.paths.paths.get_mut(path) {
                let routed = [
                    (&mut known.get, &item.get),
                    (&mut known.put, &item.put),
                    (&mut known.post, &item.post),
                    (&mut known.delete, &item.delete),
                    (&mut known.options, &item.options),
                    (&mut known.head, &item.head),
                    (&mut known.patch, &item.patch),
                    (&mut known.trace, &item.trace),
                ];
                for (before, now) in routed {
                    *before = before.take().filter(|_| now.is_none());
                }
            }
        }
        self.openapi.merge(operations);
    }
}

#[cfg(feature = "utoipa")]
impl From<OpenApi> for Document {
    fn from(openapi: OpenApi) -> Self {
        Self { openapi, ..Self::default() }
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Document").finish_non_exhaustive()
    }
}
