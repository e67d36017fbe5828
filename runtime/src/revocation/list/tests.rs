//! Tests of the cost of adding a revocation, in visited entries and in bytes.

use std::time::{Duration, SystemTime};

use super::super::entry::{ENTRY_BYTES, size};
use super::*;

const ISSUERS: [&str; 2] = ["https://a.example.com", "https://b.example.com"];

fn at(second: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(second)
}

/// Returns a revocation whose issuer, kind and name depend on `number`.
fn numbered(number: u64) -> Revocation {
    let issuer = ISSUERS[usize::try_from(number % 2).unwrap()];
    let name = format!("{number:032}");
    match number % 3 {
        0 => Revocation::token(issuer, name),
        1 => Revocation::session(issuer, name),
        _ => Revocation::subject(issuer, name, at(0)),
    }
}

/// List of revocations that counts the entries that a call visits.
struct CountingList(List);

impl CountingList {
    fn with_limit(bytes: usize) -> Self {
        Self(List::new(ISSUERS, bytes))
    }

    fn revoke(&mut self, revocation: Revocation, until: u64, cutoff: u64) -> (bool, usize) {
        self.0.visits = 0;
        let revoked = self.0.insert(revocation, at(until), at(cutoff));
        (revoked.is_ok(), self.0.visits)
    }

    /// Fills the list with entries that end one second apart. Returns the number of entries.
    fn fill(&mut self) -> u64 {
        for number in 0.. {
            if !self.revoke(numbered(number), 1000 + number, 0).0 {
                return number;
            }
        }
        unreachable!("the range has no end")
    }
}

#[test]
fn a_revocation_visits_few_entries_when_each_makes_room_for_one() {
    let mut list = CountingList::with_limit(4 * 1024 * 1024);
    let capacity = list.fill();
    assert!(capacity > 20_000, "{capacity}");
    // In this test, one entry expires before each new revocation.
    let mut most = 0;
    for number in 0..capacity {
        let (revoked, visits) = list.revoke(numbered(capacity + number), 1_000_000, 1000 + number);
        assert!(revoked, "{number}");
        most = most.max(visits);
    }
    assert!(most <= 3, "{most} entries visited");
}

#[test]
fn a_refused_revocation_visits_one_entry_when_the_list_is_full() {
    let mut list = CountingList::with_limit(1024 * 1024);
    let capacity = list.fill();
    for number in 0..capacity {
        let (revoked, visits) = list.revoke(numbered(capacity + number), 1_000_000, 999);
        assert!(!revoked);
        assert!(visits <= 1, "{visits} entries visited");
    }
}

#[test]
fn many_expired_entries_are_not_dropped_in_one_call() {
    let mut list = CountingList::with_limit(1024 * 1024);
    let capacity = list.fill();
    for number in 0..capacity {
        let (revoked, visits) = list.revoke(numbered(capacity + number), 1_000_000, 500_000);
        assert!(revoked, "{number}");
        assert!(visits <= 3, "{visits} entries visited");
    }
}

#[test]
fn an_extended_entry_is_not_visited_before_its_new_end() {
    let mut list = CountingList::with_limit(1024 * 1024);
    let capacity = list.fill();
    for number in 0..capacity {
        assert_eq!(list.revoke(numbered(number), 2_000_000, 0), (true, 0));
    }
    let (revoked, visits) = list.revoke(numbered(capacity), 3_000_000, 1_000_000);
    assert!(!revoked && visits <= 1, "{visits} entries visited");
}

#[test]
fn a_long_name_drops_as_many_entries_as_its_length_needs() {
    let mut list = CountingList::with_limit(1024 * 1024);
    list.fill();
    let long = "n".repeat(100 * 1024);
    let revocation = Revocation::token(ISSUERS[0], long.clone());
    let (revoked, visits) = list.revoke(revocation, 1_000_000, 500_000);
    assert!(revoked);
    assert!(visits <= long.len() / ENTRY_BYTES + 3, "{visits} entries visited");
}

#[test]
fn the_counted_bytes_are_at_least_the_allocated_bytes() {
    for entries in [5_000, 7_500, 10_000, 14_500] {
        let mut list = CountingList::with_limit(usize::MAX);
        let measured = allocation_counter::measure(|| {
            for number in 0..entries {
                list.revoke(numbered(number), 1000 + number, 0);
            }
        });
        let allocated = usize::try_from(measured.bytes_current).unwrap();
        let counted = list.0.bytes;
        assert_eq!(counted, size(&"0".repeat(32)) * usize::try_from(entries).unwrap());
        assert!(allocated <= counted, "{entries}: {allocated} bytes, {counted} counted");
        assert!(allocated > counted / 2, "{entries}: {allocated} bytes, {counted} counted");
    }
}
