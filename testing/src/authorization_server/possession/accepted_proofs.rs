//! The proofs that have been used, and the nonces that proofs may have.

use std::time::Duration;

use tokio::time::Instant;

use super::presented_proof::WINDOW;
use crate::authorization_server::expiring::Expiring;

/// The lifetime of a nonce.
const NONCE_LIFETIME: Duration = Duration::from_secs(300);

#[derive(Debug)]
pub(super) struct AcceptedProofs {
    used: Expiring<()>,
    nonces: Expiring<()>,
}

impl AcceptedProofs {
    pub(super) fn new() -> Self {
        Self {
            // The time of a proof may be in the past or in the future.
            used: Expiring::new(2 * WINDOW, 1000),
            nonces: Expiring::new(NONCE_LIFETIME, 1000),
        }
    }

    /// Records a proof. Returns false if the key has already made a proof with this `jti` (RFC 9449
    /// section 11.1).
    pub(super) fn accept(&mut self, jkt: &str, jti: &str, now: Instant) -> bool {
        let name = format!("{jkt}.{jti}");
        let is_new = self.used.get(&name, now).is_none();
        if is_new {
            self.used.insert(name, (), now);
        }
        is_new
    }

    pub(super) fn add_nonce(&mut self, nonce: String, now: Instant) {
        self.nonces.insert(nonce, (), now);
    }

    pub(super) fn knows_nonce(&mut self, nonce: &str, now: Instant) -> bool {
        self.nonces.get(nonce, now).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_accepted_once_and_a_nonce_until_it_expires() {
        let start = Instant::now();
        let mut accepted = AcceptedProofs::new();
        assert!(accepted.accept("key", "1", start));
        assert!(!accepted.accept("key", "1", start + 2 * WINDOW - Duration::from_nanos(1)));
        assert!(accepted.accept("other", "1", start));
        assert!(accepted.accept("key", "2", start));

        assert!(!accepted.knows_nonce("n", start));
        accepted.add_nonce("n".to_owned(), start);
        assert!(accepted.knows_nonce("n", start + NONCE_LIFETIME / 2));
        assert!(!accepted.knows_nonce("n", start + NONCE_LIFETIME));
    }
}
