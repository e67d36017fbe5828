//! Functions that create routes of declared handlers and wrapped services. They correspond to
//! [`axum::routing`] and create routes for a [`ProtectedRouter`].
//!
//! [`ProtectedRouter`]: crate::ProtectedRouter

use axum::handler::Handler;
use axum::routing::MethodFilter;

use super::declared_handler::DeclaredHandler;
use super::declared_handler::sealed::Seal;
use super::declared_service::DeclaredService;
use super::method::ProtectedMethodRouter;
use super::state_server::GuardFor;

macro_rules! methods {
    ($($name:ident $name_of_service:ident $method:literal $filter:ident;)*) => {
        $(
            #[doc = concat!("Routes `", $method, "` to a declared handler.")]
            pub fn $name<H, A, T, S>(handler: H) -> ProtectedMethodRouter<S>
            where
                H: DeclaredHandler<A, Guard: GuardFor<S>> + Handler<T, S>,
                T: 'static,
                S: Clone + Send + Sync + 'static,
            {
                ProtectedMethodRouter::empty().$name(handler)
            }

            #[doc = concat!("Routes `", $method, "` to a wrapped service.")]
            pub fn $name_of_service<W, S>(service: W) -> ProtectedMethodRouter<S>
            where
                W: DeclaredService<S>,
                S: Clone + Send + Sync + 'static,
            {
                ProtectedMethodRouter::empty().$name_of_service(service)
            }
        )*

        impl<S> ProtectedMethodRouter<S>
        where
            S: Clone + Send + Sync + 'static,
        {
            $(
                #[doc = concat!("Routes `", $method, "` to a declared handler, in addition.")]
                pub fn $name<H, A, T>(self, handler: H) -> Self
                where
                    H: DeclaredHandler<A, Guard: GuardFor<S>> + Handler<T, S>,
                    T: 'static,
                {
                    self.on(MethodFilter::$filter, handler)
                }

                #[doc = concat!("Routes `", $method, "` to a wrapped service, in addition.")]
                pub fn $name_of_service<W>(self, service: W) -> Self
                where
                    W: DeclaredService<S>,
                {
                    self.on_service(MethodFilter::$filter, service)
                }
            )*
        }
    };
}

methods! {
    connect connect_service "CONNECT" CONNECT;
    delete delete_service "DELETE" DELETE;
    get get_service "GET" GET;
    head head_service "HEAD" HEAD;
    options options_service "OPTIONS" OPTIONS;
    patch patch_service "PATCH" PATCH;
    post post_service "POST" POST;
    put put_service "PUT" PUT;
    trace trace_service "TRACE" TRACE;
}

/// Routes every HTTP method to a declared handler.
pub fn any<H, A, T, S>(handler: H) -> ProtectedMethodRouter<S>
where
    H: DeclaredHandler<A, Guard: GuardFor<S>> + Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    ProtectedMethodRouter::empty().any(handler)
}

/// Routes every HTTP method to a wrapped service.
pub fn any_service<W, S>(service: W) -> ProtectedMethodRouter<S>
where
    W: DeclaredService<S>,
    S: Clone + Send + Sync + 'static,
{
    ProtectedMethodRouter::empty().any_service(service)
}

/// Routes the HTTP methods of this filter to a declared handler.
pub fn on<H, A, T, S>(filter: MethodFilter, handler: H) -> ProtectedMethodRouter<S>
where
    H: DeclaredHandler<A, Guard: GuardFor<S>> + Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    ProtectedMethodRouter::empty().on(filter, handler)
}

/// Routes the HTTP methods of this filter to a wrapped service.
pub fn on_service<W, S>(filter: MethodFilter, service: W) -> ProtectedMethodRouter<S>
where
    W: DeclaredService<S>,
    S: Clone + Send + Sync + 'static,
{
    ProtectedMethodRouter::empty().on_service(filter, service)
}

impl<S> ProtectedMethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Routes the HTTP methods of this filter to a wrapped service, in addition, like
    /// [`axum::routing::MethodRouter::on_service`].
    pub fn on_service<W>(self, filter: MethodFilter, service: W) -> Self
    where
        W: DeclaredService<S>,
    {
        self.on(filter, service.into_handler(Seal))
    }

    /// Routes every HTTP method that has no handler of its own to a wrapped service.
    pub fn any_service<W>(self, service: W) -> Self
    where
        W: DeclaredService<S>,
    {
        self.any(service.into_handler(Seal))
    }
}
