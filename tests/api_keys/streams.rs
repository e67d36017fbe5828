//! Tests when the streams of keys end, with a paused clock.

use std::pin::pin;
use std::time::{Duration, SystemTime};

use axum_protected::RefusalKind::{ApiKeysUnavailable, ExpiredApiKey, Revoked, UnknownApiKey};
use axum_protected::api_key::{ApiKeys, KeyDigest};
use axum_protected::clock::{Clock, SystemClock};
use axum_protected::revocation::Revocation;
use axum_protected::{AccessToken, RefusalKind, ResourceServer};
use tokio::time::{Instant, sleep, timeout};

use super::store::{Failure, Store, present, refused};
use super::{entry, fixed, generate};

const SECOND: Duration = Duration::from_secs(1);
const MILLISECOND: Duration = Duration::from_millis(1);

/// A wall clock that follows the clock of the runtime.
#[derive(Debug)]
struct RuntimeClock {
    began: SystemTime,
    since: Instant,
}

impl RuntimeClock {
    fn start() -> Self {
        Self { began: SystemClock.now(), since: Instant::now() }
    }
}

impl Clock for RuntimeClock {
    fn now(&self) -> SystemTime {
        self.began + self.since.elapsed()
    }
}

/// Returns true if the stream of this token is open.
async fn is_open(server: &ResourceServer, token: &AccessToken) -> bool {
    timeout(Duration::ZERO, server.until_invalid(token)).await.is_err()
}

/// Runs `change` after one second, and returns the reason and the time after which the stream ends.
async fn end(
    server: &ResourceServer,
    token: &AccessToken,
    change: impl Future<Output = ()>,
) -> (RefusalKind, Duration) {
    let began = Instant::now();
    let later = async {
        sleep(SECOND).await;
        change.await;
    };
    let ended = async {
        let error = timeout(Duration::from_secs(3600), server.until_invalid(token)).await.unwrap();
        (error.kind(), began.elapsed())
    };
    tokio::join!(ended, later).0
}

#[tokio::test(start_paused = true)]
async fn a_removed_key_ends_its_streams_and_is_refused() {
    let (key, other) = (generate(), generate());
    let keys = ApiKeys::new().key(entry(key.key())).key(entry(other.key()));
    let server = fixed().api_keys(keys).build().unwrap();
    let token = present(&server, key.key()).await.unwrap();
    let staying = present(&server, other.key()).await.unwrap();
    // A key with the same identity remains valid.
    server.api_keys().replace([entry(other.key()), entry(key.key())]).unwrap();
    assert!(is_open(&server, &token).await);
    // Keys with problems change nothing.
    assert!(server.api_keys().replace([entry(other.key()).subject("")]).is_err());
    assert!(is_open(&server, &token).await);
    let remove = async { server.api_keys().replace([entry(other.key())]).unwrap() };
    assert_eq!(end(&server, &token, remove).await, (UnknownApiKey, SECOND));
    assert_eq!(refused(&server, key.key()).await, UnknownApiKey);
    assert!(is_open(&server, &staying).await);
    let change = async { server.api_keys().replace([entry(other.key()).scopes(["a"])]).unwrap() };
    assert_eq!(end(&server, &staying, change).await, (UnknownApiKey, SECOND));
    assert_eq!(present(&server, other.key()).await.unwrap().scopes().collect::<Vec<_>>(), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_when_its_key_expires_or_is_revoked() {
    let clock = RuntimeClock::start();
    let now = clock.now();
    let (key, other) = (generate(), generate());
    let keys = ApiKeys::new()
        .key(entry(key.key()).expires_at(now + 5 * SECOND))
        .key(entry(other.key()).subject("other"));
    let server = fixed().clock(clock).api_keys(keys).build().unwrap();
    let token = present(&server, key.key()).await.unwrap();
    let staying = present(&server, other.key()).await.unwrap();
    let (kind, after) = end(&server, &token, async {}).await;
    assert_eq!(kind, ExpiredApiKey);
    assert!((5 * SECOND..6 * SECOND).contains(&after), "{after:?}");
    let revocation = Revocation::subject("api-keys", "other", now);
    let until = now + Duration::from_secs(3600);
    let revoke = async { server.revocations().revoke(revocation, until).await.unwrap() };
    assert_eq!(end(&server, &staying, revoke).await, (Revoked, SECOND));
}

#[tokio::test(start_paused = true)]
async fn a_stream_asks_the_store_once_in_each_period() {
    let store = Store::default();
    let key = generate();
    store.add(key.key());
    store.delay(10 * MILLISECOND);
    let server = store.server();
    let token = present(&server, key.key()).await.unwrap();
    let open = async {
        for period in 0..10 {
            assert_eq!(store.calls(), 1, "{period}");
            sleep(60 * SECOND + 10 * MILLISECOND).await;
        }
        store.remove(key.key());
    };
    let began = Instant::now();
    let (kind, _) = end(&server, &token, open).await;
    assert_eq!(kind, UnknownApiKey);
    let after = began.elapsed();
    assert!(after < 12 * 61 * SECOND, "{after:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_at_the_end_of_the_period_if_the_key_changed() {
    type Change = fn(&Store, &str);
    let cases: [(Change, RefusalKind); 3] = [
        (Store::remove, UnknownApiKey),
        (|store, key| store.put(entry(key).scopes(["a"])), UnknownApiKey),
        (|store, _| store.fail(Failure::Error), ApiKeysUnavailable),
    ];
    for (change, kind) in cases {
        let store = Store::default();
        let key = generate();
        store.add(key.key());
        let server = store.server();
        let token = present(&server, key.key()).await.unwrap();
        let ended = end(&server, &token, async { change(&store, key.key()) }).await;
        assert_eq!(ended.0, kind);
        assert!((60 * SECOND..61 * SECOND).contains(&ended.1), "{ended:?}");
    }
    // An answer that does not come ends the stream after the time limit.
    let store = Store::default();
    let key = generate();
    store.add(key.key());
    let server = store.server();
    let token = present(&server, key.key()).await.unwrap();
    let ended = end(&server, &token, async { store.fail(Failure::Hang) }).await;
    assert_eq!(ended.0, ApiKeysUnavailable);
    assert!((63 * SECOND..64 * SECOND).contains(&ended.1), "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn a_forgotten_key_ends_its_streams_even_if_the_store_still_has_it() {
    let store = Store::default();
    let key = generate();
    store.add(key.key());
    let server = store.server();
    let token = present(&server, key.key()).await.unwrap();
    let forget = async {
        server.api_keys().forget(&key.digest());
        // Another request looks the key up before the stream is polled.
        assert!(present(&server, key.key()).await.is_ok());
    };
    assert_eq!(end(&server, &token, forget).await, (UnknownApiKey, SECOND));
    let again = present(&server, key.key()).await.unwrap();
    assert!(is_open(&server, &again).await);
    assert_eq!(store.calls(), 2);
}

/// The server remembers a bounded number of forgotten keys. Beyond it, the other keys are looked up
/// again, and their new streams stay open.
#[tokio::test(start_paused = true)]
async fn many_forgotten_keys_do_not_disturb_the_streams_of_another_key() {
    let store = Store::default();
    let key = generate();
    store.add(key.key());
    let server = store.server();
    let earlier = present(&server, key.key()).await.unwrap();
    for number in 0..5000 {
        server.api_keys().forget(&KeyDigest::of(&number.to_string()));
    }
    assert!(!is_open(&server, &earlier).await);
    for _ in 0..2 {
        let token = present(&server, key.key()).await.unwrap();
        assert!(is_open(&server, &token).await, "a new stream ends");
        sleep(60 * SECOND).await;
    }
    assert_eq!(store.calls(), 3);
}

/// A client that does not read, and presents its key again and again, does not keep its stream
/// while the store is down.
#[tokio::test(start_paused = true)]
async fn further_requests_do_not_keep_a_stream_during_an_outage() {
    let store = Store::default();
    let key = generate();
    store.add(key.key());
    let server = store.server();
    let token = present(&server, key.key()).await.unwrap();
    let mut stream = pin!(server.until_invalid(&token));
    assert!(timeout(Duration::ZERO, &mut stream).await.is_err());
    store.fail(Failure::Hang);
    sleep(60 * SECOND).await;
    assert!(timeout(Duration::ZERO, &mut stream).await.is_err(), "the look-up runs");
    sleep(5 * SECOND).await;
    let further = present(&server, key.key());
    let judged = async { timeout(Duration::ZERO, &mut stream).await.map(|error| error.kind()) };
    assert_eq!(tokio::join!(further, judged).1, Ok(ApiKeysUnavailable));
}

/// A server judges a key that another server verified by its own keys.
#[tokio::test(start_paused = true)]
async fn another_server_judges_by_its_own_keys() {
    let key = generate();
    let with = |keys: ApiKeys| fixed().api_keys(keys).build().unwrap();
    let server = with(ApiKeys::new().key(entry(key.key())));
    let token = present(&server, key.key()).await.unwrap();
    assert!(is_open(&with(ApiKeys::new().key(entry(key.key()))), &token).await);
    for other in [
        fixed().build().unwrap(),
        with(ApiKeys::new()),
        with(ApiKeys::new().key(entry(key.key()).roles(["admin"]))),
    ] {
        let error = timeout(SECOND, other.until_invalid(&token)).await.unwrap();
        assert_eq!(error.kind(), UnknownApiKey);
    }
}
