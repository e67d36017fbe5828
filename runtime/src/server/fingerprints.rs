//! A table that tells whether a token was seen before, in a fixed number of bytes and without locks.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

/// The end of a token, in bytes: of its signature, by which tokens differ.
const END: usize = 64;

/// The largest table: 4 MiB.
const LIMIT: usize = 1 << 20;

/// Fingerprints of texts, each at the one place that its hash gives it; a later one takes the place
/// of an earlier one. The key of the hash is random, so that nobody can choose the places.
///
/// Two texts with the same fingerprint are taken for one, and one that lost its place is new again:
/// only for what may go wrong at the price of some work.
pub(super) struct Fingerprints {
    hasher: RandomState,
    /// Zero where there is none.
    places: Box<[AtomicU32]>,
}

impl Fingerprints {
    /// Four bytes for each, up to a limit.
    pub(super) fn with_capacity(count: usize) -> Self {
        Self {
            hasher: RandomState::new(),
            places: (0..count.clamp(1, LIMIT)).map(|_| AtomicU32::new(0)).collect(),
        }
    }

    /// Notes a text, and tells whether it was the last one noted at its place.
    pub(super) fn note(&self, text: &[u8]) -> bool {
        let end = text.last_chunk::<END>().map_or(text, <[u8; END]>::as_slice);
        let hash = self.hasher.hash_one(end);
        // Different halves of the hash, so that texts of one place have different fingerprints.
        let [place, fingerprint] = [hash >> 32, hash & u64::from(u32::MAX)];
        let place = usize::try_from(place).unwrap_or_default() % self.places.len().max(1);
        let fingerprint = u32::try_from(fingerprint).unwrap_or_default().max(1);
        let before = self.places.get(place);
        before.is_some_and(|before| before.swap(fingerprint, Relaxed) == fingerprint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_sight_is_told_from_the_first() {
        let table = Fingerprints::with_capacity(1_000);
        let text = |number: usize| format!("{number:0>100}").into_bytes();
        for number in 0..100 {
            assert!(!table.note(&text(number)), "{number}");
            assert!(table.note(&text(number)), "{number}");
            assert!(table.note(&text(number)), "{number}");
        }
    }

    #[test]
    fn a_later_one_takes_the_place() {
        let table = Fingerprints::with_capacity(0);
        for _ in 0..3 {
            assert!(!table.note(b"a"));
            assert!(!table.note(b"b"));
        }
        assert!(table.note(b"b"));
    }
}
