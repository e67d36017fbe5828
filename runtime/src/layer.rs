//! Tower layers. [`ProtectedLayer`] applies a policy to services that are not handlers: a file server,
//! a GraphQL or MCP service, a third-party router. [`PrivateResponsesLayer`] keeps responses to
//! requests with a cookie out of shared caches.

mod private_responses;

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum_core::body::Body;
use axum_core::extract::Request;
use axum_core::response::{IntoResponse, Response};
use tower_layer::Layer;
use tower_service::Service;

pub use self::private_responses::{PrivateResponse, PrivateResponses, PrivateResponsesLayer};

use crate::check::CheckList;
use crate::extract::admit_to_service;
use crate::policy::Policy;
use crate::server::HasResourceServer;
#[cfg(feature = "router")]
use crate::server::ResourceServer;

/// A tower layer that passes a request to the inner service only if the token of the request
/// satisfies the policy `P`.
///
/// ```
/// use axum::{Router, routing::get};
/// use axum_protected::{Policy, ProtectedLayer, ResourceServer};
/// use axum_protected::policy::{Demand, Operation, Requirement};
///
/// enum ReadFiles {}
///
/// impl Policy for ReadFiles {
///     type Checks = ();
///     const OPERATION: Operation =
///         Operation::new("files", Requirement::One(Demand::Scope("files:read")));
/// }
///
/// # fn example(server: ResourceServer) {
/// let files: Router = Router::new()
///     .route("/", get(|| async { "not a declared handler" }))
///     .layer(ProtectedLayer::<ReadFiles, _>::new(server));
/// # }
/// ```
///
/// The policy applies to every request that reaches the layer, including requests that the inner
/// service answers with 404.
///
/// The inner service finds the verified token in the extensions of the request, for example a
/// GraphQL, MCP or gRPC service:
///
/// ```
/// use axum::extract::Request;
/// use axum_protected::AccessToken;
///
/// fn caller(request: &Request) -> Option<&str> {
///     request.extensions().get::<AccessToken>()?.subject()
/// }
/// ```
///
/// Extensions do not come from the network, so a client cannot forge this token. The layer replaces
/// a token that an outer layer inserted. The guard of a handler inserts no token, because a handler
/// extracts it.
///
/// Around the routes of a [`ProtectedRouter`](crate::ProtectedRouter), pass the layer to
/// [`guard`](crate::ProtectedRouter::guard) instead of `layer`. The access table, documents and
/// challenges then state the demands of the layer and of the handlers together.
pub struct ProtectedLayer<P, S> {
    state: S,
    policy: PhantomData<fn() -> P>,
}

impl<P, S> ProtectedLayer<P, S>
where
    P: Policy<Checks: CheckList<S>>,
    S: HasResourceServer,
{
    /// Creates a layer that takes the resource server, and the data for the policy's checks, from
    /// `state`.
    #[must_use]
    pub fn new(state: S) -> Self {
        Self { state, policy: PhantomData }
    }

    #[cfg(feature = "router")]
    pub(crate) fn resource_server(&self) -> &ResourceServer {
        self.state.resource_server()
    }
}

impl<P, S: Clone, T> Layer<T> for ProtectedLayer<P, S> {
    type Service = ProtectedService<P, S, T>;

    fn layer(&self, inner: T) -> Self::Service {
        ProtectedService { layer: self.clone(), inner }
    }
}

/// The service that a [`ProtectedLayer`] creates around an inner service.
pub struct ProtectedService<P, S, T> {
    layer: ProtectedLayer<P, S>,
    inner: T,
}

impl<P, S, T> Service<Request> for ProtectedService<P, S, T>
where
    P: Policy<Checks: CheckList<S>> + 'static,
    S: HasResourceServer + Clone + Send + Sync + 'static,
    T: Service<Request, Error = Infallible> + Clone + Send + 'static,
    T::Response: IntoResponse,
    T::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // The caller has polled `self.inner` until it was ready, but a clone of a ready service may
        // not be ready. Therefore the ready instance serves this request, and the clone is stored
        // in `self.inner`.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let state = self.layer.state.clone();
        Box::pin(async move {
            let (mut parts, body): (_, Body) = request.into_parts();
            if let Err(refusal) = admit_to_service::<P, S>(&mut parts, &state).await {
                return Ok(refusal.into_response());
            }
            let response = inner.call(Request::from_parts(parts, body)).await;
            response.map(IntoResponse::into_response)
        })
    }
}

impl<P, S: Clone> Clone for ProtectedLayer<P, S> {
    fn clone(&self) -> Self {
        Self { state: self.state.clone(), policy: PhantomData }
    }
}

impl<P, S: Clone, T: Clone> Clone for ProtectedService<P, S, T> {
    fn clone(&self) -> Self {
        Self { layer: self.layer.clone(), inner: self.inner.clone() }
    }
}

impl<P, S> fmt::Debug for ProtectedLayer<P, S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ProtectedLayer").finish_non_exhaustive()
    }
}

impl<P, S, T> fmt::Debug for ProtectedService<P, S, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ProtectedService").finish_non_exhaustive()
    }
}
