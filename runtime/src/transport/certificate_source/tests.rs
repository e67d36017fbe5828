use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Request;

use super::*;
use crate::transport::ClientCertificateFormat;

const PROXY: Option<&str> = Some("10.1.2.3");
const CLIENT: Option<&str> = Some("192.0.2.1");
const ONE: &[u8] = &[0x30, 1, 1];
const OTHER: &[u8] = &[0x30, 1, 2];

fn with_header() -> CertificateSource {
    let format = ClientCertificateFormat::Rfc9440;
    let header = CertificateHeader { name: format.default_header(), format };
    let proxies = ["10.0.0.0/8", "127.0.0.1"].map(|text| IpNetwork::parse(text).unwrap());
    CertificateSource::new(Some(header), proxies.to_vec())
}

fn find(
    source: &CertificateSource,
    peer: Option<&str>,
    connection: Option<&[u8]>,
    lines: &[&[u8]],
) -> Result<Option<Thumbprint>, Fault> {
    let mut request = Request::new(());
    if let Some(peer) = peer {
        let address: IpAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address, 4711)));
    }
    if let Some(der) = connection {
        request.extensions_mut().insert(ClientCertificate::from_der(der));
    }
    for der in lines {
        let value = format!(":{}:", STANDARD.encode(der));
        request.headers_mut().append("client-cert", value.parse().unwrap());
    }
    source.thumbprint(&request.into_parts().0)
}

#[allow(clippy::unnecessary_wraps, reason = "a result of the table")]
fn found(der: &[u8]) -> Result<Option<Thumbprint>, Fault> {
    Ok(Some(Thumbprint::of(der)))
}

type Lines = &'static [&'static [u8]];

#[test]
fn only_the_header_of_a_trusted_proxy_counts() {
    let source = with_header();
    let (none, one, malformed, two): (Lines, Lines, Lines, Lines) =
        (&[], &[ONE], &[&[7]], &[ONE, ONE]);
    for (peer, connection, lines, expected) in [
        (PROXY, None, none, Ok(None)),
        (PROXY, None, one, found(ONE)),
        (Some("::ffff:10.1.2.3"), None, one, found(ONE)),
        (Some("127.0.0.1"), None, one, found(ONE)),
        (PROXY, None, malformed, Err(Fault::CertificateMalformed)),
        (PROXY, None, two, Err(Fault::SeveralCertificates)),
        // A trusted proxy that has a certificate of its own.
        (PROXY, Some(ONE), one, found(ONE)),
        (PROXY, Some(OTHER), one, Err(Fault::CertificatesDiffer)),
        (PROXY, Some(OTHER), none, Err(Fault::CertificatesDiffer)),
        (PROXY, Some(ONE), malformed, Err(Fault::CertificateMalformed)),
        // Everybody else.
        (CLIENT, None, none, Ok(None)),
        (CLIENT, None, one, Err(Fault::CertificatePeerUntrusted)),
        (CLIENT, None, malformed, Err(Fault::CertificatePeerUntrusted)),
        (Some("::1"), None, one, Err(Fault::CertificatePeerUntrusted)),
        (Some("127.0.0.2"), None, one, Err(Fault::CertificatePeerUntrusted)),
        (Some("::10.1.2.3"), None, one, Err(Fault::CertificatePeerUntrusted)),
        (CLIENT, Some(OTHER), none, found(OTHER)),
        (CLIENT, Some(OTHER), one, found(OTHER)),
        (CLIENT, Some(OTHER), malformed, found(OTHER)),
        (None, None, none, Ok(None)),
        (None, None, one, Err(Fault::CertificatePeerUnknown)),
        (None, Some(OTHER), one, found(OTHER)),
    ] {
        let outcome = find(&source, peer, connection, lines);
        assert_eq!(outcome, expected, "{peer:?} {connection:?} {lines:?}");
    }
}

#[test]
fn without_the_setting_no_header_counts() {
    let source = CertificateSource::default();
    for peer in [None, PROXY, CLIENT] {
        assert_eq!(find(&source, peer, None, &[ONE]), Ok(None));
        assert_eq!(find(&source, peer, Some(OTHER), &[ONE]), found(OTHER));
    }
}
