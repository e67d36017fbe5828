//! The error for JSON values that do not have the form of a Rust type.

use std::fmt;

use serde::de;

/// The error for JSON values that do not have the form of a Rust type. It contains nothing of the
/// values, so that it can be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// Name of the field of the type that is missing, if a missing field is the cause.
    pub(crate) missing: Option<&'static str>,
}

impl de::Error for Mismatch {
    /// Drops the message, because it may contain a value.
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self { missing: None }
    }

    fn missing_field(field: &'static str) -> Self {
        Self { missing: Some(field) }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the JSON value does not have the form of the type")
    }
}

impl std::error::Error for Mismatch {}
