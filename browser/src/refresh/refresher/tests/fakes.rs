//! A store and a provider whose faults a test chooses.

use std::collections::HashMap;
use std::future::pending;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use tokio::time::{Instant, sleep};

use super::super::*;
use crate::cookie::Cookie;
use crate::refresh::{RenewalError, RenewalFuture};
use crate::seal::SealingKeys;
use crate::session::{SessionKey, sample_record};
use crate::settings::SameSite;
use crate::store::{SessionStore, StoreError, StoreFuture};
use crate::token_endpoint::Tokens;

pub(super) const KEY: SessionKey = SessionKey { lookup: [1; 32], encryption: [2; 32] };

/// A refresher with one session, whose first tokens are `a0` and `r0`.
pub(super) struct Bench {
    pub(super) refresher: Refresher,
    pub(super) session: NamedSession,
    pub(super) store: Arc<Store>,
    pub(super) provider: Arc<Provider>,
}

impl Bench {
    pub(super) fn new() -> Self {
        let store = Arc::new(Store::default());
        store.put(KEY, sample_record());
        let sessions = Sessions::stored(cookie(), Arc::<Store>::clone(&store));
        Self::of(sessions, store, NamedSession::Stored(KEY))
    }

    pub(super) async fn sealed() -> Self {
        let keys = Arc::new(SealingKeys::random().unwrap());
        let sessions = Sessions::sealed(cookie(), keys, Duration::from_secs(8 * 3600));
        let record = sample_record();
        let now = record.began_at;
        let line = sessions.begin(record, now).await.unwrap();
        let value = line.to_str().unwrap().split(['=', ';']).nth(1).unwrap();
        let session = sessions.find(value).unwrap();
        Self::of(sessions, Arc::default(), session)
    }

    fn of(sessions: Sessions, store: Arc<Store>, session: NamedSession) -> Self {
        let provider = Arc::new(Provider::new());
        let refresher = Refresher::new(Arc::new(sessions), Arc::<Provider>::clone(&provider));
        Self { refresher, session, store, provider }
    }

    pub(super) async fn token(&self) -> Result<String, SessionError> {
        self.refresher.fresh(&self.session).await.map(|record| record.access_token.clone())
    }

    pub(super) fn stored(&self) -> Option<SessionRecord> {
        self.store.records.lock().unwrap().get(&KEY).map(|record| (**record).clone())
    }

    /// Returns the session with tokens that live for five minutes from now.
    pub(super) fn with_tokens(&self, access: &str, refresh: &str) -> SessionRecord {
        let now = self.provider.now();
        SessionRecord {
            access_token: access.to_owned(),
            refresh_token: Some(refresh.to_owned()),
            access_token_received_at: now,
            access_token_expires_at: now + Duration::from_secs(300),
            ..sample_record()
        }
    }
}

fn cookie() -> Cookie {
    Cookie::new("session", SameSite::Lax)
}

#[derive(Debug, Default)]
pub(super) struct Store {
    records: Mutex<HashMap<SessionKey, Arc<SessionRecord>>>,
    pub(super) fails_to_save: AtomicBool,
    pub(super) hangs: AtomicBool,
}

impl Store {
    pub(super) fn put(&self, key: SessionKey, record: SessionRecord) {
        self.records.lock().unwrap().insert(key, Arc::new(record));
    }
}

impl SessionStore for Store {
    fn insert(&self, _: SessionKey, _: Arc<SessionRecord>, _: SystemTime) -> StoreFuture<'_, ()> {
        unimplemented!("`put` adds sessions")
    }

    fn load(&self, key: SessionKey, _: SystemTime) -> StoreFuture<'_, Option<Arc<SessionRecord>>> {
        if self.hangs.load(Ordering::Relaxed) {
            return Box::pin(pending());
        }
        let found = self.records.lock().unwrap().get(&key).cloned();
        Box::pin(async { Ok(found) })
    }

    fn replace(
        &self,
        key: SessionKey,
        record: Arc<SessionRecord>,
        _: SystemTime,
    ) -> StoreFuture<'_, bool> {
        if self.fails_to_save.load(Ordering::Relaxed) {
            return Box::pin(async { Err(StoreError("a fault of the test".to_owned())) });
        }
        let mut records = self.records.lock().unwrap();
        let is_there = records.get_mut(&key).map(|found| *found = record).is_some();
        Box::pin(async move { Ok(is_there) })
    }

    fn end(&self, key: SessionKey, _: SystemTime) -> StoreFuture<'_, Option<Arc<SessionRecord>>> {
        let ended = self.records.lock().unwrap().remove(&key);
        Box::pin(async { Ok(ended) })
    }

    fn end_provider_session<'a>(&'a self, session: &'a str, _: SystemTime) -> StoreFuture<'a, ()> {
        let is_other = |record: &SessionRecord| record.provider_session.as_deref() != Some(session);
        self.records.lock().unwrap().retain(|_, record| is_other(record));
        Box::pin(async { Ok(()) })
    }

    fn end_subject<'a>(&'a self, subject: &'a str, _: SystemTime) -> StoreFuture<'a, ()> {
        self.records.lock().unwrap().retain(|_, record| record.subject != subject);
        Box::pin(async { Ok(()) })
    }
}

/// The behaviour of the provider at the next refreshes. Each takes 100 ms.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer {
    /// New tokens with the next number, for the refresh token that was issued last. Any other one
    /// is refused.
    Tokens,
    AccessTokenOnly,
    /// The access token `a0` with a new lifetime, and a new refresh token.
    RefreshTokenOnly,
    Long,
    OtherSubject,
    Refused,
    Unavailable,
    Never,
    Panic,
}

/// A provider that rotates refresh tokens.
pub(super) struct Provider {
    began: Instant,
    answer: Mutex<Answer>,
    calls: AtomicUsize,
    pub(super) revoked: Mutex<Vec<String>>,
    newest: Mutex<String>,
}

impl Provider {
    fn new() -> Self {
        Self {
            began: Instant::now(),
            answer: Mutex::new(Answer::Tokens),
            calls: AtomicUsize::new(0),
            revoked: Mutex::default(),
            newest: Mutex::new("r0".to_owned()),
        }
    }

    pub(super) fn answer(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    pub(super) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    async fn tokens(&self, refresh_token: String) -> Result<Tokens, RenewalError> {
        let number = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        sleep(Duration::from_millis(100)).await;
        let answer = *self.answer.lock().unwrap();
        match answer {
            Answer::Never => pending::<()>().await,
            Answer::Panic => panic!("a fault of the test"),
            _ => {}
        }
        let mut newest = self.newest.lock().unwrap();
        let refresh_token = match answer {
            Answer::Tokens if *newest != refresh_token => return Err(RenewalError::Refused),
            Answer::RefreshTokenOnly if *newest != refresh_token => {
                return Err(RenewalError::Refused);
            }
            Answer::Tokens | Answer::RefreshTokenOnly => Some(format!("r{number}")),
            Answer::AccessTokenOnly => None,
            Answer::Long => Some("r".repeat(4000)),
            Answer::OtherSubject => return Err(RenewalError::OtherSubject("other".to_owned())),
            Answer::Refused => return Err(RenewalError::Refused),
            Answer::Unavailable => return Err(RenewalError::Unavailable("a fault".to_owned())),
            Answer::Never | Answer::Panic => unreachable!("the provider does not answer"),
        };
        *newest = refresh_token.clone().unwrap_or_default();
        let is_kept = matches!(answer, Answer::RefreshTokenOnly);
        Ok(Tokens {
            access_token: if is_kept { "a0".to_owned() } else { format!("a{number}") },
            access_token_expires_at: self.now() + Duration::from_secs(300),
            refresh_token,
            id_token: None,
        })
    }
}

impl TokenRenewal for Provider {
    fn now(&self) -> SystemTime {
        sample_record().access_token_received_at + self.began.elapsed()
    }

    fn renew<'a>(
        &'a self,
        record: &'a SessionRecord,
    ) -> RenewalFuture<'a, Result<Tokens, RenewalError>> {
        Box::pin(self.tokens(record.refresh_token.clone().unwrap()))
    }

    fn revoke<'a>(&'a self, refresh_token: &'a str) -> RenewalFuture<'a, ()> {
        self.revoked.lock().unwrap().push(refresh_token.to_owned());
        Box::pin(async {})
    }
}
