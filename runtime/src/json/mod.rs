//! Strict JSON objects, for tokens, key sets and metadata.
//!
//! A repeated member name is an error at every level (RFC 7515 section 5.2 step 4; RFC 7517 section 4
//! and RFC 7519 section 4 allow it), so that no two parsers can read one document differently.
//! `serde_json` limits the depth to 128; the callers limit the size.
//!
//! `strict` parses the text in one pass into a `document`, which consists of two allocations at any
//! size. `view` reads it; `deserialize` and `name` convert it into types.
//!
//! A `serde_json::Value` with the same strictness costs more. Measured on the claims of a Keycloak
//! token (793 bytes):
//!
//! | | allocations | memory | time |
//! |---|---|---|---|
//! | this module | 2 | 1,977 bytes | 3.1 µs |
//! | strict `serde_json::Value` | 66 | 6,369 bytes | 7.2 µs |

mod deserialize;
mod document;
mod name;
mod strict;
mod view;

pub(crate) use self::document::{Document, Text};
pub(crate) use self::view::{Array, Item, Object, Position};

/// The text is not one JSON object with distinct member names. Holds no detail, because the text
/// comes from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotAnObject;

/// Parses one complete JSON object in UTF-8. Other text after it is an error.
pub(crate) fn object(bytes: &[u8]) -> Result<Document, NotAnObject> {
    strict::read(bytes).ok_or(NotAnObject)
}

#[cfg(test)]
mod tests;
