//! How much one revocation costs, counted in entries and bytes.

use std::time::{Duration, SystemTime};

use super::super::entry::{ENTRY, size};
use super::*;

const ISSUERS: [&str; 2] = ["https://a.example.com", "https://b.example.com"];

fn at(second: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(second)
}

/// Of each issuer and each kind in turn.
fn numbered(number: u64) -> Revocation {
    let issuer = ISSUERS[usize::try_from(number % 2).unwrap()];
    let name = format!("{number:032}");
    match number % 3 {
        0 => Revocation::token(issuer, name),
        1 => Revocation::session(issuer, name),
        _ => Revocation::subject(issuer, name, at(0)),
    }
}

/// The list, and how many entries the call looked at besides its own.
struct Watched(List);

impl Watched {
    fn with_room(bytes: usize) -> Self {
        Self(List::new(ISSUERS, bytes))
    }

    fn revoke(&mut self, revocation: Revocation, until: u64, past: u64) -> (bool, usize) {
        self.0.looked_at = 0;
        let revoked = self.0.insert(revocation, at(until), at(past));
        (revoked.is_ok(), self.0.looked_at)
    }

    /// The same name and kind for each number, and so that they end one after the other.
    fn fill(&mut self) -> u64 {
        for number in 0.. {
            if !self.revoke(numbered(number), 1000 + number, 0).0 {
                return number;
            }
        }
        unreachable!("the numbers have no end")
    }
}

#[test]
fn a_full_list_costs_a_revocation_no_more_than_an_empty_one() {
    let mut list = Watched::with_room(4 * 1024 * 1024);
    let room = list.fill();
    assert!(room > 20_000, "{room}");
    // One after the other ends; each makes room for one.
    let mut most = 0;
    for number in 0..room {
        let (revoked, looked_at) = list.revoke(numbered(room + number), 1_000_000, 1000 + number);
        assert!(revoked, "{number}");
        most = most.max(looked_at);
    }
    assert!(most <= 3, "{most} entries looked at");
}

#[test]
fn a_list_that_is_full_of_what_holds_costs_no_more_either() {
    let mut list = Watched::with_room(1024 * 1024);
    let room = list.fill();
    for number in 0..room {
        let (revoked, looked_at) = list.revoke(numbered(room + number), 1_000_000, 999);
        assert!(!revoked);
        assert!(looked_at <= 1, "{looked_at} entries looked at");
    }
}

/// All of them end together, and then some come.
#[test]
fn many_that_are_over_are_not_dropped_in_one_call() {
    let mut list = Watched::with_room(1024 * 1024);
    let room = list.fill();
    for number in 0..room {
        let (revoked, looked_at) = list.revoke(numbered(room + number), 1_000_000, 500_000);
        assert!(revoked, "{number}");
        assert!(looked_at <= 3, "{looked_at} entries looked at");
    }
}

/// To give entries more time is no reason to look at them later.
#[test]
fn what_was_given_more_time_is_not_looked_at_before_its_end() {
    let mut list = Watched::with_room(1024 * 1024);
    let room = list.fill();
    for number in 0..room {
        assert_eq!(list.revoke(numbered(number), 2_000_000, 0), (true, 0));
    }
    let (revoked, looked_at) = list.revoke(numbered(room), 3_000_000, 1_000_000);
    assert!(!revoked && looked_at <= 1, "{looked_at} entries looked at");
}

/// A long name needs the room of several, and pays for it by its own length.
#[test]
fn a_long_name_takes_the_room_of_as_many_as_it_needs() {
    let mut list = Watched::with_room(1024 * 1024);
    list.fill();
    let long = "n".repeat(100 * 1024);
    let revocation = Revocation::token(ISSUERS[0], long.clone());
    let (revoked, looked_at) = list.revoke(revocation, 1_000_000, 500_000);
    assert!(revoked);
    assert!(looked_at <= long.len() / ENTRY + 3, "{looked_at} entries looked at");
}

/// `revocation_bytes` is what an operator gives, and no more is taken.
#[test]
fn the_bytes_that_are_counted_are_no_fewer_than_those_that_are_taken() {
    for entries in [5_000, 7_500, 10_000, 14_500] {
        let mut list = Watched::with_room(usize::MAX);
        let taken = allocation_counter::measure(|| {
            for number in 0..entries {
                list.revoke(numbered(number), 1000 + number, 0);
            }
        });
        let taken = usize::try_from(taken.bytes_current).unwrap();
        let counted = list.0.bytes;
        assert_eq!(counted, size(&"0".repeat(32)) * usize::try_from(entries).unwrap());
        assert!(taken <= counted, "{entries}: {taken} bytes, {counted} counted");
        assert!(taken > counted / 2, "{entries}: {taken} bytes, {counted} counted");
    }
}
