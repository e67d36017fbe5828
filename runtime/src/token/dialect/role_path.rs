//! Path to the roles in a token.

use crate::json::{Array, Item, Object};

/// Element of a path that stands for each configured audience that the token has.
pub(crate) const AUDIENCE: &str = "{audience}";

/// Path of member names to a claim with roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RolePath {
    /// Names before the audience; all names of a path without an audience.
    start: Vec<String>,
    /// Names after the audience. `None` if the path does not contain the audience.
    end: Option<Vec<String>>,
}

impl RolePath {
    /// Returns `None` if the path is empty or contains the audience twice.
    pub(crate) fn new(mut path: Vec<String>) -> Option<Self> {
        let end = path.iter().position(|name| name == AUDIENCE).map(|index| {
            let end = path.split_off(index);
            end.into_iter().skip(1).collect::<Vec<_>>()
        });
        let has_second = end.iter().flatten().any(|name| name == AUDIENCE);
        let is_empty = path.is_empty() && end.is_none();
        (!has_second && !is_empty).then_some(Self { start: path, end })
    }

    /// Returns the roles at this path.
    pub(super) fn roles<'a, A: Iterator<Item = &'a str>>(
        &'a self,
        claims: Object<'a>,
        audiences: impl FnOnce() -> A,
    ) -> impl Iterator<Item = &'a str> {
        let fixed = self.end.is_none().then(|| claims.member(&self.start)).flatten();
        let of_audiences = self.end.as_ref().map(|end| {
            let objects = claims.object(&self.start);
            audiences().filter_map(move |audience| {
                let value = objects?.get(audience)?;
                if end.is_empty() { Some(value) } else { value.as_object()?.member(end) }
            })
        });
        fixed.into_iter().chain(of_audiences.into_iter().flatten()).flat_map(names)
    }

    /// Returns true if the path begins at the claim with this name. A path may begin at the name of an
    /// audience.
    pub(super) fn starts_at(&self, name: &str, audiences: &[String]) -> bool {
        match self.start.first() {
            Some(first) => first == name,
            None => audiences.iter().any(|audience| audience == name),
        }
    }

    /// Returns the path in which `audience` replaces the element for the audience.
    #[cfg(any(test, feature = "__testing"))]
    pub(super) fn with_audience(&self, audience: &str) -> Vec<String> {
        let end = self
            .end
            .iter()
            .flat_map(|end| std::iter::once(audience.to_owned()).chain(end.iter().cloned()));
        self.start.iter().cloned().chain(end).collect()
    }
}

/// Returns the roles in a claim: the strings of an array, one string, or the names of an object's
/// members. A member whose value is `null` or `false` does not count.
fn names(claim: Item<'_>) -> impl Iterator<Item = &str> {
    let strings = claim.as_array().into_iter().flat_map(Array::items).filter_map(Item::as_str);
    let members = claim
        .as_object()
        .into_iter()
        .flat_map(Object::members)
        .filter(|(_, value)| !matches!(value, Item::Null | Item::Bool(false)))
        .map(|(name, _)| name);
    claim.as_str().into_iter().chain(strings).chain(members)
}
