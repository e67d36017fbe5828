use super::*;
use crate::store::behaviour::{self, key, now, record};
use crate::store::interleaving;

fn store(limits: MemoryLimits) -> MemoryStore {
    MemoryStore::new(limits)
}

fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

#[tokio::test]
async fn it_behaves_as_every_store() {
    behaviour::check(Arc::new(store(MemoryLimits::default()))).await;
}

#[tokio::test]
async fn a_full_store_refuses_a_sign_in_and_ends_no_session_of_another_user() {
    let start = now();
    let store = store(MemoryLimits { sessions: 2, ..MemoryLimits::default() });
    let (ann, bob, eve) = (key(), key(), key());
    store.insert(ann, Arc::new(record("ann", None, start)), start).await.unwrap();
    store.insert(bob, Arc::new(record("bob", None, start)), start).await.unwrap();
    let refused = store.insert(eve, Arc::new(record("eve", None, start)), start).await;
    assert!(refused.unwrap_err().to_string().starts_with("the store of sessions is full"));
    assert!(store.load(ann, start).await.unwrap().is_some());
    assert!(store.load(bob, start).await.unwrap().is_some());
    assert!(store.load(eve, start).await.unwrap().is_none());

    // A user who has a session signs in once more, at the cost of the older one.
    let later = start + seconds(1);
    let again = key();
    store.insert(again, Arc::new(record("ann", None, later)), later).await.unwrap();
    assert!(store.load(ann, later).await.unwrap().is_none());
    assert!(store.load(again, later).await.unwrap().is_some());
    assert!(store.load(bob, later).await.unwrap().is_some());

    // Expired sessions make room.
    let end = start + behaviour::LIFETIME;
    store.insert(eve, Arc::new(record("eve", None, end)), end).await.unwrap();
    assert!(store.load(eve, end).await.unwrap().is_some());
    assert!(store.load(bob, end).await.unwrap().is_none());
}

#[tokio::test]
async fn the_bytes_of_all_sessions_have_a_bound() {
    let start = now();
    let store = store(MemoryLimits { bytes: 10_000, ..MemoryLimits::default() });
    let mut large = record("ann", None, start);
    large.access_token = "x".repeat(5_000);
    store.insert(key(), Arc::new(large.clone()), start).await.unwrap();
    large.subject = "bob".into();
    let second = key();
    assert!(store.insert(second, Arc::new(large.clone()), start).await.is_err());
    large.access_token.truncate(1_000);
    store.insert(second, Arc::new(large.clone()), start).await.unwrap();

    // A refresh may exceed the bound, because its refusal would lose the new tokens.
    large.access_token = "x".repeat(9_000);
    assert!(store.replace(second, Arc::new(large.clone()), start).await.unwrap());
    assert_eq!(store.load(second, start).await.unwrap().unwrap().access_token.len(), 9_000);
}

#[tokio::test]
async fn one_user_has_a_limited_number_of_sessions() {
    let start = now();
    let store = store(MemoryLimits { sessions_of_subject: 3, ..MemoryLimits::default() });
    let other = key();
    store.insert(other, Arc::new(record("bob", None, start)), start).await.unwrap();
    let mut keys = Vec::new();
    for second in 0..5 {
        let time = start + seconds(second);
        keys.push(key());
        let record = Arc::new(record("ann", None, time));
        store.insert(keys[keys.len() - 1], record, time).await.unwrap();
    }
    let later = start + seconds(10);
    let mut alive = Vec::new();
    for key in keys {
        alive.push(store.load(key, later).await.unwrap().is_some());
    }
    assert_eq!(alive, [false, false, true, true, true]);
    assert!(store.load(other, later).await.unwrap().is_some());
}

#[tokio::test]
async fn a_session_that_nobody_uses_ends() {
    let start = now();
    let store = store(MemoryLimits { idle: Some(seconds(60)), ..MemoryLimits::default() });
    let (used, unused) = (key(), key());
    store.insert(used, Arc::new(record("ann", None, start)), start).await.unwrap();
    store.insert(unused, Arc::new(record("ann", None, start)), start).await.unwrap();
    for second in [59, 118, 177] {
        assert!(store.load(used, start + seconds(second)).await.unwrap().is_some());
    }
    assert!(store.load(unused, start + seconds(60)).await.unwrap().is_none());
    assert!(store.load(used, start + seconds(237)).await.unwrap().is_none());
}

#[tokio::test]
async fn nothing_of_an_ended_session_stays() {
    let start = now();
    let store = store(MemoryLimits::default());
    let keys = [key(), key(), key(), key(), key()];
    for key in keys {
        store.insert(key, Arc::new(record("ann", Some("s1"), start)), start).await.unwrap();
    }
    store.end(keys[0], start).await.unwrap();
    assert!(!store.lock().is_empty());
    store.end_provider_session("s1", start).await.unwrap();
    assert!(store.lock().is_empty());

    // The next call removes the expired sessions of other users too.
    let later = start + seconds(1);
    store.insert(key(), Arc::new(record("bob", Some("s2"), later)), later).await.unwrap();
    store.end(key(), later + behaviour::LIFETIME).await.unwrap();
    assert!(store.lock().is_empty());
}

#[tokio::test]
async fn no_debug_output_contains_a_token() {
    let start = now();
    let store = store(MemoryLimits::default());
    let (key, record) = (key(), Arc::new(record("ann", None, start)));
    store.insert(key, Arc::clone(&record), start).await.unwrap();
    assert_eq!(format!("{store:?} {key:?}"), "MemoryStore { .. } SessionKey { .. }");
    assert!(!format!("{record:?}").contains("token"));
}

proptest::proptest! {
    #[test]
    fn an_ended_session_never_comes_back(schedule in interleaving::schedules()) {
        let store: Arc<dyn SessionStore> = Arc::new(store(MemoryLimits::default()));
        interleaving::run(&store, &schedule);
    }
}
