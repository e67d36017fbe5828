//! Strict JSON objects: what tokens, key sets and metadata are made of.
//!
//! One pass, one reading: a repeated member name is refused at every level (RFC 7515 section 5.2
//! step 4; RFC 7517 section 4 and RFC 7519 section 4 allow it), so that no two readers of one
//! document can disagree. Depth is bounded by `serde_json` at 128, size by the callers.
//!
//! `strict` reads the text into a `document`, which takes two pieces of memory however much it
//! says; `view` is how it is looked at, and `deserialize`, with `name`, how it becomes
//! a type.

mod deserialize;
mod document;
mod name;
mod strict;
mod view;

pub(crate) use self::document::{Document, Text};
pub(crate) use self::view::{Array, Item, Object, Position};

/// Not one JSON object with distinct member names. Carries no detail: the text is not ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotAnObject;

/// Reads one complete JSON object in UTF-8, and nothing after it.
pub(crate) fn object(bytes: &[u8]) -> Result<Document, NotAnObject> {
    strict::read(bytes).ok_or(NotAnObject)
}

#[cfg(test)]
mod tests;
