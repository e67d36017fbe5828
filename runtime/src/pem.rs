//! Splits texts in PEM into their blocks (RFC 7468).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// A block of a text.
pub(crate) struct Block<'a> {
    pub(crate) label: &'a str,
    pub(crate) body: &'a str,
}

/// Returns true if the text contains the beginning of a block.
pub(crate) fn is_pem(text: &str) -> bool {
    text.contains(BEGIN)
}

/// Returns the blocks of a text. Text outside of the blocks is ignored (RFC 7468 section 2). The last
/// item is `None` if a block is not complete.
pub(crate) fn blocks(text: &str) -> impl Iterator<Item = Option<Block<'_>>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, block) = std::mem::take(&mut rest).split_once(BEGIN)?;
        Some(Block::split(block).map(|(block, after)| {
            rest = after;
            block
        }))
    })
}

impl<'a> Block<'a> {
    /// Splits a text after the block with whose label it begins.
    fn split(text: &'a str) -> Option<(Self, &'a str)> {
        let (label, rest) = text.split_once(DASHES)?;
        let (body, after) = rest.split_once(&format!("{END}{label}{DASHES}"))?;
        Some((Self { label, body }, after))
    }

    /// Decodes the body, and ignores white space in it. Returns `None` if it is not base64.
    pub(crate) fn octets(&self) -> Option<Vec<u8>> {
        let text: String = self.body.split_ascii_whitespace().collect();
        STANDARD.decode(text).ok()
    }
}
