//! Guards in front of all routes of a router, whose demand the access table adds to every route.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::middleware::{FromFnLayer, Next};
use axum::routing::Route;
use axum_core::extract::Request;
use axum_core::response::IntoResponse;
use tower_layer::Layer;
use tower_service::Service;

use super::ProtectedRouter;
use super::declared_handler::sealed::Seal;
use super::guarded_routes::GuardedRoutes;
use crate::check::CheckList;
use crate::extract::Authorized;
use crate::extract::guarded_request::{GuardedRequest, RouteOperations};
use crate::layer::ProtectedLayer;
use crate::policy::{Operation, Policy};
use crate::server::{HasResourceServer, ResourceServer};

/// A layer that refuses requests by a policy: a [`ProtectedLayer`], or a
/// [`from_fn_with_state`](axum::middleware::from_fn_with_state) middleware whose function has
/// `#[protected]`.
///
/// The trait is sealed, so that the access table states the demand that the layer enforces.
#[diagnostic::on_unimplemented(
    message = "this layer does not declare who may pass it",
    label = "not a `ProtectedLayer`, and not a `from_fn_with_state` middleware with `#[protected]`",
    note = "write `#[protected(...)]` above the function of the middleware, or call `layer` instead of `guard`",
    note = "for a policy, write `guard(ProtectedLayer::<CanReadFiles, _>::new(server))`"
)]
pub trait GuardLayer {
    #[doc(hidden)]
    fn guard(&self, _: Seal) -> Guard<'_>;
}

/// The operation of a guard.
#[doc(hidden)]
#[allow(unnameable_types, reason = "only `ProtectedRouter::guard` uses it")]
#[derive(Debug)]
pub struct Guard<'a> {
    operation: Operation,
    /// The server that the guard uses, if the layer gives access to it.
    server: Option<&'a ResourceServer>,
}

impl<P, S> GuardLayer for ProtectedLayer<P, S>
where
    P: Policy<Checks: CheckList<S>>,
    S: HasResourceServer,
{
    fn guard(&self, _: Seal) -> Guard<'_> {
        Guard { operation: P::OPERATION, server: Some(self.resource_server()) }
    }
}

macro_rules! middleware {
    ($(($($argument:ident)+))*) => {$(
        #[diagnostic::do_not_recommend]
        impl<F, S, Answer, P, $($argument),+> GuardLayer
            for FromFnLayer<F, S, (Authorized<P>, $($argument,)+)>
        where
            F: FnOnce(Authorized<P>, $($argument,)+ Next) -> Answer,
            P: Policy,
        {
            fn guard(&self, _: Seal) -> Guard<'_> {
                Guard { operation: P::OPERATION, server: None }
            }
        }
    )*};
}

middleware! {
    (A)
    (A B)
    (A B C)
    (A B C D)
    (A B C D E)
    (A B C D E G)
    (A B C D E G H)
    (A B C D E G H I)
    (A B C D E G H I J)
    (A B C D E G H I J K)
    (A B C D E G H I J K L)
    (A B C D E G H I J K L M)
    (A B C D E G H I J K L M N)
    (A B C D E G H I J K L M N O)
}

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Wraps every route added so far and the fallback in a guard, like [`layer`](Self::layer), and
    /// adds its demand to these routes.
    ///
    /// The guard is a [`ProtectedLayer`] or a guarded middleware:
    ///
    /// ```
    /// use axum::extract::Request;
    /// use axum::middleware::{Next, from_fn_with_state};
    /// use axum::response::Response;
    /// use axum_protected::routing::get;
    /// use axum_protected::{ProtectedRouter, ResourceServer, protected};
    ///
    /// #[protected(role = "staff")]
    /// async fn staff_only(request: Request, next: Next) -> Response {
    ///     next.run(request).await
    /// }
    ///
    /// #[protected(scope = "items:read")]
    /// async fn list() {}
    ///
    /// # fn example(server: ResourceServer) {
    /// let router = ProtectedRouter::<ResourceServer>::new()
    ///     .route("/items", get(list))
    ///     .guard(from_fn_with_state(server, staff_only));
    /// let table = router.access_table().to_string();
    /// assert!(table.starts_with("GET /items: role staff and items:read ["), "{table}");
    /// # }
    /// ```
    ///
    /// The access table, snapshots, documents and the access matrix show the demands of the guard
    /// and of the handler together. So does the challenge of a refusal, both of the guard and of
    /// the handler: a client learns all scopes from one response. A route with `#[public]` requires
    /// what the guard demands. Each guard decides by its own policy only.
    ///
    /// Routes that are added later are not guarded. A call before any route is added is a problem
    /// that [`into_router`](Self::into_router) reports. A router may have several guards; the guard
    /// that was added last runs first.
    ///
    /// The guard also refuses a CORS preflight, which has no credentials. Add a CORS layer after
    /// the guard, so that it answers first.
    ///
    /// A document of `#[derive(OpenApi)]` cannot know the guard. Pass it through
    /// [`AccessTable::describe`](crate::router::AccessTable).
    #[must_use]
    pub fn guard<L>(mut self, layer: L) -> Self
    where
        L: GuardLayer + Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        if self.table.routes().next().is_none() {
            let problem = "`guard` is called before any route is added: add routes first";
            self.problems.push(problem.to_owned());
        }
        let guard = layer.guard(Seal);
        self.add_demand(&guard);
        let fallback = Arc::new(GuardedRoutes::fallback(&self.table));
        let routes = Arc::new(GuardedRoutes::new(&self.paths, &self.table));
        let around_fallback = Group { routes: fallback, guard: layer.clone() };
        self.fallback = self.fallback.map(|router| router.layer(around_fallback));
        self.router = self.router.layer(Group { routes, guard: layer });
        self
    }

    fn add_demand(&mut self, guard: &Guard<'_>) {
        let Guard { operation, server } = guard;
        match server {
            Some(server) => {
                let issuers = operation.requirement.issuers().into_iter();
                let unknown = issuers.filter(|issuer| !server.has_issuer(issuer));
                self.problems.extend(unknown.map(|issuer| {
                    format!("the guard `{}` names the unknown issuer `{issuer}`", operation.name)
                }));
            }
            None => self.table.check_later(operation),
        }
        self.table.guard(operation);
    }
}

/// A guard, together with the routes behind it.
#[derive(Clone)]
struct Group<L> {
    routes: Arc<GuardedRoutes>,
    guard: L,
}

impl<T, L: Layer<T>> Layer<T> for Group<L> {
    type Service = GroupService<L::Service>;

    fn layer(&self, inner: T) -> Self::Service {
        GroupService { routes: Arc::clone(&self.routes), guard: self.guard.layer(inner) }
    }
}

/// Attaches the routes behind a guard to each request, so that a refusal can state their demands.
#[derive(Clone)]
struct GroupService<T> {
    routes: Arc<GuardedRoutes>,
    guard: T,
}

impl<T: Service<Request>> Service<Request> for GroupService<T> {
    type Response = T::Response;
    type Error = T::Error;
    type Future = T::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), T::Error>> {
        self.guard.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> T::Future {
        let routes = Arc::clone(&self.routes) as Arc<dyn RouteOperations>;
        let uri = request.uri().clone();
        GuardedRequest::attach(request.extensions_mut(), uri, routes);
        self.guard.call(request)
    }
}
