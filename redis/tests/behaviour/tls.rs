//! Connections with TLS.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use axum_protected_redis::RedisSettings;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

use super::faults::answering;
use super::server::{RedisServer, folder, free_port};
use super::{append, read, read_error, texts};

/// A private certificate authority, a server with a certificate for 127.0.0.1 and the certificate of
/// a client.
struct TlsServer {
    server: RedisServer,
    port: u16,
    folder: PathBuf,
}

impl TlsServer {
    /// `clients` is true if the server demands certificates of clients.
    fn start(clients: bool) -> Self {
        let folder = folder();
        let file = |name: &str| folder.join(name).display().to_string();
        let mut params = CertificateParams::new([]).unwrap();
        // OpenSSL takes a certificate for self-signed if issuer and subject have the same name.
        params.distinguished_name.push(DnType::CommonName, "authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        fs::write(file("ca.pem"), authority.pem()).unwrap();
        for name in ["server", "client"] {
            let params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
            let key = KeyPair::generate().unwrap();
            let certificate = params.signed_by(&key, &authority).unwrap();
            fs::write(file(&format!("{name}.pem")), certificate.pem()).unwrap();
            fs::write(file(&format!("{name}.key")), key.serialize_pem()).unwrap();
        }
        let port = free_port();
        let server = RedisServer::start_with(&[
            "--tls-port",
            &port.to_string(),
            "--tls-cert-file",
            &file("server.pem"),
            "--tls-key-file",
            &file("server.key"),
            "--tls-ca-cert-file",
            &file("ca.pem"),
            "--tls-auth-clients",
            if clients { "yes" } else { "no" },
        ]);
        Self { server, port, folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn settings(&self) -> RedisSettings {
        RedisSettings::new(format!("rediss://127.0.0.1:{}", self.port)).ca_file(self.file("ca.pem"))
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

async fn error_of(settings: RedisSettings) -> String {
    read_error(&settings.open().unwrap().revocation_log()).await
}

#[tokio::test]
async fn a_server_of_a_private_authority_is_trusted_with_its_root() {
    let tls = TlsServer::start(false);
    let log = tls.settings().open().unwrap().revocation_log();
    append(&log, &["a"]).await;
    assert_eq!(texts(&read(&log, None).await), ["a"]);
    // Neither needed nor installed.
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());

    let url = format!("rediss://127.0.0.1:{}", tls.port);
    let error = error_of(RedisSettings::new(url)).await;
    assert!(error.contains("unknown issuer") && error.contains("`ca_file`"), "{error}");

    let other = TlsServer::start(false);
    let error = error_of(tls.settings().ca_file(other.file("ca.pem"))).await;
    assert!(error.contains("unknown issuer") || error.contains("BadSignature"), "{error}");
}

#[tokio::test]
async fn the_certificate_must_name_the_host() {
    let tls = TlsServer::start(false);
    let settings = RedisSettings::new(format!("rediss://localhost:{}", tls.port));
    let error = error_of(settings.ca_file(tls.file("ca.pem"))).await;
    assert!(
        error.contains("has no usable TLS connection") && error.contains("localhost"),
        "{error}"
    );
}

#[tokio::test]
async fn a_server_may_demand_the_certificate_of_the_client() {
    let tls = TlsServer::start(true);
    let files = (tls.file("client.pem"), tls.file("client.key"));
    let settings = tls.settings().client_certificate_files(files.0, files.1);
    let log = settings.open().unwrap().revocation_log();
    append(&log, &["a"]).await;
    let error = error_of(tls.settings()).await;
    assert!(error.starts_with(&format!("the Redis server `127.0.0.1:{}` ", tls.port)), "{error}");
}

#[tokio::test]
async fn tls_and_plain_connections_are_not_confused() {
    let tls = TlsServer::start(false);
    let plain = RedisSettings::new(format!("rediss://127.0.0.1:{}", tls.server.port));
    let error = error_of(plain.ca_file(tls.file("ca.pem"))).await;
    assert!(
        error.starts_with(&format!("the Redis server `127.0.0.1:{}` ", tls.server.port)),
        "{error}"
    );
    let error = error_of(RedisSettings::new(format!("redis://127.0.0.1:{}", tls.port))).await;
    assert!(error.starts_with(&format!("the Redis server `127.0.0.1:{}` ", tls.port)), "{error}");
}

/// A server without TLS usually waits for the rest of a line.
#[tokio::test]
async fn a_server_that_does_not_answer_with_tls_may_have_none() {
    let url = answering(b"").await.replace("redis://", "rediss://");
    let settings = RedisSettings::new(url).response_timeout(Duration::from_millis(100));
    let error = error_of(settings).await;
    assert!(error.contains("did not answer in time: check that its port has TLS"), "{error}");
}

#[test]
fn the_problems_of_files_are_reported_together() {
    let tls = TlsServer::start(false);
    let settings = RedisSettings::new("rediss://127.0.0.1")
        .ca_file(tls.file("server.key"))
        .client_certificate_files(tls.file("absent"), tls.file("server.pem"));
    let error = settings.open().unwrap_err();
    let problems: Vec<_> = error.problems().collect();
    assert!(problems[0].starts_with("`ca_file`: the file has no certificate"), "{error}");
    assert!(
        problems[1].starts_with("`client_certificate_file`: the file cannot be read"),
        "{error}"
    );
    assert!(problems[2].starts_with("`client_key_file`: the file has no private key"), "{error}");

    let other = TlsServer::start(false);
    let files = (tls.file("client.pem"), other.file("client.key"));
    let error = tls.settings().client_certificate_files(files.0, files.1).open().unwrap_err();
    assert!(
        error.to_string().contains("`client_key_file` and `client_certificate_file`"),
        "{error}"
    );
}

#[tokio::test]
async fn a_page_with_an_overlong_record_is_an_error() {
    let tls = TlsServer::start(false);
    let log = tls.settings().open().unwrap().revocation_log();
    super::long_records::check(&log, |words| tls.server.command(words)).await;
}
