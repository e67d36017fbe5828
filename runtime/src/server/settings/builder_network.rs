//! The settings of the server that describe where the API is and how requests reach it.

use super::builder::ResourceServerBuilder;

impl ResourceServerBuilder {
    /// Sets the identifier of this API as a protected resource (RFC 8707 section 2, RFC 9728
    /// section 1.2): an https URL without a fragment.
    ///
    /// The identifier is the audience of tokens if no [`audience`](Self::audience) is set, and the
    /// [`public_url`](Self::public_url) if that is not set.
    #[must_use]
    pub fn resource(mut self, identifier: impl Into<String>) -> Self {
        self.resource = Some(identifier.into());
        self
    }

    /// Sets the URL under which clients reach this API, if it differs from
    /// [`resource`](Self::resource).
    #[must_use]
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// Adds a proxy whose forwarding headers this server trusts: an IP address, or a network such
    /// as `10.0.0.0/8`. Call this method once for each proxy. The server ignores the forwarding
    /// headers of all other peers.
    #[must_use]
    pub fn trusted_proxy(mut self, proxy: impl Into<String>) -> Self {
        self.trusted_proxies.push(proxy.into());
        self
    }

    /// Refuses tokens that reached this server without TLS, except from loopback.
    #[must_use]
    pub fn require_https(mut self) -> Self {
        self.require_https = true;
        self
    }
}
