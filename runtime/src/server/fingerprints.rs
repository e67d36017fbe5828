//! A lock-free table of fixed size that records fingerprints of the tokens of earlier requests.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

use super::tail_hash::tail;

/// The maximum number of slots. They take 4 MiB.
const MAX_SLOTS: usize = 1 << 20;

/// A table of fingerprints of texts. The hash of a text determines its slot, and a later text
/// overwrites an earlier text in the same slot. The hash has a random key, so that an attacker
/// cannot choose slots.
///
/// The table mistakes two texts with the same slot and the same fingerprint for one text, and it
/// mistakes an overwritten text for a new text. Use the table only if such a mistake costs time and
/// does not affect security.
pub(super) struct Fingerprints {
    hasher: RandomState,
    /// The fingerprints. An empty slot contains zero.
    slots: Box<[AtomicU32]>,
}

impl Fingerprints {
    /// Creates a table with `count` slots of four bytes. The table has at least one slot and at
    /// most [`MAX_SLOTS`].
    pub(super) fn with_capacity(count: usize) -> Self {
        Self {
            hasher: RandomState::new(),
            slots: (0..count.clamp(1, MAX_SLOTS)).map(|_| AtomicU32::new(0)).collect(),
        }
    }

    /// Records a text. Returns true if the slot of the text already contained the fingerprint of
    /// the text.
    pub(super) fn record(&self, text: &[u8]) -> bool {
        let hash = self.hasher.hash_one(tail(text));
        // The slot and the fingerprint use different halves of the hash, so that different texts in
        // one slot usually have different fingerprints.
        let [high, low] = [hash >> 32, hash & u64::from(u32::MAX)];
        let index = usize::try_from(high).unwrap_or_default() % self.slots.len().max(1);
        let fingerprint = u32::try_from(low).unwrap_or_default().max(1);
        self.slots.get(index).is_some_and(|slot| slot.swap(fingerprint, Relaxed) == fingerprint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_counts_as_seen_from_its_second_record_on() {
        let table = Fingerprints::with_capacity(1_000);
        let text = |number: usize| format!("{number:0>100}").into_bytes();
        for number in 0..100 {
            assert!(!table.record(&text(number)), "{number}");
            assert!(table.record(&text(number)), "{number}");
            assert!(table.record(&text(number)), "{number}");
        }
    }

    #[test]
    fn a_later_text_overwrites_an_earlier_one_in_its_slot() {
        let table = Fingerprints::with_capacity(0);
        for _ in 0..3 {
            assert!(!table.record(b"a"));
            assert!(!table.record(b"b"));
        }
        assert!(table.record(b"b"));
    }
}
