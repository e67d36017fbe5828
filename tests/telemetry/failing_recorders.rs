//! Recorders, subscribers and listeners that misbehave.

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

/// Does something bad whenever it is asked for this metric, while it is armed.
struct Bad<F> {
    name: &'static str,
    armed: Arc<AtomicBool>,
    deed: F,
}

impl<F: Fn()> Bad<F> {
    fn consider(&self, key: &Key) {
        if key.name() == self.name && self.armed.load(Ordering::SeqCst) {
            (self.deed)();
        }
    }
}

impl<F: Fn()> Recorder for Bad<F> {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        self.consider(key);
        Counter::noop()
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        self.consider(key);
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.consider(key);
        Histogram::noop()
    }
}

/// Panics at what is said of keys, and at the first fetch before it has begun.
#[derive(Default)]
struct Jumpy(AtomicBool);

impl<S: Subscriber> Layer<S> for Jumpy {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        let fetch = attributes.metadata().name() == "axum_protected.keys.fetch";
        assert!(!fetch || self.0.swap(true, Ordering::SeqCst), "jumpy");
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let name = event.metadata().name();
        assert!(!name.starts_with("axum_protected.keys."), "jumpy");
    }
}

/// Without the task that fetches, nobody would notice that a key was withdrawn.
#[tokio::test]
async fn a_panicking_recorder_does_not_stop_fetching() {
    axum_protected_tests::log::listen();
    let recorder = Bad {
        name: "axum_protected.keys.fetches",
        armed: Arc::new(AtomicBool::new(true)),
        deed: || panic!("a recorder that panics"),
    };
    let _recording = metrics::set_default_local_recorder(&recorder);
    for jumpy in [false, true] {
        let subscriber = tracing_subscriber::registry().with(jumpy.then(Jumpy::default));
        let _logging = tracing::subscriber::set_default(subscriber);
        recorder.armed.store(!jumpy, Ordering::SeqCst);
        let issuer = ScriptedIssuer::start().await;
        let server = trusting(issuer.url()).build().unwrap();
        ready(&server).await;
        server.verify(&issuer.token().sign()).await.unwrap();
        issuer.set(JWKS, Reply::keys(&fresh_key()));
        // By schedule: no request is there to start the task again.
        let gone = async {
            while issuer.count(JWKS) < 2 {
                tokio::time::pause();
                tokio::time::advance(Duration::from_mins(1)).await;
                tokio::time::resume();
                issuer.ping().await;
            }
            while server.verify(&issuer.token().sign()).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        bounded("the withdrawn key is refused", gone).await;
    }
}

#[tokio::test]
async fn a_recorder_that_panics_fails_one_request() {
    let armed = Arc::new(AtomicBool::new(false));
    let recorder = Bad {
        name: "axum_protected.requests",
        armed: Arc::clone(&armed),
        deed: || panic!("a recorder that panics"),
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
        assert_eq!(app.total_calls(), 0, "no decision, no handler");
    }
    armed.store(false, Ordering::SeqCst);
    app.grants(&calls[0]).await;
    app.refuses(&calls[1], 401, "missing_token").await;
}

/// The recorder of the whole process, as other threads have it, is slow at the end of a fetch: by
/// then whoever waited has his keys, and nobody else waits.
#[test]
fn a_slow_recorder_delays_nothing() {
    let (arrive, arrived) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let (calls, released) = (AtomicUsize::new(0), Mutex::new(released));
    let recorder = Bad {
        name: "axum_protected.keys.fetches",
        armed: Arc::new(AtomicBool::new(true)),
        deed: move || {
            // At the end of the second fetch.
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
        server.verify(&token()).await.unwrap();
        arrived.recv_timeout(Duration::from_secs(30)).unwrap();
        server.verify(&token()).await.unwrap();
        assert!(server.health().ready);
        ready(&server).await;
        drop(release);
    });
}
