//! Remembers the sign-ins whose code was exchanged.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

/// The largest number of sign-ins that are remembered. The provider itself refuses the older codes.
const LIMIT: usize = 10_000;

/// The sign-ins whose code was exchanged in this process. A browser may load the page twice, and a
/// provider that sees a code twice ends the session that it began (RFC 6749 section 4.1.2).
#[derive(Debug, Default)]
pub(crate) struct UsedStates(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    hashes: HashSet<[u8; 32]>,
    order: VecDeque<[u8; 32]>,
}

impl UsedStates {
    /// Records a state. Returns false if it was recorded before.
    pub(crate) fn insert(&self, state: &str) -> bool {
        let hash = Sha256::digest(state).into();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(hash, LIMIT)
    }
}

impl Memory {
    fn insert(&mut self, hash: [u8; 32], limit: usize) -> bool {
        if !self.hashes.insert(hash) {
            return false;
        }
        self.order.push_back(hash);
        if self.order.len() > limit
            && let Some(oldest) = self.order.pop_front()
        {
            self.hashes.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_used_once() {
        let states = UsedStates::default();
        assert!(states.insert("a") && states.insert("b"));
        assert!(!states.insert("a") && !states.insert("b"));
    }

    #[test]
    fn the_memory_is_bounded_and_forgets_the_oldest() {
        let mut memory = Memory::default();
        for number in 0..10 {
            assert!(memory.insert([number; 32], 3));
        }
        assert_eq!((memory.hashes.len(), memory.order.len()), (3, 3));
        assert!(!memory.insert([9; 32], 3) && memory.insert([0; 32], 3));
    }
}
