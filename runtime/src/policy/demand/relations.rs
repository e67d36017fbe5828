//! Relations between two demands, evaluated at compile time. The compiler resolves vocabularies and
//! named policies; the attribute macros see only their paths.

use super::Demand;
use crate::policy::const_equality::{contains_text, every, some, text_eq, texts_eq};

impl Demand {
    /// True if every request that satisfies this demand satisfies the other. May miss an implication;
    /// never reports a false one. Checks and policies are compared by number, which identifies them
    /// only within the same policy.
    pub(crate) const fn implies(&self, other: &Self, same_policy: bool) -> bool {
        match self {
            Self::Scope(scope) => other.is_satisfied_by_scope(scope),
            Self::Declared(entry) => {
                let broader = entry.implied_by;
                other.is_satisfied_by_scope(entry.name)
                    && every!(scope in broader => other.is_satisfied_by_scope(scope))
            }
            Self::Role(this) => matches!(other, Self::Role(other) if text_eq(this, other)),
            Self::Claim(path, value) => match other {
                Self::Claim(other, wanted) => texts_eq(path, other) && value.equals(*wanted),
                _ => false,
            },
            Self::Client(this) => matches!(other, Self::Client(other) if text_eq(this, other)),
            Self::Issuer(this) => matches!(other, Self::Issuer(other) if text_eq(this, other)),
            Self::Acr(this) => matches!(other, Self::Acr(other) if text_eq(this, other)),
            Self::MaxAge(this) => matches!(other, Self::MaxAge(other) if *this <= *other),
            Self::Check(this) => match other {
                Self::Check(other) => same_policy && this.number == other.number,
                _ => false,
            },
            Self::Policy(this) => match other {
                Self::Policy(other) => same_policy && this.number == other.number,
                _ => false,
            },
        }
    }

    /// True if no token satisfies both. May miss an exclusion; never reports a false one.
    pub(crate) const fn excludes(&self, other: &Self) -> bool {
        match self {
            Self::Client(this) => matches!(other, Self::Client(other) if !text_eq(this, other)),
            // A token has one issuer, and one text identifies it in policies: its name, or its
            // identifier if it has no name.
            Self::Issuer(this) => matches!(other, Self::Issuer(other) if !text_eq(this, other)),
            Self::Acr(this) => matches!(other, Self::Acr(other) if !text_eq(this, other)),
            // A token may have many scopes and roles, and a claim may be an array of several values.
            // The answers of the application's code are unknown.
            Self::Scope(_)
            | Self::Declared(_)
            | Self::Role(_)
            | Self::Claim(..)
            | Self::MaxAge(_)
            | Self::Check(_)
            | Self::Policy(_) => false,
        }
    }

    const fn is_satisfied_by_scope(&self, scope: &str) -> bool {
        match self.parts().scope {
            Some(entry) => text_eq(scope, entry.name) || contains_text(scope, entry.implied_by),
            None => false,
        }
    }
}
