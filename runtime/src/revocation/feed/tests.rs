//! Tests of the tasks of a feed, with a log in memory that fails on command, and with paused time.

mod memory_log;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::{Instant, sleep};

use self::memory_log::{Behaviour, MemoryLog};
use super::super::Revocations;
use super::super::error::RevocationError;
use super::super::target::Revocation;
use super::{FeedOutage, RevocationFeed};
use crate::clock::Clock;

const ISSUER: &str = "https://id.example.com";

/// Clock that follows the paused time of tokio.
#[derive(Debug)]
struct TestClock(Instant);

fn start_time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        start_time() + self.0.elapsed()
    }
}

struct Instance(Revocations);

impl Instance {
    fn start(log: &Arc<MemoryLog>, configure: fn(RevocationFeed) -> RevocationFeed) -> Self {
        Self::with_bytes(log, 1 << 20, configure)
    }

    fn with_bytes(
        log: &Arc<MemoryLog>,
        bytes: usize,
        configure: fn(RevocationFeed) -> RevocationFeed,
    ) -> Self {
        let feed = configure(RevocationFeed::new(Arc::clone(log)));
        let clock = Arc::new(TestClock(log.started));
        Self(Revocations::new([ISSUER], bytes, clock, Duration::ZERO, Some(feed)))
    }

    async fn revoke(&self, jti: &str) -> Result<(), RevocationError> {
        let until = self.0.feed.as_ref().unwrap().state.shared.now();
        let until = start_time() + Duration::from_secs(until.parts().0 - 1_700_000_000 + 3600);
        self.0.revoke(Revocation::token(ISSUER, jti), until).await
    }

    fn entries(&self) -> usize {
        self.0.feed_health().unwrap().entries
    }

    fn unshared(&self) -> usize {
        self.0.feed_health().unwrap().unshared
    }

    fn generation(&self) -> u32 {
        self.0.feed.as_ref().unwrap().state.generation()
    }

    fn last_error(&self) -> Option<String> {
        self.0.feed_health().unwrap().last_error
    }

    fn is_up_to_date(&self) -> bool {
        self.0.feed_health().unwrap().up_to_date
    }

    async fn is_ready_within(&self, seconds: u64) -> bool {
        let deadline = Instant::now() + Duration::from_secs(seconds);
        self.0.wait_ready(deadline).await.is_ok()
    }
}

fn go_on(feed: RevocationFeed) -> RevocationFeed {
    feed
}

fn refuse(feed: RevocationFeed) -> RevocationFeed {
    feed.outage(FeedOutage::Refuse)
}

#[tokio::test(start_paused = true)]
async fn every_instance_gets_a_revocation_within_a_second() {
    let log = MemoryLog::new();
    let [one, other] = [Instance::start(&log, go_on), Instance::start(&log, refuse)];
    assert!(one.is_ready_within(5).await && other.is_ready_within(5).await);
    one.revoke("a").await.unwrap();
    sleep(Duration::from_millis(500)).await;
    assert_eq!([one.entries(), other.entries()], [1, 1]);
    let late = Instance::start(&log, go_on);
    assert!(late.is_ready_within(5).await);
    assert_eq!(late.entries(), 1);
    assert_eq!(log.len(), 1, "nothing is appended twice");
}

#[tokio::test(start_paused = true)]
async fn a_revocation_during_an_outage_is_local_and_is_appended_afterwards() {
    let log = MemoryLog::new();
    let [one, other] = [Instance::start(&log, go_on), Instance::start(&log, go_on)];
    assert!(one.is_ready_within(5).await && other.is_ready_within(5).await);
    for behaviour in [Behaviour::Fail, Behaviour::Hang, Behaviour::Panic] {
        log.set(behaviour);
        let before = (one.entries(), other.entries());
        let name = format!("{behaviour:?}");
        let error = one.revoke(&name).await.unwrap_err();
        assert!(matches!(error, RevocationError::LocalOnly(_)), "{error}");
        assert_eq!(one.entries(), before.0 + 1);
        assert_eq!(one.unshared(), 1);
        sleep(Duration::from_secs(5)).await;
        assert_eq!(other.entries(), before.1);
        assert!(!one.is_up_to_date());
        log.set(Behaviour::Answer);
        sleep(Duration::from_secs(5)).await;
        assert_eq!(other.entries(), before.1 + 1, "{name}");
        assert_eq!((one.unshared(), one.is_up_to_date()), (0, true), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_log_that_lost_everything_gets_it_again_about_once() {
    let log = MemoryLog::new();
    let instances = [(); 10].map(|()| Instance::start(&log, refuse));
    for instance in &instances {
        assert!(instance.is_ready_within(5).await);
    }
    for number in 0..100 {
        instances[number % 10].revoke(&number.to_string()).await.unwrap();
    }
    sleep(Duration::from_secs(1)).await;
    log.lose_everything("another");
    sleep(Duration::from_secs(3)).await;
    let late = Instance::start(&log, refuse);
    assert!(late.is_ready_within(5).await);
    assert_eq!(late.entries(), 100);
    let appended = log.len();
    assert!((100..400).contains(&appended), "{appended}");
    sleep(Duration::from_secs(10)).await;
    assert_eq!(log.len(), appended, "it settles");
}

/// A log that has lost records lacks those that only a slower instance knows, although it can be read to
/// its end.
#[tokio::test(start_paused = true)]
async fn after_a_loss_a_server_is_up_to_date_when_the_others_had_time_to_append() {
    let log = MemoryLog::new();
    let one = Instance::start(&log, refuse);
    assert!(one.is_ready_within(5).await);
    one.revoke("a").await.unwrap();
    let gap = "records were removed from the log without an announcement";
    for cause in ["the log was restarted, or another copy has taken over", gap] {
        sleep(Duration::from_secs(1)).await;
        assert!(one.is_up_to_date());
        assert_eq!(one.last_error(), None);
        if cause == gap {
            log.remove_everything();
        } else {
            log.lose_everything("another");
        }
        // The last answer before the loss counts for one second.
        sleep(Duration::from_millis(1100)).await;
        assert_eq!((one.unshared(), one.is_up_to_date()), (0, false));
        let expected = format!("{cause}: other instances have 3 s to append what it lacks");
        assert_eq!(one.last_error(), Some(expected));
        log.set(Behaviour::Fail);
        sleep(Duration::from_millis(500)).await;
        assert!(one.last_error().is_some_and(|error| !error.contains(cause)));
        log.set(Behaviour::Answer);
        sleep(Duration::from_secs(3)).await;
        assert!(one.is_up_to_date());
    }
}

#[tokio::test(start_paused = true)]
async fn an_acknowledged_record_that_nobody_sees_is_appended_again() {
    let log = MemoryLog::new();
    let one = Instance::start(&log, go_on);
    assert!(one.is_ready_within(5).await);
    log.forget_next_append();
    one.revoke("a").await.unwrap();
    assert_eq!(log.len(), 0);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(log.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn refuse_follows_the_outage() {
    let log = MemoryLog::new();
    let one = Instance::start(&log, refuse);
    let required = Instance::start(&log, RevocationFeed::required);
    let plain = Instance::start(&log, go_on);
    log.set(Behaviour::Fail);
    assert!(plain.is_ready_within(5).await, "it accepts tokens");
    assert!(!required.is_ready_within(5).await);
    assert!(!one.is_ready_within(5).await);
    let error = one.0.wait_ready(Instant::now() + Duration::from_secs(5)).await.unwrap_err();
    assert!(error.ends_with("was not read to its end yet: the log is down"), "{error}");
    log.set(Behaviour::Answer);
    assert!(one.is_ready_within(5).await && required.is_ready_within(5).await);
    let mut news = one.0.news();
    news.mark_unchanged();
    log.set(Behaviour::Fail);
    let before = Instant::now();
    news.changed().await.unwrap();
    let elapsed = before.elapsed();
    assert!(elapsed > Duration::from_millis(400) && elapsed < Duration::from_millis(1200));
    assert!(!one.is_up_to_date());
    assert!(required.is_ready_within(1).await, "it has read the log once");
    assert!(!one.is_ready_within(1).await);
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_record_is_lag_until_it_is_removed() {
    let log = MemoryLog::new();
    let one = Instance::start(&log, refuse);
    assert!(one.is_ready_within(5).await);
    one.revoke("a").await.unwrap();
    log.push("poison");
    log.push("venom");
    sleep(Duration::from_secs(1)).await;
    assert!(!one.is_up_to_date());
    one.revoke("b").await.unwrap();
    sleep(Duration::from_secs(300)).await;
    assert_eq!(one.0.feed_health().unwrap().unreadable, 2);
    let error = one.0.feed_health().unwrap().last_error.unwrap();
    assert!(error.contains("(2, the first at 2-0): update this instance, or remove"), "{error}");
    log.remove("poison");
    sleep(Duration::from_secs(3)).await;
    let error = one.0.feed_health().unwrap().last_error.unwrap();
    assert!(error.contains("(1, the first at 3-0)"), "the next one: {error}");
    log.remove("venom");
    sleep(Duration::from_secs(3)).await;
    assert!(one.is_up_to_date());
    assert_eq!(one.0.feed_health().unwrap().unreadable, 0);
    assert_eq!(one.0.feed_health().unwrap().last_error, None);
}

#[tokio::test(start_paused = true)]
async fn an_entry_without_room_makes_the_server_not_ready_until_it_fits() {
    let log = MemoryLog::new();
    let one = Instance::start(&log, go_on);
    let small = Instance::with_bytes(&log, 200, go_on);
    assert!(one.is_ready_within(5).await && small.is_ready_within(5).await);
    one.revoke("a").await.unwrap();
    one.revoke("b").await.unwrap();
    sleep(Duration::from_secs(1)).await;
    assert!(!small.is_ready_within(5).await && !small.is_up_to_date());
    let error = small.0.feed_health().unwrap().last_error.unwrap();
    assert!(error.ends_with("raise `revocation_bytes`"), "{error}");
    // Both entries end, and so does the need for them.
    sleep(Duration::from_secs(3700)).await;
    assert!(small.is_ready_within(5).await && small.is_up_to_date());
}

#[tokio::test(start_paused = true)]
async fn ended_records_are_removed_and_nobody_reads_the_log_again() {
    let log = MemoryLog::new();
    let [one, other] = [Instance::start(&log, refuse), Instance::start(&log, refuse)];
    assert!(one.is_ready_within(5).await && other.is_ready_within(5).await);
    let generations = [one.generation(), other.generation()];
    for number in 0..200 {
        one.revoke(&number.to_string()).await.unwrap();
    }
    sleep(Duration::from_secs(2000)).await;
    one.revoke("later").await.unwrap();
    assert_eq!(log.len(), 201);
    sleep(Duration::from_secs(2400)).await;
    assert!((2..10).contains(&log.len()), "{}", log.len());
    assert!(one.is_up_to_date() && other.is_up_to_date());
    assert_eq!([one.generation(), other.generation()], generations, "nobody has read it again");
    let late = Instance::start(&log, refuse);
    assert!(late.is_ready_within(5).await);
    assert_eq!(late.entries(), 1);
}

/// The instances that know a record append it again when it was deleted, so that it is the last one.
#[tokio::test(start_paused = true)]
async fn a_record_that_ends_late_keeps_later_ones_until_it_is_deleted() {
    let log = MemoryLog::new();
    let [one, other] = [Instance::start(&log, go_on), Instance::start(&log, go_on)];
    assert!(one.is_ready_within(5).await && other.is_ready_within(5).await);
    let late = r#"{"v":1,"issuer":"https://id.example.com","token":"late","until":9000000000}"#;
    log.push(late);
    for number in 0..200 {
        one.revoke(&number.to_string()).await.unwrap();
    }
    sleep(Duration::from_secs(7200)).await;
    assert_eq!(log.len(), 201);
    log.remove(late);
    sleep(Duration::from_secs(180)).await;
    assert!((1..10).contains(&log.len()), "{}", log.len());
    let new = Instance::start(&log, go_on);
    assert!(new.is_ready_within(5).await);
    assert_eq!(new.entries(), 1, "it has the late one");
}

#[tokio::test(start_paused = true)]
async fn a_log_that_cannot_be_trimmed_does_not_grow_by_announcements() {
    let log = MemoryLog::new();
    log.set(Behaviour::Keep);
    let one = Instance::start(&log, refuse);
    assert!(one.is_ready_within(5).await);
    for number in 0..200 {
        one.revoke(&number.to_string()).await.unwrap();
    }
    sleep(Duration::from_secs(6000)).await;
    assert_eq!((log.len(), one.is_up_to_date()), (200, true));
    log.set(Behaviour::Answer);
    sleep(Duration::from_secs(120)).await;
    assert!((1..5).contains(&log.len()), "{}", log.len());
}

#[tokio::test(start_paused = true)]
async fn a_slow_log_is_read_in_smaller_pages() {
    let log = MemoryLog::new();
    let one = Instance::start(&log, refuse);
    assert!(one.is_ready_within(5).await);
    for number in 0..3000 {
        one.revoke(&number.to_string()).await.unwrap();
    }
    sleep(Duration::from_secs(1)).await;
    log.set(Behaviour::Slow);
    let other = Instance::start(&log, refuse);
    assert!(other.is_ready_within(120).await);
    assert_eq!(other.entries(), 3000);
    assert!(one.is_up_to_date(), "it reads small pages in any case");
}

/// Each look waits for the reader, which uses the same connection, for up to 250 ms.
#[tokio::test(start_paused = true)]
async fn many_removed_records_are_forgotten_with_few_looks() {
    let log = MemoryLog::new();
    let one = Instance::start(&log, refuse);
    assert!(one.is_ready_within(5).await);
    (0..200).for_each(|_| log.push("early"));
    one.revoke("a").await.unwrap();
    (0..40).for_each(|_| log.push("late"));
    sleep(Duration::from_secs(10)).await;
    assert_eq!(one.0.feed_health().unwrap().unreadable, 240);
    for (text, rest) in [("early", 40), ("late", 0)] {
        log.remove(text);
        log.take_reads();
        sleep(Duration::from_secs(3)).await;
        assert_eq!(one.0.feed_health().unwrap().unreadable, rest);
        assert!(log.take_reads() < 30);
    }
    assert!(one.is_up_to_date());
}

#[tokio::test(start_paused = true)]
async fn a_dropped_server_has_no_tasks() {
    let log = MemoryLog::new();
    let one = Instance::start(&log, refuse);
    assert!(one.is_ready_within(5).await);
    log.set(Behaviour::Hang);
    let revoking =
        one.0.revoke(Revocation::token(ISSUER, "a"), start_time() + Duration::from_secs(3600));
    drop(one);
    let error = revoking.await.unwrap_err();
    assert!(error.to_string().contains("dropped"), "{error}");
    sleep(Duration::from_secs(10)).await;
    assert_eq!(Arc::strong_count(&log), 1);
}

#[tokio::test(start_paused = true)]
async fn a_revocation_beyond_the_horizon_or_with_a_long_name_is_an_error() {
    let log = MemoryLog::new();
    let one = Instance::start(&log, go_on);
    let until = start_time() + Duration::from_secs(24 * 3600 + 1);
    let beyond = one.0.revoke(Revocation::token(ISSUER, "a"), until).await;
    assert_eq!(beyond, Err(RevocationError::BeyondHorizon));
    assert_eq!(one.revoke(&"n".repeat(17_000)).await, Err(RevocationError::NameTooLong));
    assert_eq!(one.entries(), 0);
}

#[test]
fn without_a_runtime_a_revocation_is_local_until_a_request_in_one() {
    let build =
        || tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = build().unwrap();
    let log = runtime.block_on(async { MemoryLog::new() });
    let one = Instance::start(&log, go_on);
    let revoking =
        one.0.revoke(Revocation::token(ISSUER, "a"), start_time() + Duration::from_secs(3600));
    let error = runtime.block_on(revoking).unwrap_err();
    assert!(error.to_string().contains("no tokio runtime"), "{error}");
    runtime.block_on(async {
        one.0.start_feed();
        sleep(Duration::from_secs(2)).await;
    });
    assert_eq!((log.len(), one.entries()), (1, 1));
}
