//! Days in the life of a key set, told by a clock that only the test moves.

use proptest::prelude::*;

use super::*;

/// A cache and the time, in seconds since it began.
struct Story {
    cache: Cache,
    begin: Instant,
    now: Instant,
}

impl Story {
    fn begin() -> Self {
        let begin = Instant::now();
        let cache = Cache::new();
        Self { cache, begin, now: begin }
    }

    /// With keys loaded at second 0 that may be used for this long.
    fn loaded(lifetime: u64) -> Self {
        let mut story = Self::begin();
        assert_eq!(story.next(), Action::Fetch);
        story.load(Some(lifetime));
        story
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
        self.cache.loaded(self.now, lifetime, 0.0);
    }

    fn fail(&mut self) {
        self.cache.failed(self.now, 7);
    }

    fn demand(&mut self) -> Demand {
        self.cache.demand(self.now)
    }

    fn reload(&mut self) -> Demand {
        self.cache.reload(self.now)
    }

    /// The second of the next refresh or retry.
    fn due(&mut self) -> u64 {
        match self.next() {
            Action::WaitUntil(due) => due.duration_since(self.begin).as_secs(),
            action => panic!("{action:?}"),
        }
    }

    fn holds(&self) -> bool {
        self.cache.keep_until().is_some_and(|until| self.now < until)
    }
}

#[test]
fn the_first_fetch_is_due_at_once_and_shared() {
    let mut story = Story::begin();
    assert_eq!(story.demand(), Demand::Await(1), "before it began");
    assert_eq!(story.next(), Action::Fetch);
    assert_eq!(story.demand(), Demand::Join(1));
    story.load(None);
    assert!(story.holds());
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
        let mut story = Story::begin();
        assert_eq!(story.next(), Action::Fetch);
        story.load(lifetime);
        assert_eq!(story.due(), due, "{lifetime:?}");
        assert_eq!(story.at(due).next(), Action::Fetch, "{lifetime:?}");
    }
}

#[test]
fn keys_outlive_a_failing_refresh_for_ten_hours_and_recover_by_themselves() {
    let mut story = Story::loaded(1000);
    let end = 800 + 10 * 3600;
    assert_eq!(story.at(800).next(), Action::Fetch);
    story.fail();
    while story.due() < end {
        let due = story.due() + 1;
        assert_eq!(story.at(due).next(), Action::Fetch);
        story.fail();
        assert_eq!(story.holds(), due < end, "{due}");
    }
    story.at(end);
    assert!(!story.holds());
    let due = story.due() + 1;
    assert_eq!(story.at(due).next(), Action::Fetch);
    story.load(None);
    assert!(story.holds());
    assert_eq!(story.due(), due + 48 * 60);
}

#[test]
fn retries_back_off_from_a_second_to_a_minute() {
    let mut story = Story::begin();
    let mut delays = Vec::new();
    for _ in 0..20 {
        assert_eq!(story.next(), Action::Fetch);
        story.fail();
        let Action::WaitUntil(due) = story.next() else { panic!("no retry") };
        delays.push(due - story.now);
        story.now = due;
    }
    let (least, most) = RETRY;
    assert!(delays.iter().all(|delay| (least..=most).contains(delay)), "{delays:?}");
    assert!(delays.first() < Some(&Duration::from_secs(3)), "{delays:?}");
    assert!(delays.last() > Some(&Duration::from_secs(29)), "{delays:?}");
}

#[test]
fn a_rotation_right_after_a_load_is_seen_by_the_first_request_that_needs_it() {
    let mut story = Story::loaded(1000);
    assert_eq!(story.demand(), Demand::Await(2));
    assert_eq!(story.next(), Action::Fetch);
}

#[test]
fn unknown_kids_cause_one_fetch_and_then_one_every_ten_seconds() {
    let mut story = Story::loaded(100_000);
    let mut fetches = 0;
    for second in 0..600 {
        for _ in 0..5 {
            let demand = story.at(second).demand();
            assert!(matches!(demand, Demand::Await(_) | Demand::Refuse), "{demand:?}");
        }
        if story.next() == Action::Fetch {
            assert!(matches!(story.demand(), Demand::Join(_)), "all share it");
            story.load(Some(100_000));
            fetches += 1;
        }
    }
    assert_eq!(fetches, 60);
}

#[test]
fn a_refresh_leaves_the_reserve_for_a_rotation() {
    let mut story = Story::loaded(1000);
    assert_eq!(story.at(799).demand(), Demand::Await(2));
    assert_eq!(story.next(), Action::Fetch);
    story.load(Some(1000));
    assert_eq!(story.at(805).demand(), Demand::Refuse, "within ten seconds");
    let due = story.due();
    assert_eq!(story.at(due).next(), Action::Fetch, "by schedule");
    story.load(Some(1000));
    assert_eq!(story.demand(), Demand::Await(4), "right after it");
}

#[test]
fn without_keys_requests_may_try_once_in_ten_seconds_and_are_told_when_to_come_back() {
    let mut story = Story::begin();
    for _ in 0..10 {
        assert_eq!(story.next(), Action::Fetch);
        story.fail();
        let due = story.due() + 1;
        story.at(due);
    }
    assert_eq!(story.next(), Action::Fetch);
    story.fail();
    assert!(matches!(story.demand(), Demand::Await(_)), "the issuer may be back");
    assert_eq!(story.next(), Action::Fetch);
    story.fail();
    assert_eq!(story.demand(), Demand::Refuse);
    let wait = story.cache.retry_after(story.now);
    assert!(!wait.is_zero() && wait <= COOL_DOWN, "{wait:?}");
}

#[test]
fn a_fetch_whose_task_died_is_made_again() {
    let mut story = Story::begin();
    assert_eq!(story.next(), Action::Fetch);
    story.cache.abandoned();
    assert_eq!(story.demand(), Demand::Await(2));
    assert_eq!(story.next(), Action::Fetch);
}

#[test]
fn a_seed_is_a_set_whose_time_is_over() {
    let mut story = Story::begin();
    story.cache.seeded(story.now);
    assert!(story.holds());
    assert_eq!(story.next(), Action::Fetch);
    story.fail();
    assert!(story.at(10 * 3600 - 1).holds());
    assert!(!story.at(10 * 3600).holds(), "from the start on");
    assert_eq!(story.next(), Action::Fetch);
    story.load(Some(1000));
    assert_eq!(story.due(), 10 * 3600 + 800);
    assert!(story.holds());
}

#[test]
fn operators_and_requests_have_a_fetch_in_ten_seconds_each() {
    let mut story = Story::loaded(1000);
    for fetch in [2, 4] {
        assert_eq!(story.demand(), Demand::Await(fetch));
        assert_eq!(story.reload(), Demand::Await(fetch), "the same one");
        assert_eq!(story.next(), Action::Fetch);
        assert_eq!(story.reload(), Demand::Join(fetch));
        story.load(Some(1000));
        assert_eq!(story.demand(), Demand::Refuse);
        assert_eq!(story.reload(), Demand::Await(fetch + 1), "its own");
        assert_eq!(story.next(), Action::Fetch);
        story.load(Some(1000));
        assert_eq!(story.reload(), Demand::Refuse);
        story.now += COOL_DOWN;
    }
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

proptest! {
    /// Whatever happens: one fetch at a time, requests cause no more than the stated rate, and
    /// whoever waits, waits for a fetch that is under way or comes next.
    #[test]
    fn the_bounds_hold_in_any_order_of_events(events in prop::collection::vec(event(), 0..200)) {
        let mut story = Story::begin();
        let (mut flying, mut last) = (false, [None::<Instant>; 2]);
        for event in events {
            match event {
                Event::Pass(millis) => story.now += Duration::from_millis(millis),
                Event::Load(lifetime) if flying => {
                    story.load(lifetime);
                    flying = false;
                }
                Event::Fail(seed) if flying => {
                    story.cache.failed(story.now, seed);
                    flying = false;
                }
                Event::Abandon => {
                    story.cache.abandoned();
                    flying = false;
                }
                Event::Load(_) | Event::Fail(_) => {}
                Event::Demand | Event::Reload => {
                    let wanted = story.cache.wanted;
                    let of_operator = matches!(event, Event::Reload);
                    let caused = &mut last[usize::from(of_operator)];
                    let demand = if of_operator { story.reload() } else { story.demand() };
                    match demand {
                        Demand::Join(fetch) => prop_assert!(flying && fetch == story.cache.begun),
                        Demand::Await(fetch) => {
                            prop_assert!(!flying && fetch == story.cache.begun + 1);
                            if !wanted {
                                let early = caused.is_some_and(|at| story.now - at < COOL_DOWN);
                                prop_assert!(!early);
                                *caused = Some(story.now);
                            }
                        }
                        Demand::Refuse => prop_assert!(!flying && !wanted),
                    }
                }
            }
            if !flying {
                match story.next() {
                    Action::Fetch => flying = true,
                    Action::WaitUntil(due) => prop_assert!(due > story.now),
                    Action::Wait => prop_assert!(false, "a set that nobody will refresh"),
                }
            }
        }
    }
}
