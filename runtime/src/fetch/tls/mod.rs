//! TLS of the HTTP client. Cargo features choose the implementation. If several are enabled, the
//! first in the order `tls_aws_lc`, `tls_ring`, `tls_native` is used.
//!
//! The cryptographic provider is passed explicitly: a provider that is installed for the process is
//! neither needed nor used, and none is installed.

#[cfg(all(feature = "tls_native", not(feature = "__rustls")))]
mod native_backend;
#[cfg(not(any(feature = "tls_native", feature = "__rustls")))]
mod no_backend;
#[cfg(any(feature = "tls_native", feature = "__rustls"))]
mod pem;
#[cfg(feature = "__rustls")]
mod rustls_backend;

#[cfg(all(feature = "tls_native", not(feature = "__rustls")))]
use self::native_backend as backend;
#[cfg(not(any(feature = "tls_native", feature = "__rustls")))]
use self::no_backend as backend;
#[cfg(feature = "__rustls")]
use self::rustls_backend as backend;

#[cfg(not(any(feature = "tls_native", feature = "__rustls")))]
pub(super) use self::no_backend::read_pem;
#[cfg(any(feature = "tls_native", feature = "__rustls"))]
pub(super) use self::pem::read_pem;
pub(super) use backend::{Tls, apply};
