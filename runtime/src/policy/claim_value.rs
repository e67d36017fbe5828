//! The value that a policy demands of a claim.

use std::fmt;

#[cfg(any(test, feature = "openapi", feature = "__testing"))]
use serde_json::{Value, json};

use super::const_equality::text_eq;
use crate::json::Item;

/// A value that a claim is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimValue {
    /// A string, compared exactly.
    Text(&'static str),
    /// A whole number.
    Integer(i64),
    /// A truth value.
    Bool(bool),
}

impl ClaimValue {
    /// True if the claim is this value, or an array that contains it.
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

    /// The value in JSON.
    #[cfg(any(test, feature = "openapi", feature = "__testing"))]
    pub(crate) fn json(self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Integer(number) => json!(number),
            Self::Bool(truth) => json!(truth),
        }
    }

    /// Compares two values in constants, which cannot call `==`.
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
