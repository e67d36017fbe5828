//! The keys that the application told the server to forget, so that streams of these keys end even
//! if the key is looked up again.

use std::collections::HashMap;

use super::digest::KeyDigest;

/// The largest number of forgotten keys. When there are more, all keys that were looked up so far
/// count as forgotten: they are looked up again, their streams end, and their clients connect again.
const LIMIT: usize = 4096;

#[derive(Default)]
pub(super) struct Forgotten {
    /// The number of the last look-up before the key was forgotten.
    numbers: HashMap<KeyDigest, u64>,
    /// Look-ups up to this number are forgotten for all keys.
    all_up_to: u64,
}

impl Forgotten {
    /// Adds a key. Returns the number up to which the look-ups of all keys are forgotten.
    pub(super) fn add(&mut self, digest: KeyDigest, number: u64) -> u64 {
        if self.numbers.len() >= LIMIT {
            self.numbers.clear();
            self.all_up_to = number;
        }
        self.numbers.insert(digest, number);
        self.all_up_to
    }

    /// Returns true if the key was forgotten after the look-up with this number.
    pub(super) fn includes(&self, digest: &KeyDigest, number: u64) -> bool {
        number <= self.all_up_to || self.numbers.get(digest).is_some_and(|last| number <= *last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_forgotten_even_after_many_others() {
        let digest = |number: u64| KeyDigest::of(&number.to_string());
        let mut forgotten = Forgotten::default();
        forgotten.add(digest(1), 5);
        assert!(forgotten.includes(&digest(1), 5) && !forgotten.includes(&digest(1), 6));
        assert!(!forgotten.includes(&digest(2), 5));
        for number in 6..20_000 {
            forgotten.add(digest(number), number);
            assert!(forgotten.numbers.len() <= LIMIT);
            assert!(forgotten.includes(&digest(1), 5), "{number}");
            assert!(!forgotten.includes(&digest(1), number + 1));
        }
    }
}
