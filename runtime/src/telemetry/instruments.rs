//! Records the metrics. Each use of a metric repeats the metric's name as a literal, so that the
//! crate `metrics` builds the key of the metric at compile time.

use std::time::{Duration, SystemTime};

use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use tokio::time::Instant;

#[cfg(feature = "security_events")]
use super::EventOutcome;
use super::{IntrospectionOutcome, Lookup};
use crate::clock::{Clock, SystemClock};

/// Passes the descriptions of all metrics to the installed metrics recorder.
pub(crate) fn describe() {
    describe_counter!("axum_protected.requests", Unit::Count, "decisions on requests");
    describe_histogram!(
        "axum_protected.signature.duration",
        Unit::Seconds,
        "duration of the signature verification of a first-seen token"
    );
    describe_counter!("axum_protected.keys.fetches", Unit::Count, "fetches of an issuer's keys");
    describe_counter!(
        "axum_protected.introspection.questions",
        Unit::Count,
        "questions to an issuer about a token"
    );
    #[cfg(feature = "security_events")]
    describe_counter!(
        "axum_protected.security_events.polls",
        Unit::Count,
        "poll requests to a transmitter of security events"
    );
    #[cfg(feature = "security_events")]
    describe_counter!(
        "axum_protected.security_events",
        Unit::Count,
        "logout tokens and security events that the server received"
    );
    describe_gauge!("axum_protected.keys.held", Unit::Count, "current keys of an issuer");
    describe_gauge!(
        "axum_protected.keys.last_fetch",
        Unit::Seconds,
        "Unix time of the end of the last fetch of an issuer's keys"
    );
    describe_gauge!(
        "axum_protected.keys.last_success",
        Unit::Seconds,
        "Unix time of the last successful fetch of an issuer's keys"
    );
    describe_counter!(
        "axum_protected.revocations.resyncs",
        Unit::Count,
        "readings of the log of revocations from its start"
    );
    describe_counter!(
        "axum_protected.revocations.unreadable",
        Unit::Count,
        "records of the log of revocations that cannot be read"
    );
    describe_gauge!(
        "axum_protected.revocations.entries",
        Unit::Count,
        "entries in the list of revocations"
    );
    describe_gauge!(
        "axum_protected.revocations.heard",
        Unit::Seconds,
        "Unix time at which the server last had all revocations of the log"
    );
}

/// Counts an authorized request. This function is called for every authorized request with a cached
/// token, so it does not allocate.
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

/// Calls the function `verify` and records the duration of the call as the duration of a signature
/// verification.
pub(crate) fn timed<T>(algorithm: &'static str, verify: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let outcome = verify();
    histogram!("axum_protected.signature.duration", "alg" => algorithm).record(start.elapsed());
    outcome
}

pub(super) fn introspected(issuer: &str, outcome: IntrospectionOutcome) {
    counter!(
        "axum_protected.introspection.questions",
        "issuer" => issuer.to_owned(),
        "result" => outcome.name()
    )
    .increment(1);
}

#[cfg(feature = "security_events")]
pub(super) fn event_polled(transmitter: &str, is_success: bool) {
    counter!(
        "axum_protected.security_events.polls",
        "transmitter" => transmitter.to_owned(),
        "result" => if is_success { "answered" } else { "failed" }
    )
    .increment(1);
}

#[cfg(feature = "security_events")]
pub(super) fn security_event(kind: &'static str, outcome: EventOutcome) {
    counter!("axum_protected.security_events", "kind" => kind, "result" => outcome.name())
        .increment(1);
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

pub(super) fn revocations_resync(cause: &'static str) {
    counter!("axum_protected.revocations.resyncs", "cause" => cause).increment(1);
}

pub(super) fn revocations_unreadable(count: usize) {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    counter!("axum_protected.revocations.unreadable").increment(count);
}

pub(super) fn revocations_heard(entries: usize, is_complete: bool) {
    let entries = u32::try_from(entries).unwrap_or(u32::MAX);
    gauge!("axum_protected.revocations.entries").set(entries);
    if is_complete {
        gauge!("axum_protected.revocations.heard").set(unix_time());
    }
}

fn unix_time() -> Duration {
    SystemClock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}
