//! Reads the members of a JWK.

use super::remark::Finding::{self, Unusable};
use crate::json::{Item, Object};

/// Returns the value of a member. A member whose value is null counts as absent.
pub(super) fn member<'a>(jwk: Object<'a>, name: &str) -> Option<Item<'a>> {
    jwk.get(name).filter(|value| !matches!(value, Item::Null))
}

pub(super) fn text<'a>(jwk: Object<'a>, name: &str) -> Result<Option<&'a str>, Finding> {
    match member(jwk, name) {
        None => Ok(None),
        Some(Item::String(text)) => Ok(Some(text)),
        Some(_) => Err(Unusable("a member is not a string")),
    }
}
