//! Tests of the invariants: each history violates one of them, or shows that a server may do what it
//! did.

use std::time::Duration;

use axum_protected::revocation::LogPosition;

use super::super::fact::{BEGINNING, Fact, Kind, Target};
use super::super::history::{Answer, Event, Moment, Outcome, Sample, Settings};
use super::super::token::TOKENS;
use super::{Invariant, judge};
use crate::log::{LogEvent, Removal};

const GOES_ON: Settings = Settings { refuses: false, is_required: false, is_small: false };
const REFUSES: Settings = Settings { refuses: true, ..GOES_ON };

/// A revocation of the token with the index 1.
fn fact() -> Fact {
    let target = Target { issuer: 0, kind: Kind::Token, name: 1 };
    Fact::new(target, BEGINNING + 3600, 0)
}

/// A revocation that concerns no token.
fn unrelated() -> Fact {
    Fact { target: Target { name: 5000, ..fact().target }, ..fact() }
}

fn short() -> Fact {
    Fact { until: BEGINNING + 50, ..fact() }
}

fn started(settings: Settings) -> Event {
    Event::Started { server: 0, settings }
}

fn appended(link: Option<usize>, major: u64, text: String) -> Event {
    let position = LogPosition::new(major, 0);
    Event::Log(LogEvent::Appended { link, copy: 0, position, text })
}

fn removed(major: u64, removal: Removal) -> Event {
    Event::Log(LogEvent::Removed { copy: 0, position: LogPosition::new(major, 0), removal })
}

fn called() -> Event {
    Event::Called { server: 0, call: 1, fact: fact() }
}

/// The answers of a server that answers the token with the index 1 like this, and accepts all other
/// tokens.
fn sampled(answer: Answer, change: impl FnOnce(&mut Sample)) -> Event {
    let mut answers = [Answer::Accepted; TOKENS];
    answers[1] = answer;
    let mut sample = Sample {
        answers,
        up_to_date: true,
        synchronized: true,
        unreadable: false,
        overflow: false,
        unshared: false,
    };
    change(&mut sample);
    Event::Sampled { server: 0, sample: Box::new(sample) }
}

fn accepts() -> Event {
    sampled(Answer::Accepted, |_| {})
}

fn refuses() -> Event {
    sampled(Answer::Revoked, |_| {})
}

/// A server that accepts the token and says that it is not up to date.
fn lags() -> Event {
    sampled(Answer::Accepted, |sample| sample.up_to_date = false)
}

/// A server that refuses all tokens because it is not up to date.
fn unavailable() -> Event {
    sampled(Answer::Unavailable, |sample| {
        sample.answers = [Answer::Unavailable; TOKENS];
        sample.up_to_date = false;
    })
}

/// Judges events, each with its moment in seconds.
fn verdict(events: Vec<(f64, Event)>) -> Option<Invariant> {
    let events: Vec<(Moment, Event)> =
        events.into_iter().map(|(at, event)| (Duration::from_secs_f64(at), event)).collect();
    judge(1, &events).err().map(|violation| violation.0)
}

#[test]
fn a_revocation_holds_from_the_call_to_its_end() {
    let known = Some(Invariant::KnownRevocationsHold);
    let begun = |settings, late: (f64, Event)| {
        verdict(vec![(0.0, started(settings)), (1.0, called()), late])
    };
    assert_eq!(begun(GOES_ON, (1.0, accepts())), known);
    assert_eq!(begun(REFUSES, (1.0, accepts())), known);
    assert_eq!(begun(GOES_ON, (3.0, refuses())), None);
    let refused = Event::Resolved { call: 1, outcome: Outcome::Refused };
    let events = vec![(0.0, started(GOES_ON)), (1.0, called()), (1.0, refused), (1.0, accepts())];
    assert_eq!(verdict(events), None);
    // Another process does not know what the one before knew.
    let events = vec![
        (0.0, started(GOES_ON)),
        (1.0, called()),
        (1.0, Event::Abandoned { call: 1 }),
        (1.0, Event::Stopped { server: 0 }),
        (2.0, started(GOES_ON)),
        (2.0, accepts()),
    ];
    assert_eq!(verdict(events), None);
}

#[test]
fn what_a_server_has_heard_holds_during_outages() {
    let events = |last: (f64, Event)| {
        vec![
            (0.0, started(GOES_ON)),
            (1.0, appended(None, 1, fact().record())),
            (3.0, refuses()),
            (3.5, Event::Link { server: 0, is_in_order: false }),
            last,
        ]
    };
    assert_eq!(verdict(events((4.0, lags()))), Some(Invariant::KnownRevocationsHold));
    // Its end has passed.
    assert_eq!(verdict(events((3601.0, lags()))), None);
}

#[test]
fn a_server_that_is_up_to_date_has_heard_of_everything_within_the_bound() {
    let events = |answer: (f64, Event)| {
        vec![(0.0, started(REFUSES)), (1.0, appended(None, 1, fact().record())), answer]
    };
    assert_eq!(verdict(events((2.0, accepts()))), None);
    assert_eq!(verdict(events((2.1, accepts()))), Some(Invariant::UpToDateMeansUpToDate));
    assert_eq!(verdict(events((2.1, unavailable()))), None);
    // The same holds for a record that nobody can read.
    let unreadable = vec![
        (0.0, started(REFUSES)),
        (1.0, appended(None, 1, "garbage".to_owned())),
        (2.1, accepts()),
    ];
    assert_eq!(verdict(unreadable), Some(Invariant::UpToDateMeansUpToDate));
}

#[test]
fn a_clock_that_was_set_back_counts_from_the_change() {
    let events = |at| {
        vec![
            (0.0, started(REFUSES)),
            (0.0, Event::Clock { server: 0, ahead: 240_000 }),
            (1.0, appended(None, 1, short().record())),
            (9.0, accepts()),
            (10.0, Event::Clock { server: 0, ahead: 0 }),
            (at, accepts()),
        ]
    };
    assert_eq!(verdict(events(10.9)), None);
    assert_eq!(verdict(events(11.1)), Some(Invariant::UpToDateMeansUpToDate));
}

#[test]
fn revocations_arrive_unless_a_fault_prevents_it() {
    let events = |settings, fault: (f64, Event), at| {
        vec![
            (0.0, started(settings)),
            (10.0, appended(None, 1, fact().record())),
            fault,
            (at, lags()),
        ]
    };
    let arrive = Some(Invariant::RevocationsArrive);
    let fault = || (10.0, Event::Link { server: 0, is_in_order: false });
    let end = || (10.0, Event::Link { server: 0, is_in_order: true });
    assert_eq!(verdict(events(GOES_ON, fault(), 60.0)), None);
    let small = Settings { is_small: true, ..GOES_ON };
    assert_eq!(verdict(events(small, end(), 60.0)), None);
    // A server that lags must also recover, which is judged first.
    assert_eq!(verdict(events(GOES_ON, end(), 18.9)), None);
    assert_eq!(verdict(events(GOES_ON, end(), 19.1)), Some(Invariant::ServersRecover));
    let lagging = sampled(Answer::Accepted, |sample| {
        sample.up_to_date = false;
        sample.unreadable = true;
    });
    let events = vec![
        (0.0, started(GOES_ON)),
        (1.0, appended(None, 1, "garbage".to_owned())),
        (10.0, appended(None, 2, fact().record())),
        (11.1, lagging),
    ];
    assert_eq!(verdict(events), arrive);
}

#[test]
fn nothing_else_is_refused() {
    let events = |answer| vec![(0.0, started(GOES_ON)), (1.0, answer)];
    let wrong = Some(Invariant::NothingElseIsRefused);
    assert_eq!(verdict(events(refuses())), wrong);
    assert_eq!(verdict(events(sampled(Answer::Other, |_| {}))), wrong);
    let outage = Some(Invariant::OutageIsAsConfigured);
    assert_eq!(verdict(events(unavailable())), outage);
    let weaker = Fact { target: Target { name: 2, ..fact().target }, ..fact() };
    let events =
        vec![(0.0, started(GOES_ON)), (0.5, appended(None, 1, weaker.record())), (1.0, refuses())];
    assert_eq!(verdict(events), wrong);
}

#[test]
fn an_outage_has_the_effect_that_was_chosen() {
    let outage = Some(Invariant::OutageIsAsConfigured);
    let required = Settings { is_required: true, ..GOES_ON };
    let unsynchronized = |answer| {
        sampled(answer, |sample| {
            sample.answers = [answer; TOKENS];
            (sample.up_to_date, sample.synchronized) = (false, false);
        })
    };
    for (settings, answer, expected) in [
        (REFUSES, lags(), outage),
        (REFUSES, unavailable(), None),
        (GOES_ON, lags(), None),
        (GOES_ON, unsynchronized(Answer::Accepted), None),
        (required, unsynchronized(Answer::Accepted), outage),
        (required, unsynchronized(Answer::Unavailable), None),
        (required, unavailable(), outage),
        (required, lags(), None),
    ] {
        let events = vec![(0.0, started(settings)), (1.0, answer.clone())];
        assert_eq!(verdict(events), expected, "{settings:?} {answer:?}");
    }
}

#[test]
fn a_server_follows_again_soon_after_a_fault() {
    let events = |at| {
        vec![
            (0.0, started(REFUSES)),
            (1.0, Event::Link { server: 0, is_in_order: false }),
            (100.0, unavailable()),
            (100.0, Event::Link { server: 0, is_in_order: true }),
            (at, unavailable()),
        ]
    };
    assert_eq!(verdict(events(108.9)), None);
    assert_eq!(verdict(events(109.1)), Some(Invariant::ServersRecover));
}

#[test]
fn success_means_that_the_log_had_the_revocation() {
    let resolved = |outcome| (2.0, Event::Resolved { call: 1, outcome });
    let events = |between: Vec<(f64, Event)>, outcome| {
        let mut events = vec![(0.0, started(GOES_ON)), (1.0, called())];
        events.extend(between);
        events.push(resolved(outcome));
        verdict(events)
    };
    let acknowledged = Some(Invariant::AcknowledgedIsInTheLog);
    assert_eq!(events(vec![], Outcome::Shared), acknowledged);
    assert_eq!(events(vec![], Outcome::LocalOnly), None);
    let append = |fact: Fact| (1.5, appended(Some(0), 1, fact.record()));
    assert_eq!(events(vec![append(fact())], Outcome::Shared), None);
    assert_eq!(events(vec![append(short())], Outcome::Shared), acknowledged);
    // It may be lost again.
    let lost = (1.6, removed(1, Removal::Foreign));
    assert_eq!(events(vec![append(fact()), lost], Outcome::Shared), None);
}

#[test]
fn revoke_is_bounded() {
    let events = |at| vec![(0.0, started(GOES_ON)), (1.0, called()), (at, refuses())];
    assert_eq!(verdict(events(6.0)), None);
    assert_eq!(verdict(events(6.1)), Some(Invariant::RevokeIsBounded));
}

#[test]
fn a_needless_local_revocation_is_a_fault() {
    let events = |called_at| {
        vec![
            (0.0, started(GOES_ON)),
            (called_at, called()),
            (called_at + 1.0, Event::Resolved { call: 1, outcome: Outcome::LocalOnly }),
        ]
    };
    assert_eq!(verdict(events(7.9)), None);
    assert_eq!(verdict(events(8.1)), Some(Invariant::ServersRecover));
}

#[test]
fn nothing_is_lost_that_a_server_or_the_log_has() {
    let events = |answer: Event, record: Option<Removal>| {
        let mut events = vec![
            (0.0, started(GOES_ON)),
            (1.0, appended(None, 1, fact().record())),
            (3.0, refuses()),
            (4.0, Event::FaultsEnded),
        ];
        events.extend(record.map(|removal| (5.0, removed(1, removal))));
        events.push((6.0, answer));
        events.push((6.0, Event::Settled));
        verdict(events)
    };
    assert_eq!(events(refuses(), None), None);
    assert_eq!(events(refuses(), Some(Removal::Foreign)), Some(Invariant::NothingIsLost));
    assert_eq!(events(accepts(), None), Some(Invariant::KnownRevocationsHold));
}

#[test]
fn only_ended_records_are_removed_by_servers() {
    let events = |fact: Fact, at| {
        vec![
            (0.0, started(GOES_ON)),
            (1.0, appended(None, 1, fact.record())),
            (at, removed(1, Removal::Trim(0))),
        ]
    };
    assert_eq!(verdict(events(short(), 51.0)), None);
    assert_eq!(verdict(events(short(), 49.0)), Some(Invariant::NothingLiveIsTrimmed));
}

#[test]
fn records_are_appended_again_only_if_the_log_lacks_them() {
    let again = |between: (f64, Event), at| {
        verdict(vec![
            (0.0, started(GOES_ON)),
            (1.0, appended(None, 1, fact().record())),
            between,
            (at, appended(Some(0), 2, fact().record())),
        ])
    };
    let bounded = Some(Invariant::LogIsBounded);
    let nothing = || (1.0, Event::Link { server: 0, is_in_order: true });
    assert_eq!(again(nothing(), 2.9), None);
    assert_eq!(again(nothing(), 10.1), bounded);
    assert_eq!(again((9.5, removed(1, Removal::Foreign)), 10.0), None);
    assert_eq!(again((9.5, called()), 10.0), None);
    assert_eq!(again((9.5, Event::Link { server: 0, is_in_order: false }), 10.0), None);
    assert_eq!(again((2.0, Event::Settled), 2.5), bounded);
}

#[test]
fn a_record_is_not_appended_again_and_again() {
    let again = |count: u64| {
        let records = (1..=count).map(|major| (1.0, appended(Some(0), major, fact().record())));
        verdict([(0.0, started(GOES_ON)), (1.0, called())].into_iter().chain(records).collect())
    };
    assert_eq!(again(301), None);
    assert_eq!(again(302), Some(Invariant::LogIsBounded));
}

#[test]
fn a_server_that_follows_the_log_notices_a_loss() {
    let events = |loss: Vec<Event>, answer: (f64, Event)| {
        let mut events = vec![(0.0, started(REFUSES)), (1.0, accepts())];
        events.push((2.0, appended(None, 1, unrelated().record())));
        events.extend(loss.into_iter().map(|event| (20.0, event)));
        events.push(answer);
        verdict(events)
    };
    let deleted = || vec![Event::Log(LogEvent::Deleted { copy: 0 })];
    let trimmed = || vec![removed(1, Removal::Foreign)];
    let unread = || vec![appended(None, 2, fact().record()), removed(2, Removal::Single)];
    let unnoticed = Some(Invariant::LossesAreNoticed);
    for loss in [deleted, trimmed, unread] {
        for (at, expected) in [(21.0, None), (21.1, unnoticed), (22.9, unnoticed), (23.0, None)] {
            assert_eq!(events(loss(), (at, accepts())), expected, "{:?} {at}", loss());
        }
        assert_eq!(events(loss(), (22.0, unavailable())), None);
        let cut = [loss(), vec![Event::Link { server: 0, is_in_order: false }]].concat();
        assert_eq!(events(cut, (22.0, accepts())), None);
    }
    // A reader cannot know what the log had between two other records, or had before it was read.
    let hidden = [unread(), vec![appended(None, 3, unrelated().record())]].concat();
    assert_eq!(events(hidden, (22.0, accepts())), None);
    let read = vec![removed(1, Removal::Single)];
    assert_eq!(events(read, (22.0, accepts())), None);
    let restarted = [deleted(), vec![Event::Stopped { server: 0 }, started(REFUSES)]].concat();
    assert_eq!(events(restarted, (22.0, accepts())), None);
}

#[test]
fn ended_records_do_not_pile_up() {
    let events = |count: u64, quiet: f64| {
        let mut events = vec![(0.0, started(GOES_ON))];
        for number in 1..=count {
            let target = Target { name: 5000, ..fact().target };
            events.push((1.0, appended(None, number, Fact { target, ..short() }.record())));
        }
        events.extend([(2000.0, Event::Settled), (2000.0 + quiet, Event::Ended)]);
        verdict(events)
    };
    assert_eq!(events(129, 500.0), None);
    assert_eq!(events(130, 500.0), Some(Invariant::LogIsBounded));
    assert_eq!(events(130, 5.0), None);
}

/// Judges events with two servers, of which the second one revokes the token.
fn verdict_of_two(events: Vec<(f64, Event)>) -> Option<Invariant> {
    let second = [(0.0, Event::Started { server: 1, settings: REFUSES })];
    let call = [
        (10.9, Event::Called { server: 1, call: 7, fact: fact() }),
        (10.9, Event::Abandoned { call: 7 }),
    ];
    let first = [(0.0, started(REFUSES)), (9.0, accepts())];
    let all = second.into_iter().chain(first).chain(call).chain(events);
    let all: Vec<(Moment, Event)> =
        all.map(|(at, event)| (Duration::from_secs_f64(at), event)).collect();
    judge(2, &all).err().map(|violation| violation.0)
}

fn attached(link: usize) -> Event {
    Event::Log(LogEvent::Attached { link, copy: 1 })
}

#[test]
fn a_server_is_up_to_date_after_a_loss_when_others_have_repaired_it() {
    let created = || Event::Log(LogEvent::Created { copy: 1, records: Vec::new() });
    let events = |second: Vec<(f64, Event)>, answer| {
        let mut events = vec![(11.2, created()), (11.2, attached(0))];
        events.extend(second);
        events.push(answer);
        verdict_of_two(events)
    };
    let repaired = Some(Invariant::LossesAreRepaired);
    let both = || vec![(11.2, attached(1))];
    assert_eq!(events(both(), (12.2, accepts())), None);
    assert_eq!(events(both(), (12.3, accepts())), repaired);
    assert_eq!(events(both(), (12.3, unavailable())), None);
    // The other server does not reach the copy.
    assert_eq!(events(vec![], (12.3, accepts())), None);
    assert_eq!(events(vec![(11.3, attached(1))], (12.3, accepts())), None);
    let cut = (11.2, Event::Link { server: 1, is_in_order: false });
    assert_eq!(events(vec![(11.2, attached(1)), cut], (12.3, accepts())), None);
    // A server that starts after the loss cannot know of it.
    let restarted =
        vec![(11.2, attached(1)), (11.3, Event::Stopped { server: 0 }), (11.3, started(REFUSES))];
    assert_eq!(events(restarted, (12.3, accepts())), None);
}

#[test]
fn a_server_appends_what_the_log_lacks() {
    let resolved = |at| (at, Event::Resolved { call: 1, outcome: Outcome::LocalOnly });
    let begun = |at, last: Vec<(f64, Event)>| {
        let mut events = vec![(0.0, started(GOES_ON)), (1.0, called()), resolved(2.0)];
        events.extend(last);
        events.push((at, refuses()));
        verdict(events)
    };
    assert_eq!(begun(10.0, vec![]), None);
    assert_eq!(begun(10.1, vec![]), Some(Invariant::LossesAreRepaired));
    assert_eq!(begun(10.1, vec![(3.0, appended(Some(0), 1, fact().record()))]), None);
    let cut = (3.0, Event::Link { server: 0, is_in_order: false });
    assert_eq!(begun(12.0, vec![cut]), None);
}
