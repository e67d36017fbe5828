//! The OpenAPI document that grows with the routes, where somebody writes one.

#[cfg(feature = "utoipa")]
use ::utoipa::openapi::{OpenApi, Paths};

#[cfg(feature = "utoipa")]
use super::paths::below;

/// The operations so far; nothing without the feature `utoipa`.
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
