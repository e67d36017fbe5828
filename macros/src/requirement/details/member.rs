//! The members of authorization details that a policy can demand (RFC 9396 section 2.2).

use proc_macro2::{Ident, Span};

/// The key of the type, which each demand names.
pub(super) const TYPE: &str = "type";

/// A member of authorization details.
pub(crate) struct Member {
    /// The key of the member, as users and RFC 9396 write it.
    pub(in crate::requirement) key: &'static str,
    /// The name of the variant in the runtime's `DetailsMember`.
    variant: &'static str,
    /// The text of a valid entry, as an example in error messages.
    pub(super) example: &'static str,
    per_object: PerObject,
}

/// The largest number of values that an object has for a member: one or several.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PerObject {
    One,
    Several,
}

/// The table of all members other than `type`.
pub(super) const MEMBERS: [Member; 5] = [
    Member {
        key: "actions",
        variant: "Actions",
        example: "actions = \"initiate\"",
        per_object: PerObject::Several,
    },
    Member {
        key: "locations",
        variant: "Locations",
        example: "locations = \"https://api.example.com\"",
        per_object: PerObject::Several,
    },
    Member {
        key: "datatypes",
        variant: "Datatypes",
        example: "datatypes = \"balances\"",
        per_object: PerObject::Several,
    },
    Member {
        key: "identifier",
        variant: "Identifier",
        example: "identifier = \"account-14\"",
        per_object: PerObject::One,
    },
    Member {
        key: "privileges",
        variant: "Privileges",
        example: "privileges = \"admin\"",
        per_object: PerObject::Several,
    },
];

impl Member {
    /// Returns the member with this key.
    pub(super) fn of_key(key: &Ident) -> Option<&'static Self> {
        const ALL: &[Member] = &MEMBERS;
        ALL.iter().find(|member| key == member.key)
    }

    /// Returns the identifier of the variant in the runtime's `DetailsMember`.
    pub(in crate::requirement) fn variant(&self) -> Ident {
        Ident::new(self.variant, Span::call_site())
    }

    /// Returns true if an object has one value for this member.
    pub(super) fn is_single(&self) -> bool {
        self.per_object == PerObject::One
    }
}
