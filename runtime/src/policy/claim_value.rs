//! The value that a `Demand::Claim` requires of a claim.

use std::fmt;

#[cfg(any(test, feature = "openapi", feature = "__testing"))]
use serde_json::{Value, json};

use super::const_equality::text_eq;
use crate::json::Item;

/// The value that a [`Demand::Claim`](super::Demand::Claim) requires of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimValue {
    /// A string. The claim must be exactly this string or an array that contains it.
    Text(&'static str),
    /// A whole number. The claim must be this number or an array that contains it.
    Integer(i64),
    /// A truth value. The claim must be this value or an array that contains it.
    Bool(bool),
}

impl ClaimValue {
    /// Returns true if the claim equals this value or is an array that contains this value.
    pub(super) fn is_in(self, claim: Item<'_>) -> bool {
        match claim {
            Item::Array(members) => members.items().any(|member| self.is_item(member)),
            only => self.is_item(only),
        }
    }

    fn is_item(self, item: Item<'_>) -> bool {
        match (self, item) {
            (Self::Text(wanted), Item::String(text)) => text == wanted,
            (Self::Integer(wanted), Item::Number(number)) => number.as_i64() == Some(wanted),
            (Self::Bool(wanted), Item::Bool(truth)) => truth == wanted,
            _ => false,
        }
    }

    /// Returns the value as JSON.
    #[cfg(any(test, feature = "openapi", feature = "__testing"))]
    pub(crate) fn json(self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Integer(number) => json!(number),
            Self::Bool(truth) => json!(truth),
        }
    }

    /// Returns true if two values are equal. Constants call this function because they cannot call
    /// `==`.
    pub(super) const fn equals(self, other: Self) -> bool {
        match (self, other) {
            (Self::Text(this), Self::Text(other)) => text_eq(this, other),
            (Self::Integer(this), Self::Integer(other)) => this == other,
            (Self::Bool(this), Self::Bool(other)) => this == other,
            _ => false,
        }
    }
}

impl fmt::Display for ClaimValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(formatter, "{text:?}"),
            Self::Integer(number) => number.fmt(formatter),
            Self::Bool(truth) => truth.fmt(formatter),
        }
    }
}
