//! The attributes for functions.

use syn::Attribute;

/// An attribute for functions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attr {
    Protected,
    Public,
    Check,
}

impl Attr {
    /// Returns its name, as users write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::Public => "public",
            Self::Check => "check",
        }
    }

    /// Returns the noun for a function that has it.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Protected | Self::Public => "handler",
            Self::Check => "check",
        }
    }

    /// Recognises an attribute by the last segment of its path: macros cannot resolve names.
    pub(crate) fn of(attribute: &Attribute) -> Option<Self> {
        let last = attribute.path().segments.last()?;
        [Self::Protected, Self::Public, Self::Check]
            .into_iter()
            .find(|attr| last.ident == attr.name())
    }
}
