use std::collections::HashMap;
use std::task::{Context, Waker};

use proptest::prelude::*;
use serde_json::json;
use tower_sessions_core::session::{Id, Record};

use super::test_store::{Fault, Manners, TestStore};
use super::*;
use crate::store::StoreError;
use crate::store::behaviour::{self, LIFETIME, key, now, record};
use crate::store::interleaving;

const MANNERS: [Manners; 3] = [Manners::Upsert, Manners::Fail, Manners::Ignore];

fn settings() -> ExternalSettings {
    ExternalSettings {
        issuer: "https://login.example.com".into(),
        client_id: "notes".into(),
        session_lifetime: LIFETIME,
        idle: None,
    }
}

fn store(inner: &TestStore) -> ExternalStore {
    ExternalStore::new(Arc::new(inner.clone()), settings())
}

fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

/// Inserts a session of the user `ann` with the session `s1` at the provider.
async fn sign_in(store: &ExternalStore, start: SystemTime) -> SessionKey {
    let key = key();
    store.insert(key, Arc::new(record("ann", Some("s1"), start)), start).await.unwrap();
    key
}

async fn is_alive(store: &ExternalStore, key: SessionKey, now: SystemTime) -> bool {
    store.load(key, now).await.unwrap().is_some()
}

#[tokio::test]
async fn it_behaves_as_every_store() {
    for manners in MANNERS {
        behaviour::check(Arc::new(store(&TestStore::new(manners)))).await;
    }
    let memory = tower_sessions_memory_store::MemoryStore::default();
    behaviour::check(Arc::new(ExternalStore::new(Arc::new(memory), settings()))).await;
}

proptest! {
    #[test]
    fn an_ended_session_never_comes_back(
        schedule in interleaving::schedules(),
        manners in prop::sample::select(&MANNERS),
    ) {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        let _context = runtime.as_ref().unwrap().enter();
        let inner = TestStore { yields: true, ..TestStore::new(manners) };
        let store: Arc<dyn SessionStore> = Arc::new(store(&inner));
        interleaving::run(&store, &schedule);
    }
}

#[tokio::test]
async fn a_save_that_comes_after_the_end_does_not_bring_a_session_back() {
    let start = now();
    let inner = TestStore::new(Manners::Upsert);
    let store = store(&inner);
    let key = sign_in(&store, start).await;
    let saved = inner.records.lock().unwrap().clone();
    store.end(key, start).await.unwrap();
    inner.records.lock().unwrap().extend(saved);
    assert!(!is_alive(&store, key, start).await);

    let key = sign_in(&store, start + seconds(1)).await;
    let saved = inner.records.lock().unwrap().clone();
    store.end_subject("ann", start + seconds(2)).await.unwrap();
    for (id, record) in saved {
        inner.records.lock().unwrap().entry(id).or_insert(record);
    }
    assert!(!is_alive(&store, key, start + seconds(3)).await);
}

#[tokio::test]
async fn ends_of_one_instance_hold_in_another_one_with_a_clock_that_differs() {
    let start = now();
    let inner = TestStore::new(Manners::Fail);
    let (first, second) = (store(&inner), store(&inner));
    // The clock of the first instance is a minute ahead.
    let key = sign_in(&first, start + seconds(60)).await;
    second.end_subject("ann", start + seconds(1)).await.unwrap();
    assert!(!is_alive(&first, key, start + seconds(61)).await);
    assert!(!is_alive(&second, key, start + seconds(1)).await);
}

#[tokio::test]
async fn backends_of_other_issuers_and_clients_share_nothing() {
    let start = now();
    let inner = TestStore::new(Manners::Upsert);
    let notes = store(&inner);
    let key = sign_in(&notes, start).await;
    let others = [
        ExternalSettings { client_id: "orders".into(), ..settings() },
        ExternalSettings { issuer: "https://login.example.org".into(), ..settings() },
    ];
    for settings in others {
        let other = ExternalStore::new(Arc::new(inner.clone()), settings);
        assert!(!is_alive(&other, key, start).await);
        assert_eq!(other.end(key, start).await, Ok(None));
        other.end_subject("ann", start).await.unwrap();
        other.end_provider_session("s1", start).await.unwrap();
        assert!(is_alive(&notes, key, start).await);
    }
}

#[tokio::test]
async fn the_store_contains_neither_tokens_nor_users() {
    let start = now();
    let inner = TestStore::new(Manners::Upsert);
    let store = store(&inner);
    // The texts have spaces, which the random letters of a record never have.
    let record = record("ann of the notes", Some("session of ann"), start);
    store.insert(key(), Arc::new(record), start).await.unwrap();
    store.end_subject("ann of the notes", start).await.unwrap();
    store.end_provider_session("session of ann", start).await.unwrap();
    let records = format!("{:?}", inner.records.lock().unwrap());
    for text in ["of the notes", "of ann", "access token", "refresh token"] {
        assert!(!records.contains(text), "{records}");
    }
    assert_eq!(format!("{store:?}"), "ExternalStore { .. }");
}

#[tokio::test]
async fn a_record_is_of_no_use_under_another_name_or_with_another_key() {
    let start = now();
    let inner = TestStore::new(Manners::Upsert);
    let store = store(&inner);
    let (mine, yours) = (sign_in(&store, start).await, sign_in(&store, start).await);
    let (from, to) = (store.names.session(&yours), store.names.session(&mine));
    let mut record = inner.records.lock().unwrap()[&from].clone();
    record.id = to;
    inner.records.lock().unwrap().insert(to, record);
    assert!(!is_alive(&store, mine, start).await);
    assert!(is_alive(&store, yours, start).await);

    let other_secret = SessionKey { encryption: [7; 32], ..yours };
    assert!(!is_alive(&store, other_secret, start).await);
}

#[tokio::test]
async fn an_unreadable_record_is_an_ended_session() {
    let start = now();
    let inner = TestStore::new(Manners::Upsert);
    let store = store(&inner);
    let key = sign_in(&store, start).await;
    let id = store.names.session(&key);
    let original = inner.records.lock().unwrap()[&id].clone();
    let text = original.data["axum_protected"].as_str().unwrap().to_owned();
    let values = [
        json!(null),
        json!(7),
        json!(""),
        json!("AQ"),
        json!("AQAA"),
        json!(format!("Ag{}", &text[2..])),
        json!(format!("A{text}")),
        json!(&text[..text.len() - 4]),
    ];
    for value in values {
        let data = HashMap::from([("axum_protected".to_owned(), value.clone())]);
        inner.records.lock().unwrap().insert(id, Record { data, ..original.clone() });
        assert!(!is_alive(&store, key, start).await, "{value}");
    }
    inner.records.lock().unwrap().insert(id, Record { data: HashMap::new(), ..original.clone() });
    assert!(!is_alive(&store, key, start).await);

    // Another instance may be able to read it. A sign-out ends it there too.
    assert_eq!(store.end(key, start).await, Ok(None));
    inner.records.lock().unwrap().insert(id, original);
    assert!(!is_alive(&store, key, start).await);
}

#[tokio::test]
async fn an_unreadable_end_ends_every_session() {
    let start = now();
    let inner = TestStore::new(Manners::Upsert);
    let store = store(&inner);
    store.end_subject("ann", start).await.unwrap();
    let key = sign_in(&store, start + seconds(1)).await;
    assert!(is_alive(&store, key, start + seconds(1)).await);
    let id = store.names.end_of_subject("ann");
    let set_version = |version: u8| {
        let mut records = inner.records.lock().unwrap();
        records.get_mut(&id).unwrap().data.get_mut("axum_protected").unwrap()["v"] = json!(version);
    };
    set_version(2);
    assert!(!is_alive(&store, key, start + seconds(1)).await);
    set_version(1);
    assert!(is_alive(&store, key, start + seconds(1)).await);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_or_hangs_is_an_error_and_ends_nothing() {
    let start = now();
    for manners in MANNERS {
        let inner = TestStore::new(manners);
        let store = store(&inner);
        let key = sign_in(&store, start).await;
        let record = store.load(key, start).await.unwrap().unwrap();
        for (fault, expected) in [
            (Fault::Fails, "the store failed: no connection"),
            (Fault::Hangs, "the store did not answer in 3s"),
        ] {
            inner.set_fault(Some(fault));
            let began = tokio::time::Instant::now();
            let error = || StoreError(expected.to_owned());
            assert_eq!(store.load(key, start).await, Err(error()));
            assert_eq!(store.insert(key, Arc::clone(&record), start).await, Err(error()));
            assert_eq!(store.replace(key, Arc::clone(&record), start).await, Err(error()));
            assert_eq!(store.end(key, start).await, Err(error()));
            assert_eq!(store.end_subject("ann", start).await, Err(error()));
            assert_eq!(store.end_provider_session("s1", start).await, Err(error()));
            assert!(began.elapsed() <= seconds(18));
            inner.set_fault(None);
            assert!(is_alive(&store, key, start).await);
        }
    }
}

#[tokio::test]
async fn an_end_that_the_store_does_not_keep_is_an_error() {
    let start = now();
    for manners in MANNERS {
        let inner = TestStore::new(manners);
        let store = store(&inner);
        let key = sign_in(&store, start).await;
        inner.set_fault(Some(Fault::Forgets));
        assert!(store.end(key, start).await.is_err());
        assert!(store.end_subject("ann", start).await.is_err());
        inner.set_fault(None);
        assert!(is_alive(&store, key, start).await);
    }
}

#[tokio::test]
async fn an_end_holds_if_the_record_cannot_be_deleted() {
    let start = now();
    let inner = TestStore::new(Manners::Upsert);
    let store = store(&inner);
    let key = sign_in(&store, start).await;
    inner.set_fault(Some(Fault::KeepsDeleted));
    assert!(store.end(key, start).await.unwrap().is_some());
    assert!(!is_alive(&store, key, start).await);
}

#[tokio::test]
async fn an_expired_end_that_the_store_still_has_does_not_prevent_another_end() {
    let start = now();
    let memory = tower_sessions_memory_store::MemoryStore::default();
    let store = ExternalStore::new(Arc::new(memory.clone()), settings());
    let expired = Record {
        id: store.names.end_of_subject("ann"),
        data: HashMap::new(),
        expiry_date: (start - seconds(10)).into(),
    };
    tower_sessions_core::SessionStore::save(&memory, &expired).await.unwrap();
    let key = sign_in(&store, start).await;
    assert!(is_alive(&store, key, start).await);
    store.end_subject("ann", start + seconds(1)).await.unwrap();
    assert!(!is_alive(&store, key, start + seconds(1)).await);
}

#[tokio::test]
async fn records_expire_with_the_session_and_ends_expire_later() {
    let start = now();
    let inner = TestStore::new(Manners::Upsert);
    let store = store(&inner);
    let key = sign_in(&store, start).await;
    store.end_subject("ann", start + seconds(5)).await.unwrap();
    let expiry = |id: Id| SystemTime::from(inner.records.lock().unwrap()[&id].expiry_date);
    assert_eq!(expiry(store.names.session(&key)), start + LIFETIME);
    assert!(expiry(store.names.end_of_subject("ann")) > start + seconds(5) + LIFETIME);

    let mut endless = record("bob", None, start);
    endless.ends_at = start + seconds(10_000_000_000_000);
    store.insert(key, Arc::new(endless), start).await.unwrap_err();
    let other = behaviour::key();
    let mut endless = record("bob", None, start);
    endless.ends_at = start + seconds(10_000_000_000_000);
    store.insert(other, Arc::new(endless), start).await.unwrap();
    assert!(is_alive(&store, other, start).await);
}

#[tokio::test]
async fn an_unknown_session_leaves_nothing_in_the_store() {
    let inner = TestStore::new(Manners::Upsert);
    let store = store(&inner);
    assert_eq!(store.end(key(), now()).await, Ok(None));
    assert!(!is_alive(&store, key(), now()).await);
    assert!(inner.records.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_session_that_nobody_uses_ends() {
    let start = now();
    for manners in MANNERS {
        let inner = TestStore::new(manners);
        let settings = ExternalSettings { idle: Some(seconds(80)), ..settings() };
        let store = ExternalStore::new(Arc::new(inner.clone()), settings);
        let (used, unused) = (sign_in(&store, start).await, sign_in(&store, start).await);
        for second in [5, 79, 100, 170, 249] {
            assert!(is_alive(&store, used, start + seconds(second)).await, "{second}");
        }
        assert!(!is_alive(&store, unused, start + seconds(80)).await);
        assert!(!is_alive(&store, used, start + seconds(329)).await);
    }
}

#[tokio::test]
async fn a_replacement_that_an_end_overtook_reports_it_and_leaves_no_record() {
    let start = now();
    for manners in MANNERS {
        let slow = TestStore { yields: true, ..TestStore::new(manners) };
        let fast = TestStore { yields: false, ..slow.clone() };
        let (slow_store, fast_store) = (store(&slow), store(&fast));
        for end in 0..3 {
            let key = sign_in(&fast_store, start + seconds(end)).await;
            let now = start + seconds(end);
            let record = fast_store.load(key, now).await.unwrap().unwrap();
            let mut replacement = slow_store.replace(key, record, now);
            let mut context = Context::from_waker(Waker::noop());
            // Each operation of the store takes two polls, and reading a session takes two rounds.
            for _ in 0..5 {
                assert!(replacement.as_mut().poll(&mut context).is_pending());
            }
            match end {
                0 => assert!(fast_store.end(key, now).await.unwrap().is_some()),
                1 => fast_store.end_subject("ann", now).await.unwrap(),
                _ => fast_store.end_provider_session("s1", now).await.unwrap(),
            }
            assert_eq!(replacement.await, Ok(false), "{manners:?} {end}");
            let id = fast_store.names.session(&key);
            assert!(!fast.records.lock().unwrap().contains_key(&id), "{manners:?} {end}");
        }
    }
}
