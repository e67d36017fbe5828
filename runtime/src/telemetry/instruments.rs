//! The metrics. Names are written out where they are used: only so the facade makes their keys at
//! compile time.

use std::time::{Duration, SystemTime};

use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use tokio::time::Instant;

use super::Lookup;
use crate::clock::{Clock, SystemClock};

/// Tells the recorder what there will be.
pub(crate) fn describe() {
    describe_counter!("axum_protected.requests", Unit::Count, "decisions on requests");
    describe_histogram!(
        "axum_protected.signature.duration",
        Unit::Seconds,
        "how long the signature of a first-seen token takes to verify"
    );
    describe_counter!("axum_protected.keys.fetches", Unit::Count, "fetches of an issuer's keys");
    describe_gauge!("axum_protected.keys.held", Unit::Count, "keys held of an issuer");
    describe_gauge!(
        "axum_protected.keys.last_fetch",
        Unit::Seconds,
        "when the last fetch of an issuer's keys ended, in Unix time"
    );
    describe_gauge!(
        "axum_protected.keys.last_success",
        Unit::Seconds,
        "when an issuer's keys were last loaded or confirmed, in Unix time"
    );
}

/// Without an allocation: this is what a remembered token costs.
#[inline]
pub(super) fn authorized(lookup: Lookup) {
    let counter = match lookup {
        Lookup::Hit => {
            counter!("axum_protected.requests", "outcome" => "authorized", "code" => "none", "cache" => "hit")
        }
        Lookup::Miss => {
            counter!("axum_protected.requests", "outcome" => "authorized", "code" => "none", "cache" => "miss")
        }
    };
    counter.increment(1);
}

pub(super) fn authenticated(lookup: Lookup) {
    let counter = match lookup {
        Lookup::Hit => {
            counter!("axum_protected.requests", "outcome" => "authenticated", "code" => "none", "cache" => "hit")
        }
        Lookup::Miss => {
            counter!("axum_protected.requests", "outcome" => "authenticated", "code" => "none", "cache" => "miss")
        }
    };
    counter.increment(1);
}

pub(super) fn refused(code: &'static str, lookup: Option<Lookup>) {
    let cache = match lookup {
        Some(Lookup::Hit) => "hit",
        Some(Lookup::Miss) => "miss",
        None => "none",
    };
    counter!("axum_protected.requests", "outcome" => "refused", "code" => code, "cache" => cache)
        .increment(1);
}

/// The time that this verification of a signature takes.
pub(crate) fn timed<T>(algorithm: &'static str, verify: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let outcome = verify();
    histogram!("axum_protected.signature.duration", "alg" => algorithm).record(begun.elapsed());
    outcome
}

pub(super) fn keys_fetched(issuer: &str, changed: bool) {
    fetched(issuer, if changed { "changed" } else { "unchanged" });
    gauge!("axum_protected.keys.last_success", "issuer" => issuer.to_owned()).set(unix_time());
}

pub(super) fn keys_not_fetched(issuer: &str) {
    fetched(issuer, "failed");
}

fn fetched(issuer: &str, result: &'static str) {
    counter!("axum_protected.keys.fetches", "issuer" => issuer.to_owned(), "result" => result)
        .increment(1);
    gauge!("axum_protected.keys.last_fetch", "issuer" => issuer.to_owned()).set(unix_time());
}

pub(super) fn keys_held(issuer: &str, keys: usize) {
    let keys = u32::try_from(keys).unwrap_or(u32::MAX);
    gauge!("axum_protected.keys.held", "issuer" => issuer.to_owned()).set(keys);
}

fn unix_time() -> Duration {
    let since = SystemClock.now().duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or_default()
}
