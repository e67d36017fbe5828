//! The OpenAPI document of the routes of a router. Without the feature `utoipa` the document is
//! empty.

#[cfg(feature = "utoipa")]
use ::utoipa::openapi::{OpenApi, Paths};

#[cfg(feature = "utoipa")]
use super::path_conflicts::below;

/// The document of the routes added so far. Without the feature `utoipa` this struct has no fields.
#[derive(Clone, Default)]
pub(super) struct Document {
    #[cfg(feature = "utoipa")]
    pub(super) openapi: OpenApi,
}

#[cfg(feature = "utoipa")]
impl Document {
    pub(super) fn nest(&mut self, path: &str, mut inner: Self) {
        let mut nested = Paths::new();
        for (inner_path, item) in std::mem::take(&mut inner.openapi.paths.paths) {
            nested.paths.insert(below(path, &inner_path), item);
        }
        inner.openapi.paths = nested;
        self.merge(inner);
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.openapi.merge(other.openapi);
    }

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

#[cfg(not(feature = "utoipa"))]
#[allow(clippy::unused_self, reason = "there is no document")]
impl Document {
    pub(super) fn nest(&mut self, _: &str, _: Self) {}

    pub(super) fn merge(&mut self, _: Self) {}
}

impl std::fmt::Debug for Document {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Document").finish_non_exhaustive()
    }
}
