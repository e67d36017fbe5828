//! Tests of the outbox: every entry is appended until it was seen.

use std::time::Duration;

use super::super::super::target::Kind;
use super::super::super::timestamp::Timestamp;
use super::*;

fn entry(number: usize) -> Arc<Entry> {
    let until = Timestamp::from_parts(1000, 0).unwrap();
    Arc::new(Entry::new(0, Kind::Token, number.to_string().into(), until, None))
}

fn is_missing(entry: &Arc<Entry>) -> bool {
    entry.generation() == 0
}

/// Returns the names of the entries to append, or `None` if the outbox waits.
fn next(outbox: &mut Outbox) -> Option<Vec<String>> {
    match outbox.next(Instant::now(), is_missing) {
        Step::Append(entries) => Some(entries.iter().map(|entry| entry.name.to_string()).collect()),
        Step::WaitUntil(_) | Step::Wait => None,
    }
}

fn failed() -> Appended {
    Err("down".to_owned())
}

#[allow(clippy::unnecessary_wraps, reason = "the result of `next` has this type")]
fn names(numbers: impl IntoIterator<Item = usize>) -> Option<Vec<String>> {
    Some(numbers.into_iter().map(|number| number.to_string()).collect())
}

#[tokio::test(start_paused = true)]
async fn entries_that_arrive_during_a_call_are_appended_together() {
    let mut outbox = Outbox::default();
    let first = outbox.push(entry(0)).unwrap();
    assert_eq!(next(&mut outbox), names([0]));
    let mut others: Vec<_> = (1..=200).map(|number| outbox.push(entry(number)).unwrap()).collect();
    outbox.finish(&Ok(()), 1);
    assert_eq!(first.await, Ok(Ok(())));
    assert_eq!(next(&mut outbox), names(1..=128));
    assert!(others[0].try_recv().is_err(), "it is not appended yet");
    outbox.finish(&Ok(()), 1);
    assert_eq!(others[127].try_recv(), Ok(Ok(())));
    assert_eq!(next(&mut outbox), names(129..=200));
    outbox.finish(&failed(), 1);
    assert_eq!(others[199].try_recv(), Ok(failed()));
}

#[tokio::test(start_paused = true)]
async fn a_failed_entry_is_appended_again_when_the_log_answers() {
    let mut outbox = Outbox::default();
    drop(outbox.push(entry(1)));
    assert_eq!(next(&mut outbox), names([1]));
    outbox.finish(&failed(), 1);
    assert_eq!((next(&mut outbox), outbox.unshared()), (None, 1));
    // Another caller tries immediately.
    drop(outbox.push(entry(2)));
    assert_eq!(next(&mut outbox), names([2]));
    outbox.finish(&failed(), 1);
    outbox.log_answers(None, is_missing);
    assert_eq!(next(&mut outbox), names([1, 2]));
    outbox.finish(&Ok(()), 1);
    assert_eq!((next(&mut outbox), outbox.unshared()), (None, 0));
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_the_result_of_all_callers_that_wait() {
    let mut outbox = Outbox::default();
    let tickets: Vec<_> = (0..1000).map(|number| outbox.push(entry(number)).unwrap()).collect();
    assert_eq!(next(&mut outbox), names(0..128));
    outbox.finish(&failed(), 1);
    for mut ticket in tickets {
        assert_eq!(ticket.try_recv(), Ok(failed()));
    }
    assert_eq!((next(&mut outbox), outbox.unshared()), (None, 1000));
    outbox.log_answers(None, is_missing);
    assert_eq!(next(&mut outbox), names(0..128));
}

#[tokio::test(start_paused = true)]
async fn an_acknowledged_entry_must_be_seen_in_a_later_page() {
    let mut outbox = Outbox::default();
    let [seen, unseen] = [entry(1), entry(2)];
    drop((outbox.push(Arc::clone(&seen)), outbox.push(unseen)));
    next(&mut outbox);
    outbox.finish(&Ok(()), 7);
    seen.mark(1);
    // Page 7 was requested before the acknowledgement, and page 8 was not the end of the log.
    outbox.log_answers(Some(7), is_missing);
    outbox.log_answers(None, is_missing);
    assert_eq!(next(&mut outbox), None);
    outbox.log_answers(Some(9), is_missing);
    assert_eq!(next(&mut outbox), names([2]));
}

#[tokio::test(start_paused = true)]
async fn repairs_pause_and_skip_what_was_seen_meanwhile() {
    let mut outbox = Outbox::default();
    let entries: Vec<_> = (0..3000).map(entry).collect();
    let begin = Instant::now() + Duration::from_millis(100);
    outbox.replace_repairs(entries.iter().cloned().collect(), begin);
    assert!(
        matches!(outbox.next(Instant::now(), is_missing), Step::WaitUntil(time) if time == begin)
    );
    // A caller does not pause.
    drop(outbox.push(entry(9999)));
    assert_eq!(next(&mut outbox), names([9999]));
    outbox.finish(&Ok(()), 1);
    for entry in &entries[..2990] {
        entry.mark(1);
    }
    tokio::time::advance(Duration::from_millis(100)).await;
    // One step examines a bounded number of entries.
    assert!(matches!(outbox.next(Instant::now(), is_missing), Step::WaitUntil(_)));
    assert!(matches!(outbox.next(Instant::now(), is_missing), Step::WaitUntil(_)));
    assert_eq!(next(&mut outbox), names(2990..3000));
}

#[tokio::test(start_paused = true)]
async fn an_interruption_fails_its_callers_and_keeps_its_entries() {
    let mut outbox = Outbox::default();
    let ticket = outbox.push(entry(1)).unwrap();
    next(&mut outbox);
    outbox.interrupt();
    assert!(ticket.await.unwrap().is_err());
    assert_eq!(outbox.unshared(), 1);
    outbox.log_answers(None, is_missing);
    assert_eq!(next(&mut outbox), names([1]));
}

#[tokio::test(start_paused = true)]
async fn the_queues_are_bounded_and_the_list_is_searched_instead() {
    let mut outbox = Outbox::default();
    for number in 0..LIMIT {
        assert!(outbox.push(entry(number)).is_some());
    }
    assert!(outbox.push(entry(LIMIT)).is_none(), "too many callers wait");
    while next(&mut outbox).is_some() {
        outbox.finish(&failed(), 1);
    }
    assert_eq!(outbox.unshared(), LIMIT);
    assert!(!outbox.needs_search(), "the known entries come first");
    outbox.log_answers(None, is_missing);
    while next(&mut outbox).is_some() {
        outbox.finish(&Ok(()), 1);
    }
    assert!(outbox.needs_search());
    outbox.replace_repairs(VecDeque::from([entry(LIMIT)]), Instant::now());
    assert_eq!(next(&mut outbox), names([LIMIT]));
    assert!(!outbox.needs_search());
}
