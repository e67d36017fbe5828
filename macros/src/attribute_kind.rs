//! The attributes of this crate that users put on functions.

use syn::Attribute;

/// An attribute of this crate that users put on a function.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attr {
    Protected,
    Public,
    Check,
}

impl Attr {
    /// Returns the name of the attribute, as users write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::Public => "public",
            Self::Check => "check",
        }
    }

    /// Returns the noun for a function that has the attribute.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Protected | Self::Public => "handler",
            Self::Check => "check",
        }
    }

    /// Finds the `Attr` of an attribute by the last segment of the attribute's path, because macros
    /// cannot resolve names.
    pub(crate) fn of(attribute: &Attribute) -> Option<Self> {
        let last = attribute.path().segments.last()?;
        [Self::Protected, Self::Public, Self::Check]
            .into_iter()
            .find(|attr| last.ident == attr.name())
    }
}
