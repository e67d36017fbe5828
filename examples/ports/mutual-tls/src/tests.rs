use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use axum_protected_testing::{AuthorizationServer, assert_unchanged};
use axum_server::Handle;
use rcgen::{CertifiedKey, KeyPair};
use reqwest::{Certificate, Client, Identity, Version};
use rustls::client::ResolvesClientCert;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore, SignatureScheme, SupportedProtocolVersion, sign};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::{app, client_verifier, routes, serve};

/// A running API, which stops when this value is dropped.
struct Api {
    issuer: AuthorizationServer,
    address: SocketAddr,
    certificate: CertifiedKey<KeyPair>,
    handle: Handle<SocketAddr>,
}

impl Api {
    async fn start() -> Self {
        let issuer = AuthorizationServer::start().await.unwrap();
        let server = issuer.resource_server().require_https().build().unwrap();
        server.ready().await.unwrap();
        let certificate = self_signed("localhost");
        let key = PrivateKeyDer::try_from(certificate.signing_key.serialize_der()).unwrap();
        let chain = vec![certificate.cert.der().clone()];
        let tls = client_verifier::server_config(chain, key).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let handle = Handle::new();
        tokio::spawn(serve(listener, tls, app(server).unwrap(), handle.clone()));
        Self { issuer, address, certificate, handle }
    }

    /// Returns a client that presents this certificate. It keeps its connections open.
    fn client(&self, certificate: Option<&CertifiedKey<KeyPair>>, version: Version) -> Client {
        let root = Certificate::from_der(self.certificate.cert.der()).unwrap();
        let mut builder = Client::builder().tls_certs_only([root]).no_proxy();
        if version == Version::HTTP_11 {
            builder = builder.http1_only();
        }
        if let Some(certificate) = certificate {
            let pem = certificate.cert.pem() + &certificate.signing_key.serialize_pem();
            builder = builder.identity(Identity::from_pem(pem.as_bytes()).unwrap());
        }
        builder.build().unwrap()
    }

    fn token(&self, certificate: Option<&CertifiedKey<KeyPair>>) -> String {
        let token = self.issuer.token().scope("accounts:read");
        match certificate {
            Some(certificate) => token.bound_to_certificate(certificate.cert.der()).sign(),
            None => token.sign(),
        }
    }

    /// Calls the API and returns the status, and the body or the code of the refusal.
    async fn call(&self, client: &Client, token: &str, version: Version) -> (u16, String) {
        let url = format!("https://localhost:{}/accounts", self.address.port());
        let response = client.get(url).bearer_auth(token).send().await.unwrap();
        assert_eq!(response.version(), version);
        let status = response.status().as_u16();
        let body = response.text().await.unwrap();
        let code = body.split("\"code\":\"").nth(1).and_then(|rest| rest.split('"').next());
        (status, code.unwrap_or(&body).to_owned())
    }

    /// Presents a certificate with this key, and returns the response to a token that is bound to
    /// the certificate.
    async fn call_with_key(
        &self,
        certificate: &CertifiedKey<KeyPair>,
        key: &KeyPair,
        version: &'static SupportedProtocolVersion,
    ) -> io::Result<String> {
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let key = aws_lc_rs::sign::any_supported_type(&key).unwrap();
        let chain = vec![certificate.cert.der().clone()];
        let presenter = Presenter(Arc::new(sign::CertifiedKey::new(chain, key)));
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.cert.der().clone()).unwrap();
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots)
            .with_client_cert_resolver(Arc::new(presenter));
        let stream = TcpStream::connect(self.address).await?;
        let connector = TlsConnector::from(Arc::new(config));
        let mut stream = connector.connect("localhost".try_into().unwrap(), stream).await?;
        let token = self.token(Some(certificate));
        let request = format!(
            "GET /accounts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
             Connection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut response = String::new();
        stream.read_to_string(&mut response).await?;
        Ok(response)
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        self.handle.shutdown();
    }
}

fn self_signed(name: &str) -> CertifiedKey<KeyPair> {
    rcgen::generate_simple_self_signed([name.to_owned()]).unwrap()
}

#[test]
fn the_access_of_each_route_was_reviewed() {
    assert_unchanged(routes().access_table(), "access.json");
}

#[tokio::test]
async fn each_route_refuses_and_grants_what_the_table_says() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let app = app(issuer.resource_server().build().unwrap()).unwrap();
    let report = issuer.access_matrix(&app, routes().access_table()).await.unwrap();
    assert_eq!(report.untried().count(), 0);
}

/// Each client makes its calls on one connection, whose certificate counts in each of them.
#[tokio::test]
async fn a_bound_token_needs_a_connection_with_its_certificate() {
    let api = Api::start().await;
    let (own, other) = (self_signed("client.example.com"), self_signed("other.example.com"));
    let (bound, unbound) = (api.token(Some(&own)), api.token(None));
    for version in [Version::HTTP_2, Version::HTTP_11] {
        let with_own = api.client(Some(&own), version);
        let with_other = api.client(Some(&other), version);
        let without = api.client(None, version);
        for _ in 0..2 {
            for (client, token, status, text) in [
                (&with_own, &bound, 200, "a caller with the proof mtls"),
                (&with_other, &bound, 401, "wrong_proof_key"),
                (&without, &bound, 401, "bound_token"),
                (&with_own, &unbound, 200, "a caller with a bearer token"),
                (&without, &unbound, 200, "a caller with a bearer token"),
                (&with_own, &api.token(Some(&other)), 401, "wrong_proof_key"),
            ] {
                assert_eq!(api.call(client, token, version).await, (status, text.to_owned()));
            }
        }
    }
}

/// A client that presents a certificate and signs with any key.
#[derive(Debug)]
struct Presenter(Arc<sign::CertifiedKey>);

impl ResolvesClientCert for Presenter {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<sign::CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// The TLS layer verifies that the client has the key of the certificate.
#[tokio::test]
async fn a_certificate_without_its_key_opens_no_connection() {
    let api = Api::start().await;
    let own = self_signed("client.example.com");
    let other = KeyPair::generate().unwrap();
    for version in [&TLS12, &TLS13] {
        let response = api.call_with_key(&own, &own.signing_key, version).await.unwrap();
        assert!(response.starts_with("HTTP/1.1 200 "), "{response}");
        let outcome = api.call_with_key(&own, &other, version).await;
        assert!(outcome.is_err(), "{outcome:?}");
    }
}
