//! The claim `authorization_details` of an identity: what the user permitted in detail (RFC 9396).

use super::AccessToken;
use crate::error::Fault;
use crate::json::{Array, Document, Item, Object, Position};

/// The name of the claim (RFC 9396 sections 9.1 and 9.2).
const CLAIM: &str = "authorization_details";

/// The member with the type of an object (RFC 9396 section 2).
pub(super) const TYPE: &str = "type";

/// The member with the resource servers that an object is for (RFC 9396 section 2.2).
pub(super) const LOCATIONS: &str = "locations";

/// Requires that the claim is an array of objects, each with a string `type`.
pub(super) fn require_objects(claims: &Document, claim: Option<Position>) -> Result<(), Fault> {
    let Some(claim) = claim else {
        return Ok(());
    };
    let has_type = |item: Item<'_>| {
        let kind = item.as_object().and_then(|object| object.get(TYPE));
        matches!(kind, Some(Item::String(_)))
    };
    match claims.at(claim) {
        Item::Array(objects) if objects.items().all(has_type) => Ok(()),
        _ => Err(Fault::DetailsMalformed),
    }
}

impl AccessToken {
    /// Returns true if the token has authorization details, for this API or for another one.
    pub(crate) fn has_authorization_details(&self) -> bool {
        self.authorization_details().next().is_some()
    }

    /// Returns the objects of this type that are for this API. An object with `locations` is for the
    /// resource servers that it names. An object without `locations` is for every resource server
    /// that accepts the token.
    pub(crate) fn own_details(&self, kind: &str) -> impl Iterator<Item = Object<'_>> {
        self.authorization_details().filter(move |object| {
            object.get(TYPE).and_then(Item::as_str) == Some(kind) && self.is_for_this_api(*object)
        })
    }

    fn authorization_details(&self) -> impl Iterator<Item = Object<'_>> {
        let claim = self.claims().get(CLAIM).and_then(Item::as_array);
        claim.into_iter().flat_map(Array::items).filter_map(Item::as_object)
    }

    /// Returns true if the object names no locations, or if one of them is this API. Locations that
    /// are not an array of strings name no API, so that a malformed object permits nothing.
    fn is_for_this_api(&self, object: Object<'_>) -> bool {
        match object.get(LOCATIONS) {
            None => true,
            Some(Item::Array(locations)) => locations
                .items()
                .filter_map(Item::as_str)
                .any(|location| self.identity().origin.is_own_location(location)),
            Some(_) => false,
        }
    }
}
