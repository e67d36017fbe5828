//! Reads the members of a JWK.

use super::finding::Finding::{self, Unusable};
use crate::json::{Item, Object};

/// Returns the value of a member. A member whose value is null counts as absent.
pub(super) fn member<'a>(jwk: Object<'a>, name: &str) -> Option<Item<'a>> {
    jwk.get(name).filter(|value| !matches!(value, Item::Null))
}

/// Returns the text of a member. Any other value than a string and null is an error.
pub(crate) fn text<'a>(jwk: Object<'a>, name: &str) -> Result<Option<&'a str>, Finding> {
    match member(jwk, name) {
        None => Ok(None),
        Some(Item::String(text)) => Ok(Some(text)),
        Some(_) => Err(Unusable("a member is not a string")),
    }
}
