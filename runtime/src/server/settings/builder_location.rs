//! The settings of the server that describe where the API is and how requests reach it.

use super::builder::ResourceServerBuilder;

impl ResourceServerBuilder {
    /// Sets the identifier of this API as a protected resource (RFC 8707 section 2, RFC 9728
    /// section 1.2): an https URL without a fragment, or an http URL on loopback. Write it as
    /// clients do, with scheme and host in lower case, and without a slash at the end.
    ///
    /// The identifier has four uses:
    ///
    /// - It is the audience for issuers without their own audience, if no audience is set with
    ///   [`audience`](Self::audience).
    /// - It is the [`public_url`](Self::public_url), unless that is set.
    /// - Each challenge names the address of its metadata as `resource_metadata` (RFC 9728 section
    ///   5.1).
    /// - [`ResourceServer::resource_metadata`](crate::ResourceServer::resource_metadata) publishes
    ///   the metadata at that address.
    ///
    /// The server compares and prints the identifier byte by byte as configured. It never uses the
    /// `Host` header of a request instead.
    #[must_use]
    pub fn resource(mut self, identifier: impl Into<String>) -> Self {
        self.resource = Some(identifier.into());
        self
    }

    /// Sets the URL under which clients reach this API, if it differs from
    /// [`resource`](Self::resource): the scheme, the authority and the path that a proxy removes.
    ///
    /// A [DPoP proof](Self::dpop) must name this URL, followed by the path of the request as this
    /// server receives it. If a proxy passes on the whole path, write only the scheme and the
    /// authority. The identifier of a resource is different: a proxy is not known to remove its
    /// path, so without a `public_url` only its scheme and authority count.
    ///
    /// The address of the metadata follows from the identifier (RFC 9728 section 3), not from this
    /// URL.
    #[must_use]
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// Adds a proxy whose forwarding headers this server trusts: an IP address, or a network such
    /// as `10.0.0.0/8`. Call this method once for each proxy. The server ignores the forwarding
    /// headers of all other peers.
    ///
    /// A network of all addresses, such as `0.0.0.0/0`, is an error. The proxy must replace the
    /// headers `Forwarded` and `X-Forwarded-Proto` that a client sends.
    #[must_use]
    pub fn trusted_proxy(mut self, proxy: impl Into<String>) -> Self {
        self.trusted_proxies.push(proxy.into());
        self
    }

    /// Refuses each token that is not known to have come over TLS (RFC 6750 section 5.2): with the
    /// status 400 and the code `insecure_transport`, and never with a redirect, because the client
    /// has already sent its token without TLS. Requests without a token are not affected.
    ///
    /// A token is accepted in these cases:
    ///
    /// - The peer is on loopback and not a trusted proxy.
    /// - The peer is a [`trusted_proxy`](Self::trusted_proxy), and its `Forwarded` (RFC 7239) or
    ///   `X-Forwarded-Proto` states exactly one scheme, which is https.
    /// - The program terminates TLS itself, and marks the request with
    ///   [`TlsConnection`](crate::server::TlsConnection).
    ///
    /// The address of the peer comes from axum's `ConnectInfo<SocketAddr>`. Serve the router with
    /// `into_make_service_with_connect_info::<SocketAddr>()`; without it every token is refused. A
    /// proxy on the same host must be a trusted proxy, because otherwise all requests that it
    /// forwards seem to come from loopback.
    ///
    /// ```
    /// use std::net::SocketAddr;
    /// use axum::Router;
    /// use tokio::net::TcpListener;
    ///
    /// async fn serve(app: Router, listener: TcpListener) -> std::io::Result<()> {
    ///     axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
    /// }
    /// ```
    #[must_use]
    pub fn require_https(mut self) -> Self {
        self.require_https = true;
        self
    }
}
