//! Key and header parameters of a verified token, for checking the token against a newer key set.

use std::sync::Arc;

use super::profile::Profile;
use super::signature::KeyMaterial;
use crate::algorithm::Algorithm;

/// Key that signed a token, and the header parameters that selected the key. `KeySet::confirm` uses
/// these values to check that a new key set contains the key that verified a cached token. The
/// cache of verified tokens does not keep the text of a token, so the signature cannot be verified
/// again.
#[derive(Debug, Clone)]
pub(crate) struct SignedBy {
    pub(crate) kid: Option<Box<str>>,
    pub(crate) algorithm: Algorithm,
    /// Strictest `Profile` that accepts the `typ` of the header.
    pub(crate) profile: Profile,
    pub(crate) key: Arc<KeyMaterial>,
}
