//! Adds the certificate of each TLS connection to its requests.

use std::io;
use std::pin::Pin;
use std::sync::Arc;

use axum::Extension;
use axum::middleware::AddExtension;
use axum_protected::server::{ClientCertificate, TlsConnection};
use axum_server::accept::Accept;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use rustls::ServerConfig;
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;
use tower::Layer;
use tower::util::{Either, option_layer};

#[derive(Clone)]
pub struct CertificateAcceptor(RustlsAcceptor);

impl CertificateAcceptor {
    pub fn new(tls: ServerConfig) -> Self {
        Self(RustlsAcceptor::new(RustlsConfig::from_config(Arc::new(tls))))
    }
}

/// The service of a connection without the extensions of this module.
type TlsService<S> = <RustlsAcceptor as Accept<TcpStream, S>>::Service;

impl<S: Send + 'static> Accept<TcpStream, S> for CertificateAcceptor {
    type Stream = TlsStream<TcpStream>;
    type Service = AddExtension<
        Either<AddExtension<TlsService<S>, ClientCertificate>, TlsService<S>>,
        TlsConnection,
    >;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let handshake = self.0.accept(stream, service);
        Box::pin(async move {
            let (stream, service) = handshake.await?;
            let (_, tls) = stream.get_ref();
            let certificate = tls.peer_certificates().and_then(|chain| chain.first());
            let certificate = certificate.map(|der| ClientCertificate::from_der(der));
            let service = option_layer(certificate.map(Extension)).layer(service);
            Ok((stream, Extension(TlsConnection).layer(service)))
        })
    }
}
