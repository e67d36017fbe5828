//! Descriptions of errors of TLS handshakes.

use rustls::{CertificateError, Error};

/// Returns a description of the cause of a failed handshake, or `None` for an error whose own text
/// is clear enough.
pub(super) fn describe(error: &Error) -> Option<String> {
    match error {
        Error::InvalidCertificate(error) => Some(certificate(error)),
        Error::InvalidMessage(_) => Some(format!("the server does not speak TLS: {error}")),
        _ => None,
    }
}

fn certificate(error: &CertificateError) -> String {
    match error {
        CertificateError::UnknownIssuer => {
            "the certificate is not from a trusted authority (unknown issuer): trust the root of \
             the authority with `ca_file`"
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the certificate has expired, or the clock of this machine is wrong"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the certificate is not valid yet, or the clock of this machine is wrong"
        }
        CertificateError::Revoked => "the certificate is revoked",
        CertificateError::BadEncoding => "the certificate cannot be read",
        CertificateError::BadSignature => "the signature of the certificate is wrong",
        CertificateError::NotValidForName => "the certificate is for another host name",
        CertificateError::NotValidForNameContext { expected, presented } => {
            let presented: Vec<_> =
                presented.iter().take(8).map(|name| format!("`{name}`")).collect();
            return format!(
                "the certificate is for another host name: it names {}, not `{}`",
                presented.join(", "),
                expected.to_str()
            );
        }
        CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "the certificate is the root of an authority (`CA:TRUE`), which cannot be the \
             certificate of a server"
        }
        _ => return format!("the certificate is not accepted: {error}"),
    }
    .to_owned()
}
