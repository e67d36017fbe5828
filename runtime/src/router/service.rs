//! Routes to what is not a handler: its access is stated beside it.

use std::convert::Infallible;
use std::future::poll_fn;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodRouter, any};
use axum_core::extract::Request;
use axum_core::response::{IntoResponse, Response};
use tower_service::Service;

use super::ProtectedRouter;
use super::declared_handler::Access;
use super::paths::nestable;
use super::table::AccessRow;
use crate::check::CheckList;
use crate::extract::Authorized;
use crate::policy::{Policy, PublicOperation};
use crate::server::HasResourceServer;

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Puts what is not a handler under a path, behind the policy `P`: a file server, a router of
    /// somebody else's that has its state. Under `/` it takes what no route is for.
    #[must_use]
    pub fn protected_service<P, T>(self, path: &str, service: T) -> Self
    where
        P: Policy<Checks: CheckList<S>> + 'static,
        S: HasResourceServer,
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send,
    {
        let guarded = move |_: Authorized<P>, request: Request| call(service.clone(), request);
        self.service(path, Access::Protected(P::OPERATION), guarded)
    }

    /// Puts what is not a handler under a path, for anybody, for this reason. Under `/` it takes
    /// what no route is for.
    #[must_use]
    #[track_caller]
    pub fn public_service<T>(self, path: &str, reason: &'static str, service: T) -> Self
    where
        T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        T::Response: IntoResponse,
        T::Future: Send,
    {
        let open = move |request: Request| call(service.clone(), request);
        let access = Access::Public(PublicOperation::new("a service", reason));
        self.service(path, access, open)
    }

    fn service<H, T>(mut self, path: &str, access: Access, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        if path == "/" {
            return self.set_fallback(access, handler);
        }
        let claimed = nestable(path).and_then(|()| {
            let mut ends = ["", "/", "/{*rest}"].into_iter();
            ends.try_for_each(|end| self.paths.claim(&format!("{path}{end}"), "*"))
        });
        if self.declare([claimed], [AccessRow::everything_below(path, access)]) {
            self.router = nest_service(self.router, path, any(handler));
        }
        self
    }
}

/// The path itself, with a slash after it, and all below: as routes, since a fallback would be lost
/// where this router is nest_service and its own fallback is not set.
fn nest_service<S>(router: Router<S>, path: &str, service: MethodRouter<S>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let below = Router::new().route("/", service.clone()).route("/{*rest}", service.clone());
    let slash = Router::new().route("/", service);
    router.nest(path, below).nest(&format!("{path}/"), slash)
}

/// Calls a service that is ready by then; it cannot fail.
async fn call<T>(mut service: T, request: Request) -> Response
where
    T: Service<Request, Error = Infallible>,
    T::Response: IntoResponse,
{
    let ready = poll_fn(|context| service.poll_ready(context)).await;
    let response = match ready {
        Ok(()) => service.call(request).await,
        Err(never) => Err(never),
    };
    match response {
        Ok(response) => response.into_response(),
        Err(never) => match never {},
    }
}
