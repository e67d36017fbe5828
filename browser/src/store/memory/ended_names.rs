//! The subjects and the sessions at the provider that ended a short time ago.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, SystemTime};

/// The longest time between the request for the first tokens and the insertion of a session.
const SIGN_IN: Duration = Duration::from_secs(600);

/// The largest number of names. The provider signs each end, so that only it can fill the list.
const MAXIMUM: usize = 10_000;

/// Remembers ends, so that a sign-in which was under way at the end does not outlive it.
#[derive(Default)]
pub(super) struct EndedNames {
    times: HashMap<Name, SystemTime>,
    /// All ends in their order. A name that ended twice is here twice.
    order: VecDeque<(SystemTime, Name)>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Name {
    Subject(String),
    ProviderSession(String),
}

impl EndedNames {
    pub(super) fn add(&mut self, name: Name, now: SystemTime) {
        self.remove_old(now);
        self.order.push_back((now, name.clone()));
        self.times.insert(name, now);
    }

    /// Returns true if the name ended at or after this time.
    pub(super) fn ended_since(&self, name: &Name, time: SystemTime) -> bool {
        self.times.get(name).is_some_and(|ended_at| *ended_at >= time)
    }

    fn remove_old(&mut self, now: SystemTime) {
        while let Some((ended_at, _)) = self.order.front() {
            let is_old = now.duration_since(*ended_at).is_ok_and(|age| age > SIGN_IN);
            if !is_old && self.order.len() < MAXIMUM {
                break;
            }
            let Some((ended_at, name)) = self.order.pop_front() else { break };
            if self.times.get(&name) == Some(&ended_at) {
                self.times.remove(&name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(number: usize) -> Name {
        Name::Subject(format!("user-{number}"))
    }

    #[test]
    fn the_list_keeps_the_latest_ends_and_has_a_bound() {
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let mut names = EndedNames::default();
        for number in 0..=MAXIMUM {
            names.add(subject(number), start);
        }
        assert!(!names.ended_since(&subject(0), start));
        assert!(names.ended_since(&subject(1), start));
        assert_eq!(names.times.len(), MAXIMUM);

        names.add(subject(1), start + SIGN_IN);
        names.add(subject(0), start + SIGN_IN + Duration::from_secs(1));
        assert!(names.ended_since(&subject(1), start), "its second end is young");
        assert!(!names.ended_since(&subject(2), start));
        assert_eq!(names.order.len(), 2);
    }
}
