//! Middleware around declared routes.

use std::convert::Infallible;

use axum::routing::Route;
use axum_core::extract::Request;
use axum_core::response::IntoResponse;
use tower_layer::Layer;
use tower_service::Service;

use super::ProtectedRouter;

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Wraps every route added so far and the fallback in a layer, like [`axum::Router::layer`].
    #[must_use]
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.fallback = self.fallback.map(|router| router.layer(layer.clone()));
        self.router = self.router.layer(layer);
        self
    }

    /// Wraps every route added so far in a layer, like [`axum::Router::route_layer`].
    #[must_use]
    pub fn route_layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        if self.router.has_routes() {
            self.router = self.router.route_layer(layer);
        } else {
            // `axum::Router::route_layer` panics if the router has no routes, because such a layer
            // has no effect.
            let problem = "`route_layer` is called before any route is added: add routes first";
            self.problems.push(problem.to_owned());
        }
        self
    }
}
