//! A token that is revoked at a known time, and its latest acceptances.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::answer::{Answer, Outcome};
use crate::fleet::INSTANCES;

/// A token that the operator revokes.
#[derive(Debug)]
pub(crate) struct Victim {
    pub(crate) token: String,
    /// The kind of the revocation, for messages.
    pub(crate) kind: &'static str,
    /// The index of the instance at which it is revoked.
    pub(crate) place: usize,
    requested: OnceLock<Instant>,
    revoked: OnceLock<Revoked>,
    seen: [Mutex<Seen>; INSTANCES],
    was_valid: AtomicBool,
}

/// The answer to the revocation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Revoked {
    pub(crate) at: Instant,
    /// False if the instance answered that only it knows the revocation so far.
    pub(crate) is_shared: bool,
}

/// The latest acceptance at one instance. The instance judged between both times.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    sent: Option<Instant>,
    received: Option<Instant>,
}

impl Victim {
    pub(crate) fn new(token: String, kind: &'static str, place: usize) -> Self {
        let seen = std::array::from_fn(|_| Mutex::default());
        let (requested, revoked) = (OnceLock::new(), OnceLock::new());
        let was_valid = AtomicBool::new(false);
        Self { token, kind, place, requested, revoked, seen, was_valid }
    }

    /// Notes the time at which the operator asks for the revocation.
    pub(crate) fn request(&self, at: Instant) {
        let _ = self.requested.set(at);
    }

    /// Notes the answer to the revocation.
    pub(crate) fn revoke(&self, revoked: Revoked) {
        let _ = self.revoked.set(revoked);
    }

    pub(crate) fn revoked(&self) -> Option<Revoked> {
        self.revoked.get().copied()
    }

    /// Notes the answer of an instance to this token.
    pub(crate) fn note(&self, instance: usize, answer: &Answer) {
        if answer.outcome == Outcome::Accepted {
            if self.revoked().is_none() {
                self.was_valid.store(true, Ordering::Relaxed);
            }
            let mut seen = self.seen[instance].lock().unwrap_or_else(PoisonError::into_inner);
            seen.sent = seen.sent.max(Some(answer.sent));
            seen.received = seen.received.max(Some(answer.received));
        }
    }

    /// Returns the time from the acknowledgement to the end of the latest acceptance. `None` if there
    /// was none, or if the log did not acknowledge the revocation.
    pub(crate) fn after_acknowledgement(&self, instance: usize) -> Option<Duration> {
        let revoked = self.revoked().filter(|revoked| revoked.is_shared)?;
        self.seen(instance).received?.checked_duration_since(revoked.at)
    }

    /// Returns the time from the operator's request to the end of the latest acceptance.
    pub(crate) fn after_request(&self, instance: usize) -> Option<Duration> {
        self.revoked()?;
        self.seen(instance).received?.checked_duration_since(*self.requested.get()?)
    }

    /// Returns true if the instance at which the token was revoked accepted it in a request that was
    /// sent after its own answer to the revocation.
    pub(crate) fn is_accepted_at_its_place(&self) -> bool {
        let sent = self.seen(self.place).sent;
        self.revoked().zip(sent).is_some_and(|(revoked, sent)| sent > revoked.at)
    }

    /// Returns true if an instance accepted the token before its revocation. If none did, the test has
    /// not shown that the token was valid.
    pub(crate) fn was_valid(&self) -> bool {
        self.was_valid.load(Ordering::Relaxed)
    }

    fn seen(&self, instance: usize) -> Seen {
        *self.seen[instance].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_acceptance_counts() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let accept = |sent, received| Answer {
            sent: at(sent),
            received: at(received),
            outcome: Outcome::Accepted,
        };
        let victim = Victim::new(String::new(), "token", 0);
        victim.request(at(100));
        victim.note(1, &accept(0, 50));
        assert_eq!(victim.after_request(1), None);
        victim.revoke(Revoked { at: at(200), is_shared: true });
        assert_eq!(victim.after_request(1), None);
        victim.note(1, &accept(250, 900));
        victim.note(1, &accept(240, 800));
        assert_eq!(victim.after_acknowledgement(1), Some(Duration::from_millis(700)));
        assert_eq!(victim.after_request(1), Some(Duration::from_millis(800)));
        assert_eq!(victim.after_acknowledgement(2), None);
        // A request that was sent before the answer may have been judged before the revocation.
        victim.note(0, &accept(199, 300));
        assert!(!victim.is_accepted_at_its_place());
        victim.note(0, &accept(201, 300));
        assert!(victim.is_accepted_at_its_place());
    }

    #[test]
    fn a_local_revocation_has_no_acknowledgement() {
        let start = Instant::now();
        let victim = Victim::new(String::new(), "token", 0);
        victim.request(start);
        victim.revoke(Revoked { at: start, is_shared: false });
        let received = start + Duration::from_secs(3);
        victim.note(1, &Answer { sent: start, received, outcome: Outcome::Accepted });
        assert_eq!(victim.after_acknowledgement(1), None);
        assert_eq!(victim.after_request(1), Some(Duration::from_secs(3)));
    }
}
