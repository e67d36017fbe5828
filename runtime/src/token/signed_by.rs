//! Key and header parameters of a verified token, for checking the token again.

use std::sync::Arc;

use super::rules::Profile;
use super::signature::PublicKey;
use crate::algorithm::Algorithm;

/// Key that signed a token, and the header parameters that selected the key. `KeySet::confirm` uses
/// these values to confirm a cached token against a new key set. The cache does not keep the text
/// of a token, so the signature cannot be verified again.
#[derive(Debug, Clone)]
pub(crate) struct SignedBy {
    pub(crate) kid: Option<Box<str>>,
    pub(crate) algorithm: Algorithm,
    /// Strictest profile that accepts the `typ` of the header.
    pub(crate) profile: Profile,
    pub(crate) key: Arc<PublicKey>,
}
