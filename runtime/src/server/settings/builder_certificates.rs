//! The settings of the server about tokens that are bound to a client's certificate.

use super::builder::ResourceServerBuilder;
use super::client_certificate_header::ClientCertificateHeader;

impl ResourceServerBuilder {
    /// Sets the header in which proxies report the certificate of a client, for an API behind a
    /// proxy that terminates TLS. A program that terminates TLS itself does not need it; it adds a
    /// [`ClientCertificate`](crate::server::ClientCertificate) to its requests.
    ///
    /// ```
    /// use axum_protected::ResourceServer;
    /// use axum_protected::server::{ClientCertificateFormat, ClientCertificateHeader};
    ///
    /// let rfc9440 = ResourceServer::builder()
    ///     .trusted_proxy("10.0.0.0/8")
    ///     .client_certificate_header(ClientCertificateFormat::Rfc9440);
    /// let ingress = ClientCertificateHeader::new(ClientCertificateFormat::Nginx);
    /// let ingress_nginx = ResourceServer::builder()
    ///     .trusted_proxy("10.0.0.0/8")
    ///     .client_certificate_header(ingress.name("ssl-client-cert"));
    /// ```
    ///
    /// The header counts only in requests whose peer is a
    /// [`trusted_proxy`](Self::trusted_proxy). In all other requests it is ignored, so a token that is
    /// bound to a certificate is refused. Without a trusted proxy, [`build`](Self::build) returns an
    /// error. Serve the router with `into_make_service_with_connect_info::<SocketAddr>()`, because
    /// without the address of the peer the header never counts.
    ///
    /// The proxy must remove the header from each request that it receives and set it only to the
    /// certificate of its own TLS connection. If it forgets this, a client can report the certificate
    /// of another client. The proxy asks each client for a certificate, without requiring one. It need
    /// not verify the chain.
    ///
    /// | value | meaning |
    /// |---|---|
    /// | no header, or an empty one | the client has presented no certificate |
    /// | one line with one certificate | the certificate of the client |
    /// | several lines, several certificates, more than 16 KiB, or malformed | bound tokens are refused |
    ///
    /// If the TLS layer of this program has added a
    /// [`ClientCertificate`](crate::server::ClientCertificate) to the request of a trusted proxy, it
    /// must be the certificate in the header. Otherwise bound tokens are refused, because it is the
    /// certificate of the proxy.
    #[must_use]
    pub fn client_certificate_header(mut self, header: impl Into<ClientCertificateHeader>) -> Self {
        self.client_certificate_header = Some(header.into());
        self
    }

    /// Refuses each token that is not bound to a certificate with 401. By default, a token without a
    /// binding is accepted as a bearer token. API keys are not affected.
    ///
    /// The metadata of the resource then contains `tls_client_certificate_bound_access_tokens` (RFC
    /// 9728 section 2).
    #[must_use]
    pub fn certificate_bound_tokens_required(mut self) -> Self {
        self.certificate_bound_tokens_required = true;
        self
    }
}
