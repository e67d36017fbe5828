//! Tests of the follower as tables of pages and of what they mean.

use super::super::super::record::Trimmed;
use super::*;

/// Position of the record with this number.
fn place(number: u64) -> LogPosition {
    LogPosition::new(number, 0)
}

fn at(second: u64) -> Timestamp {
    Timestamp::from_parts(second, 0).unwrap()
}

const NOW: u64 = 1_000_000;
const HORIZON: Duration = Duration::from_secs(3600);
const LEEWAY: Duration = Duration::from_secs(30);

fn follower() -> Follower {
    Follower::new(HORIZON, LEEWAY)
}

/// Returns the text of a revocation of the token with this number.
fn token(number: u64) -> String {
    format!(r#"{{"v":1,"issuer":"a","token":"{number}","until":2000000}}"#)
}

fn announcement(from: u64, before: u64) -> String {
    announcement_ahead(0, from, before)
}

/// Returns an announcement of an instance whose clock is ahead by so many seconds.
fn announcement_ahead(seconds: u64, from: u64, before: u64) -> String {
    record::trimmed(Trimmed { from: place(from), before: place(before) }, at(NOW + seconds))
}

/// A page, in short form: lineage, first, last, and records by their numbers.
fn page(
    lineage: &str,
    first: u64,
    last: u64,
    records: impl IntoIterator<Item = (u64, String)>,
) -> LogPage {
    let some = |number: u64| (number > 0).then(|| place(number));
    let records = records.into_iter().map(|(number, text)| (place(number), text)).collect();
    LogPage::new(LogState::new(lineage, some(first), some(last)), records)
}

fn tokens(numbers: impl IntoIterator<Item = u64>) -> Vec<(u64, String)> {
    numbers.into_iter().map(|number| (number, token(number))).collect()
}

const FIRST_READ: Verdict = Verdict::CaughtUp { ends_resync: true };
const CAUGHT_UP: Verdict = Verdict::CaughtUp { ends_resync: false };

fn resync(cause: ResyncCause) -> Verdict {
    Verdict::Resync(cause)
}

/// Passes pages to a follower and checks the position of each request and the verdict on each page.
/// Position 0 is the start of the log.
fn check(name: &str, follower: &mut Follower, steps: Vec<Step>) {
    for (step, (after, page, expected)) in steps.into_iter().enumerate() {
        let request = follower.request(at(NOW), Timestamp::default());
        let expected_position = (after > 0).then(|| place(after));
        assert_eq!(request.after, expected_position, "{name}, step {step}: position");
        let receipt = follower.receive(&page, at(NOW));
        assert_eq!(receipt.verdict, expected, "{name}, step {step}");
        let is_certain = !matches!(expected, Verdict::Resync(_));
        assert_eq!(receipt.generation != 0, is_certain, "{name}, step {step}: generation");
        let readable = page.records.iter().filter(|(_, text)| text.contains("token"));
        assert_eq!(receipt.revocations.len(), readable.count(), "{name}, step {step}: revocations");
        follower.conclude(receipt.verdict, Applied::default(), at(NOW));
    }
}

/// The position of a request, the page that answers it, and the verdict on the page.
type Step = (u64, LogPage, Verdict);

#[test]
#[allow(clippy::too_many_lines, reason = "it is a table")]
fn pages_and_their_verdicts() {
    use ResyncCause::{EarlyTrim, Gap, Inconsistent, Lineage, StepBack};
    let cases: Vec<(&str, Vec<Step>)> = vec![
        (
            "an empty log, and the first record",
            vec![
                (0, page("a", 0, 0, []), FIRST_READ),
                (0, page("a", 0, 0, []), CAUGHT_UP),
                (0, page("a", 0, 0, tokens([1])), CAUGHT_UP),
                (1, page("a", 1, 1, []), CAUGHT_UP),
            ],
        ),
        (
            "a record that arrives after the state was taken",
            vec![
                (0, page("a", 0, 0, tokens([1])), FIRST_READ),
                (1, page("a", 1, 1, tokens([2])), CAUGHT_UP),
            ],
        ),
        (
            "a long log is read in pages, and the last full page is not the end",
            vec![
                (0, page("a", 1, 2000, tokens(1..=1000)), Verdict::Behind),
                (1000, page("a", 1, 2000, tokens(1001..=2000)), Verdict::Behind),
                (2000, page("a", 1, 2000, []), FIRST_READ),
            ],
        ),
        (
            "a failover gives lower positions and silence",
            vec![
                (0, page("a", 1, 9, tokens(1..=9)), FIRST_READ),
                (9, page("b", 1, 5, []), resync(Lineage)),
                (0, page("b", 1, 5, tokens(1..=5)), FIRST_READ),
            ],
        ),
        (
            "lower positions in the same lineage",
            vec![
                (0, page("a", 1, 9, tokens(1..=9)), FIRST_READ),
                (9, page("a", 1, 5, []), resync(StepBack)),
                (0, page("a", 1, 5, tokens(1..=5)), FIRST_READ),
            ],
        ),
        (
            "the same positions in another lineage",
            vec![
                (0, page("a", 1, 9, tokens(1..=9)), FIRST_READ),
                (9, page("b", 1, 9, []), resync(Lineage)),
                (0, page("b", 1, 9, tokens(1..=9)), FIRST_READ),
            ],
        ),
        (
            "the stream was deleted, and begins again",
            vec![
                (0, page("a", 1, 9, tokens(1..=9)), FIRST_READ),
                (9, page("a", 0, 0, []), resync(StepBack)),
                (0, page("a", 0, 0, []), FIRST_READ),
                (0, page("a", 1, 1, tokens([1])), CAUGHT_UP),
            ],
        ),
        (
            "all records were removed",
            vec![
                (0, page("a", 1, 9, tokens(1..=9)), FIRST_READ),
                (9, page("a", 0, 9, []), resync(Gap)),
                (0, page("a", 0, 9, []), FIRST_READ),
                (9, page("a", 0, 9, []), CAUGHT_UP),
                (9, page("a", 10, 10, tokens([10])), CAUGHT_UP),
                (10, page("a", 10, 10, []), CAUGHT_UP),
            ],
        ),
        (
            "records were removed before they were read",
            vec![
                (0, page("a", 1, 2, tokens([1, 2])), FIRST_READ),
                (2, page("a", 1, 4, []), resync(Gap)),
                (0, page("a", 1, 4, tokens([1, 2])), FIRST_READ),
                (4, page("a", 1, 4, []), CAUGHT_UP),
            ],
        ),
        (
            "the last record was removed before it was read",
            vec![
                (0, page("a", 1, 2, tokens([1, 2])), FIRST_READ),
                (2, page("a", 1, 4, tokens([3])), resync(Gap)),
            ],
        ),
        (
            "records were removed without an announcement",
            vec![
                (0, page("a", 1, 9, tokens(1..=9)), FIRST_READ),
                (9, page("a", 5, 9, []), resync(Gap)),
                (0, page("a", 5, 9, tokens(5..=9)), FIRST_READ),
                (9, page("a", 5, 9, []), CAUGHT_UP),
            ],
        ),
        (
            "records were removed after an announcement",
            vec![
                (0, page("a", 1, 9, tokens(1..=9)), FIRST_READ),
                (9, page("a", 1, 10, [(10, announcement(1, 5))]), CAUGHT_UP),
                (10, page("a", 5, 10, []), CAUGHT_UP),
                (10, page("a", 6, 10, []), resync(Gap)),
            ],
        ),
        (
            "an announcement that lies about a position beyond itself permits nothing beyond itself",
            vec![
                (0, page("a", 1, 9, tokens(1..=9)), FIRST_READ),
                (9, page("a", 1, 10, [(10, announcement(1, 99))]), CAUGHT_UP),
                (10, page("a", 10, 10, []), CAUGHT_UP),
                (10, page("a", 11, 12, tokens([11, 12])), resync(Gap)),
            ],
        ),
        (
            "an announcement of an instance whose clock is ahead",
            vec![
                (0, page("a", 1, 9, tokens(1..=9)), FIRST_READ),
                (9, page("a", 1, 10, [(10, announcement_ahead(600, 1, 5))]), CAUGHT_UP),
                (10, page("a", 5, 11, [(11, announcement_ahead(601, 5, 8))]), CAUGHT_UP),
                (11, page("a", 8, 11, []), resync(EarlyTrim)),
                (0, page("a", 8, 11, [(11, announcement_ahead(601, 5, 8))]), FIRST_READ),
                (11, page("a", 9, 12, tokens([12])), resync(EarlyTrim)),
                (0, page("a", 9, 12, tokens([9, 12])), FIRST_READ),
                (12, page("a", 12, 12, []), resync(Gap)),
            ],
        ),
        (
            "an announcement after a loss that it does not know",
            vec![
                (0, page("a", 1, 3, tokens([1, 2, 3])), FIRST_READ),
                (3, page("a", 3, 4, [(4, announcement(2, 3))]), resync(Gap)),
                (0, page("a", 3, 4, [(3, token(3)), (4, announcement(2, 3))]), FIRST_READ),
            ],
        ),
        (
            "a reader that slept sees the last of several announcements",
            vec![
                (0, page("a", 1, 2, tokens([1, 2])), FIRST_READ),
                (2, page("a", 2, 19, [(19, announcement(1, 2))]), CAUGHT_UP),
                (19, page("a", 20, 31, [(20, token(20)), (31, announcement(2, 20))]), CAUGHT_UP),
                (31, page("a", 20, 31, []), CAUGHT_UP),
            ],
        ),
        (
            "a trim with an announcement during a resync",
            vec![
                (0, page("a", 1, 1500, tokens(1..=1000)), Verdict::Behind),
                (
                    1000,
                    page(
                        "a",
                        1200,
                        1501,
                        tokens(1200..=1500).into_iter().chain([(1501, announcement(1, 1200))]),
                    ),
                    FIRST_READ,
                ),
            ],
        ),
        (
            "a trim without an announcement during a resync",
            vec![
                (0, page("a", 1, 1500, tokens(1..=1000)), Verdict::Behind),
                (1000, page("a", 1200, 1500, tokens(1200..=1500)), resync(Gap)),
                (0, page("a", 1200, 1500, tokens(1200..=1500)), FIRST_READ),
            ],
        ),
        (
            "a resync during a resync, and a page of the old lineage in flight",
            vec![
                (0, page("a", 1, 1500, tokens(1..=1000)), Verdict::Behind),
                (1000, page("b", 1, 1500, tokens(1001..=1100)), resync(Lineage)),
                (0, page("a", 1, 1500, tokens(1..=1000)), Verdict::Behind),
                (1000, page("b", 1, 1500, []), resync(Lineage)),
                (0, page("b", 1, 3, tokens(1..=3)), FIRST_READ),
                (3, page("a", 1, 3, []), resync(Lineage)),
            ],
        ),
        (
            "records out of order",
            vec![
                (0, page("a", 1, 9, tokens([1, 3, 2])), resync(Inconsistent)),
                (0, page("a", 1, 9, tokens([1, 1])), resync(Inconsistent)),
                (0, page("a", 1, 3, tokens([1, 2, 3])), FIRST_READ),
                (3, page("a", 1, 3, tokens([3])), resync(Inconsistent)),
            ],
        ),
        (
            "a last position before the first",
            vec![
                (0, page("a", 5, 4, tokens([5])), resync(Inconsistent)),
                (0, page("a", 5, 0, tokens([5])), resync(Inconsistent)),
            ],
        ),
        (
            "a huge lineage",
            vec![
                (0, page(&"a".repeat(1024), 1, 1, tokens([1])), FIRST_READ),
                (1, page(&"a".repeat(1025), 1, 1, []), resync(Inconsistent)),
            ],
        ),
        (
            "a huge position",
            vec![
                (0, page("a", 1, u64::MAX, tokens([1])), FIRST_READ),
                (u64::MAX, page("a", 1, 2, []), resync(StepBack)),
            ],
        ),
    ];
    for (name, steps) in cases {
        check(name, &mut follower(), steps);
    }
}

#[test]
fn each_resync_has_a_generation_of_its_own() {
    let mut follower = follower();
    check("first", &mut follower, vec![(0, page("a", 1, 1, tokens([1])), FIRST_READ)]);
    let first = follower.generation();
    let lost = page("b", 0, 0, []);
    assert_eq!(follower.receive(&lost, at(NOW)).generation, 0);
    assert!(follower.generation() > first);
    assert_eq!(follower.receive(&lost, at(NOW)).generation, follower.generation());
}

#[test]
fn only_a_follower_at_the_end_waits_for_records() {
    let mut follower = follower();
    let wait = |follower: &mut Follower| follower.request(at(NOW), Timestamp::default()).wait;
    assert_eq!(wait(&mut follower), NO_WAIT);
    follower.receive(&page("a", 1, 1000, tokens(1..=1000)), at(NOW));
    assert_eq!(wait(&mut follower), NO_WAIT);
    follower.receive(&page("a", 1, 1000, []), at(NOW));
    assert_eq!(wait(&mut follower), HEARTBEAT);
    follower.receive(&page("a", 1, 2000, tokens(1001..=2000)), at(NOW));
    assert_eq!(wait(&mut follower), NO_WAIT);
}

#[test]
fn a_clock_that_was_set_back_reads_again_what_was_skipped() {
    // Each case: end of a skipped entry, later time, resync.
    for (ended, now, expected) in [
        (NOW - 30, NOW, None),
        (NOW - 30, NOW - 1, Some(ResyncCause::Clock)),
        (NOW - 31, NOW - 1, None),
        (NOW - 90, NOW - 3600, Some(ResyncCause::Clock)),
    ] {
        for removed_by_list in [false, true] {
            let mut follower = follower();
            let receipt = follower.receive(&page("a", 1, 1, tokens([1])), at(NOW));
            let skipped = if removed_by_list { 0 } else { ended };
            let applied = Applied { latest_ended: at(skipped), ..Applied::default() };
            follower.conclude(receipt.verdict, applied, at(NOW));
            let removed = if removed_by_list { ended } else { 0 };
            let request = follower.request(at(now), at(removed));
            assert_eq!(request.resync, expected, "{ended} {now}");
            assert_eq!(request.after.is_none(), expected.is_some());
            if expected.is_some() {
                follower.receive(&page("a", 1, 1, tokens([1])), at(now));
                let again = follower.request(at(now), Timestamp::default());
                assert_eq!(again.resync, None, "one resync is enough");
            }
        }
    }
}

#[test]
fn an_entry_without_room_is_tried_again_after_half_a_minute() {
    let mut follower = follower();
    let full = Applied { is_full: true, ..Applied::default() };
    let read = |follower: &mut Follower, after: u64, applied, now| {
        let records = if after == 0 { tokens([1]) } else { Vec::new() };
        let receipt = follower.receive(&page("a", 1, 1, records), at(now));
        follower.conclude(receipt.verdict, applied, at(now))
    };
    assert!(!read(&mut follower, 0, full, NOW));
    assert!(!read(&mut follower, 1, Applied::default(), NOW + 1), "it is still missing");
    assert!(follower.has_overflow());
    assert_eq!(follower.request(at(NOW + 29), Timestamp::default()).resync, None);
    let retry = Some(ResyncCause::Overflow);
    assert_eq!(follower.request(at(NOW + 30), Timestamp::default()).resync, retry);
    assert!(!read(&mut follower, 0, full, NOW + 30), "it does not fit");
    assert_eq!(follower.request(at(NOW + 59), Timestamp::default()).resync, None);
    assert_eq!(follower.request(at(NOW + 60), Timestamp::default()).resync, retry);
    assert!(follower.has_overflow());
    assert!(read(&mut follower, 0, Applied::default(), NOW + 60), "it fits");
    assert!(!follower.has_overflow());
}

#[test]
fn an_entry_without_room_in_an_earlier_page_counts_at_the_end() {
    let mut follower = follower();
    let receipt = follower.receive(&page("a", 1, 1000, tokens(1..=1000)), at(NOW));
    let full = Applied { is_full: true, ..Applied::default() };
    assert!(!follower.conclude(receipt.verdict, full, at(NOW)));
    let receipt = follower.receive(&page("a", 1, 1000, []), at(NOW));
    assert!(!follower.conclude(receipt.verdict, Applied::default(), at(NOW)));
    assert!(follower.has_overflow());
}

fn poison(numbers: impl IntoIterator<Item = u64>) -> Vec<(u64, String)> {
    numbers.into_iter().map(|number| (number, "{}".to_owned())).collect()
}

/// Reads a page, and returns the new unreadable records and the completeness.
fn read(follower: &mut Follower, page: &LogPage, now: u64) -> (Option<(LogPosition, usize)>, bool) {
    let receipt = follower.receive(page, at(now));
    (receipt.unreadable, follower.conclude(receipt.verdict, Applied::default(), at(now)))
}

#[test]
fn an_unreadable_record_is_lag_until_it_is_gone_or_has_ended() {
    let lifetime = (HORIZON + LEEWAY).as_secs();
    let start = page("a", 1, 3, [tokens([1]), poison([2, 3])].concat());
    let mut by_time = follower();
    assert_eq!(read(&mut by_time, &start, NOW), (Some((place(2), 2)), false));
    let idle = page("a", 1, 3, []);
    assert_eq!(read(&mut by_time, &idle, NOW + lifetime - 1), (None, false));
    let last = Some(place(3));
    assert!(!by_time.has_ended(place(2), last));
    assert_eq!(read(&mut by_time, &idle, NOW + lifetime), (None, true));
    assert!(by_time.has_ended(place(2), last));
    assert!(!by_time.has_ended(place(4), Some(place(4))), "it was not reached");
    assert!(!by_time.has_ended(place(1), Some(place(2))), "the log was deleted and began again");

    let mut by_trim = follower();
    read(&mut by_trim, &start, NOW);
    read(&mut by_trim, &page("a", 1, 4, [(4, announcement(1, 4))]), NOW);
    assert_eq!(read(&mut by_trim, &page("a", 3, 4, []), NOW), (None, false));
    assert_eq!(read(&mut by_trim, &page("a", 4, 4, []), NOW), (None, true));

    let mut by_removal = follower();
    read(&mut by_removal, &start, NOW);
    by_removal.unreadable.retain_after(place(3));
    assert_eq!(read(&mut by_removal, &idle, NOW), (None, true));
}

#[test]
fn a_resync_meets_unreadable_records_again_and_does_not_report_them_again() {
    let lifetime = (HORIZON + LEEWAY).as_secs();
    let mut follower = follower();
    let start = page("a", 1, 2, poison([1, 2]));
    read(&mut follower, &start, NOW);
    follower.restart();
    assert_eq!(read(&mut follower, &start, NOW + 10), (None, false));
    follower.restart();
    // One of them has been removed.
    assert_eq!(read(&mut follower, &page("a", 2, 2, poison([2])), NOW + 10), (None, false));
    assert_eq!(follower.unreadable.count(), 1);
    assert_eq!(follower.unreadable.first(), Some(place(2)));
    let idle = page("a", 2, 2, []);
    assert_eq!(read(&mut follower, &idle, NOW + lifetime), (None, true), "its age counts from NOW");
}

#[test]
fn the_age_of_an_unreadable_record_begins_again_in_another_log() {
    let lifetime = (HORIZON + LEEWAY).as_secs();
    let mut follower = follower();
    read(&mut follower, &page("a", 1, 1, poison([1])), NOW);
    let other = page("b", 1, 1, []);
    read(&mut follower, &other, NOW + 100);
    let again = page("b", 1, 1, poison([1]));
    assert_eq!(read(&mut follower, &again, NOW + 100), (Some((place(1), 1)), false));
    assert_eq!(read(&mut follower, &other, NOW + lifetime), (None, false));
    assert_eq!(read(&mut follower, &other, NOW + 100 + lifetime), (None, true));
}

#[test]
fn very_many_unreadable_records_are_counted() {
    let mut follower = follower();
    for thousand in 0..100 {
        let numbers = thousand * 1000 + 1..=thousand * 1000 + 1000;
        follower.receive(&page("a", 1, 100_000, poison(numbers)), at(NOW));
    }
    assert_eq!(read(&mut follower, &page("a", 1, 100_000, []), NOW), (None, false));
    assert_eq!(follower.unreadable.count(), 100_000);
}

mod properties {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    /// A log that loses and gains records in all ways that a real one might.
    #[derive(Debug, Clone, Copy)]
    enum Event {
        Append(u64),
        /// Removes this number of records from the start without an announcement.
        Trim(usize),
        /// Announces a trim, and trims.
        AnnouncedTrim(usize),
        RemoveLast,
        /// Loses this number of records at the end, in another lineage.
        FailOver(usize),
        LoseAll,
        Read,
    }

    fn any_event() -> impl Strategy<Value = Event> {
        prop_oneof![
            4 => (1_u64..4).prop_map(Event::Append),
            1 => (1_usize..4).prop_map(Event::Trim),
            1 => (1_usize..4).prop_map(Event::AnnouncedTrim),
            1 => Just(Event::RemoveLast),
            1 => (0_usize..4).prop_map(Event::FailOver),
            1 => Just(Event::LoseAll),
            8 => Just(Event::Read),
        ]
    }

    fn name(text: &str) -> Option<String> {
        match record::read(text) {
            Ok(Record::Revocation(revocation, _)) => Some(revocation.name),
            _ => None,
        }
    }

    #[derive(Default)]
    struct Log {
        lineage: u64,
        last: u64,
        /// Positions of one lineage are never given twice, as those of a Redis stream are times.
        last_given: u64,
        next_token: u64,
        records: Vec<(u64, String)>,
        /// Records that were removed in a way that a follower need not notice.
        excused: BTreeSet<String>,
        /// True if a trim removed an earlier announcement, which a reader may have missed.
        lost_announcement: bool,
    }

    impl Log {
        fn push(&mut self, text: String) {
            self.last_given += 1;
            self.last = self.last_given;
            self.records.push((self.last, text));
        }

        fn trim(&mut self, count: usize) -> Vec<String> {
            let removed = self.records.drain(..count.min(self.records.len()));
            removed.filter_map(|(_, text)| name(&text)).collect()
        }

        fn names(&self) -> BTreeSet<String> {
            self.records.iter().filter_map(|(_, text)| name(text)).collect()
        }

        fn page(&self, after: Option<LogPosition>) -> LogPage {
            let first = self.records.first().map_or(0, |(number, _)| *number);
            let later = self.records.iter().filter(|(number, _)| Some(place(*number)) > after);
            page(&self.lineage.to_string(), first, self.last, later.cloned())
        }

        fn apply(&mut self, event: Event) {
            match event {
                Event::Append(count) => {
                    for _ in 0..count {
                        self.next_token += 1;
                        self.push(token(self.next_token));
                    }
                }
                Event::Trim(count) => drop(self.trim(count)),
                Event::AnnouncedTrim(count) => {
                    let from = self.records.first();
                    if let Some(((from, _), (before, _))) = from.zip(self.records.get(count)) {
                        let text = announcement(*from, *before);
                        self.push(text);
                        let removed = self.trim(count);
                        self.lost_announcement |= removed.len() < count;
                        self.excused.extend(removed);
                    }
                }
                Event::RemoveLast => {
                    let removed = self.records.pop();
                    self.excused.extend(removed.and_then(|(_, text)| name(&text)));
                }
                Event::FailOver(lost) => {
                    self.lineage += 1;
                    self.records.truncate(self.records.len().saturating_sub(lost));
                    self.last = self.records.last().map_or(0, |(number, _)| *number);
                    self.last_given = self.last;
                }
                Event::LoseAll => {
                    self.last = 0;
                    self.records.clear();
                }
                Event::Read => {}
            }
        }
    }

    proptest! {
        /// A follower that has caught up has read every record that the log has, and the log has
        /// every revocation that was read in its generation. Otherwise, nobody would append again
        /// what the log lost.
        #[test]
        fn a_follower_that_has_caught_up_knows_the_log(
            events in prop::collection::vec(any_event(), 1..60)
        ) {
            let (mut follower, mut log) = (follower(), Log::default());
            let mut known = BTreeMap::new();
            let mut lost_unannounced = false;
            for event in events {
                log.apply(event);
                lost_unannounced |= log.lost_announcement;
                lost_unannounced |= matches!(
                    event,
                    Event::Trim(_) | Event::RemoveLast | Event::FailOver(_) | Event::LoseAll
                );
                if !matches!(event, Event::Read) {
                    continue;
                }
                let mut reads = 0;
                loop {
                    reads += 1;
                    prop_assert!(reads <= 3, "the follower does not settle");
                    let request = follower.request(at(NOW), Timestamp::default());
                    let receipt = follower.receive(&log.page(request.after), at(NOW));
                    for (revocation, _) in receipt.revocations {
                        let generation = known.entry(revocation.name).or_insert(0);
                        *generation = receipt.generation.max(*generation);
                    }
                    follower.conclude(receipt.verdict, Applied::default(), at(NOW));
                    prop_assert!(
                        lost_unannounced || !matches!(receipt.verdict, Verdict::Resync(_)),
                        "a resync without a loss"
                    );
                    if matches!(receipt.verdict, Verdict::CaughtUp { .. }) {
                        break;
                    }
                }
                let names = log.names();
                prop_assert!(names.iter().all(|name| known.contains_key(name)));
                let current = follower.generation();
                let shared = known.iter().filter(|(_, generation)| **generation == current);
                for (name, _) in shared {
                    prop_assert!(names.contains(name) || log.excused.contains(name), "{}", name);
                }
            }
        }
    }
}
