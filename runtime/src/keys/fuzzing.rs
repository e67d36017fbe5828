//! The readers of what an issuer answers, as fuzz targets call them.

use std::time::Duration;

use http::{HeaderMap, Request, Response};
use tokio::time::Instant;

use super::cache::{Action, Cache};
use super::discovery;
use super::freshness;
use super::set::KeySet;
use crate::algorithm::Algorithm;
use crate::clock::{Clock, SystemClock};

/// How many keys of a JWK set can be used; `None` where the answer is none to work with.
#[must_use]
pub fn usable_keys(answer: &[u8]) -> Option<usize> {
    let parsed = KeySet::parse(answer, &Algorithm::ALL).ok()?;
    Some(parsed.set.count())
}

/// Where the metadata of this issuer says that its keys are.
#[must_use]
pub fn jwks_uri(answer: &[u8], issuer: &str) -> Option<String> {
    let found = discovery::jwks_uri(answer, issuer).ok()?;
    Some(found.to_string())
}

/// When a set that came with these header fields is fetched again.
#[must_use]
pub fn refresh_after(headers: &HeaderMap) -> Option<Duration> {
    let request = Request::new(());
    let mut head = Response::new(());
    *head.headers_mut() = freshness::plain(headers);
    let (_, lifetime) = freshness::of(&request, &head, SystemClock.now());
    let now = Instant::now();
    let mut cache = Cache::new();
    cache.next(now);
    cache.loaded(now, lifetime, 0.5);
    match cache.next(now) {
        Action::WaitUntil(time) => Some(time.duration_since(now)),
        Action::Fetch | Action::Wait => None,
    }
}
