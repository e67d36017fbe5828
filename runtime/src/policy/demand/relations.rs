//! The relations between two demands, decided while a program is compiled: there the vocabularies
//! and the named policies are known, of which the attributes see only the path.

use super::Demand;
use crate::policy::comparison::{contains_text, every, some, text_eq, texts_eq};

impl Demand {
    /// True where a request that satisfies this demand satisfies the other as well. It may miss an
    /// implication, and never invents one. Checks and policies are known by their number, which
    /// means something within one policy only.
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

    /// True where no token satisfies both. It may miss that, and never invents it.
    pub(crate) const fn excludes(&self, other: &Self) -> bool {
        match self {
            Self::Client(this) => matches!(other, Self::Client(other) if !text_eq(this, other)),
            // A token has one issuer, and a policy can call that by one text only: by its name, or,
            // where it has none, by its identifier.
            Self::Issuer(this) => matches!(other, Self::Issuer(other) if !text_eq(this, other)),
            Self::Acr(this) => matches!(other, Self::Acr(other) if !text_eq(this, other)),
            // A token may have many scopes and roles, and an array any values of a claim. What the
            // application's own code says is not known.
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
