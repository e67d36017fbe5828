//! Remembers the outcomes of refreshes for a short time.
//!
//! A request may present the tokens from before a refresh: it read the session too early, its cookie
//! is older, or the store could not save the new tokens. To use the old refresh token again would
//! end the session at a provider that rotates refresh tokens (RFC 9700 section 4.14.2).

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use crate::session::SessionRecord;

/// The time for which an outcome is remembered. Within this time, a stolen older cookie gets the new
/// tokens too.
pub(super) const MEMORY: Duration = Duration::from_secs(60);

/// The time for which a failed refresh is not tried again.
pub(super) const PAUSE: Duration = Duration::from_secs(2);

/// The size of all outcomes, in bytes. The oldest ones are forgotten first.
const SIZE_LIMIT: usize = 16 * 1024 * 1024;

/// The size of an outcome without its tokens, in bytes.
const ENTRY_SIZE: usize = 512;

/// The longest chain of refreshes that is followed. It is longer than the refreshes of one session
/// within [`MEMORY`].
const LONGEST_CHAIN: usize = 128;

/// The outcome of a refresh.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// The session with the new tokens.
    Renewed(Arc<SessionRecord>),
    /// The provider does not accept the refresh token any more.
    Refused,
    /// The provider gave no usable answer. The refresh may be tried again after [`PAUSE`].
    Failed,
}

/// The outcomes by the hash of the refresh token that was used.
#[derive(Debug, Default)]
pub(super) struct Outcomes(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    outcomes: HashMap<TokenHash, Remembered>,
    /// The order in which the outcomes are forgotten. An outcome that was replaced leaves its older
    /// number behind.
    order: VecDeque<(TokenHash, u64)>,
    next_number: u64,
    size: usize,
}

#[derive(Debug)]
struct Remembered {
    outcome: Outcome,
    number: u64,
    since: Instant,
}

/// The SHA-256 of a refresh token.
type TokenHash = [u8; 32];

impl Outcomes {
    pub(super) fn remember(&self, refresh_token: &str, outcome: Outcome) {
        self.memory().insert(hash(refresh_token), outcome, Instant::now(), SIZE_LIMIT);
    }

    pub(super) fn forget(&self, refresh_token: &str) {
        self.memory().remove(&hash(refresh_token));
    }

    /// Returns the outcome of a refresh with this token, if it is remembered.
    pub(super) fn of(&self, refresh_token: &str) -> Option<Outcome> {
        self.memory().get(&hash(refresh_token), Instant::now())
    }

    /// Returns the newest tokens that are remembered for a session: the outcome of a refresh with
    /// its refresh token, or else the session itself.
    pub(super) fn newest(&self, record: Arc<SessionRecord>) -> Arc<SessionRecord> {
        let mut newest = record;
        for _ in 0..LONGEST_CHAIN {
            let outcome = newest.refresh_token.as_deref().and_then(|token| self.of(token));
            match outcome {
                // A provider that does not rotate returns the same refresh token each time.
                Some(Outcome::Renewed(next)) if !next.has_tokens_of(&newest) => {
                    newest = next;
                }
                _ => break,
            }
        }
        newest
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn insert(&mut self, key: TokenHash, outcome: Outcome, now: Instant, limit: usize) {
        let number = self.next_number;
        self.next_number = number.wrapping_add(1);
        self.size = self.size.saturating_add(outcome.size());
        let remembered = Remembered { outcome, number, since: now };
        if let Some(replaced) = self.outcomes.insert(key, remembered) {
            self.size = self.size.saturating_sub(replaced.outcome.size());
        }
        self.order.push_back((key, number));
        while self.forgets_first(now, limit) {}
    }

    /// Forgets the oldest outcome if it was replaced, if its time is over, or if the memory is full.
    /// Returns true if it was forgotten.
    fn forgets_first(&mut self, now: Instant, limit: usize) -> bool {
        let Some(&(key, number)) = self.order.front() else { return false };
        let is_current = |found: &&Remembered| found.number == number;
        if let Some(current) = self.outcomes.get(&key).filter(is_current) {
            if self.size <= limit && now.duration_since(current.since) < MEMORY {
                return false;
            }
            self.remove(&key);
        }
        self.order.pop_front();
        true
    }

    fn remove(&mut self, key: &TokenHash) {
        if let Some(removed) = self.outcomes.remove(key) {
            self.size = self.size.saturating_sub(removed.outcome.size());
        }
    }

    fn get(&self, key: &TokenHash, now: Instant) -> Option<Outcome> {
        let Remembered { outcome, since, .. } = self.outcomes.get(key)?;
        (now.duration_since(*since) < outcome.lifetime()).then(|| outcome.clone())
    }
}

impl Outcome {
    fn lifetime(&self) -> Duration {
        match self {
            Self::Renewed(_) | Self::Refused => MEMORY,
            Self::Failed => PAUSE,
        }
    }

    fn size(&self) -> usize {
        let tokens = match self {
            Self::Renewed(record) => [
                Some(&record.access_token),
                record.refresh_token.as_ref(),
                record.id_token.as_ref(),
            ]
            .into_iter()
            .flatten()
            .map(String::len)
            .sum(),
            Self::Refused | Self::Failed => 0,
        };
        ENTRY_SIZE.saturating_add(tokens)
    }
}

fn hash(refresh_token: &str) -> TokenHash {
    Sha256::digest(refresh_token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;
    use crate::session::sample_record;

    fn tokens(access: &str, refresh: &str) -> Arc<SessionRecord> {
        Arc::new(SessionRecord {
            access_token: access.to_owned(),
            refresh_token: Some(refresh.to_owned()),
            ..sample_record()
        })
    }

    #[tokio::test(start_paused = true)]
    async fn an_older_session_finds_the_newest_tokens_for_a_minute() {
        let outcomes = Outcomes::default();
        outcomes.remember("r0", Outcome::Renewed(tokens("a1", "r1")));
        outcomes.remember("r1", Outcome::Renewed(tokens("a2", "r2")));
        let newest =
            |access, refresh| outcomes.newest(tokens(access, refresh)).access_token.clone();
        assert_eq!(newest("a0", "r0"), "a2");
        assert_eq!(newest("a1", "r1"), "a2");
        assert_eq!(newest("a2", "r2"), "a2");
        assert_eq!(newest("other", "other"), "other");
        advance(MEMORY).await;
        assert_eq!(newest("a0", "r0"), "a0");
    }

    #[tokio::test(start_paused = true)]
    async fn a_refresh_token_that_stays_the_same_does_not_lead_around_in_a_circle() {
        let outcomes = Outcomes::default();
        outcomes.remember("r", Outcome::Renewed(tokens("a1", "r")));
        assert_eq!(outcomes.newest(tokens("a0", "r")).access_token, "a1");
        assert_eq!(outcomes.newest(tokens("a1", "r")).access_token, "a1");
        // Two answers that lead to each other: a fault of the provider, which must not hang.
        outcomes.remember("x", Outcome::Renewed(tokens("b1", "y")));
        outcomes.remember("y", Outcome::Renewed(tokens("b2", "x")));
        outcomes.newest(tokens("b0", "x"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_forgotten_after_a_short_pause() {
        let outcomes = Outcomes::default();
        outcomes.remember("r", Outcome::Failed);
        assert!(matches!(outcomes.of("r"), Some(Outcome::Failed)));
        advance(PAUSE).await;
        assert!(outcomes.of("r").is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn the_memory_is_bounded_by_size_and_forgets_the_oldest() {
        let mut memory = Memory::default();
        let now = Instant::now();
        let limit = 10 * Outcome::Renewed(tokens("a", "r")).size();
        for number in 0..100_u8 {
            memory.insert([number; 32], Outcome::Renewed(tokens("a", "r")), now, limit);
            // The same outcome again must not count twice.
            memory.insert([number; 32], Outcome::Renewed(tokens("a", "r")), now, limit);
            assert!(memory.size <= limit && memory.order.len() <= 21, "{}", memory.order.len());
        }
        assert!(memory.get(&[89; 32], now).is_none() && memory.get(&[99; 32], now).is_some());
        assert_eq!(memory.size, limit);
        memory.insert([0; 32], Outcome::Failed, now + MEMORY, limit);
        assert_eq!((memory.outcomes.len(), memory.order.len(), memory.size), (1, 1, ENTRY_SIZE));
    }
}
