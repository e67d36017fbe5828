//! The error for JSON values that do not have the form of a Rust type.

use std::fmt;

use serde::de;

/// The error for JSON values that do not have the form of a Rust type. It contains nothing of the
/// values, so that it can be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// Name of the field of the type that is missing, if a missing field is the cause.
    pub(crate) missing: Option<&'static str>,
    /// True if the cause is a member of an object that the type does not have.
    pub(crate) has_unknown: bool,
}

impl Mismatch {
    const OTHER: Self = Self { missing: None, has_unknown: false };
    /// The error for a member of an object that the type does not have.
    pub(super) const UNKNOWN: Self = Self { has_unknown: true, ..Self::OTHER };
}

impl de::Error for Mismatch {
    /// Drops the message, because it may contain a value.
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::OTHER
    }

    fn missing_field(field: &'static str) -> Self {
        Self { missing: Some(field), ..Self::OTHER }
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::UNKNOWN
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the JSON value does not have the form of the type")
    }
}

impl std::error::Error for Mismatch {}
