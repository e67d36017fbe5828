//! A private certificate authority, and a proxy that speaks TLS in front of a server on loopback.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;

/// A private certificate authority.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// Years in which a certificate is valid.
pub(crate) type Years = (i32, i32);

pub(crate) const VALID: Years = (2020, 4000);

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Returns the root certificate.
    pub(crate) fn pem(&self) -> String {
        pem("CERTIFICATE", self.0.der())
    }

    /// Creates a certificate for this name, and returns the settings of a server that has it.
    pub(crate) fn certify(&self, name: &str, (from, until): Years) -> ServerConfig {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())
            .unwrap()
    }
}

/// Writes a PEM block (RFC 7468).
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// A proxy at `https://localhost`. It stops when it is dropped.
pub(crate) struct Proxy {
    pub(crate) url: String,
    task: AbortHandle,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts a proxy that passes the requests on to this URL.
pub(crate) async fn proxy(config: ServerConfig, target: &str) -> Proxy {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let target = target.trim_start_matches("http://").to_owned();
    let task = tokio::spawn(serve(listener, TlsAcceptor::from(Arc::new(config)), target));
    Proxy { url, task: task.abort_handle() }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, target: String) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (acceptor, target) = (acceptor.clone(), target.clone());
        tokio::spawn(async move {
            let mut secure = acceptor.accept(stream).await.ok()?;
            let mut plain = TcpStream::connect(target).await.ok()?;
            copy_bidirectional(&mut secure, &mut plain).await.ok()
        });
    }
}
