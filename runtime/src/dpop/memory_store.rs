//! The memory of used proofs of one process: bounded and divided into shards.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::replay_store::ProofId;

/// Number of shards. Requests wait for each other only if their proofs are in the same shard.
const SHARDS: usize = 64;

/// The first half of a proof's identifier. It is long enough that no two proofs share it by chance.
type Key = [u8; 16];

/// The proofs that were used and whose time has not ended. All times are whole seconds since 1970.
#[derive(Debug)]
pub(super) struct MemoryStore {
    shards: Box<[Mutex<Shard>]>,
    /// Selects the shard of a proof. It is keyed, so that no client can fill a single shard.
    selector: RandomState,
    capacity: usize,
    count: AtomicUsize,
}

#[derive(Debug, Default)]
struct Shard {
    /// The last second of each proof, in which it would be accepted.
    ends: HashMap<Key, u64>,
    /// The earliest of `ends`, or an earlier time.
    earliest: u64,
    /// The latest end of the proofs that were removed. A proof that ends no later may have been used
    /// before. It is seen again only if the clock was set back.
    forgotten: u64,
}

/// Result of an addition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Addition {
    /// The proof was not used before.
    Added,
    /// The proof was used before.
    Repeated,
    /// The clock was set back, so that the proof may have been used before.
    Forgotten,
    /// The store is full of proofs whose time has not ended.
    Full,
}

impl MemoryStore {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self {
            shards: std::iter::repeat_with(Mutex::default).take(SHARDS).collect(),
            selector: RandomState::new(),
            capacity,
            count: AtomicUsize::new(0),
        }
    }

    /// Adds a proof that would be accepted until the end of the second `end`. Of several calls with
    /// one proof, exactly one returns `Added`.
    pub(super) fn add(&self, proof: &ProofId, end: u64, now: u64) -> Addition {
        let addition = self.try_add(proof, end, now);
        if addition != Addition::Full {
            return addition;
        }
        for shard in &self.shards {
            self.remove_ended(&mut lock(shard), now);
        }
        self.try_add(proof, end, now)
    }

    fn try_add(&self, proof: &ProofId, end: u64, now: u64) -> Addition {
        let [first, _] = halves(proof.octets());
        let index = usize::try_from(self.selector.hash_one(first)).unwrap_or_default() % SHARDS;
        let Some(shard) = self.shards.get(index) else { return Addition::Full };
        let mut shard = lock(shard);
        self.remove_ended(&mut shard, now);
        if end <= shard.forgotten {
            return Addition::Forgotten;
        }
        let Entry::Vacant(place) = shard.ends.entry(first) else { return Addition::Repeated };
        if !self.reserve() {
            return Addition::Full;
        }
        place.insert(end);
        shard.earliest = shard.earliest.min(end);
        Addition::Added
    }

    /// Counts one more proof, unless the store is full.
    fn reserve(&self) -> bool {
        let add_one = |count: usize| (count < self.capacity).then(|| count.saturating_add(1));
        self.count.fetch_update(Ordering::SeqCst, Ordering::SeqCst, add_one).is_ok()
    }

    /// Removes the proofs whose time has ended. Visits the proofs only if there is such a proof.
    fn remove_ended(&self, shard: &mut Shard, now: u64) {
        if shard.earliest >= now {
            return;
        }
        let Shard { ends, earliest, forgotten } = shard;
        let before = ends.len();
        *earliest = u64::MAX;
        ends.retain(|_, end| {
            let stays = *end >= now;
            if stays {
                *earliest = (*earliest).min(*end);
            } else {
                *forgotten = (*forgotten).max(*end);
            }
            stays
        });
        self.count.fetch_sub(before.saturating_sub(ends.len()), Ordering::SeqCst);
    }
}

fn halves(octets: [u8; 32]) -> [Key; 2] {
    let mut halves = [[0; 16]; 2];
    halves.as_flattened_mut().copy_from_slice(&octets);
    halves
}

/// A panic never leaves a shard in an invalid state, so a poisoned shard is used further.
fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Barrier;

    use proptest::prelude::*;

    use super::Addition::{Added, Forgotten, Full, Repeated};
    use super::*;

    fn proof(number: u32) -> ProofId {
        ProofId::new(&[7; 32], &number.to_string())
    }

    #[test]
    fn of_a_hundred_parallel_copies_exactly_one_is_added() {
        for round in 0..50 {
            let store = MemoryStore::with_capacity(8);
            let (barrier, proof) = (Barrier::new(100), proof(round));
            let added = AtomicUsize::new(0);
            std::thread::scope(|scope| {
                for _ in 0..100 {
                    scope.spawn(|| {
                        barrier.wait();
                        match store.add(&proof, 1070, 1000) {
                            Added => drop(added.fetch_add(1, Ordering::SeqCst)),
                            other => assert_eq!(other, Repeated),
                        }
                    });
                }
            });
            assert_eq!(added.load(Ordering::SeqCst), 1);
        }
    }

    #[test]
    fn a_proof_is_remembered_through_the_last_second_in_which_it_is_accepted() {
        let store = MemoryStore::with_capacity(8);
        assert_eq!(store.add(&proof(1), 1060, 1000), Added);
        assert_eq!(store.add(&proof(1), 1060, 1060), Repeated);
    }

    #[test]
    fn a_full_store_refuses_new_proofs_and_forgets_none() {
        let store = MemoryStore::with_capacity(100);
        for number in 0..100 {
            assert_eq!(store.add(&proof(number), 1060 + u64::from(number), 1000), Added);
        }
        assert_eq!(store.add(&proof(100), 1070, 1000), Full);
        assert_eq!(store.add(&proof(100), 1070, 1060), Full);
        for number in 0..100 {
            assert_eq!(store.add(&proof(number), 1060 + u64::from(number), 1060), Repeated);
        }
        // One second later the first proof has ended, whichever shard it is in.
        assert_eq!(store.add(&proof(100), 1090, 1061), Added);
        assert_eq!(store.add(&proof(101), 1090, 1061), Full);
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_used_proof_acceptable() {
        let store = MemoryStore::with_capacity(1000);
        let used: Vec<_> =
            (0..64).map(|number| (proof(number), 1000 + u64::from(number))).collect();
        for (proof, end) in &used {
            assert_eq!(store.add(proof, *end, 990), Added);
        }
        // The clock jumps an hour ahead, and entries are removed.
        for number in 1000..1400 {
            store.add(&proof(number), 4600, 4590);
        }
        for (proof, end) in &used {
            assert!(matches!(store.add(proof, *end, 990), Repeated | Forgotten), "{end}");
        }
        assert_eq!(store.add(&proof(5000), 1064, 991), Added, "a proof that was made later");
    }

    proptest! {
        /// Compares the store with a list of all proofs that were ever accepted. The clock moves in
        /// both directions.
        #[test]
        fn no_proof_is_accepted_twice(
            uses in prop::collection::vec((0..12_u32, 0..70_u64, -40..60_i64), 1..200),
            capacity in 1..8_usize,
        ) {
            let store = MemoryStore::with_capacity(capacity);
            let (mut now, mut ends, mut accepted) = (1000_u64, BTreeMap::new(), BTreeMap::new());
            for (number, life, step) in uses {
                now = now.saturating_add_signed(step / 8);
                let end = *ends.entry(number).or_insert(now + life);
                if end < now {
                    continue;
                }
                let addition = store.add(&proof(number), end, now);
                if addition == Added {
                    prop_assert!(accepted.insert(number, end).is_none(), "{} twice", number);
                }
                let live = accepted.values().filter(|end| **end >= now).count();
                prop_assert!(addition != Full || live >= capacity, "not full");
            }
        }
    }
}
