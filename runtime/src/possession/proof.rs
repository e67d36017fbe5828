//! The kinds of proofs of possession.

use serde::Serialize;

/// The way in which a caller proves that it holds the key to which its token is bound.
///
/// A token may be bound to a key by its claim `cnf`. The server accepts such a token only together
/// with the proof. A stolen token is then useless without the key.
///
/// ```
/// use axum_protected::{AccessToken, Proof, protected};
///
/// #[protected(scope = "items:read")]
/// async fn items(token: AccessToken) -> &'static str {
///     match token.proof() {
///         Some(Proof::Dpop) => "with a DPoP proof",
///         Some(proof) => proof.name(),
///         None => "with a bearer token",
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Proof {
    /// A signed statement about the request in its header `DPoP` (RFC 9449). The claim `cnf` has
    /// the member `jkt`.
    Dpop,
    /// The client certificate of the TLS connection (RFC 8705 section 3). The claim `cnf` has the
    /// member `x5t#S256`.
    Mtls,
}

impl Proof {
    /// All kinds of proofs.
    pub const ALL: &[Self] = &[Self::Dpop, Self::Mtls];

    /// Returns the name of the proof in policies: `dpop` or `mtls`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dpop => "dpop",
            Self::Mtls => "mtls",
        }
    }
}

/// The proofs that a request has presented for its token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Proofs {
    pub(crate) dpop: bool,
    pub(crate) mtls: bool,
}

impl Proofs {
    pub(crate) const fn contains(self, proof: Proof) -> bool {
        match proof {
            Proof::Dpop => self.dpop,
            Proof::Mtls => self.mtls,
        }
    }
}
