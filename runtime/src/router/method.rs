//! The methods of one path, each with a handler that says who may call it.

use std::fmt;

use axum::routing::{MethodFilter, MethodRouter};

use super::declared::{Access, DeclaredHandler};
use super::table::MethodRoute;

/// An [`axum::routing::MethodRouter`] of declared handlers; made by the functions of
/// [`routing`](crate::routing) and continued by their namesakes here.
#[must_use = "it does nothing before it is given to a router"]
pub struct ProtectedMethodRouter<S = ()> {
    methods: MethodRouter<S>,
    routes: Vec<MethodRoute>,
}

impl<S> ProtectedMethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    pub(super) fn empty() -> Self {
        Self {
            methods: MethodRouter::new(),
            routes: Vec::new(),
        }
    }

    pub(super) fn on<H, T>(mut self, method: &'static str, filter: MethodFilter, handler: H) -> Self
    where
        H: DeclaredHandler<T, S>,
        T: 'static,
    {
        let taken = self.routes.iter().any(|route| route.method == method);
        self.note(method, H::ACCESS);
        // axum panics at the second handler of a method; the table tells it instead.
        if !taken {
            self.methods = self.methods.on(filter, handler);
        }
        self
    }

    fn note(&mut self, method: &'static str, access: Access) {
        self.routes.push(MethodRoute { method, access });
    }

    pub(super) fn into_parts(self) -> (MethodRouter<S>, Vec<MethodRoute>) {
        (self.methods, self.routes)
    }
}

impl<S> fmt::Debug for ProtectedMethodRouter<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ProtectedMethodRouter")
            .field("routes", &self.routes)
            .finish_non_exhaustive()
    }
}
