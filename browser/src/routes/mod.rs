//! The routes of a backend.

mod backchannel_logout;
mod callback;
mod login;
mod logout;
mod navigation;
mod page;
mod response;
mod session;

use axum::extract::Request;
use axum::response::Response;
use axum_protected::routing::{get, post};
use axum_protected::{ProtectedRouter, public};

use crate::backend::BrowserBackend;

impl BrowserBackend {
    /// Returns the routes of the backend: `/login`, `/callback`, `/session`, `/logout`,
    /// `/logout/provider` and `/backchannel-logout`, all below the configured
    /// [`route_prefix`](crate::BrowserBackendBuilder::route_prefix).
    ///
    /// Merge them into the router of the application, at its root: their paths are complete.
    #[must_use]
    pub fn routes<S>(&self) -> ProtectedRouter<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        let paths = &self.inner().addresses.paths;
        let login = public("starts the sign-in of a user", self.handler(login::login));
        let callback = public("ends the sign-in of a user", self.handler(callback::callback));
        let session =
            public("tells a page if its user is signed in", self.handler(session::session));
        let logout = public("signs out the user", self.handler(logout::logout));
        let provider_logout =
            public("leads to the logout of the provider", self.handler(logout::provider_logout));
        let backchannel_logout = public(
            "takes the logouts of the provider",
            self.handler(backchannel_logout::backchannel_logout),
        );
        ProtectedRouter::new()
            .route(&paths.login, get(login))
            .route(&paths.callback, get(callback))
            .route(&paths.session, get(session))
            .route(&paths.logout, post(logout))
            .route(&paths.provider_logout, get(provider_logout))
            .route(&paths.backchannel_logout, post(backchannel_logout))
    }

    /// Returns a handler that passes the backend and the request to `handle`.
    fn handler<F>(
        &self,
        handle: fn(Self, Request) -> F,
    ) -> impl Fn(Request) -> F + Clone + Send + Sync + 'static
    where
        F: Future<Output = Response> + Send + 'static,
    {
        let backend = self.clone();
        move |request| handle(backend.clone(), request)
    }
}
