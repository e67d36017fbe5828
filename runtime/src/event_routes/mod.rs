//! The routes at which issuers and transmitters say that tokens have lost their validity.

mod backchannel_logout;
mod response;
mod security_events;

use axum_core::extract::Request;
use axum_core::response::Response;

use crate::router::routing::post;
use crate::router::{ProtectedRouter, public};
use crate::server::ResourceServer;

impl ResourceServer {
    /// Returns the routes that receive back-channel logouts and security events, as far as they are
    /// configured: `/backchannel-logout` if an issuer has a
    /// [`logout_client`](crate::Issuer::logout_client), and `/security-events` if the server has an
    /// [`event_transmitter`](crate::ResourceServerBuilder::event_transmitter) that it does not poll.
    ///
    /// Merge or nest them outside of layers that refuse requests. They are public: a logout and an
    /// event are signed, and the access table shows this reason.
    ///
    /// ```
    /// use axum::Router;
    /// use axum_protected::router::RouterError;
    /// use axum_protected::{Issuer, ProtectedRouter, ResourceServer};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let issuer = Issuer::new("https://id.example.com/realms/acme").logout_client("shop");
    /// let server =
    ///     ResourceServer::builder().issuer(issuer).audience("https://api.example.com").build()?;
    /// let app: Router = ProtectedRouter::new()
    ///     .merge(server.event_routes())
    ///     .with_state(server)
    ///     .into_router()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The guide has a page about [security events](crate::guide::security_events).
    #[must_use]
    #[track_caller]
    pub fn event_routes<S>(&self) -> ProtectedRouter<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        let mut routes = ProtectedRouter::new();
        if self.receives_logouts() {
            let reason = "signed logouts of an issuer (OpenID Connect Back-Channel Logout)";
            let receive = public(reason, self.receiver(backchannel_logout::receive));
            routes = routes.route("/backchannel-logout", post(receive));
        }
        if self.receives_events() {
            let reason = "signed security events of a transmitter (RFC 8935)";
            let receive = public(reason, self.receiver(security_events::receive));
            routes = routes.route("/security-events", post(receive));
        }
        routes
    }

    /// Returns a handler that passes the server and the request to `receive`.
    fn receiver<F>(
        &self,
        receive: fn(Self, Request) -> F,
    ) -> impl Fn(Request) -> F + Clone + Send + Sync + 'static
    where
        F: Future<Output = Response> + Send + 'static,
    {
        let server = self.clone();
        move |request| receive(server.clone(), request)
    }
}
