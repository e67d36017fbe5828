//! The keys and tokens of the simulation. They are created once for the process, because signing
//! tokens in each schedule would take too long.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::key::Key;

pub(super) const ISSUERS: usize = 3;
/// The number of keys of an issuer. All issuers use the same names for their keys.
pub(super) const KEYS: u8 = 5;
/// Two keys of an issuer that have the same `kid`. The issuer publishes one of them at a time.
const TWINS: [u8; 2] = [3, 4];
/// The number of tokens for each key. More than one token is needed so that some requests present a
/// token that is not cached.
const SAMPLES: usize = 2;
const UNKNOWN_KEYS: usize = 64;
pub(super) const AUDIENCE: &str = "https://api.example.com";

/// The time of the correct wall clock, as the duration since the Unix epoch.
pub(super) const NOW: Duration = Duration::from_secs(2_000_000_000);
/// The largest error of the wall clock, in either direction, with which the tokens are valid.
pub(super) const VALID: Duration = Duration::from_hours(1);

/// The signer of a token that names an issuer and one of its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signer {
    Issuer(u8),
    /// An attacker, who names this key but signs with another one.
    Forger(u8),
    /// The holder of a key that is never published.
    Unknown,
}

pub(super) struct Pool {
    pub(super) identifier: String,
    /// The JWK of each key.
    pub(super) published: Vec<String>,
    genuine: Vec<Vec<String>>,
    forged: Vec<Vec<String>>,
    unknown: Vec<String>,
}

pub(super) static POOLS: LazyLock<Vec<Pool>> = LazyLock::new(|| {
    let all: Vec<Vec<Key>> =
        (0..ISSUERS).map(|_| (0..KEYS).map(|_| Key::generate()).collect()).collect();
    let unknown_key = Key::generate();
    (0..ISSUERS)
        .map(|index| Pool::new(index, &all[index], &all[(index + 1) % ISSUERS], &unknown_key))
        .collect()
});

impl Pool {
    fn new(index: usize, own: &[Key], others: &[Key], unknown_key: &Key) -> Self {
        let identifier = format!("https://issuer-{index}.example.com");
        let token = |key: &Key, kid: &str, sample: usize| {
            let start = NOW.as_secs() - VALID.as_secs();
            let claims = json!({
                "iss": identifier,
                "aud": AUDIENCE,
                "sub": "alice",
                "client_id": "development",
                "jti": format!("{kid}-{sample}"),
                "iat": start,
                "nbf": start,
                "exp": (NOW + VALID).as_secs(),
            });
            key.sign(kid, &claims)
        };
        let samples_of = |key: usize, signers: [&[Key]; SAMPLES]| {
            signers
                .iter()
                .enumerate()
                .map(|(sample, keys)| token(&keys[key % keys.len()], &kid(key), sample))
                .collect()
        };
        let forgers = [others, std::slice::from_ref(unknown_key)];
        Self {
            published: own.iter().enumerate().map(published).collect(),
            genuine: (0..own.len()).map(|key| samples_of(key, [own, own])).collect(),
            forged: (0..own.len()).map(|key| samples_of(key, forgers)).collect(),
            unknown: (0..UNKNOWN_KEYS)
                .map(|number| token(unknown_key, &format!("unknown-{number}"), 0))
                .collect(),
            identifier,
        }
    }

    pub(super) fn token(&self, signer: Signer, sample: usize) -> &str {
        let samples = match signer {
            Signer::Issuer(key) => &self.genuine[usize::from(key)],
            Signer::Forger(key) => &self.forged[usize::from(key)],
            Signer::Unknown => &self.unknown,
        };
        &samples[sample % samples.len()]
    }
}

/// Returns the keys that have the same `kid` as this key, including the key itself.
pub(super) fn same_kid(key: u8) -> impl Iterator<Item = u8> {
    (0..KEYS)
        .filter(move |other| *other == key || [key, *other].iter().all(|key| TWINS.contains(key)))
}

fn kid(key: usize) -> String {
    let first = same_kid(u8::try_from(key).unwrap()).next().unwrap();
    format!("key-{first}")
}

fn published((index, key): (usize, &Key)) -> String {
    key.jwk(&kid(index)).to_string()
}

/// Returns the time that a wall clock shows if it is wrong by `offset` seconds.
pub(super) fn wall_clock(offset: i64) -> SystemTime {
    let now = UNIX_EPOCH + NOW;
    let by = Duration::from_secs(offset.unsigned_abs());
    if offset < 0 { now - by } else { now + by }
}
