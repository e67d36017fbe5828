//! Routes to services that are not handlers. The call that adds such a route declares the access of
//! the service.

use std::convert::Infallible;
use std::future::poll_fn;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodRouter, any};
use axum_core::extract::Request;
use axum_core::response::{IntoResponse, Response};
use tower_service::Service;

use super::ProtectedRouter;
use super::access_row::AccessRow;
use super::declared_handler::Access;
use super::path_conflicts::nestable;
use crate::check::CheckList;
use crate::extract::Authorized;
use crate::policy::{Policy, PublicOperation};
use crate::server::HasResourceServer;

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Nests a service under a path and protects it with the policy `P`. The service may be a file
    /// server, or the router of another crate that already has its state. A service under `/` gets
    /// the requests that match no route.
    #[must_use]
    pub fn protected_service<P, T>(mut self, path: &str, service: T) -> Self
    where
        P: Policy<Checks: CheckList<S>> + 'static,
        S: HasResourceServer,
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send,
    {
        self.find_server = self.find_server.or(Some(S::resource_server));
        self.service(
            path,
            Access::Protected(P::OPERATION),
            move |_: Authorized<P>, request: Request| call(service.clone(), request),
        )
    }

    /// Nests a service under a path and allows all callers to use it, for the given reason. A
    /// service under `/` gets the requests that match no route.
    #[must_use]
    #[track_caller]
    pub fn public_service<T>(self, path: &str, reason: &'static str, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send,
    {
        let access = Access::Public(PublicOperation::new("a service", reason));
        self.service(path, access, move |request: Request| call(service.clone(), request))
    }

    fn service<H, T>(mut self, path: &str, access: Access, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        if path == "/" {
            return self.set_fallback(access, handler);
        }
        let claim = nestable(path).and_then(|()| {
            ["", "/", "/{*rest}"]
                .into_iter()
                .try_for_each(|end| self.paths.claim(&format!("{path}{end}"), "*"))
        });
        if self.declare([claim], [AccessRow::everything_below(path, access)]) {
            self.router = nest_service(self.router, path, any(handler));
        }
        self
    }
}

/// Routes the path itself, the path with a trailing slash, and all paths below it to the service.
/// Uses routes and not a fallback of an inner router: if this router is later nested and has no
/// fallback itself, axum discards the fallback of the inner router.
fn nest_service<S>(router: Router<S>, path: &str, service: MethodRouter<S>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let below = Router::new().route("/", service.clone()).route("/{*rest}", service.clone());
    let slash = Router::new().route("/", service);
    router.nest(path, below).nest(&format!("{path}/"), slash)
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
