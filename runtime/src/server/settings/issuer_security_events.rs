//! The settings of an issuer whose logouts and security events revoke tokens.

use std::time::Duration;

use super::issuer::Issuer;

impl Issuer {
    /// Accepts back-channel logouts of this client of the issuer (OpenID Connect Back-Channel Logout
    /// 1.0), which revoke the access tokens of the session or of the user. Call this method once for
    /// each client whose users call this API. In a file, the clients are a list, `logout_clients`.
    ///
    /// The issuer sends the logouts to `/backchannel-logout` of
    /// [`event_routes`](crate::ResourceServer::event_routes). A logout token is for a client, so its
    /// audience is the client and not this API. The guide has a page about
    /// [security events](crate::guide::security_events).
    #[must_use]
    pub fn logout_client(mut self, client_id: impl Into<String>) -> Self {
        self.logout_clients.push(client_id.into());
        self
    }

    /// Sets the longest lifetime of the issuer's access tokens. Default: 24 hours. In a file, the name
    /// is `token_lifetime_seconds`.
    ///
    /// A revocation that a logout or a security event causes is kept for this time. If it is shorter
    /// than the lifetime of a token, the token is accepted again. If it is longer, the list of
    /// revocations is longer than necessary.
    #[must_use]
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }
}
