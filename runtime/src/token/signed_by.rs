//! The key that made a token's signature, as far as a later set can be asked for it.

use std::sync::Arc;

use super::signature::PublicKey;
use crate::algorithm::Algorithm;

/// How the token named the key, and which one that was. The text of the token, which alone could be
/// verified once more, is not kept.
#[derive(Debug, Clone)]
pub(crate) struct SignedBy {
    pub(crate) kid: Option<Box<str>>,
    pub(crate) algorithm: Algorithm,
    pub(crate) key: Arc<PublicKey>,
}
