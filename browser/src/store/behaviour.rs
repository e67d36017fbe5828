//! The behaviour that every store must show, as a table of tests.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::SessionStore;
use crate::session::{SessionId, SessionKey, SessionRecord};

/// The lifetime of the sessions in these tests. No store may drop them while the tests run.
pub(crate) const LIFETIME: Duration = Duration::from_secs(3_600);

/// A store, and users that no other test has.
#[derive(Clone)]
struct Subject {
    store: Arc<dyn SessionStore>,
    start: SystemTime,
    run: String,
}

type Case = fn(Subject) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// Runs the table. Several runs may share the data of one store.
pub(crate) async fn check(store: Arc<dyn SessionStore>) {
    let run = SessionId::random().unwrap().as_str().to_owned();
    for (name, case) in CASES {
        println!("{name}");
        let run = format!("{run} {name}");
        case(Subject { store: Arc::clone(&store), start: now(), run }).await;
    }
}

macro_rules! cases {
    ($($name:ident),+ $(,)?) => {
        const CASES: &[(&str, Case)] = &[$((stringify!($name), |subject| Box::pin($name(subject)))),+];
    };
}

cases![
    a_session_is_there_until_its_end,
    an_unknown_session_stays_unknown,
    a_replacement_is_seen,
    an_ended_session_never_comes_back,
    an_end_at_the_provider_ends_its_sessions_only,
    an_end_of_a_subject_ends_all_its_sessions,
    a_new_session_of_the_same_user_is_not_ended,
    an_end_can_be_repeated,
    a_sign_in_does_not_outlive_an_end_during_it,
    an_expired_session_is_not_replaced_and_not_ended,
    a_replacement_at_the_same_time_does_not_undo_an_end,
];

/// Returns the time, in whole seconds as records have it. Stores drop expired records by themselves,
/// so the tests begin at the real time.
#[allow(clippy::disallowed_methods, reason = "the stores of other crates use the real time")]
pub(crate) fn now() -> SystemTime {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    SystemTime::UNIX_EPOCH + Duration::from_secs(since_epoch.as_secs())
}

pub(crate) fn key() -> SessionKey {
    SessionId::random().unwrap().key()
}

pub(crate) fn record(
    subject: &str,
    provider_session: Option<&str>,
    began_at: SystemTime,
) -> SessionRecord {
    SessionRecord {
        subject: subject.to_owned(),
        provider_session: provider_session.map(str::to_owned),
        nonce: "nonce".into(),
        access_token: "the access token".into(),
        access_token_received_at: began_at,
        access_token_expires_at: began_at + Duration::from_secs(60),
        refresh_token: Some("the refresh token".into()),
        id_token: None,
        began_at,
        ends_at: began_at + LIFETIME,
    }
}

impl Subject {
    /// Returns the time some seconds after the start.
    fn at(&self, seconds: u64) -> SystemTime {
        self.start + Duration::from_secs(seconds)
    }

    fn name(&self, name: &str) -> String {
        format!("{name} of {}", self.run)
    }

    /// Inserts a session that begins some seconds after the start.
    async fn sign_in(&self, user: &str, provider_session: Option<&str>, second: u64) -> SessionKey {
        let key = key();
        let provider_session = provider_session.map(|name| self.name(name));
        let record = record(&self.name(user), provider_session.as_deref(), self.at(second));
        self.store.insert(key, Arc::new(record), self.at(second)).await.unwrap();
        key
    }

    async fn load(&self, key: SessionKey, second: u64) -> Option<Arc<SessionRecord>> {
        self.store.load(key, self.at(second)).await.unwrap()
    }

    async fn is_alive(&self, key: SessionKey, second: u64) -> bool {
        self.load(key, second).await.is_some()
    }

    async fn end_provider_session(&self, name: &str, second: u64) {
        let name = self.name(name);
        self.store.end_provider_session(&name, self.at(second)).await.unwrap();
    }

    async fn end_subject(&self, name: &str, second: u64) {
        self.store.end_subject(&self.name(name), self.at(second)).await.unwrap();
    }
}

async fn a_session_is_there_until_its_end(test: Subject) {
    let key = test.sign_in("ann", Some("s1"), 0).await;
    let expected = record(&test.name("ann"), Some(&test.name("s1")), test.start);
    assert_eq!(*test.load(key, 0).await.unwrap(), expected);
    assert_eq!(*test.load(key, LIFETIME.as_secs() - 1).await.unwrap(), expected);
    assert!(!test.is_alive(key, LIFETIME.as_secs()).await);
}

async fn an_unknown_session_stays_unknown(test: Subject) {
    let key = key();
    let record = Arc::new(record(&test.name("ann"), None, test.start));
    assert!(!test.is_alive(key, 0).await);
    assert!(!test.store.replace(key, record, test.start).await.unwrap());
    assert_eq!(test.store.end(key, test.start).await.unwrap(), None);
    assert!(!test.is_alive(key, 0).await);
}

async fn a_replacement_is_seen(test: Subject) {
    let key = test.sign_in("ann", Some("s1"), 0).await;
    let other = test.sign_in("ann", Some("s1"), 0).await;
    let mut replacement = SessionRecord::clone(&*test.load(key, 0).await.unwrap());
    replacement.access_token = "the next access token".into();
    replacement.refresh_token = None;
    assert!(test.store.replace(key, Arc::new(replacement.clone()), test.at(1)).await.unwrap());
    assert_eq!(*test.load(key, 1).await.unwrap(), replacement);
    assert_eq!(test.load(other, 1).await.unwrap().access_token, "the access token");
    assert_eq!(*test.store.end(key, test.at(2)).await.unwrap().unwrap(), replacement);
}

async fn an_ended_session_never_comes_back(test: Subject) {
    let key = test.sign_in("ann", Some("s1"), 0).await;
    let record = test.load(key, 0).await.unwrap();
    assert_eq!(test.store.end(key, test.at(1)).await.unwrap().as_ref(), Some(&record));
    assert!(!test.is_alive(key, 1).await);
    assert!(!test.store.replace(key, record, test.at(2)).await.unwrap());
    assert!(!test.is_alive(key, 2).await);
    assert_eq!(test.store.end(key, test.at(3)).await.unwrap(), None);
}

async fn an_end_at_the_provider_ends_its_sessions_only(test: Subject) {
    let first = test.sign_in("ann", Some("s1"), 0).await;
    let second = test.sign_in("ann", Some("s1"), 0).await;
    let others = [
        test.sign_in("ann", Some("s2"), 0).await,
        test.sign_in("ann", None, 0).await,
        test.sign_in("bob", Some("s3"), 0).await,
        test.sign_in("s1", None, 0).await,
    ];
    let record = test.load(first, 0).await.unwrap();
    test.end_provider_session("s1", 1).await;
    assert!(!test.is_alive(first, 1).await);
    assert!(!test.is_alive(second, 1).await);
    assert!(!test.store.replace(first, record, test.at(2)).await.unwrap());
    assert!(!test.is_alive(first, 2).await);
    for other in others {
        assert!(test.is_alive(other, 2).await);
    }
}

async fn an_end_of_a_subject_ends_all_its_sessions(test: Subject) {
    let first = test.sign_in("ann", Some("s1"), 0).await;
    let second = test.sign_in("ann", None, 0).await;
    let others =
        [test.sign_in("bob", Some("s2"), 0).await, test.sign_in("bob", Some("ann"), 0).await];
    let record = test.load(second, 0).await.unwrap();
    test.end_subject("ann", 1).await;
    assert!(!test.is_alive(first, 1).await);
    assert!(!test.store.replace(second, record, test.at(2)).await.unwrap());
    assert!(!test.is_alive(second, 2).await);
    for other in others {
        assert!(test.is_alive(other, 2).await);
    }
}

async fn a_new_session_of_the_same_user_is_not_ended(test: Subject) {
    test.end_subject("ann", 0).await;
    test.end_provider_session("s1", 0).await;
    let key = test.sign_in("ann", Some("s1"), 1).await;
    let record = test.load(key, 1).await.unwrap();
    assert!(test.store.replace(key, record, test.at(2)).await.unwrap());
    assert!(test.is_alive(key, 2).await);
}

async fn an_end_can_be_repeated(test: Subject) {
    for second in [0, 10, 20] {
        let key = test.sign_in("ann", Some("s1"), second).await;
        let other = test.sign_in("ann", Some("s2"), second).await;
        test.end_provider_session("s1", second + 1).await;
        assert!(!test.is_alive(key, second + 1).await);
        assert!(test.is_alive(other, second + 1).await);
        test.end_subject("ann", second + 2).await;
        assert!(!test.is_alive(other, second + 2).await);
    }
}

async fn a_sign_in_does_not_outlive_an_end_during_it(test: Subject) {
    test.end_subject("ann", 2).await;
    test.end_provider_session("s2", 2).await;
    for (user, provider_session, lives) in
        [("ann", "s1", false), ("bob", "s2", false), ("bob", "s1", true)]
    {
        let key = key();
        let provider_session = test.name(provider_session);
        let record = record(&test.name(user), Some(&provider_session), test.at(1));
        test.store.insert(key, Arc::new(record.clone()), test.at(3)).await.unwrap();
        assert_eq!(test.is_alive(key, 3).await, lives, "{user} {provider_session}");
        assert_eq!(test.store.replace(key, Arc::new(record), test.at(4)).await.unwrap(), lives);
        assert_eq!(test.is_alive(key, 4).await, lives, "{user} {provider_session}");
    }
}

async fn an_expired_session_is_not_replaced_and_not_ended(test: Subject) {
    let key = test.sign_in("ann", Some("s1"), 0).await;
    let record = test.load(key, 0).await.unwrap();
    let later = test.start + LIFETIME;
    assert!(!test.store.replace(key, record, later).await.unwrap());
    assert_eq!(test.store.end(key, later).await.unwrap(), None);
}

async fn a_replacement_at_the_same_time_does_not_undo_an_end(test: Subject) {
    for round in 0..20 {
        let key = test.sign_in("ann", Some("s1"), round).await;
        let record = test.load(key, round).await.unwrap();
        let replacements: Vec<_> = (0..4)
            .map(|_| {
                let (test, record) = (test.clone(), Arc::clone(&record));
                tokio::spawn(async move {
                    while test
                        .store
                        .replace(key, Arc::clone(&record), test.at(round))
                        .await
                        .unwrap()
                    {
                        tokio::task::yield_now().await;
                    }
                })
            })
            .collect();
        tokio::task::yield_now().await;
        match round % 3 {
            0 => assert!(test.store.end(key, test.at(round)).await.unwrap().is_some()),
            1 => test.end_subject("ann", round).await,
            _ => test.end_provider_session("s1", round).await,
        }
        assert!(!test.is_alive(key, round).await);
        for replacement in replacements {
            replacement.await.unwrap();
        }
        assert!(!test.is_alive(key, round).await);
    }
}
