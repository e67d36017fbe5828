//! Nonces for proofs, which need no store (RFC 9449 section 8).

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use http::HeaderValue;
use sha2::Sha256;

use super::nonce_secret::NonceSecret;

/// Time in which all nonces have the same date. A nonce is accepted in the period in which it was
/// made and in the next two, so for 4 to 6 minutes.
const PERIOD: Duration = Duration::from_secs(120);

/// Distinguishes these codes from other codes with the same secret.
const LABEL: &[u8] = b"axum-protected dpop nonce";

const RANDOM_LENGTH: usize = 16;
const CODE_LENGTH: usize = 16;
const LENGTH: usize = RANDOM_LENGTH + CODE_LENGTH;

/// Makes nonces and recognizes them. A nonce is a random number and a code (HMAC-SHA-256) over the
/// number and the current period. The period itself is not a part of the nonce, so that all of its
/// characters look random. Every server with the same secret accepts the nonce.
#[derive(Debug)]
pub(super) struct Nonces {
    /// The code of new nonces.
    current: Hmac<Sha256>,
    /// The codes of the other secrets, with which other servers may make nonces.
    further: Vec<Hmac<Sha256>>,
}

impl Nonces {
    /// Creates nonces for these secrets. New nonces are made with the first one. Returns `None` if
    /// there is no secret.
    pub(super) fn new(secrets: &[NonceSecret]) -> Option<Self> {
        let mut codes = secrets.iter().map(|secret| secret.code().chain_update(LABEL));
        Some(Self { current: codes.next()?, further: codes.collect() })
    }

    /// Returns a new nonce. Returns `None` if the operating system has no random numbers.
    pub(super) fn issue(&self, now: SystemTime) -> Option<HeaderValue> {
        let mut random = [0; RANDOM_LENGTH];
        getrandom::fill(&mut random).ok()?;
        let code = with(&self.current, &random, period(now)).finalize().into_bytes();
        let octets: Vec<u8> = random.into_iter().chain(code).take(LENGTH).collect();
        HeaderValue::try_from(URL_SAFE_NO_PAD.encode(octets)).ok()
    }

    /// Returns true if a server with one of the secrets made this nonce recently. The clock of that
    /// server may be ahead by one period.
    pub(super) fn is_current(&self, nonce: &str, now: SystemTime) -> bool {
        let mut octets = [0; LENGTH];
        // The decoder rejects a text that it would need more room for.
        if URL_SAFE_NO_PAD.decode_slice(nonce, &mut octets) != Ok(LENGTH) {
            return false;
        }
        let (random, written) = octets.split_at(RANDOM_LENGTH);
        let now = period(now);
        let periods = now.saturating_sub(2)..=now.saturating_add(1);
        let mut codes = std::iter::once(&self.current).chain(&self.further);
        codes.any(|code| {
            // Most nonces are from the last period.
            periods
                .clone()
                .rev()
                .any(|period| with(code, random, period).verify_truncated_left(written).is_ok())
        })
    }
}

fn with(code: &Hmac<Sha256>, random: &[u8], period: u64) -> Hmac<Sha256> {
    code.clone().chain_update(random).chain_update(period.to_be_bytes())
}

/// Returns the number of the period that contains this time.
fn period(time: SystemTime) -> u64 {
    let since_epoch = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    since_epoch.as_secs() / PERIOD.as_secs()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn nonces(secrets: &[u8]) -> Nonces {
        let secrets = secrets.iter().map(|octet| NonceSecret::new(&[*octet; 32]).unwrap());
        Nonces::new(&secrets.collect::<Vec<_>>()).unwrap()
    }

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn issue(nonces: &Nonces, seconds: u64) -> String {
        nonces.issue(at(seconds)).unwrap().to_str().unwrap().to_owned()
    }

    #[test]
    fn a_nonce_is_accepted_for_some_minutes() {
        let nonces = nonces(&[1]);
        for issued in [1_200_000, 1_200_119] {
            let nonce = issue(&nonces, issued);
            assert!(nonces.is_current(&nonce, at(issued)));
            assert!(nonces.is_current(&nonce, at(issued + 240)));
            assert!(nonces.is_current(&nonce, at(1_199_881)), "the clock of another server");
            assert!(!nonces.is_current(&nonce, at(1_199_879)), "it is not from the future");
            assert!(nonces.is_current(&nonce, at(1_200_359)));
            assert!(!nonces.is_current(&nonce, at(1_200_360)));
        }
    }

    #[test]
    fn every_server_with_the_secret_accepts_the_nonce() {
        let [old, both, new, other] = [nonces(&[1]), nonces(&[2, 1]), nonces(&[2]), nonces(&[3])];
        let nonce = issue(&old, 1000);
        assert!(both.is_current(&nonce, at(1000)));
        assert!(!new.is_current(&nonce, at(1000)));
        let nonce = issue(&both, 1000);
        assert!(new.is_current(&nonce, at(1000)));
        assert!(!old.is_current(&nonce, at(1000)));
        assert!(!other.is_current(&nonce, at(1000)));
    }

    #[test]
    fn a_changed_nonce_is_not_accepted() {
        let nonces = nonces(&[1]);
        let nonce = issue(&nonces, 1000);
        for (index, character) in nonce.char_indices() {
            let other = if character == 'A' { "B" } else { "A" };
            let mut changed = nonce.clone();
            changed.replace_range(index..=index, other);
            assert!(!nonces.is_current(&changed, at(1000)), "{changed}");
        }
        for wrong in ["", &nonce[1..], &format!("{nonce}="), &format!("{nonce}A"), &nonce.repeat(2)]
        {
            assert!(!nonces.is_current(wrong, at(1000)), "{wrong}");
        }
    }

    /// RFC 9449 section 8.1: `1*NQCHAR`, and unpredictable.
    #[test]
    fn nonces_do_not_repeat_and_show_no_pattern() {
        let nonces = nonces(&[1]);
        let issued: HashSet<String> = (0..10_000).map(|_| issue(&nonces, 1000)).collect();
        assert_eq!(issued.len(), 10_000);
        for place in 0..42 {
            let characters: HashSet<u8> =
                issued.iter().map(|nonce| nonce.as_bytes()[place]).collect();
            assert_eq!(characters.len(), 64, "the character {place} is not random");
            assert!(characters.iter().all(|byte| matches!(byte, b'!' | b'#'..=b'[' | b']'..=b'~')));
        }
    }
}
