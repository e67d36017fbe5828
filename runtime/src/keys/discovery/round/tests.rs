//! Tests the decisions of a round without time-outs.

use proptest::prelude::*;

use super::*;

const LOCATIONS: usize = 3;

fn asked(round: &mut Round<u8>, now: Instant) -> Vec<usize> {
    let mut asked = Vec::new();
    while let Step::Ask(index) = round.next(now) {
        asked.push(index);
    }
    asked
}

#[test]
fn a_host_without_a_connection_is_asked_once() {
    let now = Instant::now();
    let mut round = Round::new(LOCATIONS);
    assert_eq!(asked(&mut round, now), [0]);
    round.record(0, Err(Failure::Unreachable));
    assert_eq!(round.next(now), Step::End);
    assert_eq!(round.into_answer(), None);
}

/// The first location is slow, and the connection for the second one fails: the host has become
/// unreachable, but the first answer may still come.
#[test]
fn a_request_under_way_may_answer_after_a_failed_connection() {
    let answered = Answered { answer: 7, left: vec![0] };
    for (first, expected) in [(Ok(7), Some(answered)), (Err(Failure::Temporary), None)] {
        let begin = Instant::now();
        let mut round = Round::new(LOCATIONS);
        assert_eq!(asked(&mut round, begin), [0]);
        let now = begin + SILENCE;
        assert_eq!(round.next(begin), Step::WaitUntil(now));
        assert_eq!(asked(&mut round, now), [1]);
        round.record(1, Err(Failure::Unreachable));
        assert_eq!(round.next(now), Step::Wait);
        assert_eq!(round.next(now + SILENCE), Step::Wait, "the third location was asked");
        round.record(0, first);
        assert_eq!(round.next(now), Step::End);
        assert_eq!(round.into_answer(), expected);
    }
}

/// Each row has the outcomes of the locations in their order, and the locations that a round leaves.
#[test]
fn only_a_definitive_failure_before_the_answer_excludes_a_location() {
    use Failure::{Definitive, Temporary, Unreachable};
    type Case<'a> = (&'a [Result<u8, Failure>], Option<&'a [usize]>);
    let cases: &[Case<'_>] = &[
        (&[Ok(0)], Some(&[0])),
        (&[Err(Definitive), Ok(1)], Some(&[1])),
        (&[Err(Temporary), Ok(1)], Some(&[0, 1])),
        (&[Err(Definitive), Err(Definitive), Ok(2)], Some(&[2])),
        (&[Err(Temporary), Err(Definitive), Ok(2)], Some(&[0, 2])),
        (&[Err(Definitive), Err(Temporary), Ok(2)], Some(&[1, 2])),
        (&[Err(Temporary), Err(Temporary), Ok(2)], Some(&[0, 1, 2])),
        (&[Err(Temporary), Err(Definitive), Err(Temporary)], None),
        (&[Err(Unreachable)], None),
    ];
    for (outcomes, expected) in cases {
        let now = Instant::now();
        let mut round = Round::new(LOCATIONS);
        for (index, outcome) in outcomes.iter().enumerate() {
            assert_eq!(round.next(now), Step::Ask(index), "{outcomes:?}");
            round.record(index, *outcome);
        }
        assert_eq!(round.next(now), Step::End, "{outcomes:?}");
        let left = round.into_answer().map(|answered| answered.left);
        assert_eq!(left.as_deref(), *expected, "{outcomes:?}");
    }
}

/// The earlier location connects after the later one has answered, and its connection fails.
#[test]
fn a_location_whose_connection_failed_remains() {
    let begin = Instant::now();
    let mut round = Round::new(LOCATIONS);
    assert_eq!(asked(&mut round, begin), [0]);
    assert_eq!(asked(&mut round, begin + SILENCE), [1]);
    round.record(1, Ok(1));
    round.record(0, Err(Failure::Unreachable));
    assert_eq!(round.next(begin + SILENCE), Step::End);
    assert_eq!(round.into_answer(), Some(Answered { answer: 1, left: vec![0, 1] }));
}

#[derive(Debug, Clone)]
enum Event {
    End(usize, Result<u8, Failure>),
    Pass(u64),
}

fn event() -> impl Strategy<Value = Event> {
    let outcome = prop_oneof![
        2 => any::<u8>().prop_map(Ok),
        2 => Just(Err(Failure::Definitive)),
        2 => Just(Err(Failure::Temporary)),
        1 => Just(Err(Failure::Unreachable)),
    ];
    prop_oneof![
        (0..LOCATIONS, outcome).prop_map(|(index, outcome)| Event::End(index, outcome)),
        (0u64..3000).prop_map(Event::Pass),
    ]
}

proptest! {
    /// In any order of events, an answer counts only if every earlier location has failed, each
    /// location is asked once, and a round ends when all requests have ended.
    #[test]
    fn no_later_location_precedes_an_earlier_one(
        events in prop::collection::vec(event(), 0..20),
        ends in prop::collection::vec(any::<Option<u8>>(), LOCATIONS),
    ) {
        let mut round = Round::new(LOCATIONS);
        let mut now = Instant::now();
        let mut outcomes: Vec<Option<Result<u8, Failure>>> = Vec::new();
        let rest = (0..LOCATIONS).zip(ends).map(|(index, end)| {
            Event::End(index, end.ok_or(Failure::Definitive))
        });
        let mut has_ended = false;
        for event in events.into_iter().chain(rest) {
            for index in asked(&mut round, now) {
                prop_assert_eq!(index, outcomes.len());
                outcomes.push(None);
            }
            has_ended = round.next(now) == Step::End;
            if has_ended {
                break;
            }
            match event {
                Event::Pass(millis) => now += Duration::from_millis(millis),
                Event::End(index, outcome) => {
                    if let Some(place @ None) = outcomes.get_mut(index) {
                        *place = Some(outcome);
                        round.record(index, outcome);
                    }
                }
            }
        }
        let first = outcomes.iter().position(|outcome| !matches!(outcome, Some(Err(_))));
        let answer = first.and_then(|index| outcomes[index]).and_then(Result::ok);
        let is_over = first.is_none_or(|index| outcomes[index].is_some());
        if has_ended {
            prop_assert!(is_over);
            prop_assert_eq!(round.into_answer().map(|answered| answered.answer), answer);
        }
    }
}
