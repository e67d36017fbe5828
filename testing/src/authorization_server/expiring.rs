//! A bounded store whose entries expire.

use std::collections::VecDeque;
use std::mem;
use std::time::Duration;

use tokio::time::Instant;

/// Values by name, with the oldest value first. `insert` removes the expired values, and at the
/// capacity also the oldest value. Many requests can therefore remove the sign-ins of other users,
/// but the number of values stays limited.
#[derive(Debug)]
pub(super) struct Expiring<T> {
    lifetime: Duration,
    capacity: usize,
    entries: VecDeque<Entry<T>>,
}

#[derive(Debug)]
struct Entry<T> {
    name: String,
    since: Instant,
    value: T,
}

impl<T> Expiring<T> {
    pub(super) fn new(lifetime: Duration, capacity: usize) -> Self {
        Self { lifetime, capacity, entries: VecDeque::new() }
    }

    pub(super) fn insert(&mut self, name: String, value: T, now: Instant) {
        let lifetime = self.lifetime;
        self.entries.retain(|entry| entry.is_valid(lifetime, now));
        while self.entries.len() >= self.capacity {
            self.entries.pop_front();
        }
        let since = now;
        self.entries.push_back(Entry { name, since, value });
    }

    pub(super) fn get(&mut self, name: &str, now: Instant) -> Option<&mut T> {
        let lifetime = self.lifetime;
        let mut entries = self.entries.iter_mut();
        let found = entries.find(|entry| entry.name == name && entry.is_valid(lifetime, now));
        found.map(|entry| &mut entry.value)
    }

    /// Removes and returns the valid values for which `is_meant` returns true.
    pub(super) fn take(&mut self, is_meant: impl Fn(&T) -> bool, now: Instant) -> Vec<T> {
        let lifetime = self.lifetime;
        let (taken, kept) = mem::take(&mut self.entries)
            .into_iter()
            .filter(|entry| entry.is_valid(lifetime, now))
            .partition(|entry| is_meant(&entry.value));
        self.entries = kept;
        let taken: VecDeque<Entry<T>> = taken;
        taken.into_iter().map(|entry| entry.value).collect()
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.entries.retain(|entry| entry.name != name);
    }
}

impl<T> Entry<T> {
    fn is_valid(&self, lifetime: Duration, now: Instant) -> bool {
        now.saturating_duration_since(self.since) < lifetime
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_value_is_found_until_it_expires() {
        let start = Instant::now();
        let mut store = Expiring::new(MINUTE, 10);
        store.insert("a".to_owned(), 1, start);
        assert_eq!(store.get("a", start), Some(&mut 1));
        assert_eq!(store.get("b", start), None);
        let last = start + MINUTE - Duration::from_nanos(1);
        assert_eq!(store.get("a", last), Some(&mut 1));
        assert_eq!(store.get("a", start + MINUTE), None);
        store.remove("a");
        assert_eq!(store.get("a", start), None);
    }

    #[test]
    fn only_the_valid_values_that_are_meant_are_taken() {
        let start = Instant::now();
        let mut store = Expiring::new(MINUTE, 10);
        store.insert("old".to_owned(), 1, start);
        for (name, value) in [("a", 2), ("b", 3), ("c", 4)] {
            store.insert(name.to_owned(), value, start + MINUTE / 2);
        }
        assert_eq!(store.take(|value| *value < 4, start + MINUTE), [2, 3]);
        let found = ["a", "b", "c"].map(|name| store.get(name, start + MINUTE).is_some());
        assert_eq!(found, [false, false, true]);
    }

    #[test]
    fn the_oldest_value_makes_room() {
        let start = Instant::now();
        let mut store = Expiring::new(MINUTE, 2);
        for (name, value) in [("a", 1), ("b", 2), ("c", 3)] {
            store.insert(name.to_owned(), value, start);
        }
        let found = ["a", "b", "c"].map(|name| store.get(name, start).is_some());
        assert_eq!(found, [false, true, true]);
        store.insert("d".to_owned(), 4, start + MINUTE);
        assert_eq!(store.entries.len(), 1);
    }
}
