//! The mark of a request that came over a TLS connection which this program terminates.

/// The mark of a request that came over TLS, for a program that terminates TLS itself.
///
/// A server with [`require_https`](crate::ResourceServerBuilder::require_https) accepts the
/// credential of a request whose extensions contain this mark. Only the code that accepts TLS
/// connections may add the mark. For example, the acceptor of the crate `axum-server` wraps the
/// service of each TLS connection, and can add `Extension(TlsConnection)` to it:
///
/// ```
/// use axum::{Extension, Router};
/// use axum_protected::server::TlsConnection;
///
/// /// The router that only the TLS listener serves.
/// fn over_tls(app: Router) -> Router {
///     app.layer(Extension(TlsConnection))
/// }
/// ```
///
/// Never derive the mark from a header of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a mark without content")]
pub struct TlsConnection;
