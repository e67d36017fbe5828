//! Tower services whose access the wrappers declare. A service becomes a handler, because only a
//! handler gets the state in which the guard finds the server.

use std::any::TypeId;
use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;

use axum::Router;
use axum::handler::Handler;
use axum_core::extract::Request;
use axum_core::response::{IntoResponse, Response};
use tower_service::Service;

use super::declared_handler::DeclaredHandler;
use super::declared_handler::sealed::Seal;
use super::state_server::GuardFor;
use super::wrapper::{ByWrapper, WithAccess};

/// A tower service in [`public`](fn@crate::public) or [`protected`](fn@crate::protected), for a
/// router with the state `S`.
///
/// The service has the bounds that the functions of axum require. The trait is sealed.
#[diagnostic::on_unimplemented(
    message = "the service `{Self}` does not declare who may call it",
    label = "wrap this service: `protected(Policy, service)` or `public(\"reason\", service)`",
    note = "a handler is not a service: use the function for handlers, such as `get(handler)` or `fallback(handler)`"
)]
pub trait DeclaredService<S> {
    /// The service as a handler behind its guard.
    #[doc(hidden)]
    type Handler: DeclaredHandler<ByWrapper, Guard: GuardFor<S>> + Handler<ServiceRequest, S>;

    /// True if the service is an [`axum::Router`].
    #[doc(hidden)]
    fn is_router(&self, _: Seal) -> bool;

    #[doc(hidden)]
    fn into_handler(self, _: Seal) -> Self::Handler;
}

impl<G, T, S> DeclaredService<S> for WithAccess<G, T>
where
    T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
    T::Response: IntoResponse,
    T::Future: Send + 'static,
    G: GuardFor<S>,
    WithAccess<G, ServiceHandler<T>>: Handler<ServiceRequest, S>,
{
    type Handler = WithAccess<G, ServiceHandler<T>>;

    fn is_router(&self, _: Seal) -> bool {
        TypeId::of::<T>() == TypeId::of::<Router>()
    }

    fn into_handler(self, _: Seal) -> Self::Handler {
        self.map(ServiceHandler)
    }
}

/// A tower service as a handler.
#[allow(unnameable_types, missing_debug_implementations, reason = "hidden in `DeclaredService`")]
#[derive(Clone)]
pub struct ServiceHandler<T>(T);

/// The type that stands in place of the extractors of a [`ServiceHandler`].
#[allow(unnameable_types, missing_debug_implementations, reason = "hidden in `DeclaredService`")]
pub enum ServiceRequest {}

#[diagnostic::do_not_recommend]
impl<T, S> Handler<ServiceRequest, S> for ServiceHandler<T>
where
    T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
    T::Response: IntoResponse,
    T::Future: Send + 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, _: S) -> Self::Future {
        Box::pin(call(self.0, request))
    }
}

/// Waits until the service is ready, and then calls the service. Cannot fail, because the error
/// type of the service is [`Infallible`].
async fn call<T>(mut service: T, request: Request) -> Response
where
    T: Service<Request, Error = Infallible>,
    T::Response: IntoResponse,
{
    let response = match poll_fn(|context| service.poll_ready(context)).await {
        Ok(()) => service.call(request).await,
        Err(never) => Err(never),
    };
    match response {
        Ok(response) => response.into_response(),
        Err(never) => match never {},
    }
}
