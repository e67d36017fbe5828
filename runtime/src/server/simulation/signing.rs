//! Keys and tokens, made once for the process: a schedule has no time for signatures.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::key::Key;

pub(super) const ISSUERS: usize = 3;
/// The keys that an issuer may come to publish, by the same names at each.
pub(super) const KEYS: u8 = 5;
/// How many of each kind, so that not all are remembered.
const SAMPLES: usize = 2;
const STRAYS: usize = 64;
pub(super) const AUDIENCE: &str = "https://api.example.com";

/// What the wall clock shows unless a schedule moves it, and how far it may be moved either way
/// before a token is no good.
pub(super) const NOW: Duration = Duration::from_secs(2_000_000_000);
pub(super) const VALID: Duration = Duration::from_hours(1);

/// Who made a token, which says to be of one issuer and by one of its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Maker {
    Issuer(u8),
    /// Somebody else, in the name of this key.
    Forger(u8),
    /// By a key that nobody publishes.
    Stranger,
}

pub(super) struct Pool {
    pub(super) identifier: String,
    /// Each key as it is published.
    pub(super) published: Vec<String>,
    genuine: Vec<Vec<String>>,
    forged: Vec<Vec<String>>,
    strays: Vec<String>,
}

pub(super) static POOLS: LazyLock<Vec<Pool>> = LazyLock::new(|| {
    let keys = || (0..KEYS).map(|_| Key::generate()).collect();
    let all: Vec<Vec<Key>> = (0..ISSUERS).map(|_| keys()).collect();
    let stranger = Key::generate();
    let pool = |index: usize| Pool::new(index, &all[index], &all[(index + 1) % ISSUERS], &stranger);
    (0..ISSUERS).map(pool).collect()
});

impl Pool {
    fn new(index: usize, own: &[Key], others: &[Key], stranger: &Key) -> Self {
        let identifier = format!("https://issuer-{index}.example.com");
        let token = |key: &Key, kid: &str, sample: usize| {
            let since = NOW.as_secs() - VALID.as_secs();
            let claims = json!({
                "iss": identifier,
                "aud": AUDIENCE,
                "sub": "alice",
                "client_id": "development",
                "jti": format!("{kid}-{sample}"),
                "iat": since,
                "nbf": since,
                "exp": (NOW + VALID).as_secs(),
            });
            key.sign(kid, &claims)
        };
        let samples = |makers: [&[Key]; SAMPLES]| {
            let of = |key: usize| {
                let samples = makers.iter().enumerate();
                let sign = |(sample, keys): (usize, &&[Key])| {
                    token(&keys[key % keys.len()], &kid(key), sample)
                };
                samples.map(sign).collect()
            };
            (0..own.len()).map(of).collect()
        };
        Self {
            published: own.iter().enumerate().map(published).collect(),
            genuine: samples([own, own]),
            forged: samples([others, std::slice::from_ref(stranger)]),
            strays: (0..STRAYS)
                .map(|number| token(stranger, &format!("stray-{number}"), 0))
                .collect(),
            identifier,
        }
    }

    pub(super) fn token(&self, maker: Maker, sample: usize) -> &str {
        let samples = match maker {
            Maker::Issuer(key) => &self.genuine[usize::from(key)],
            Maker::Forger(key) => &self.forged[usize::from(key)],
            Maker::Stranger => &self.strays,
        };
        &samples[sample % samples.len()]
    }
}

fn kid(key: usize) -> String {
    format!("key-{key}")
}

fn published((index, key): (usize, &Key)) -> String {
    key.jwk(&kid(index)).to_string()
}

/// The wall clock, so many seconds from where it should stand.
pub(super) fn wall_clock(off: i64) -> SystemTime {
    let now = UNIX_EPOCH + NOW;
    let by = Duration::from_secs(off.unsigned_abs());
    if off < 0 { now - by } else { now + by }
}
