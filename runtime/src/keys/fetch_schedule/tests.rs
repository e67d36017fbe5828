//! Tests of `FetchSchedule` over several days, with a simulated clock.

use proptest::prelude::*;

use super::bucket::{GAIN, RESERVE};
use super::*;
use crate::keys::pace::RETRY;

const SCHEDULED: Action = Action::Fetch(FetchCause::Schedule);
const FOR_REQUEST: Action = Action::Fetch(FetchCause::UnknownKey);
const FOR_RELOAD: Action = Action::Fetch(FetchCause::Reload);

/// `FetchSchedule` with a simulated clock. Times are in seconds since the start of the test.
struct Timeline {
    cache: FetchSchedule,
    begin: Instant,
    now: Instant,
}

impl Timeline {
    fn begin() -> Self {
        let begin = Instant::now();
        let cache = FetchSchedule::new(Pace::Network);
        Self { cache, begin, now: begin }
    }

    /// Creates a timeline whose keys were fetched at second 0 and have this lifetime.
    fn loaded(lifetime: u64) -> Self {
        let mut timeline = Self::begin();
        assert_eq!(timeline.next(), SCHEDULED);
        timeline.load(Some(lifetime));
        timeline
    }

    fn at(&mut self, seconds: u64) -> &mut Self {
        self.now = self.begin + Duration::from_secs(seconds);
        self
    }

    fn next(&mut self) -> Action {
        self.cache.next(self.now)
    }

    fn load(&mut self, lifetime: Option<u64>) {
        let lifetime = lifetime.map(Duration::from_secs);
        self.cache.record_success(self.now, lifetime, Extent::Complete, 0.0);
    }

    fn load_set_only(&mut self, lifetime: u64) {
        let lifetime = Some(Duration::from_secs(lifetime));
        self.cache.record_success(self.now, lifetime, Extent::SetOnly, 0.0);
    }

    fn fail_metadata(&mut self) {
        self.cache.record_outdated(self.now, 7);
    }

    fn fail(&mut self) {
        self.cache.record_failure(self.now, 7);
    }

    fn demand(&mut self) -> Demand {
        let seen = self.cache.current_fetch();
        self.cache.demand(seen, self.now)
    }

    fn reload(&mut self) -> Demand {
        self.cache.reload(self.now)
    }

    /// Returns the time of the next refresh or retry, in seconds since the start of the test.
    fn due(&mut self) -> u64 {
        match self.next() {
            Action::WaitUntil(due) => due.duration_since(self.begin).as_secs(),
            action => panic!("{action:?}"),
        }
    }

    fn has_keys(&self) -> bool {
        self.cache.keep_until().is_some_and(|until| self.now < until)
    }
}

#[test]
fn the_first_fetch_is_due_immediately_and_shared() {
    let mut timeline = Timeline::begin();
    assert_eq!(timeline.demand(), Demand::Await(1), "before the fetch begins");
    assert_eq!(timeline.next(), SCHEDULED);
    assert_eq!(timeline.demand(), Demand::Join(1));
    timeline.load(None);
    assert!(timeline.has_keys());
}

#[test]
fn the_refresh_is_due_at_four_fifths_of_a_bounded_lifetime() {
    let hour = 3600;
    let cases = [
        (None, 48 * 60),
        (Some(0), 4 * 60),
        (Some(60), 4 * 60),
        (Some(300), 4 * 60),
        (Some(1000), 800),
        (Some(24 * hour), 24 * hour / 5 * 4),
        (Some(25 * hour), 24 * hour / 5 * 4),
        (Some(u64::MAX), 24 * hour / 5 * 4),
    ];
    for (lifetime, due) in cases {
        let mut timeline = Timeline::begin();
        assert_eq!(timeline.next(), SCHEDULED);
        timeline.load(lifetime);
        assert_eq!(timeline.due(), due, "{lifetime:?}");
        assert_eq!(timeline.at(due).next(), SCHEDULED, "{lifetime:?}");
    }
}

#[test]
fn keys_outlive_a_failing_refresh_for_ten_hours_and_recover_by_themselves() {
    let mut timeline = Timeline::loaded(1000);
    let end = 800 + 10 * 3600;
    assert_eq!(timeline.at(800).next(), SCHEDULED);
    timeline.fail();
    while timeline.due() < end {
        let due = timeline.due() + 1;
        assert_eq!(timeline.at(due).next(), SCHEDULED);
        timeline.fail();
        assert_eq!(timeline.has_keys(), due < end, "{due}");
    }
    timeline.at(end);
    assert!(!timeline.has_keys());
    let due = timeline.due() + 1;
    assert_eq!(timeline.at(due).next(), SCHEDULED);
    timeline.load(None);
    assert!(timeline.has_keys());
    assert_eq!(timeline.due(), due + 48 * 60);
}

#[test]
fn retries_back_off_from_a_second_to_a_minute() {
    let mut timeline = Timeline::begin();
    let mut delays = Vec::new();
    for _ in 0..20 {
        assert_eq!(timeline.next(), SCHEDULED);
        timeline.fail();
        let Action::WaitUntil(due) = timeline.next() else { panic!("no retry") };
        delays.push(due - timeline.now);
        timeline.now = due;
    }
    let (least, most) = RETRY;
    assert!(delays.iter().all(|delay| (least..=most).contains(delay)), "{delays:?}");
    assert!(delays.first() < Some(&Duration::from_secs(3)), "{delays:?}");
    assert!(delays.last() > Some(&Duration::from_secs(29)), "{delays:?}");
}

#[test]
fn a_rotation_right_after_a_load_is_seen_by_the_first_request_that_needs_it() {
    let mut timeline = Timeline::loaded(1000);
    assert_eq!(timeline.demand(), Demand::Await(2));
    assert_eq!(timeline.next(), FOR_REQUEST);
}

#[test]
fn unknown_kids_cause_five_fetches_and_then_one_every_ten_seconds() {
    let mut timeline = Timeline::loaded(100_000);
    let mut fetches = 0;
    for second in 0..600 {
        for _ in 0..5 {
            let demand = timeline.at(second).demand();
            assert!(matches!(demand, Demand::Await(_) | Demand::Refuse), "{demand:?}");
        }
        if timeline.next() == FOR_REQUEST {
            assert!(matches!(timeline.demand(), Demand::Join(_)), "requests share the fetch");
            timeline.load(Some(100_000));
            fetches += 1;
        }
    }
    assert_eq!(fetches, 5 + 59);
}

#[test]
fn a_scheduled_refresh_does_not_delay_a_fetch_that_a_request_causes() {
    let mut timeline = Timeline::loaded(1000);
    for _ in 0..RESERVE - 1 {
        assert!(matches!(timeline.at(799).demand(), Demand::Await(_)));
        assert_eq!(timeline.next(), FOR_REQUEST);
        timeline.load(Some(1000));
    }
    let due = timeline.due();
    assert_eq!(timeline.at(due).next(), SCHEDULED, "the scheduled refresh");
    timeline.load(Some(1000));
    for _ in 0..RESERVE {
        assert!(matches!(timeline.demand(), Demand::Await(_)), "right after the refresh");
        assert_eq!(timeline.next(), FOR_REQUEST);
        timeline.load(Some(1000));
    }
    assert_eq!(timeline.demand(), Demand::Refuse);
}

#[test]
fn without_keys_requests_take_from_the_same_bucket_and_get_a_retry_after() {
    let mut timeline = Timeline::begin();
    for _ in 0..10 {
        assert_eq!(timeline.next(), SCHEDULED);
        timeline.fail();
        let due = timeline.due() + 1;
        timeline.at(due);
    }
    assert_eq!(timeline.next(), SCHEDULED);
    timeline.fail();
    for _ in 0..RESERVE {
        assert_eq!(timeline.cache.retry_after(timeline.now), Duration::ZERO);
        assert!(matches!(timeline.demand(), Demand::Await(_)), "the issuer may have recovered");
        assert_eq!(timeline.next(), FOR_REQUEST);
        timeline.fail();
    }
    assert_eq!(timeline.demand(), Demand::Refuse);
    let wait = timeline.cache.retry_after(timeline.now);
    assert!(!wait.is_zero() && wait <= GAIN, "{wait:?}");
    timeline.now += wait;
    assert!(
        timeline.next() == SCHEDULED || matches!(timeline.demand(), Demand::Await(_)),
        "a client that waited causes a fetch or finds one"
    );
}

#[test]
fn a_fetch_whose_task_ended_is_repeated() {
    let mut timeline = Timeline::begin();
    assert_eq!(timeline.next(), SCHEDULED);
    timeline.cache.record_abort();
    assert_eq!(timeline.demand(), Demand::Await(2));
    assert_eq!(timeline.next(), SCHEDULED);
}

#[test]
fn a_seed_is_a_set_whose_lifetime_has_passed() {
    let mut timeline = Timeline::begin();
    timeline.cache.seed(timeline.now);
    assert!(timeline.has_keys());
    assert_eq!(timeline.next(), SCHEDULED);
    timeline.fail();
    assert!(timeline.at(10 * 3600 - 1).has_keys());
    assert!(!timeline.at(10 * 3600).has_keys(), "ten hours after the start");
    assert_eq!(timeline.next(), SCHEDULED);
    timeline.load(Some(1000));
    assert_eq!(timeline.due(), 10 * 3600 + 800);
    assert!(timeline.has_keys());
}

#[test]
fn operators_and_requests_have_limits_of_their_own() {
    let mut timeline = Timeline::loaded(100_000);
    for fetch in [2, 4] {
        assert_eq!(timeline.demand(), Demand::Await(fetch));
        assert_eq!(timeline.reload(), Demand::Await(fetch), "the same fetch");
        assert_eq!(timeline.next(), FOR_RELOAD);
        assert_eq!(timeline.reload(), Demand::Join(fetch));
        timeline.load(Some(100_000));
        assert_eq!(timeline.reload(), Demand::Await(fetch + 1), "a fetch of its own");
        assert_eq!(timeline.next(), FOR_RELOAD);
        timeline.load(Some(100_000));
        assert_eq!(timeline.reload(), Demand::Refuse);
        timeline.now += COOL_DOWN;
    }
    assert_eq!(timeline.reload(), Demand::Await(6));
    assert_eq!(timeline.next(), FOR_RELOAD);
    timeline.load(Some(100_000));
    for _ in 0..RESERVE {
        assert!(matches!(timeline.demand(), Demand::Await(_)), "reloads take nothing out of it");
        assert_eq!(timeline.next(), FOR_REQUEST);
        timeline.load(Some(100_000));
    }
    assert_eq!(timeline.demand(), Demand::Refuse);
}

/// The issuer may have moved its key set since the metadata was valid. Fetches of the key set alone,
/// and fetches whose metadata fails, must not let its old keys serve longer.
#[test]
fn keys_never_outlive_the_metadata_that_names_their_location() {
    let mut timeline = Timeline::loaded(1000);
    let (due, end) = (800, 800 + 10 * 3600);
    for (second, lifetime, refresh) in [(100, 300, 340), (200, 86_400, due), (790, 86_400, due)] {
        assert!(matches!(timeline.at(second).demand(), Demand::Await(_)));
        assert_eq!(timeline.next(), FOR_REQUEST);
        timeline.load_set_only(lifetime);
        assert_eq!(timeline.due(), refresh);
    }
    assert_eq!(timeline.at(due).next(), SCHEDULED);
    timeline.fail_metadata();
    while timeline.due() < end {
        let due = timeline.due() + 1;
        assert_eq!(timeline.at(due).next(), SCHEDULED);
        timeline.fail_metadata();
        assert_eq!(timeline.cache.loaded_at(), Some(timeline.now));
        assert_eq!(timeline.has_keys(), due < end, "{due}");
    }
    timeline.at(end);
    assert!(!timeline.has_keys());
    let due = timeline.due() + 1;
    assert_eq!(timeline.at(due).next(), SCHEDULED);
    timeline.load(Some(1000));
    assert!(timeline.has_keys());
}

/// A source does more for a scheduled fetch than for an unknown key, so a request whose fetch falls
/// together with a refresh must not reduce the refresh.
#[test]
fn a_fetch_for_several_causes_has_the_most_demanding_cause() {
    let mut timeline = Timeline::loaded(1000);
    assert_eq!(timeline.at(800).demand(), Demand::Await(2));
    assert_eq!(timeline.next(), SCHEDULED);
    timeline.cache.record_abort();
    assert_eq!(timeline.demand(), Demand::Await(3));
    assert_eq!(timeline.next(), SCHEDULED, "the aborted fetch is repeated");
    timeline.cache.record_abort();
    assert_eq!(timeline.reload(), Demand::Await(4));
    assert_eq!(timeline.next(), FOR_RELOAD);
}

#[derive(Debug, Clone)]
enum Event {
    Demand,
    Reload,
    Load(Option<u64>),
    Fail(u64),
    Pass(u64),
    Abandon,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => Just(Event::Demand),
        2 => Just(Event::Reload),
        2 => proptest::option::of(any::<u64>()).prop_map(Event::Load),
        2 => any::<u64>().prop_map(Event::Fail),
        4 => (0u64..100_000).prop_map(Event::Pass),
        1 => Just(Event::Abandon),
    ]
}

/// Returns true if any time `t` up to the last fetch has at most `reserve` fetches, and one more for
/// each ten seconds of `t`.
fn is_within_limit(fetches: &[Instant], reserve: u32) -> bool {
    let last = fetches[fetches.len() - 1];
    (1..).zip(fetches.iter().rev()).all(|(count, first)| {
        let gained = (last - *first).as_secs() / 10;
        count <= gained + u64::from(reserve)
    })
}

proptest! {
    /// Checks three properties in any order of events: at most one fetch is in flight, the bucket
    /// limits the fetches that requests cause and the cool-down those that reloads cause, and a
    /// waiter waits for the fetch in flight or the next fetch.
    #[test]
    fn the_bounds_hold_in_any_order_of_events(events in prop::collection::vec(event(), 0..200)) {
        let mut timeline = Timeline::begin();
        let (mut in_flight, mut caused) = (false, [Vec::new(), Vec::new()]);
        for event in events {
            match event {
                Event::Pass(millis) => timeline.now += Duration::from_millis(millis),
                Event::Load(lifetime) if in_flight => {
                    timeline.load(lifetime);
                    in_flight = false;
                }
                Event::Fail(seed) if in_flight => {
                    timeline.cache.record_failure(timeline.now, seed);
                    in_flight = false;
                }
                Event::Abandon => {
                    timeline.cache.record_abort();
                    in_flight = false;
                }
                Event::Load(_) | Event::Fail(_) => {}
                Event::Demand | Event::Reload => {
                    let fetch_requested = timeline.cache.requested.is_some();
                    let is_reload = matches!(event, Event::Reload);
                    let caused = &mut caused[usize::from(is_reload)];
                    let demand = if is_reload { timeline.reload() } else { timeline.demand() };
                    match demand {
                        Demand::Join(fetch) => prop_assert!(in_flight && fetch == timeline.cache.current_fetch),
                        Demand::Await(fetch) => {
                            prop_assert!(!in_flight && fetch == timeline.cache.current_fetch + 1);
                            if !fetch_requested {
                                caused.push(timeline.now);
                                let reserve = if is_reload { 1 } else { RESERVE };
                                prop_assert!(is_within_limit(caused, reserve), "{caused:?}");
                            }
                        }
                        Demand::Refuse => prop_assert!(!in_flight && !fetch_requested),
                    }
                }
            }
            if !in_flight {
                match timeline.next() {
                    Action::Fetch(_) => in_flight = true,
                    Action::WaitUntil(due) => prop_assert!(due > timeline.now),
                    Action::Wait => prop_assert!(false, "no refresh is scheduled"),
                }
            }
        }
    }
}
