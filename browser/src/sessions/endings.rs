//! Remembers sessions that ended, although their cookies are still valid.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};

use crate::session::{SessionName, SessionRecord};

/// The largest number of endings. An ending has about 150 bytes.
const LIMIT: usize = 100_000;

/// The endings of sessions that live in cookies: of single sessions, of all sessions that belong to
/// a session at the provider, and of all sessions of a subject.
///
/// Only this process knows them, until it ends.
#[derive(Debug, Default)]
pub(super) struct Endings(Mutex<List>);

#[derive(Debug, Default)]
struct List {
    endings: HashMap<Name, Ending>,
    /// The endings by the time at which they may be forgotten.
    by_end: BTreeSet<(SystemTime, Name)>,
}

#[derive(Debug, Clone, Copy)]
struct Ending {
    /// The ending concerns sessions that began at this time or earlier.
    latest_begin: SystemTime,
    /// The time at which all of these sessions have reached their limit.
    until: SystemTime,
}

/// The hash of a name and its kind.
type Name = [u8; 32];

/// The sessions that end.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ended<'a> {
    Session(SessionName),
    ProviderSession(&'a str),
    Subject(&'a str),
}

impl Endings {
    /// Records that these sessions have ended, if they began by `now`. Returns false if another
    /// ending had to be forgotten for it.
    pub(super) fn record(&self, ended: Ended<'_>, now: SystemTime, until: SystemTime) -> bool {
        let ending = Ending { latest_begin: now, until };
        self.list().insert(ended.name(), ending, now, LIMIT)
    }

    /// Returns true if the session has ended.
    pub(super) fn concern(&self, name: SessionName, record: &SessionRecord) -> bool {
        let list = self.list();
        let provider_session = record.provider_session.as_deref().map(Ended::ProviderSession);
        list.endings.contains_key(&Ended::Session(name).name())
            || provider_session.is_some_and(|ended| list.concerns(ended, record.began_at))
            || list.concerns(Ended::Subject(&record.subject), record.began_at)
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl List {
    fn concerns(&self, ended: Ended<'_>, began_at: SystemTime) -> bool {
        self.endings.get(&ended.name()).is_some_and(|ending| began_at <= ending.latest_begin)
    }

    fn insert(&mut self, name: Name, mut ending: Ending, now: SystemTime, limit: usize) -> bool {
        if let Some(replaced) = self.endings.get(&name) {
            ending.until = ending.until.max(replaced.until);
            ending.latest_begin = ending.latest_begin.max(replaced.latest_begin);
            self.by_end.remove(&(replaced.until, name));
        }
        self.endings.insert(name, ending);
        self.by_end.insert((ending.until, name));
        let mut are_complete = true;
        while let Some(&(until, first)) = self.by_end.first() {
            if until > now && self.endings.len() <= limit {
                break;
            }
            are_complete &= until <= now;
            self.by_end.pop_first();
            self.endings.remove(&first);
        }
        are_complete
    }
}

impl Ended<'_> {
    fn name(self) -> Name {
        let (kind, name) = match self {
            Self::Session(name) => return name,
            Self::ProviderSession(name) => ("provider session", name),
            Self::Subject(name) => ("subject", name),
        };
        Sha256::new().chain_update(kind).chain_update([0]).chain_update(name).finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::session::sample_record;

    const ONE: SessionName = [1; 32];
    const OTHER: SessionName = [2; 32];

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_000_000 + seconds)
    }

    #[test]
    fn an_ending_concerns_the_sessions_that_it_names() {
        let record = sample_record();
        let later = SessionRecord { began_at: at(50), ..record.clone() };
        let bob = SessionRecord {
            subject: "bob".to_owned(),
            provider_session: Some("alice".to_owned()),
            ..record.clone()
        };
        let cases = [
            (Ended::Session(ONE), [true, true, true, false]),
            (Ended::Session(OTHER), [false, false, false, true]),
            (Ended::ProviderSession("provider-session"), [true, false, false, true]),
            (Ended::ProviderSession("alice"), [false, false, true, false]),
            (Ended::Subject("alice"), [true, false, false, true]),
            (Ended::Subject("bob"), [false, false, true, false]),
            (Ended::Subject("provider-session"), [false, false, false, false]),
        ];
        for (ended, expected) in cases {
            let endings = Endings::default();
            assert!(endings.record(ended, at(10), at(100)));
            let concerned = [(ONE, &record), (ONE, &later), (ONE, &bob), (OTHER, &record)]
                .map(|(name, record)| endings.concern(name, record));
            assert_eq!(concerned, expected, "{ended:?}");
        }
    }

    #[test]
    fn the_list_is_bounded_and_forgets_what_ends_first() {
        let mut list = List::default();
        for number in 0..20_u8 {
            let ending = Ending { latest_begin: at(0), until: at(100 + u64::from(number)) };
            assert_eq!(list.insert([number; 32], ending, at(0), 10), number < 10, "{number}");
        }
        assert_eq!((list.endings.len(), list.by_end.len()), (10, 10));
        assert!(list.endings.contains_key(&[19; 32]) && !list.endings.contains_key(&[0; 32]));
        let ending = Ending { latest_begin: at(0), until: at(300) };
        assert!(list.insert([19; 32], ending, at(200), 10), "the others are over");
        assert_eq!((list.endings.len(), list.by_end.len()), (1, 1));
    }

    #[test]
    fn a_second_ending_never_shortens_the_first() {
        let (endings, record) = (Endings::default(), sample_record());
        endings.record(Ended::Subject("alice"), at(10), at(100));
        endings.record(Ended::Subject("alice"), at(0), at(50));
        assert!(endings.concern(ONE, &SessionRecord { began_at: at(5), ..record.clone() }));
        endings.record(Ended::Subject("bob"), at(60), at(70));
        assert!(endings.concern(ONE, &record), "100 s have not passed");
    }
}
