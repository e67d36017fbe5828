//! The type of the identities that the store holds. It is a trait, because identities are above API
//! keys in the layers of this crate.

use super::claims::ValidKey;

/// The identity that a key yields. The store keeps one for each key, so that a request does not
/// create it anew.
pub(crate) trait KeyIdentity: Clone + Send + Sync + 'static {
    fn of_key(key: ValidKey) -> Self;

    /// Returns true if both values have the same claims, name and expiry.
    fn has_same_content(&self, other: &Self) -> bool;

    /// Returns the size of the identity in memory, in bytes.
    fn size(&self) -> usize;
}
