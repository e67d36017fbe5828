//! The certificate of the client, as proxies report it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::case::Certificate;

/// A certificate with an elliptic key usually has this length or more, in octets.
const CONTENT_LENGTH: u16 = 800;

/// Returns octets in the outer form of a certificate, a SEQUENCE in DER. The guard looks only at
/// this form and at the digest of the octets.
pub(crate) fn der() -> Vec<u8> {
    let [high, low] = CONTENT_LENGTH.to_be_bytes();
    let content = (0..CONTENT_LENGTH).map(|index| index.to_be_bytes()[1].wrapping_mul(37));
    [0x30, 0x82, high, low].into_iter().chain(content).collect()
}

/// Returns the header with the certificate; `None` if the certificate is in an extension.
pub(crate) fn header(certificate: Certificate) -> Option<(&'static str, String)> {
    match certificate {
        Certificate::Extension => None,
        Certificate::Rfc9440 => Some(("client-cert", format!(":{}:", STANDARD.encode(der())))),
        Certificate::Nginx => Some(("x-ssl-client-cert", encoded_pem())),
        Certificate::Envoy => {
            let element = format!("Hash=00;Cert=\"{}\"", encoded_pem());
            Some(("x-forwarded-client-cert", element))
        }
    }
}

/// Returns PEM with percent-encoding.
fn encoded_pem() -> String {
    let base64 = STANDARD.encode(der());
    let lines: Vec<_> = base64.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    let body = lines.join("\n");
    let pem = format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    pem.replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D")
        .replace('\n', "%0A")
        .replace(' ', "%20")
}
