//! Tests the root certificates that are trusted for https requests to an issuer.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum_protected::{Issuer, ResourceServer};
use axum_protected_tests::{ready, trusting};

use super::authority::{Authority, VALID, pem};
use super::code;
use super::tls::TlsIssuer;

/// Writes a file with a unique name.
pub(crate) fn file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{number}"));
    std::fs::write(&path, content).unwrap();
    path
}

async fn outcome(server: ResourceServer, issuer: &TlsIssuer) -> &'static str {
    code(&server, issuer.token()).await
}

#[tokio::test]
async fn a_private_authority_is_trusted_where_it_is_configured() {
    let authority = Authority::new();
    let issuer = TlsIssuer::start(authority.certify("localhost", VALID)).await;
    let of = || Issuer::new(issuer.url());
    let build = |issuer| trusting(issuer).build().unwrap();

    assert_eq!(outcome(build(of()), &issuer).await, "keys_unavailable");
    let ca_file = file("ca", authority.pem());
    assert_eq!(outcome(build(of().ca_file(ca_file)), &issuer).await, "ok");
    assert_eq!(outcome(build(of().root_certificates(authority.pem())), &issuer).await, "ok");
    let of_server = trusting(issuer.url()).root_certificates(authority.pem());
    assert_eq!(outcome(of_server.build().unwrap(), &issuer).await, "ok");
    let only = of().root_certificates(authority.pem()).distrust_system_root_certificates();
    assert_eq!(outcome(build(only), &issuer).await, "ok");
    let other = Authority::new().pem();
    assert_eq!(outcome(build(of().root_certificates(other)), &issuer).await, "keys_unavailable");
}

/// A root certificate of one issuer must not let its authority impersonate another issuer.
#[tokio::test]
async fn a_root_certificate_is_trusted_for_its_issuer_only() {
    let authority = Authority::new();
    let one = TlsIssuer::start(authority.certify("localhost", VALID)).await;
    let other = TlsIssuer::start(authority.certify("localhost", VALID)).await;
    let with_root = Issuer::new(one.url()).root_certificates(authority.pem());
    let server = trusting(with_root).issuer(other.url()).build().unwrap();
    assert_eq!(code(&server, one.token()).await, "ok");
    assert_eq!(code(&server, other.token()).await, "keys_unavailable");
}

/// Several certificates may stand in one text, with comments between them, as in bundles.
#[tokio::test]
async fn a_bundle_of_certificates_is_read_whole() {
    let authority = Authority::new();
    let issuer = TlsIssuer::start(authority.certify("localhost", VALID)).await;
    let bundle = format!("# Other\r\n{}\n# Ours\n{}", Authority::new().pem(), authority.pem());
    let server = trusting(Issuer::new(issuer.url()).root_certificates(bundle)).build().unwrap();
    ready(&server).await;
}

#[test]
fn unusable_root_certificates_are_configuration_errors() {
    let authority = Authority::new();
    let key = pem("PRIVATE KEY", b"s3cret");
    let cases = [
        (String::new(), "is empty"),
        (" \n".to_owned(), "is empty"),
        ("not PEM".to_owned(), "has no certificate in PEM"),
        (pem("PUBLIC KEY", b"x"), "has no certificate in PEM"),
        (authority.pem() + &key, "contains a private key: remove it"),
        (pem("CERTIFICATE", b"not DER"), "has a certificate that cannot be used"),
        (authority.pem().replace("-----END", "-----"), "is not valid PEM"),
    ];
    for (text, expected) in cases {
        let in_code = Issuer::new("https://id.example.com").root_certificates(text.as_bytes());
        let path = file("bad-ca", &text);
        let in_file = Issuer::new("https://id.example.com").ca_file(&path);
        let of_server = trusting("https://id.example.com").root_certificates(text.as_bytes());
        for (name, builder) in [
            ("`root_certificates` of the issuer `https://id.example.com`", trusting(in_code)),
            ("`ca_file` of the issuer `https://id.example.com`", trusting(in_file)),
            ("`root_certificates` of the server", of_server),
        ] {
            let problem = builder.build().unwrap_err().to_string();
            assert!(problem.contains(name) && problem.contains(expected), "{problem}");
            assert!(!problem.contains("s3cret") && !problem.contains("czNjcmV0"), "{problem}");
        }
    }
}

#[test]
fn an_unreadable_ca_file_is_a_configuration_error() {
    let folder = std::env::temp_dir();
    let long = file("long-ca", vec![b'x'; 1024 * 1024 + 1]);
    for (path, expected) in [
        (PathBuf::from("/nonexistent/ca.pem"), "No such file"),
        (folder, "it is not a regular file"),
        (PathBuf::from("/dev/zero"), "it is not a regular file"),
        (long, "it is longer than 1024 KiB"),
    ] {
        let issuer = Issuer::new("https://id.example.com").ca_file(&path);
        let problem = trusting(issuer).build().unwrap_err().to_string();
        let name = format!(
            "`ca_file` of the issuer `https://id.example.com` cannot be used: the file `{}`",
            path.display()
        );
        assert!(problem.contains(&name) && problem.contains(expected), "{problem}");
    }
}

#[test]
fn a_server_that_trusts_nobody_is_a_configuration_error() {
    let issuer = Issuer::new("https://id.example.com").distrust_system_root_certificates();
    let problem = trusting(issuer).build().unwrap_err().to_string();
    assert!(problem.contains("no root certificate is trusted"), "{problem}");
    let builder = trusting("https://id.example.com").distrust_system_root_certificates();
    let problem = builder.build().unwrap_err().to_string();
    assert!(problem.contains("no root certificate is trusted"), "{problem}");
}
