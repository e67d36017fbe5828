//! The key to which a token is bound, and the proofs with which a request shows that it holds the key
//! (RFC 7800).

mod binding;
mod proof;
mod thumbprint;

pub(crate) use self::binding::{Binding, RequiredBinding};
pub use self::proof::Proof;
pub(crate) use self::proof::Proofs;
pub(crate) use self::thumbprint::Thumbprint;
