//! Tests issuers to which the server cannot open a secure connection: unknown host name, no TLS,
//! untrusted certificate. The server refuses the tokens of such an issuer and accepts the tokens of
//! other issuers.

use std::sync::Arc;

use axum_protected_tests::{App, ScriptedIssuer, bounded, keys, token, trusting};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::{AlertDescription, Error, ServerConfig};

use super::me;

/// Returns an app that trusts this issuer and a reachable issuer.
async fn app_with_reachable_issuer(issuer: &str) -> (App, ScriptedIssuer) {
    let good = ScriptedIssuer::start().await;
    let server = trusting(issuer).issuer(good.url()).build().unwrap();
    (App::serve(server).await, good)
}

async fn is_an_outage_of_its_own(issuer: &str) {
    let (app, good) = app_with_reachable_issuer(issuer).await;
    app.grants(&me(good.token())).await;
    app.refuses(&me(token(issuer)), 503, "keys_unavailable").await;
    app.grants(&me(good.token())).await;
}

/// DNS: the host name of this issuer never resolves (RFC 6761 section 6.4).
#[tokio::test]
async fn an_unknown_host_name_is_an_outage() {
    is_an_outage_of_its_own("https://issuer.invalid").await;
}

/// TLS: a listener without TLS would respond to a plain HTTP request with valid keys.
#[tokio::test]
async fn an_issuer_without_tls_gets_no_request() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("https://{}", listener.local_addr().unwrap());
    let listening = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let first = stream.read_u8().await.unwrap();
        let body = keys().jwks().to_string();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        let _ = stream.write_all((head + &body).as_bytes()).await;
        first
    });
    is_an_outage_of_its_own(&issuer).await;
    let first = bounded("a connection", listening).await.unwrap();
    assert_eq!(first, 0x16, "not a TLS handshake (RFC 8446 section 5.1)");
}

/// TLS: the issuer has a self-signed certificate for its address.
#[tokio::test]
async fn an_untrusted_certificate_is_refused() {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], signing_key.into())
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("https://{}", listener.local_addr().unwrap());
    let listening = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let handshake = TlsAcceptor::from(Arc::new(config)).accept(stream).await;
        let mut stream = handshake.map_err(|error| error.downcast::<Error>().unwrap())?;
        // In TLS 1.3 the server side finishes the handshake before the client verifies the
        // certificate.
        let read = stream.read_u8().await;
        read.map_err(|error| error.downcast::<Error>().unwrap())
    });
    is_an_outage_of_its_own(&issuer).await;
    let result = bounded("a connection", listening).await.unwrap();
    let expected = Error::AlertReceived(AlertDescription::UnknownCA);
    assert_eq!(result, Err(expected));
}
