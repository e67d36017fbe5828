//! Tests the look-up of keys and its cache, with a paused clock.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::routing::get;
use axum_protected::RefusalKind::{ApiKeysUnavailable, UnknownApiKey};
use axum_protected::api_key::{ApiKey, ApiKeys, KeyDigest};
use axum_protected::{AccessToken, HasResourceServer, ResourceServer};
use axum_protected_tests::{App, Call, Log};
use futures_util::future::join_all;
use tokio::time::{Instant, advance, sleep};
use tower::ServiceExt;

use super::store::{Failure, Store, count, present, refused};
use super::{entry, fixed, generate};

const MILLISECOND: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_key_is_looked_up_once_in_each_period() {
    let store = Store::default();
    let key = generate();
    store.add(key.key());
    let server = store.server();
    for _ in 0..3 {
        assert_eq!(present(&server, key.key()).await.unwrap().subject(), Some("ci"));
    }
    store.put(entry(key.key()).subject("deploy"));
    advance(59_999 * MILLISECOND).await;
    assert_eq!(present(&server, key.key()).await.unwrap().subject(), Some("ci"));
    assert_eq!(store.calls(), 1);
    advance(MILLISECOND).await;
    for _ in 0..3 {
        assert_eq!(present(&server, key.key()).await.unwrap().subject(), Some("deploy"));
    }
    assert_eq!(store.calls(), 1);
    store.remove(key.key());
    advance(60 * SECOND).await;
    assert_eq!(refused(&server, key.key()).await, UnknownApiKey);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_key_is_remembered_briefly() {
    let store = Store::default();
    let key = generate();
    let server = store.server();
    assert_eq!(refused(&server, key.key()).await, UnknownApiKey);
    store.add(key.key());
    advance(9_999 * MILLISECOND).await;
    assert_eq!(refused(&server, key.key()).await, UnknownApiKey);
    assert_eq!(store.calls(), 1);
    advance(MILLISECOND).await;
    assert!(present(&server, key.key()).await.is_ok());
    // The application can shorten the time for a new key.
    let new = generate();
    assert_eq!(refused(&server, new.key()).await, UnknownApiKey);
    store.add(new.key());
    server.api_keys().forget(&new.digest());
    assert!(present(&server, new.key()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn periods_are_settings() {
    let store = Store::default();
    let (key, unknown) = (generate(), generate());
    store.add(key.key());
    let keys = store.keys().cache_period(5 * SECOND).unknown_period(2 * SECOND);
    let server = fixed().api_keys(keys.look_up_timeout(SECOND)).build().unwrap();
    for (elapsed, calls) in [(0, 2), (1999, 0), (1, 1), (2000, 1), (1000, 1)] {
        advance(elapsed * MILLISECOND).await;
        assert!(present(&server, key.key()).await.is_ok());
        assert_eq!(refused(&server, unknown.key()).await, UnknownApiKey);
        assert_eq!(store.calls(), calls, "after {elapsed} ms");
    }
    store.fail(Failure::Hang);
    let began = Instant::now();
    assert_eq!(refused(&server, generate().key()).await, ApiKeysUnavailable);
    assert_eq!(began.elapsed(), SECOND);
}

#[tokio::test(start_paused = true)]
async fn concurrent_requests_with_one_key_cause_one_look_up() {
    let store = Store::default();
    let key = generate();
    store.add(key.key());
    store.delay(SECOND);
    let server = store.server();
    // The request that started the look-up is cancelled; the look-up continues for the others.
    let cancelled = tokio::time::timeout(100 * MILLISECOND, present(&server, key.key())).await;
    assert!(cancelled.is_err());
    let began = Instant::now();
    let answers = join_all((0..100).map(|_| present(&server, key.key()))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(began.elapsed(), 900 * MILLISECOND);
    assert_eq!(store.calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failed_look_up_is_a_503_and_never_a_grant() {
    let failures = [
        (Failure::Error, "the table is locked"),
        (Failure::Panic, "the look-up panicked"),
        (Failure::EarlyPanic, "the look-up panicked"),
        (Failure::OtherDigest, "another digest"),
        (Failure::NoSubject, "the `subject` of the API key is missing"),
        (Failure::Hang, "did not answer in time"),
    ];
    for (failure, cause) in failures {
        let store = Store::default();
        let key = generate();
        store.add(key.key());
        store.fail(failure);
        let server = store.server();
        let (log, _guard) = Log::open();
        let began = Instant::now();
        let error = present(&server, key.key()).await.unwrap_err();
        assert_eq!(error.kind(), ApiKeysUnavailable, "{failure:?}");
        assert!(error.fetch_error().is_some_and(|text| text.contains(cause)), "{error}");
        assert_eq!(error.retry_after(), Some(SECOND));
        assert!(!error.to_string().contains(key.key()));
        let waited = if matches!(failure, Failure::Hang) { 3 * SECOND } else { Duration::ZERO };
        assert_eq!(began.elapsed(), waited, "{failure:?}");
        // A client that retries immediately does not reach the store.
        assert_eq!(refused(&server, key.key()).await, ApiKeysUnavailable);
        assert_eq!(store.calls(), usize::from(!matches!(failure, Failure::EarlyPanic)));
        // The same failure is logged once.
        sleep(SECOND).await;
        assert_eq!(refused(&server, key.key()).await, ApiKeysUnavailable);
        assert_eq!(count(&log, "axum_protected.api_keys.look_up_failed"), 1, "{failure:?}");
        store.fail(None);
        sleep(SECOND).await;
        assert!(present(&server, key.key()).await.is_ok(), "{failure:?}");
    }
}

/// The cause of a failure is logged, and may have been made from the digest or the row of the key.
#[tokio::test]
async fn the_cause_of_a_failed_look_up_shows_no_digest_and_no_subject() {
    let keys = [
        ApiKeys::new().look_up(async |digest| Err(format!("there is no row `{digest}`"))),
        ApiKeys::new().look_up(async |digest| {
            Ok::<_, String>(Some(ApiKey::new(digest).subject("alice@example.com").scopes(["a b"])))
        }),
    ];
    for (keys, expected) in keys.into_iter().zip(["row `(digest)`", "the `scopes` of the API key "])
    {
        let key = generate();
        let server = fixed().api_keys(keys).build().unwrap();
        let (log, _guard) = Log::open();
        let error = present(&server, key.key()).await.unwrap_err().to_string();
        let shown = error + &log.text();
        assert!(shown.contains(expected), "{shown}");
        assert!(!shown.contains(&key.digest().to_string()) && !shown.contains("alice"), "{shown}");
    }
}

#[tokio::test]
async fn an_unavailable_store_is_a_503_for_clients() {
    let store = Store::default();
    store.fail(Failure::Error);
    let app = App::serve(store.server()).await;
    let key = generate();
    let call = Call::get("/api/items").header("x-api-key", key.key());
    app.refuses(&call, 503, "api_keys_unavailable").await;
}

/// A key that was removed during an outage must not be accepted, so no key is used beyond its
/// period.
#[tokio::test(start_paused = true)]
async fn an_outage_does_not_extend_the_period() {
    let store = Store::default();
    let key = generate();
    store.add(key.key());
    let server = store.server();
    assert!(present(&server, key.key()).await.is_ok());
    store.fail(Failure::Error);
    advance(59_999 * MILLISECOND).await;
    assert!(present(&server, key.key()).await.is_ok());
    advance(MILLISECOND).await;
    assert_eq!(refused(&server, key.key()).await, ApiKeysUnavailable);
    store.fail(None);
    advance(SECOND).await;
    assert!(present(&server, key.key()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_configured_key_is_not_looked_up() {
    let store = Store::default();
    let key = generate();
    store.fail(Failure::Error);
    let server = fixed().api_keys(store.keys().key(entry(key.key()))).build().unwrap();
    assert!(present(&server, key.key()).await.is_ok());
    server.api_keys().forget(&key.digest());
    assert!(present(&server, key.key()).await.is_ok());
    assert_eq!(store.calls(), 0);
}

/// Random keys reach the store at a bounded rate, and neither delay nor displace keys in use.
#[tokio::test(start_paused = true)]
async fn a_flood_of_random_keys_is_bounded() {
    const RANDOM: usize = 20_000;
    let store = Store::default();
    let known: Vec<_> = (0..50).map(|_| generate()).collect();
    for key in &known {
        store.add(key.key());
    }
    let server = store.server();
    for key in &known {
        assert!(present(&server, key.key()).await.is_ok());
    }
    store.delay(50 * MILLISECOND);
    store.calls();
    let (log, _guard) = Log::open();
    let flood = (0..RANDOM).map(|number| {
        let server = server.clone();
        async move { refused(&server, &format!("items_{number}")).await }
    });
    let flood = tokio::spawn(join_all(flood));
    sleep(10 * MILLISECOND).await;
    let began = Instant::now();
    for key in &known {
        assert!(present(&server, key.key()).await.is_ok());
    }
    assert_eq!(began.elapsed(), Duration::ZERO, "a cached key waited");
    let kinds = flood.await.unwrap();
    let calls = store.calls();
    let unknown = kinds.iter().filter(|kind| **kind == UnknownApiKey).count();
    let refused_early = kinds.iter().filter(|kind| **kind == ApiKeysUnavailable).count();
    assert_eq!(unknown, calls);
    assert_eq!(unknown + refused_early, RANDOM);
    // The bucket saves ten seconds of the rate, 100 in a second.
    assert!((900..=1000).contains(&calls), "{calls} look-ups");
    assert!(store.most_at_once() <= 32, "{} at once", store.most_at_once());
    assert_eq!(count(&log, "axum_protected.api_keys.look_ups_limited"), 1);

    // The flood continues while the period of the known keys ends.
    for second in 0..70 {
        let random = (0..2000).map(|number| format!("items_{second}_{number}"));
        let random: Vec<_> = random.collect();
        let flood = join_all(random.iter().map(|key| refused(&server, key)));
        let in_use = async {
            let began = Instant::now();
            let answers = join_all(known.iter().map(|key| present(&server, key.key()))).await;
            assert!(answers.iter().all(Result::is_ok), "{second}");
            began.elapsed()
        };
        // The look-ups of the flood come first.
        let (kinds, waited) = tokio::join!(flood, in_use);
        assert!(kinds.contains(&ApiKeysUnavailable), "the rate is not exhausted");
        // 32 of the 50 known keys are looked up at the same time.
        assert!(waited <= 100 * MILLISECOND, "{waited:?}");
        sleep(SECOND).await;
    }
}

/// Keys that are not cached yet wait for their turn.
#[tokio::test(start_paused = true)]
async fn valid_keys_do_not_use_up_the_rate_of_unknown_keys() {
    let store = Store::default();
    let keys: Vec<_> = (0..3000).map(|_| generate()).collect();
    for key in &keys {
        store.add(key.key());
    }
    store.delay(MILLISECOND);
    let server = store.server();
    for part in keys.chunks(500) {
        let answers = join_all(part.iter().map(|key| present(&server, key.key()))).await;
        assert!(answers.iter().all(Result::is_ok));
    }
    assert_eq!(store.calls(), keys.len());
    assert!(store.most_at_once() <= 32);
}

/// The cache has a bounded size: keys that were in use last remain.
#[tokio::test(start_paused = true)]
async fn the_cache_is_bounded() {
    let store = Store::default();
    let keys: Vec<_> = (0..500).map(|_| generate()).collect();
    for key in &keys {
        store.put(entry(key.key()).claim("text", "a".repeat(2000)));
    }
    let settings = store.keys().cache_bytes(256 * 1024);
    let server = fixed().api_keys(settings).build().unwrap();
    for key in &keys {
        assert!(present(&server, key.key()).await.is_ok());
    }
    store.calls();
    for key in &keys {
        assert!(present(&server, key.key()).await.is_ok());
    }
    let calls = store.calls();
    assert!(calls >= keys.len() - 128, "{calls} look-ups: the cache holds more than 256 KiB");
}

/// The store may have answered before the application removed the key.
#[tokio::test(start_paused = true)]
async fn a_key_that_is_forgotten_during_its_look_up_is_looked_up_again() {
    let store = Store::default();
    let key = generate();
    store.add(key.key());
    store.delay(SECOND);
    let server = store.server();
    let forget = async {
        sleep(SECOND / 2).await;
        store.remove(key.key());
        server.api_keys().forget(&key.digest());
    };
    let (kind, ()) = tokio::join!(refused(&server, key.key()), forget);
    assert_eq!(kind, UnknownApiKey);
    assert_eq!(store.calls(), 2);
    assert_eq!(refused(&server, key.key()).await, UnknownApiKey);
}

/// The rate of unknown keys is used up, and the application changes a key that was found before.
#[tokio::test(start_paused = true)]
async fn a_forgotten_key_does_not_compete_with_random_keys() {
    let store = Store::default();
    let key = generate();
    store.add(key.key());
    let settings = store.keys().unknown_look_ups_per_second(1);
    let server = fixed().api_keys(settings).build().unwrap();
    assert!(present(&server, key.key()).await.is_ok());
    for number in 0..20 {
        assert!(present(&server, &format!("items_{number}")).await.is_err());
    }
    assert_eq!(refused(&server, "items_random").await, ApiKeysUnavailable);
    store.put(entry(key.key()).subject("deploy"));
    server.api_keys().forget(&key.digest());
    assert_eq!(present(&server, key.key()).await.unwrap().subject(), Some("deploy"));
    store.remove(key.key());
    server.api_keys().forget(&key.digest());
    assert_eq!(refused(&server, key.key()).await, UnknownApiKey);
}

/// Ends the period of the key between two arguments of one handler, and starts a look-up of another
/// request that does not end.
struct PeriodEnds;

#[derive(Clone, HasResourceServer)]
struct AppState {
    server: ResourceServer,
    store: Store,
}

impl FromRequestParts<AppState> for PeriodEnds {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        state.store.fail(Failure::Hang);
        advance(60 * SECOND).await;
        let key = parts.headers["x-api-key"].to_str().unwrap().to_owned();
        let server = state.server.clone();
        tokio::spawn(async move { present(&server, &key).await });
        sleep(MILLISECOND).await;
        Ok(Self)
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_is_not_used_beyond_its_period_within_one_request() {
    async fn handler(_: AccessToken, _: PeriodEnds, _: AccessToken) {}
    let store = Store::default();
    let key = generate();
    store.add(key.key());
    let state = AppState { server: store.server(), store: store.clone() };
    let router: Router = Router::new().route("/", get(handler)).with_state(state);
    let request = Request::get("/").header("x-api-key", key.key()).body(Body::empty()).unwrap();
    assert_eq!(router.oneshot(request).await.unwrap().status(), 503);
}

#[test]
fn a_server_without_keys_says_so() {
    let server = fixed().build().unwrap();
    let error = server.api_keys().replace([entry("a")]).unwrap_err().to_string();
    assert!(error.contains("set `api_keys` in its builder"), "{error}");
    server.api_keys().forget(&KeyDigest::of("a"));
    let server = fixed().api_keys(ApiKeys::new()).build().unwrap();
    let error = server.api_keys().replace([entry("a"), entry("a")]).unwrap_err().to_string();
    assert!(error.contains("digest of an earlier key"), "{error}");
}
