//! Tests of the cost of adding a revocation, in visited entries and in bytes.

use std::time::{Duration, SystemTime};

use super::super::entry::{ENTRY_BYTES, size};
use super::super::record::{self, Record};
use super::*;

const ISSUERS: [&str; 2] = ["https://a.example.com", "https://b.example.com"];

fn time(second: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(second)
}

fn at(second: u64) -> Timestamp {
    Timestamp::of(time(second))
}

/// Returns a revocation whose issuer, kind and name depend on `number`.
fn numbered(number: u64) -> Revocation {
    let issuer = ISSUERS[usize::try_from(number % 2).unwrap()];
    let name = format!("{number:032}");
    match number % 3 {
        0 => Revocation::token(issuer, name),
        1 => Revocation::session(issuer, name),
        _ => Revocation::subject(issuer, name, time(0)),
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
    // With 5,400 entries, the tables of names have just doubled.
    for entries in [5_000, 5_400, 7_500, 10_000, 14_500] {
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

/// The size of a list for a million entries that the documentation of `revocation_bytes` states.
#[test]
fn a_million_entries_fit_into_160_mib() {
    let name = "0f8fad5b-d9cb-469f-a165-70867728950e";
    assert!(size(name) * 1_000_000 <= 160 * 1024 * 1024, "{}", size(name));
}

fn insert(list: &mut List, name: &str, until: u64, latest: u64) -> Arc<Entry> {
    let revocation = Revocation::subject(ISSUERS[1], name, time(latest));
    list.insert(revocation, at(until), at(0)).unwrap().entry
}

fn confirm(list: &List, name: &str, until: u64, latest: u64, generation: u32) -> bool {
    let revocation = Revocation::subject(ISSUERS[1], name, time(latest));
    list.confirm(&revocation, at(until), generation)
}

#[test]
fn only_a_record_of_the_whole_entry_marks_it() {
    let mut list = List::new(ISSUERS, 1 << 20);
    let entry = insert(&mut list, "alice", 100, 10);
    assert_eq!(entry.generation(), 0);
    for (until, latest, is_known, generation) in
        [(99, 10, true, 0), (100, 9, true, 0), (101, 10, false, 0), (100, 11, false, 0)]
    {
        assert_eq!(confirm(&list, "alice", until, latest, 3), is_known, "{until} {latest}");
        assert_eq!(entry.generation(), generation, "{until} {latest}");
    }
    assert!(confirm(&list, "alice", 100, 10, 3));
    assert_eq!(entry.generation(), 3);
    assert!(confirm(&list, "alice", 100, 10, 2));
    assert_eq!(entry.generation(), 3, "an earlier generation");
    assert!(!confirm(&list, "bob", 100, 10, 3));
}

#[test]
fn an_entry_that_was_extended_is_another_one_without_a_mark() {
    let mut list = List::new(ISSUERS, 1 << 20);
    let first = insert(&mut list, "alice", 100, 10);
    first.mark(1);
    let same = insert(&mut list, "alice", 90, 5);
    assert!(Arc::ptr_eq(&first, &same));
    let extended = insert(&mut list, "alice", 90, 11);
    assert_eq!((extended.until, extended.latest()), (at(100), Some(at(11))));
    assert_eq!(extended.generation(), 0);
    assert!(list.has(&extended) && !list.has(&first));
    assert_eq!(list.len(), 1);
}

#[test]
fn the_entries_are_listed_in_parts_without_those_that_have_ended() {
    let mut list = List::new(ISSUERS, 1 << 20);
    for end in 1..=10 {
        insert(&mut list, &end.to_string(), end, 0);
    }
    let (mut ends, mut after) = (Vec::new(), None);
    loop {
        let part = list.next(after.as_ref(), at(3), 3);
        let Some(end) = part.last() else { break };
        after = Some(Arc::clone(end));
        ends.extend(part.iter().map(|entry| entry.until.parts().0));
    }
    assert_eq!(ends, [4, 5, 6, 7, 8, 9, 10]);
}

#[test]
fn the_latest_end_of_removed_entries_is_known() {
    let mut list = List::new(ISSUERS, size("1") * 2);
    insert(&mut list, "1", 10, 0);
    insert(&mut list, "2", 20, 0);
    assert_eq!(list.take_latest_removed(), at(0));
    let revocation = Revocation::subject(ISSUERS[1], "3", time(0));
    list.insert(revocation, at(40), at(30)).unwrap();
    assert_eq!(list.take_latest_removed(), at(10));
    assert_eq!(list.take_latest_removed(), at(0));
}

#[test]
fn each_kind_of_entry_is_written_as_its_revocation() {
    let issuer = ISSUERS[0];
    let revocations = [
        || Revocation::token(ISSUERS[0], "n"),
        || Revocation::session(ISSUERS[0], "n"),
        || Revocation::subject(ISSUERS[0], "n", time(7)),
        || Revocation::client(ISSUERS[0], "n", time(7)),
        || Revocation::issuer(ISSUERS[1], time(7)),
    ];
    let mut list = List::new([issuer, ISSUERS[1]], 1 << 20);
    for revocation in revocations {
        let entry = list.insert(revocation(), at(9), at(0)).unwrap().entry;
        let text = entry.record(&list.names()).unwrap();
        assert_eq!(record::read(&text), Ok(Record::Revocation(revocation(), at(9))), "{text}");
    }
}

fn from_log(list: &mut List, until: u64, latest: u64, generation: u32) -> Arc<Entry> {
    let revocation = Revocation::subject(ISSUERS[1], "alice", time(latest));
    list.insert_from_log(revocation, at(until), at(0), generation).unwrap().entry
}

#[test]
fn a_record_that_extends_an_entry_marks_it_only_if_the_log_has_all_of_it() {
    let mut list = List::new(ISSUERS, 1 << 20);
    assert_eq!(from_log(&mut list, 100, 10, 1).generation(), 1);
    // The log has both records.
    assert_eq!(from_log(&mut list, 90, 20, 1).generation(), 1);
    // The log lost the first two records.
    assert_eq!(from_log(&mut list, 110, 5, 2).generation(), 0);
    // The log lacks the local revocation, unless one record has all of it.
    insert(&mut list, "alice", 100, 30);
    assert_eq!(from_log(&mut list, 120, 5, 2).generation(), 0);
    assert_eq!(from_log(&mut list, 130, 40, 2).generation(), 2);
    insert(&mut list, "alice", 100, 50);
    assert_eq!(from_log(&mut list, 140, 5, 0).generation(), 0, "it is not certain");
}
