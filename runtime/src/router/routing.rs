//! Functions that create routes of declared handlers. They correspond to [`axum::routing`] and
//! create routes for a [`ProtectedRouter`].
//!
//! [`ProtectedRouter`]: crate::ProtectedRouter

use axum::handler::Handler;
use axum::routing::MethodFilter;

use super::declared_handler::DeclaredHandler;
use super::method::ProtectedMethodRouter;
use super::state_server::GuardFor;

macro_rules! methods {
    ($($name:ident $method:literal $filter:ident;)*) => {
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
                    self.on($method, MethodFilter::$filter, handler)
                }
            )*
        }
    };
}

methods! {
    connect "CONNECT" CONNECT;
    delete "DELETE" DELETE;
    get "GET" GET;
    head "HEAD" HEAD;
    options "OPTIONS" OPTIONS;
    patch "PATCH" PATCH;
    post "POST" POST;
    put "PUT" PUT;
    trace "TRACE" TRACE;
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
