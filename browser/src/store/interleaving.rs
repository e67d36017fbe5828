//! A property of every store: whatever the order in which operations run and overlap, an ended
//! session never comes back, and no other session ends.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use proptest::prelude::*;

use super::SessionStore;
use super::behaviour::{key, now, record};
use crate::session::{SessionKey, SessionRecord};

/// A step of a schedule. The numbers choose a session, a user or a running operation.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Insert {
        user: usize,
        lifetime: usize,
    },
    Load(usize),
    Replace(usize),
    End(usize),
    EndProviderSession(usize),
    EndSubject(usize),
    /// Lets an operation that is running go on to its next call of the store.
    Continue(usize),
}

/// Returns schedules in which most steps let running operations go on.
pub(crate) fn schedules() -> impl Strategy<Value = Vec<Step>> {
    let number = || 0..12_usize;
    let step = prop_oneof![
        2 => (number(), 20..400_usize).prop_map(|(user, lifetime)| Step::Insert { user, lifetime }),
        3 => number().prop_map(Step::Load),
        3 => number().prop_map(Step::Replace),
        1 => number().prop_map(Step::End),
        1 => number().prop_map(Step::EndProviderSession),
        1 => number().prop_map(Step::EndSubject),
        25 => number().prop_map(Step::Continue),
    ];
    prop::collection::vec(step, 1..150)
}

/// Runs a schedule. Each step takes one second.
pub(crate) fn run(store: &Arc<dyn SessionStore>, schedule: &[Step]) {
    let mut world =
        World { store, start: now(), second: 0, sessions: vec![], ends: vec![], running: vec![] };
    for step in schedule {
        world.second += 1;
        world.step(step);
    }
    while !world.running.is_empty() {
        world.second += 1;
        world.proceed(0);
    }
    for session in 0..world.sessions.len() {
        world.second += 1;
        world.load(session);
        while !world.running.is_empty() {
            world.second += 1;
            world.proceed(0);
        }
    }
}

struct World<'a> {
    store: &'a Arc<dyn SessionStore>,
    start: SystemTime,
    second: usize,
    sessions: Vec<Session>,
    ends: Vec<End>,
    running: Vec<Running>,
}

struct Session {
    key: SessionKey,
    record: SessionRecord,
    inserted: Span,
    expires: usize,
}

struct End {
    of: EndOf,
    span: Span,
}

#[derive(PartialEq)]
enum EndOf {
    Session(usize),
    Subject(String),
    ProviderSession(String),
}

/// The seconds in which an operation ran.
#[derive(Clone, Copy)]
struct Span {
    from: usize,
    to: Option<usize>,
}

impl Span {
    fn is_before(self, other: Self) -> bool {
        self.to.is_some_and(|to| to < other.from)
    }
}

struct Running {
    from: usize,
    subject: Subject,
    /// Returns true if the session was there.
    future: Pin<Box<dyn Future<Output = bool>>>,
}

#[derive(Clone, Copy)]
enum Subject {
    Insert(usize),
    Read(usize),
    End(usize),
}

impl World<'_> {
    fn step(&mut self, step: &Step) {
        let now = self.now();
        let store = Arc::clone(self.store);
        match *step {
            Step::Insert { user, lifetime } => self.insert(user, lifetime),
            Step::Continue(number) => {
                if !self.running.is_empty() {
                    self.proceed(number % self.running.len());
                }
            }
            Step::EndProviderSession(number) => {
                let name = provider_session(number);
                self.end(EndOf::ProviderSession(name.clone()), async move {
                    store.end_provider_session(&name, now).await.unwrap();
                    true
                });
            }
            Step::EndSubject(number) => {
                let name = subject(number);
                self.end(EndOf::Subject(name.clone()), async move {
                    store.end_subject(&name, now).await.unwrap();
                    true
                });
            }
            _ if self.sessions.is_empty() => {}
            Step::Load(number) => self.load(number % self.sessions.len()),
            Step::Replace(number) => self.replace(number % self.sessions.len()),
            Step::End(number) => {
                let session = number % self.sessions.len();
                let key = self.sessions[session].key;
                self.end(EndOf::Session(session), async move {
                    store.end(key, now).await.unwrap();
                    true
                });
            }
        }
    }

    fn now(&self) -> SystemTime {
        self.start + Duration::from_secs(self.second as u64)
    }

    fn insert(&mut self, user: usize, lifetime: usize) {
        let (store, key, now) = (Arc::clone(self.store), key(), self.now());
        let mut record = record(&subject(user), Some(&provider_session(user)), now);
        record.ends_at = now + Duration::from_secs(lifetime as u64);
        self.sessions.push(Session {
            key,
            record: record.clone(),
            inserted: Span { from: self.second, to: None },
            expires: self.second + lifetime,
        });
        self.begin(Subject::Insert(self.sessions.len() - 1), async move {
            store.insert(key, Arc::new(record), now).await.unwrap();
            true
        });
    }

    fn load(&mut self, session: usize) {
        let (store, now) = (Arc::clone(self.store), self.now());
        let Session { key, record, .. } = &self.sessions[session];
        let (key, nonce) = (*key, record.nonce.clone());
        self.begin(Subject::Read(session), async move {
            let loaded = store.load(key, now).await.unwrap();
            loaded.is_some_and(|loaded| {
                assert_eq!(loaded.nonce, nonce);
                true
            })
        });
    }

    fn replace(&mut self, session: usize) {
        let (store, now) = (Arc::clone(self.store), self.now());
        let Session { key, record, .. } = &self.sessions[session];
        let (key, mut record) = (*key, record.clone());
        record.access_token = format!("token {}", self.second);
        self.begin(Subject::Read(session), async move {
            store.replace(key, Arc::new(record), now).await.unwrap()
        });
    }

    fn end(&mut self, of: EndOf, future: impl Future<Output = bool> + 'static) {
        self.ends.push(End { of, span: Span { from: self.second, to: None } });
        self.begin(Subject::End(self.ends.len() - 1), future);
    }

    fn begin(&mut self, subject: Subject, future: impl Future<Output = bool> + 'static) {
        self.running.push(Running { from: self.second, subject, future: Box::pin(future) });
        self.proceed(self.running.len() - 1);
    }

    /// Polls an operation once, and judges its result when it is there.
    fn proceed(&mut self, number: usize) {
        let running = &mut self.running[number];
        let mut context = Context::from_waker(Waker::noop());
        let Poll::Ready(was_there) = running.future.as_mut().poll(&mut context) else { return };
        let Running { from, subject, .. } = self.running.swap_remove(number);
        match subject {
            Subject::Insert(session) => self.sessions[session].inserted.to = Some(self.second),
            Subject::End(end) => self.ends[end].span.to = Some(self.second),
            Subject::Read(session) => self.judge(session, from, was_there),
        }
    }

    fn judge(&self, number: usize, from: usize, was_there: bool) {
        let session = &self.sessions[number];
        let inserted = session.inserted;
        let ends = || self.ends.iter().filter(|end| end.concerns(number, session));
        if was_there {
            let is_over = |end: &End| end.span.to.is_some_and(|to| to < from);
            let is_later = |end: &End| {
                inserted.to.is_some_and(|to| to < end.span.from)
                    || inserted.from < end.span.from && self.ends_sign_ins(end)
            };
            assert!(!ends().any(|end| is_over(end) && is_later(end)), "it came back");
            assert!(from < session.expires, "it has expired");
        } else {
            let is_early = inserted.to.is_none_or(|to| to >= from);
            let may_end = ends().any(|end| end.span.to.is_none_or(|to| to > inserted.from));
            assert!(is_early || may_end || from >= session.expires, "it ended without a reason");
        }
    }

    /// Returns true if an end ends sessions whose sign-in was under way. The end of a single session
    /// does not, because nobody has its cookie yet. If two ends of one name overlap, a store without
    /// transactions may keep the earlier one.
    fn ends_sign_ins(&self, end: &End) -> bool {
        let overlaps = |other: &&End| {
            other.of == end.of && !other.span.is_before(end.span) && !end.span.is_before(other.span)
        };
        !matches!(end.of, EndOf::Session(_)) && self.ends.iter().filter(overlaps).count() == 1
    }
}

impl End {
    fn concerns(&self, number: usize, session: &Session) -> bool {
        match &self.of {
            EndOf::Session(ended) => *ended == number,
            EndOf::Subject(subject) => *subject == session.record.subject,
            EndOf::ProviderSession(name) => session.record.provider_session.as_ref() == Some(name),
        }
    }
}

fn subject(number: usize) -> String {
    format!("user {}", number % 2)
}

fn provider_session(number: usize) -> String {
    format!("session {}", number % 4)
}
