//! The attributes that go above a function.

use syn::Attribute;

/// An attribute that is written above a function.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attr {
    Protected,
    Public,
    Check,
}

impl Attr {
    /// Its name, as users write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::Public => "public",
            Self::Check => "check",
        }
    }

    /// The name of what it makes of a function.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Protected | Self::Public => "handler",
            Self::Check => "check",
        }
    }

    /// Recognises an attribute by its last segment, as nothing else can be known here.
    pub(crate) fn of(attribute: &Attribute) -> Option<Self> {
        let last = attribute.path().segments.last()?;
        [Self::Protected, Self::Public, Self::Check]
            .into_iter()
            .find(|attr| last.ident == attr.name())
    }
}
