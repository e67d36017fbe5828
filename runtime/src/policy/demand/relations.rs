//! Relations between two demands, evaluated at compile time. The attribute macros cannot evaluate
//! these relations: they see only the paths of declared scopes and named policies, and the compiler
//! resolves the paths.

use super::Demand;
use crate::policy::const_equality::{contains_text, every, some, text_eq, texts_eq};

impl Demand {
    /// Returns true if every request that satisfies this demand also satisfies the other demand.
    /// May return false although this demand implies the other, but never returns true wrongly.
    /// Compares checks and policies by number, and only if both demands belong to the same policy:
    /// a number identifies a check or policy only within one policy.
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
            Self::Proof(this) => {
                matches!(other, Self::Proof(other) if text_eq(this.name(), other.name()))
            }
            Self::Details(this) => matches!(other, Self::Details(other) if this.implies(other)),
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

    /// Returns true if no token satisfies both demands. May return false although the demands
    /// exclude each other, but never returns true wrongly.
    pub(crate) const fn excludes(&self, other: &Self) -> bool {
        match self {
            Self::Client(this) => matches!(other, Self::Client(other) if !text_eq(this, other)),
            // A token has one issuer, and a policy can identify an issuer by one text only: the
            // issuer's configured name, or its identifier if it has no name.
            Self::Issuer(this) => matches!(other, Self::Issuer(other) if !text_eq(this, other)),
            Self::Acr(this) => matches!(other, Self::Acr(other) if !text_eq(this, other)),
            // A token may be bound to two keys, and have many scopes, roles and objects of details. A
            // claim may be an array of several values. The compiler does not know the results of
            // checks and policies.
            Self::Scope(_)
            | Self::Declared(_)
            | Self::Role(_)
            | Self::Claim(..)
            | Self::MaxAge(_)
            | Self::Proof(_)
            | Self::Details(_)
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
