//! Checks the keys that seal cookies.

use std::collections::HashSet;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::text_file;
use crate::seal::{KEY_LENGTH, SealingKeys};
use crate::settings::{BrowserBackendBuilder, KeySource, SealingKey, SessionPlace};

/// The largest number of keys: each one is a key that opens sessions.
const MOST_KEYS: usize = 8;
/// The smallest number of different bytes of a key. Of 32 random bytes, about 30 are different.
const FEWEST_BYTES: usize = 12;
/// The command that makes a key, as errors quote it.
const COMMAND: &str = "`openssl rand -base64 32 | tr '+/' '-_'`";

/// The keys of a backend.
pub(super) struct ValidKeys {
    /// The keys of the cookies of sign-ins.
    pub(super) login: Arc<SealingKeys>,
    /// The keys of the cookies of sessions, if the sessions are in cookies.
    pub(super) sessions: Option<Arc<SealingKeys>>,
}

impl BrowserBackendBuilder {
    /// Returns the keys. Adds the problems of the settings to `problems`.
    pub(super) fn keys(&self, problems: &mut Vec<String>) -> Option<ValidKeys> {
        let sessions = match &self.place {
            SessionPlace::Sealed(keys) => Some(sealing_keys("sealed", keys, problems)?),
            SessionPlace::Memory { .. } => None,
            #[cfg(feature = "tower_sessions")]
            SessionPlace::Store(_) => None,
        };
        let login = match (&self.login_keys, &sessions) {
            (Some(keys), _) => sealing_keys("login_keys", keys, problems)?,
            (None, Some(keys)) => Arc::clone(keys),
            (None, None) => SealingKeys::random()
                .map_err(|error| {
                    problems.push(format!("the system gave no random numbers: {error}"));
                })
                .map(Arc::new)
                .ok()?,
        };
        Some(ValidKeys { login, sessions })
    }
}

/// Reads the keys of a setting.
fn sealing_keys(
    setting: &str,
    keys: &[SealingKey],
    problems: &mut Vec<String>,
) -> Option<Arc<SealingKeys>> {
    if keys.len() > MOST_KEYS {
        problems.push(format!("`{setting}` has more than {MOST_KEYS} keys: remove the oldest"));
        return None;
    }
    let earlier_problems = problems.len();
    let mut bytes = Vec::new();
    for (key, number) in keys.iter().zip(1_usize..) {
        match read(key) {
            Ok(key) => bytes.push(key),
            Err(problem) => problems.push(format!("key {number} of `{setting}` {problem}")),
        }
    }
    if bytes.iter().collect::<HashSet<_>>().len() < bytes.len() {
        problems.push(format!("`{setting}` has a key twice"));
    }
    if keys.is_empty() {
        problems.push(format!("`{setting}` has no key: add one, 32 random bytes in base64url"));
    }
    let (first, others) = bytes.split_first()?;
    (problems.len() == earlier_problems).then(|| Arc::new(SealingKeys::new(first, others)))
}

/// Reads a key. The error does not contain it.
fn read(key: &SealingKey) -> Result<[u8; KEY_LENGTH], String> {
    let text = match &key.0 {
        KeySource::Text(text) => text.clone(),
        KeySource::File(path) => text_file::read(path)?,
    };
    let bytes = BASE64_URL_SAFE_NO_PAD
        .decode(text.trim_end_matches('='))
        .map_err(|_| format!("is not base64url: make one with {COMMAND}"))?;
    let length = bytes.len();
    let key: [u8; KEY_LENGTH] =
        bytes.try_into().map_err(|_| format!("has {length} bytes instead of {KEY_LENGTH}"))?;
    let different: HashSet<u8> = key.into_iter().collect();
    if different.len() < FEWEST_BYTES || key.iter().all(u8::is_ascii_graphic) {
        return Err(format!("is not random: make one with {COMMAND}"));
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that look random, made from a number.
    fn text(number: u8) -> String {
        let bytes: Vec<u8> = (0..32_u8).map(|index| index.wrapping_mul(197) ^ number).collect();
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    fn problems(keys: &[SealingKey]) -> Vec<String> {
        let mut problems = Vec::new();
        let read = sealing_keys("sealed", keys, &mut problems);
        assert_eq!(read.is_some(), problems.is_empty());
        problems
    }

    #[test]
    fn keys_are_32_random_bytes() {
        let key = |text: &str| SealingKey::base64url(text);
        assert_eq!(problems(&[key(&text(1)), key(&format!("{}=", text(2)))]), Vec::<String>::new());
        let encoded = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let not_base64url = "key 1 of `sealed` is not base64url: make one with `openssl rand \
                             -base64 32 | tr '+/' '-_'`";
        let not_random = "key 1 of `sealed` is not random: make one with `openssl rand -base64 32 \
                          | tr '+/' '-_'`";
        let cases = [
            (vec![], "`sealed` has no key: add one, 32 random bytes in base64url"),
            (vec![key("")], "key 1 of `sealed` has 0 bytes instead of 32"),
            // `openssl` alone writes base64 with `+` and `/`.
            (vec![key(&format!("+/{}", &text(1)[2..]))], not_base64url),
            (vec![key("a secret!")], not_base64url),
            (vec![key(&encoded(&[7; 31]))], "key 1 of `sealed` has 31 bytes instead of 32"),
            (vec![key(&encoded(&[7; 33]))], "key 1 of `sealed` has 33 bytes instead of 32"),
            (
                vec![key(&text(1)), key(&encoded(&[7; 32]))],
                "key 2 of `sealed` is not random: make one with `openssl rand -base64 32 | tr \
                 '+/' '-_'`",
            ),
            (vec![key(&encoded(b"correct-horse-battery-staple-32b"))], not_random),
            (vec![key(&text(1)), key(&text(1))], "`sealed` has a key twice"),
        ];
        for (keys, expected) in cases {
            assert_eq!(problems(&keys), [expected]);
        }
        let many: Vec<_> = (0..9).map(|number| key(&text(number))).collect();
        assert_eq!(problems(&many[..8]), Vec::<String>::new());
        assert_eq!(problems(&many), ["`sealed` has more than 8 keys: remove the oldest"]);
        let missing = problems(&[SealingKey::file("/does/not/exist")]);
        assert!(
            missing[0].starts_with("key 1 of `sealed` cannot be read from `/does/not/exist`: ")
        );
    }
}
