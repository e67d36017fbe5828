//! Tests of requests and the fetch task with loom, in all interleavings with at most three
//! preemptions.
//!
//! The tests model the protocol of [`Keys::ask`](super::super::Keys::ask) and
//! [`run_fetches`](super::run_fetches). The tests use the real [`FetchSchedule`] and [`Published`].
//! Loom's primitives replace the primitives of tokio: a permit replaces `Notify`, and a value with
//! a condition variable replaces `watch`. Time does not advance in the tests, so that no timeout
//! hides a lost wakeup. Loom reports a lost wakeup as a deadlock.

use std::sync::LazyLock;

use fastrand::Rng;
use loom::model::Builder;
use loom::sync::atomic::{AtomicBool, Ordering};
use loom::sync::{Arc, Condvar, Mutex, MutexGuard};
use loom::thread;
use tokio::time::Instant;

use super::{FetchResult, Published};
use crate::algorithm::Algorithm;
use crate::keys::fetch_schedule::{Action, Demand, Extent, FetchNumber, FetchSchedule, Pace};
use crate::keys::set::KeySet;

type Set = std::sync::Arc<KeySet>;

/// Key sets before and after the issuer rotates its key. Both contain the public key of RFC 8037
/// appendix A.2, with a different `kid`.
static SETS: LazyLock<[Set; 2]> = LazyLock::new(|| {
    let set = |kid: &str| {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let key = format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"{kid}","x":"{x}"}}"#);
        let document = format!(r#"{{"keys":[{key}]}}"#);
        let set = KeySet::parse(document.as_bytes(), &[Algorithm::EdDSA]);
        std::sync::Arc::new(set.unwrap())
    };
    [set("old"), set("new")]
});

struct Model {
    now: Instant,
    cache: Mutex<FetchSchedule>,
    permit: Mutex<bool>,
    woken: Condvar,
    published: Mutex<Published>,
    arrival: Condvar,
    /// True after the issuer has replaced its old key set by the new key set.
    rotated: AtomicBool,
    finished: AtomicBool,
}

impl Model {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            now: Instant::now(),
            cache: Mutex::new(FetchSchedule::new(Pace::Network)),
            permit: Mutex::new(false),
            woken: Condvar::new(),
            published: Mutex::new(Published::default()),
            arrival: Condvar::new(),
            rotated: AtomicBool::new(false),
            finished: AtomicBool::new(false),
        })
    }

    fn notify_one(&self) {
        *self.permit.lock().unwrap() = true;
        self.woken.notify_one();
    }

    fn notified(&self) {
        let mut permit = self.permit.lock().unwrap();
        while !*permit {
            permit = self.woken.wait(permit).unwrap();
        }
        *permit = false;
    }

    fn wait_for(&self, fetch: FetchNumber) -> MutexGuard<'_, Published> {
        let mut published = self.published.lock().unwrap();
        while published.last_fetch < fetch {
            published = self.arrival.wait(published).unwrap();
        }
        published
    }

    /// Models the function `run_fetches`, and returns when the test ends.
    fn fetch(&self) {
        while !self.finished.load(Ordering::SeqCst) {
            let (action, fetch) = {
                let mut cache = self.cache.lock().unwrap();
                (cache.next(self.now), cache.current_fetch())
            };
            match action {
                Action::Fetch(_) => self.publish(fetch, self.response()),
                Action::WaitUntil(_) | Action::Wait => self.notified(),
            }
        }
    }

    /// Models a fetch task that begins a fetch for a request. Returns the `FetchNumber` of this
    /// fetch.
    fn begin(&self) -> FetchNumber {
        let mut cache = self.cache.lock().unwrap();
        let seen = cache.current_fetch();
        cache.demand(seen, self.now);
        assert!(matches!(cache.next(self.now), Action::Fetch(_)));
        cache.current_fetch()
    }

    /// Returns the key set that the issuer publishes at this moment of the test.
    fn response(&self) -> Set {
        SETS[usize::from(self.rotated.load(Ordering::SeqCst))].clone()
    }

    fn publish(&self, fetch: FetchNumber, set: Set) {
        let (result, mut rng) = (FetchResult::Success(Extent::Complete, None), Rng::with_seed(0));
        let mut cache = self.cache.lock().unwrap();
        let mut published = self.published.lock().unwrap();
        published.record(&mut cache, fetch, Some(set), result, self.now, &mut rng);
        drop((published, cache));
        self.arrival.notify_all();
    }

    fn has_new_key(&self) -> bool {
        self.look().1
    }

    /// Returns the fetch that ended last, and true if the current key set has the new key.
    fn look(&self) -> (FetchNumber, bool) {
        let published = self.published.lock().unwrap();
        let held = published.set.as_ref();
        (published.last_fetch, held.is_some_and(|held| held.set == SETS[1]))
    }

    /// Models a request that reads the current key set and calls `Keys::ask` if the new key is not in
    /// it. Returns true if the request got the issuer's new key.
    fn ask(&self) -> bool {
        for _ in 0..2 {
            let (seen, has_new_key) = self.look();
            if has_new_key {
                break;
            }
            let demand = self.cache.lock().unwrap().demand(seen, self.now);
            let (fetch, may_retry) = match demand {
                Demand::Await(fetch) => (fetch, false),
                Demand::Join(fetch) => (fetch, true),
                Demand::Refuse => break,
            };
            self.notify_one();
            drop(self.wait_for(fetch));
            if self.has_new_key() || !may_retry {
                break;
            }
        }
        self.has_new_key()
    }
}

fn check(threads: fn()) {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(threads);
}

fn start_fetch_task(model: &Arc<Model>) -> thread::JoinHandle<()> {
    let model = Arc::clone(model);
    thread::spawn(move || model.fetch())
}

fn end_fetch_task(model: &Model, task: thread::JoinHandle<()>) {
    model.finished.store(true, Ordering::SeqCst);
    model.notify_one();
    task.join().unwrap();
}

/// A request comes before, during or after the first fetch. The request must get a key that the
/// issuer published before the request. Each wakeup must reach the fetch task, and each request
/// must see the result of a fetch together with the fetched key set.
#[test]
fn a_request_gets_a_key_that_was_published_before_it() {
    check(|| {
        let model = Model::new();
        let task = start_fetch_task(&model);
        model.rotated.store(true, Ordering::SeqCst);
        assert!(model.ask());
        end_fetch_task(&model, task);
        assert!(model.cache.lock().unwrap().current_fetch() <= 2);
    });
}

#[test]
fn two_concurrent_requests_share_a_fetch() {
    check(|| {
        let model = Model::new();
        let task = start_fetch_task(&model);
        model.rotated.store(true, Ordering::SeqCst);
        let other = thread::spawn({
            let model = Arc::clone(&model);
            move || assert!(model.ask())
        });
        assert!(model.ask());
        other.join().unwrap();
        end_fetch_task(&model, task);
        assert!(model.cache.lock().unwrap().current_fetch() <= 2);
    });
}

/// An aborted fetch task publishes a key set that it fetched before the issuer rotated its keys.
/// This old key set must not replace the newer key set that the next fetch task published.
#[test]
fn an_aborted_task_does_not_replace_a_newer_set() {
    check(|| {
        let model = Model::new();
        let (first, stale) = (model.begin(), model.response());
        let aborted = thread::spawn({
            let model = Arc::clone(&model);
            move || model.publish(first, stale)
        });
        model.rotated.store(true, Ordering::SeqCst);
        model.cache.lock().unwrap().record_abort();
        let second = model.begin();
        model.publish(second, model.response());
        assert!(model.has_new_key());
        aborted.join().unwrap();
        assert!(model.has_new_key());
    });
}

/// A fetch task is aborted because no thread drives its runtime. A request that waits for the fetch
/// of the aborted task must get the result of the next fetch.
#[test]
fn a_request_that_waits_for_an_aborted_task_gets_the_next_result() {
    check(|| {
        let model = Model::new();
        let lost = model.begin();
        model.rotated.store(true, Ordering::SeqCst);
        let waiting = thread::spawn({
            let model = Arc::clone(&model);
            move || {
                drop(model.wait_for(lost));
                assert!(model.has_new_key());
            }
        });
        model.cache.lock().unwrap().record_abort();
        let task = start_fetch_task(&model);
        waiting.join().unwrap();
        end_fetch_task(&model, task);
    });
}
