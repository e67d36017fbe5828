//! The header and the key of a verified token, as far as they are judged again later.

use std::sync::Arc;

use super::rules::Profile;
use super::signature::PublicKey;
use crate::algorithm::Algorithm;

/// How the token named the key, and which one that was. The text of the token, which alone could be
/// verified once more, is not kept.
#[derive(Debug, Clone)]
pub(crate) struct SignedBy {
    pub(crate) kid: Option<Box<str>>,
    pub(crate) algorithm: Algorithm,
    /// The strictest profile that accepts the `typ` of the header.
    pub(crate) profile: Profile,
    pub(crate) key: Arc<PublicKey>,
}
