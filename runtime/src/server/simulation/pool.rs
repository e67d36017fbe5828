//! Keys and tokens, made once for the process: a schedule has no time for signatures.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::algorithm::Algorithm;
use crate::testing::{SigningKeys, TokenBuilder};

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
    let key = || SigningKeys::generate(&[Algorithm::EdDSA]).unwrap();
    let keys = || (0..KEYS).map(|_| key()).collect();
    let all: Vec<Vec<SigningKeys>> = (0..ISSUERS).map(|_| keys()).collect();
    let stranger = key();
    let pool = |index: usize| Pool::new(index, &all[index], &all[(index + 1) % ISSUERS], &stranger);
    (0..ISSUERS).map(pool).collect()
});

impl Pool {
    fn new(
        index: usize,
        own: &[SigningKeys],
        others: &[SigningKeys],
        stranger: &SigningKeys,
    ) -> Self {
        let identifier = format!("https://issuer-{index}.example.com");
        let token = |keys: &SigningKeys, kid: &str, sample: usize| {
            let token = TokenBuilder::new(keys, &identifier, AUDIENCE).header("kid", kid);
            let token = token.claim("jti", format!("{kid}-{sample}"));
            let since = NOW.as_secs() - VALID.as_secs();
            let token = token.claim("iat", since).claim("nbf", since);
            token.expires_at(UNIX_EPOCH + NOW + VALID).sign()
        };
        let samples = |makers: [&[SigningKeys]; SAMPLES]| {
            let of = |key: usize| {
                let samples = makers.iter().enumerate();
                let sign = |(sample, keys): (usize, &&[SigningKeys])| {
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

fn published((index, key): (usize, &SigningKeys)) -> String {
    let mut jwk = key.jwks()["keys"][0].take();
    jwk["kid"] = kid(index).into();
    jwk.to_string()
}

/// The wall clock, so many seconds from where it should stand.
pub(super) fn wall_clock(off: i64) -> SystemTime {
    let now = UNIX_EPOCH + NOW;
    let by = Duration::from_secs(off.unsigned_abs());
    if off < 0 { now - by } else { now + by }
}
