//! Strict JSON objects, for tokens, key sets and metadata.
//!
//! A repeated member name is an error at every level, because two parsers could otherwise read the
//! same document differently. RFC 7515 section 5.2 step 4 requires an error for a repeated name;
//! RFC 7517 section 4 and RFC 7519 section 4 permit the error. `serde_json` limits the depth of a
//! document to 128. The callers of this module limit the size of a document.
//!
//! `strict` parses a text in one pass into a `Document`, which always consists of two allocations.
//! `view` reads the values of a `Document`. `deserialize` and `name` convert these values into Rust
//! types. `distinct` reads values of configuration files, which are not JSON texts in every format.
//!
//! A `serde_json::Value` that is parsed with the same strictness costs more. These are the costs
//! for the claims of a Keycloak token (793 bytes):
//!
//! | | allocations | memory | time |
//! |---|---|---|---|
//! | this module | 2 | 1,977 bytes | 3.1 µs |
//! | strict `serde_json::Value` | 66 | 6,369 bytes | 7.2 µs |

mod deserialize;
mod distinct;
mod document;
mod members;
mod mismatch;
mod name;
mod strict;
mod view;

pub(crate) use self::deserialize::Reader;
pub(crate) use self::distinct::Distinct;
pub(crate) use self::document::{Document, Text};
pub(crate) use self::mismatch::Mismatch;
pub(crate) use self::view::{Array, Item, Object, Position};

/// The error for a text that is not exactly one JSON object with distinct member names. It contains
/// no details of the text, because an attacker may have sent the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotAnObject;

/// Parses one JSON object in UTF-8. Any text after the object, except whitespace, is an error.
pub(crate) fn object(bytes: &[u8]) -> Result<Document, NotAnObject> {
    strict::read(bytes).ok_or(NotAnObject)
}

/// Returns true if the text begins with a byte order mark in UTF-8, which no JSON text on a network
/// may have (RFC 8259 section 8.1).
pub(crate) fn has_byte_order_mark(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xEF\xBB\xBF")
}

#[cfg(test)]
mod tests;
