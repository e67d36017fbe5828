//! Hashes the text of a token by its end.

use std::hash::{BuildHasher, Hasher};

use quick_cache::DefaultHashBuilder;

/// The number of bytes at the end of a token that are hashed. They are part of the signature, which
/// differs in all tokens.
const TAIL_LENGTH: usize = 64;

/// Returns the end of a text, or the whole text if it is short.
pub(super) fn tail(text: &[u8]) -> &[u8] {
    text.last_chunk::<TAIL_LENGTH>().map_or(text, <[u8; TAIL_LENGTH]>::as_slice)
}

/// Builds hashers with a random key that hash only the [`tail`] of each slice. Equal hashes do not
/// make two tokens equal: the cache compares the whole texts.
#[derive(Clone, Default)]
pub(super) struct TailHash(DefaultHashBuilder);

pub(super) struct TailHasher<H>(H);

impl BuildHasher for TailHash {
    type Hasher = TailHasher<<DefaultHashBuilder as BuildHasher>::Hasher>;

    fn build_hasher(&self) -> Self::Hasher {
        TailHasher(self.0.build_hasher())
    }
}

impl<H: Hasher> Hasher for TailHasher<H> {
    fn write(&mut self, bytes: &[u8]) {
        self.0.write(tail(bytes));
    }

    fn write_usize(&mut self, number: usize) {
        self.0.write_usize(number);
    }

    fn finish(&self) -> u64 {
        self.0.finish()
    }
}
