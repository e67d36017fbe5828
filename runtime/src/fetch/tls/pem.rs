//! Reads certificates in PEM (RFC 7468).

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::backend::check_certificate;

/// Returns the certificates in DER, or an error if one of them cannot be a root. Ignores text outside of PEM blocks, which explains the
/// certificates of many bundles (RFC 7468 section 5.2).
pub(in crate::fetch) fn read_pem(pem: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .map(|certificate| certificate.map(|der| der.to_vec()))
        .collect::<Result<_, _>>()
        .map_err(|error| format!("is not valid PEM: {error}"))?;
    certificates.iter().try_for_each(|certificate| check_certificate(certificate))?;
    Ok(certificates)
}
