//! TLS of the connections, by rustls. The cryptographic provider is passed explicitly: a provider
//! that is installed for the process is neither needed nor used, and none is installed.

#[cfg(not(feature = "__rustls"))]
mod no_backend;
#[cfg(feature = "__rustls")]
mod rustls_backend;

use std::path::Path;

#[cfg(not(feature = "__rustls"))]
pub(crate) use self::no_backend::Tls;
#[cfg(feature = "__rustls")]
pub(crate) use self::rustls_backend::Tls;

/// Files in PEM that the settings name.
#[cfg_attr(not(feature = "__rustls"), allow(dead_code, reason = "without TLS, files are not read"))]
pub(crate) struct TlsFiles<'a> {
    /// Root certificates that are trusted besides those of the system.
    pub(crate) ca: Option<&'a Path>,
    /// The certificate of the client, and its private key.
    pub(crate) client: Option<(&'a Path, &'a Path)>,
}
