//! Requests and the task, in every order in which threads can take their turns.
//!
//! What is tried is the protocol of [`Keys::ask`](super::super::Keys::ask) and
//! [`fetch_for_ever`](super::fetch_for_ever): when who looks, tells and waits. The transitions are
//! the real ones, of [`Cache`] and [`Published`]; loom's primitives stand in for tokio's, a `Notify`
//! being a permit, a `watch` a value and those who wait for another. Time stands still, so that a
//! wakeup that is lost is a deadlock, which loom reports.

use std::sync::LazyLock;

use fastrand::Rng;
use loom::model::Builder;
use loom::sync::atomic::{AtomicBool, Ordering};
use loom::sync::{Arc, Condvar, Mutex, MutexGuard};
use loom::thread;
use tokio::time::Instant;

use super::Published;
use crate::algorithm::Algorithm;
use crate::keys::cache::{Action, Cache, Demand, FetchNumber};
use crate::keys::set::KeySet;

type Set = std::sync::Arc<KeySet>;

/// Before the rotation, and after it; the key is of RFC 8037 appendix A.2.
static SETS: LazyLock<[Set; 2]> = LazyLock::new(|| {
    let set = |kid: &str| {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let key = format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"{kid}","x":"{x}"}}"#);
        let document = format!(r#"{{"keys":[{key}]}}"#);
        let parsed = KeySet::parse(document.as_bytes(), &[Algorithm::EdDSA]);
        std::sync::Arc::new(parsed.unwrap().set)
    };
    [set("old"), set("new")]
});

struct Model {
    now: Instant,
    cache: Mutex<Cache>,
    permit: Mutex<bool>,
    woken: Condvar,
    published: Mutex<Published>,
    arrival: Condvar,
    /// What the issuer publishes.
    rotated: AtomicBool,
    over: AtomicBool,
}

impl Model {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            now: Instant::now(),
            cache: Mutex::new(Cache::new()),
            permit: Mutex::new(false),
            woken: Condvar::new(),
            published: Mutex::new(Published::default()),
            arrival: Condvar::new(),
            rotated: AtomicBool::new(false),
            over: AtomicBool::new(false),
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

    /// As `fetch_for_ever`, until nobody asks any more.
    fn fetch(&self) {
        while !self.over.load(Ordering::SeqCst) {
            let (action, begun) = {
                let mut cache = self.cache.lock().unwrap();
                (cache.next(self.now), cache.begun())
            };
            match action {
                Action::Fetch => self.publish(begun, self.answer()),
                Action::WaitUntil(_) | Action::Wait => self.notified(),
            }
        }
    }

    /// As a task that begins a fetch for a request.
    fn begin(&self) -> FetchNumber {
        let mut cache = self.cache.lock().unwrap();
        cache.demand(self.now);
        assert_eq!(cache.next(self.now), Action::Fetch);
        cache.begun()
    }

    /// What a fetch brings that comes to the issuer now.
    fn answer(&self) -> Set {
        SETS[usize::from(self.rotated.load(Ordering::SeqCst))].clone()
    }

    fn publish(&self, fetch: FetchNumber, set: Set) {
        let (result, mut chance) = (Ok((Some(set), None)), Rng::with_seed(0));
        let mut cache = self.cache.lock().unwrap();
        let mut published = self.published.lock().unwrap();
        published.record(&mut cache, fetch, result, self.now, &mut chance);
        drop((published, cache));
        self.arrival.notify_all();
    }

    fn knows(&self) -> bool {
        let published = self.published.lock().unwrap();
        let held = published.set.as_ref();
        held.is_some_and(|held| held.set == SETS[1])
    }

    /// As `Keys::ask`: whether the new key was there in the end.
    fn ask(&self) -> bool {
        for _ in 0..2 {
            let demand = self.cache.lock().unwrap().demand(self.now);
            let (fetch, again) = match demand {
                Demand::Await(fetch) => (fetch, false),
                Demand::Join(fetch) => (fetch, true),
                Demand::Refuse => break,
            };
            self.notify_one();
            drop(self.wait_for(fetch));
            if self.knows() || !again {
                break;
            }
        }
        self.knows()
    }
}

fn check(threads: fn()) {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(threads);
}

/// However the request meets the first fetch, before it, during or after it, it gets the key that
/// was published before it came: no wakeup is lost, no result is missed, and no result is seen
/// without its set.
#[test]
fn a_request_gets_the_key_that_was_there_before_it() {
    check(|| {
        let model = Model::new();
        let task = thread::spawn({
            let model = Arc::clone(&model);
            move || model.fetch()
        });
        model.rotated.store(true, Ordering::SeqCst);
        assert!(model.ask());
        model.over.store(true, Ordering::SeqCst);
        model.notify_one();
        task.join().unwrap();
        assert!(model.cache.lock().unwrap().begun() <= 2);
    });
}

/// Two at once share what one of them causes, whichever comes first.
#[test]
fn two_requests_share_the_fetch_that_one_of_them_causes() {
    check(|| {
        let model = Model::new();
        let task = thread::spawn({
            let model = Arc::clone(&model);
            move || model.fetch()
        });
        model.rotated.store(true, Ordering::SeqCst);
        let other = thread::spawn({
            let model = Arc::clone(&model);
            move || assert!(model.ask())
        });
        assert!(model.ask());
        other.join().unwrap();
        model.over.store(true, Ordering::SeqCst);
        model.notify_one();
        task.join().unwrap();
        assert!(model.cache.lock().unwrap().begun() <= 2);
    });
}

/// A task that was given up, and is just about to tell what it fetched before the rotation, takes
/// nothing back that its successor brought after it.
#[test]
fn a_task_that_was_replaced_takes_nothing_back() {
    check(|| {
        let model = Model::new();
        let (first, stale) = (model.begin(), model.answer());
        let given_up = thread::spawn({
            let model = Arc::clone(&model);
            move || model.publish(first, stale)
        });
        model.rotated.store(true, Ordering::SeqCst);
        model.cache.lock().unwrap().abandoned();
        let second = model.begin();
        model.publish(second, model.answer());
        assert!(model.knows());
        given_up.join().unwrap();
        assert!(model.knows());
    });
}

/// A task is ended since its runtime is not driven: a request that waits for its fetch, from wherever
/// it came, gets the answer of the fetch after it.
#[test]
fn a_request_that_waits_for_a_task_that_is_ended_gets_the_next_answer() {
    check(|| {
        let model = Model::new();
        let lost = model.begin();
        model.rotated.store(true, Ordering::SeqCst);
        let waiting = thread::spawn({
            let model = Arc::clone(&model);
            move || {
                drop(model.wait_for(lost));
                assert!(model.knows());
            }
        });
        model.cache.lock().unwrap().abandoned();
        let task = thread::spawn({
            let model = Arc::clone(&model);
            move || model.fetch()
        });
        waiting.join().unwrap();
        model.over.store(true, Ordering::SeqCst);
        model.notify_one();
        task.join().unwrap();
    });
}
