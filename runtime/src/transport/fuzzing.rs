//! Entry point of the fuzz target for headers with a client's certificate.

use http::{HeaderMap, HeaderValue};

use super::certificate_header::{CertificateHeader, ClientCertificateFormat};

/// Reads the certificate in these lines of the header with the default name of the format. Returns
/// its thumbprint, or `None` if the lines are refused or contain no certificate.
#[must_use]
pub fn certificate_thumbprint(
    format: ClientCertificateFormat,
    lines: &[HeaderValue],
) -> Option<[u8; 32]> {
    let header = CertificateHeader { name: format.default_header(), format };
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(&header.name, line.clone());
    }
    let certificate = header.certificate(&headers).ok().flatten()?;
    Some(*certificate.thumbprint().octets())
}
