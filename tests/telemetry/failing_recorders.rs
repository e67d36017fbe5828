//! Tests metrics recorders and tracing subscribers that panic or block.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use axum_protected_testing::TokenBuilder;
use axum_protected_tests::issuer::JWKS;
use axum_protected_tests::{
    AUDIENCE, App, Call, Reply, ScriptedIssuer, bounded, fresh_key, ready, trusting,
};
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use tokio::runtime::Builder;
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// A recorder that calls `fault` at each use of the metric `name` while `armed` is true.
struct FaultyRecorder<F> {
    name: &'static str,
    armed: Arc<AtomicBool>,
    fault: F,
}

impl<F: Fn()> FaultyRecorder<F> {
    fn run_fault(&self, key: &Key) {
        if key.name() == self.name && self.armed.load(Ordering::SeqCst) {
            (self.fault)();
        }
    }
}

impl<F: Fn()> Recorder for FaultyRecorder<F> {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        self.run_fault(key);
        Counter::noop()
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        self.run_fault(key);
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.run_fault(key);
        Histogram::noop()
    }
}

/// A subscriber that panics at each event about keys and at the start of the first fetch.
#[derive(Default)]
struct PanickingSubscriber(AtomicBool);

impl<S: Subscriber> Layer<S> for PanickingSubscriber {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        let fetch = attributes.metadata().name() == "axum_protected.keys.fetch";
        assert!(!fetch || self.0.swap(true, Ordering::SeqCst), "a subscriber that panics");
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let name = event.metadata().name();
        assert!(!name.starts_with("axum_protected.keys."), "a subscriber that panics");
    }
}

/// If a panic of the recorder ended the fetch task, the server would not notice a withdrawn key.
#[tokio::test]
async fn a_panicking_recorder_does_not_stop_fetching() {
    axum_protected_tests::log::listen();
    let recorder = FaultyRecorder {
        name: "axum_protected.keys.fetches",
        armed: Arc::new(AtomicBool::new(true)),
        fault: || panic!("a recorder that panics"),
    };
    let _recording = metrics::set_default_local_recorder(&recorder);
    for with_subscriber in [false, true] {
        let subscriber =
            tracing_subscriber::registry().with(with_subscriber.then(PanickingSubscriber::default));
        let _logging = tracing::subscriber::set_default(subscriber);
        recorder.armed.store(!with_subscriber, Ordering::SeqCst);
        let issuer = ScriptedIssuer::start().await;
        let server = trusting(issuer.url()).build().unwrap();
        ready(&server).await;
        server.authenticate(&issuer.token().sign()).await.unwrap();
        issuer.set(JWKS, Reply::keys(&fresh_key()));
        // Only the scheduled refresh fetches keys: no request restarts the fetch task.
        let withdrawal = async {
            while issuer.count(JWKS) < 2 {
                tokio::time::pause();
                tokio::time::advance(Duration::from_mins(1)).await;
                tokio::time::resume();
                issuer.ping().await;
            }
            while server.authenticate(&issuer.token().sign()).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        bounded("the withdrawn key is refused", withdrawal).await;
    }
}

#[tokio::test]
async fn a_recorder_that_panics_fails_one_request() {
    let armed = Arc::new(AtomicBool::new(false));
    let recorder = FaultyRecorder {
        name: "axum_protected.requests",
        armed: Arc::clone(&armed),
        fault: || panic!("a recorder that panics"),
    };
    let _recording = metrics::set_default_local_recorder(&recorder);
    let issuer = ScriptedIssuer::start().await;
    let server = trusting(issuer.url()).build().unwrap();
    ready(&server).await;
    let good = issuer.token().scope("items:read").sign();
    let app = App::serve(server).await;
    let calls = [Call::get("/api/items").bearer(&good), Call::get("/api/items")];
    for call in &calls {
        armed.store(true, Ordering::SeqCst);
        let answer = call.try_send(app.address).await;
        assert!(answer.is_none(), "{answer:?}");
        assert_eq!(app.total_calls(), 0, "a handler ran without a decision");
    }
    armed.store(false, Ordering::SeqCst);
    app.grants(&calls[0]).await;
    app.refuses(&calls[1], 401, "missing_token").await;
}

/// The global recorder blocks one thread at the end of a fetch. By this time the waiting requests
/// have the new keys, and other requests do not wait for the recorder.
#[test]
fn a_slow_recorder_delays_nothing() {
    let (arrive, arrived) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let (calls, released) = (AtomicUsize::new(0), Mutex::new(released));
    let recorder = FaultyRecorder {
        name: "axum_protected.keys.fetches",
        armed: Arc::new(AtomicBool::new(true)),
        fault: move || {
            // The recorder blocks at the end of the second fetch.
            if calls.fetch_add(1, Ordering::SeqCst) == 1 {
                let _ = arrive.send(());
                let _ = released.lock().map(|released| released.recv());
            }
        },
    };
    assert!(metrics::set_global_recorder(recorder).is_ok());
    let runtime = || {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).enable_all().build().unwrap()
    };
    let (fetching, elsewhere) = (runtime(), runtime());
    let issuer = elsewhere.block_on(ScriptedIssuer::start());
    let server = {
        let _there = fetching.enter();
        trusting(issuer.url()).build().unwrap()
    };
    elsewhere.block_on(async move {
        ready(&server).await;
        let new = fresh_key();
        issuer.set(JWKS, Reply::keys(&new));
        let token = || TokenBuilder::new(&new, issuer.url(), AUDIENCE).sign();
        server.authenticate(&token()).await.unwrap();
        arrived.recv_timeout(Duration::from_secs(30)).unwrap();
        server.authenticate(&token()).await.unwrap();
        assert!(server.health().ready);
        ready(&server).await;
        drop(release);
    });
}
