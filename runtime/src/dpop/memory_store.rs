//! The memory of used proofs of one process: bounded and divided into shards.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::key_shares::{KeyCounter, KeyShares};
use super::replay_store::ProofId;
use crate::possession::Thumbprint;

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
    shares: KeyShares,
}

#[derive(Debug, Default)]
struct Shard {
    proofs: HashMap<Key, UsedProof>,
    /// The earliest end of `proofs`, or an earlier time.
    earliest: u64,
    /// The latest end of the proofs that were removed. A proof that ends no later may have been used
    /// before. It is seen again only if the clock was set back.
    forgotten: u64,
}

#[derive(Debug)]
struct UsedProof {
    /// The last second in which the proof would be accepted.
    end: u64,
    /// The counter of the key that made the proof.
    key: KeyCounter,
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
    /// The store has room, but not for further proofs by this key.
    ShareFull,
}

impl MemoryStore {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self {
            shards: std::iter::repeat_with(Mutex::default).take(SHARDS).collect(),
            selector: RandomState::new(),
            capacity,
            count: AtomicUsize::new(0),
            shares: KeyShares::new(),
        }
    }

    /// Adds a proof by the key with this thumbprint, which would be accepted until the end of the
    /// second `end`. Of several calls with one proof, exactly one returns `Added`.
    pub(super) fn add(&self, proof: &ProofId, key: &Thumbprint, end: u64, now: u64) -> Addition {
        let used = || UsedProof { end, key: self.shares.counter(key) };
        let addition = self.try_add(proof, used(), now);
        if !matches!(addition, Addition::Full | Addition::ShareFull) {
            return addition;
        }
        for shard in &self.shards {
            self.remove_ended(&mut lock(shard), now);
        }
        self.try_add(proof, used(), now)
    }

    fn try_add(&self, proof: &ProofId, used: UsedProof, now: u64) -> Addition {
        let first = first_half(&proof.octets());
        let index = usize::try_from(self.selector.hash_one(first)).unwrap_or_default() % SHARDS;
        let Some(shard) = self.shards.get(index) else { return Addition::Full };
        let mut shard = lock(shard);
        self.remove_ended(&mut shard, now);
        if used.end <= shard.forgotten {
            return Addition::Forgotten;
        }
        let Shard { proofs, earliest, .. } = &mut *shard;
        let Entry::Vacant(place) = proofs.entry(first) else { return Addition::Repeated };
        if let Err(refusal) = self.reserve(used.key) {
            return refusal;
        }
        *earliest = (*earliest).min(used.end);
        place.insert(used);
        Addition::Added
    }

    /// Counts one more proof by this key, unless the store is full or the key has used its share.
    fn reserve(&self, key: KeyCounter) -> Result<(), Addition> {
        let free = self.capacity.saturating_sub(self.count.load(Ordering::SeqCst));
        if free > 0 && !self.shares.has_room(key, free) {
            return Err(Addition::ShareFull);
        }
        self.count
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |count| {
                (count < self.capacity).then(|| count.saturating_add(1))
            })
            .map_err(|_| Addition::Full)?;
        self.shares.add(key);
        Ok(())
    }

    /// Removes the proofs whose time has ended. Visits the proofs only if there is such a proof.
    fn remove_ended(&self, shard: &mut Shard, now: u64) {
        if shard.earliest >= now {
            return;
        }
        let Shard { proofs, earliest, forgotten } = shard;
        let before = proofs.len();
        *earliest = u64::MAX;
        proofs.retain(|_, UsedProof { end, key }| {
            let stays = *end >= now;
            if stays {
                *earliest = (*earliest).min(*end);
            } else {
                *forgotten = (*forgotten).max(*end);
                self.shares.remove(*key);
            }
            stays
        });
        self.count.fetch_sub(before.saturating_sub(proofs.len()), Ordering::SeqCst);
    }
}

fn first_half(octets: &[u8; 32]) -> Key {
    octets.first_chunk().copied().unwrap_or_default()
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

    use super::Addition::{Added, Forgotten, Full, Repeated, ShareFull};
    use super::*;

    fn proof(number: u32) -> ProofId {
        ProofId::new(&[7; 32], &number.to_string())
    }

    fn key(number: u32) -> Thumbprint {
        Thumbprint::of(&number.to_be_bytes())
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
                        match store.add(&proof, &key(7), 1070, 1000) {
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
        assert_eq!(store.add(&proof(1), &key(7), 1060, 1000), Added);
        assert_eq!(store.add(&proof(1), &key(7), 1060, 1060), Repeated);
    }

    #[test]
    fn a_full_store_refuses_new_proofs_and_forgets_none() {
        let store = MemoryStore::with_capacity(100);
        for number in 0..100 {
            assert_eq!(store.add(&proof(number), &key(7), 1060 + u64::from(number), 1000), Added);
        }
        assert_eq!(store.add(&proof(100), &key(7), 1070, 1000), Full);
        assert_eq!(store.add(&proof(100), &key(7), 1070, 1060), Full);
        for number in 0..100 {
            assert_eq!(
                store.add(&proof(number), &key(7), 1060 + u64::from(number), 1060),
                Repeated
            );
        }
        // One second later the first proof has ended, whichever shard it is in.
        assert_eq!(store.add(&proof(100), &key(7), 1090, 1061), Added);
        assert_eq!(store.add(&proof(101), &key(7), 1090, 1061), Full);
    }

    /// Clients that send as much as they can leave room for clients with few requests.
    #[test]
    fn busy_keys_leave_room_for_others() {
        for busy in [1, 2, 5] {
            let store = MemoryStore::with_capacity(8000);
            let mut numbers = 0..;
            let mut add =
                |owner, now| store.add(&proof(numbers.next().unwrap()), &key(owner), now + 70, now);
            for _ in 0..9000 {
                for owner in 0..busy {
                    assert!(matches!(add(owner, 1000), Added | ShareFull), "{busy} keys");
                }
            }
            assert_eq!(add(0, 1000), ShareFull, "{busy} keys");
            // A key may share the counter of a busy one by chance.
            let counter = |owner| store.shares.counter(&key(owner));
            let shares_counter = |owner| (0..busy).any(|one| counter(one) == counter(owner));
            let others = (1000..).filter(|owner| !shares_counter(*owner)).take(20);
            for owner in others.collect::<Vec<_>>() {
                for _ in 0..8 {
                    assert_eq!(add(owner, 1000), Added, "{busy} keys");
                }
            }
            // The shares become free with the proofs.
            assert_eq!(add(0, 1071), Added, "{busy} keys");
        }
    }

    #[test]
    fn one_busy_key_takes_seven_eighths_and_many_keys_take_the_whole_store() {
        let store = MemoryStore::with_capacity(8000);
        let by_one =
            (0..8000).filter(|number| store.add(&proof(*number), &key(1), 1070, 1000) == Added);
        assert_eq!(by_one.count(), 7000);
        let store = MemoryStore::with_capacity(8000);
        for number in 0..8000 {
            assert_eq!(store.add(&proof(number), &key(number % 1000), 1070, 1000), Added);
        }
        assert_eq!(store.add(&proof(8000), &key(2000), 1070, 1000), Full);
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_used_proof_acceptable() {
        let store = MemoryStore::with_capacity(1000);
        let used: Vec<_> =
            (0..64).map(|number| (proof(number), 1000 + u64::from(number))).collect();
        for (proof, end) in &used {
            assert_eq!(store.add(proof, &key(7), *end, 990), Added);
        }
        // The clock jumps an hour ahead, and entries are removed.
        for number in 1000..1400 {
            store.add(&proof(number), &key(7), 4600, 4590);
        }
        for (proof, end) in &used {
            assert!(matches!(store.add(proof, &key(7), *end, 990), Repeated | Forgotten), "{end}");
        }
        assert_eq!(
            store.add(&proof(5000), &key(7), 1064, 991),
            Added,
            "a proof that was made later"
        );
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
                let addition = store.add(&proof(number), &key(7), end, now);
                if addition == Added {
                    prop_assert!(accepted.insert(number, end).is_none(), "{} twice", number);
                }
                let live = accepted.values().filter(|end| **end >= now).count();
                prop_assert!(addition != Full || live >= capacity, "not full");
            }
        }
    }
}
