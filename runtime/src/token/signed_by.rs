//! The parts of the header and the key of a verified token that are needed to check it again.

use std::sync::Arc;

use super::rules::Profile;
use super::signature::PublicKey;
use crate::algorithm::Algorithm;

/// The key of a signature, and the header parameters that selected it. A cached token is confirmed
/// by them against a new key set, because its text is not kept and cannot be verified again.
#[derive(Debug, Clone)]
pub(crate) struct SignedBy {
    pub(crate) kid: Option<Box<str>>,
    pub(crate) algorithm: Algorithm,
    /// The strictest profile that accepts the `typ` of the header.
    pub(crate) profile: Profile,
    pub(crate) key: Arc<PublicKey>,
}
