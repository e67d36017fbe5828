//! Entry points of the fuzz targets. Each function parses a response of an issuer.

use std::time::Duration;

use http::{HeaderMap, Request, Response};
use tokio::time::Instant;

use super::discovery::Discovery;
use super::fetch_schedule::{Action, Extent, FetchSchedule, Pace};
use super::key_file;
use super::response_lifetime;
use super::set::KeySet;
use crate::algorithm::Algorithm;
use crate::clock::{Clock, SystemClock};

/// Returns the number of usable keys in a JWK set, or `None` if the JWK set is rejected.
#[must_use]
pub fn usable_keys(answer: &[u8]) -> Option<usize> {
    let set = KeySet::parse(answer, &Algorithm::ALL).ok()?;
    Some(set.count())
}

/// Returns the number of keys in a text with public keys in PEM, or `None` if it is rejected.
#[must_use]
pub fn pem_keys(text: &str) -> Option<usize> {
    let set = KeySet::from_pem(text, &Algorithm::ALL).ok()?;
    Some(set.count())
}

/// Returns true if the octets are a public key in DER.
#[must_use]
pub fn is_der_key(octets: &[u8]) -> bool {
    KeySet::from_der(octets, &Algorithm::ALL).is_ok()
}

/// Returns the number of usable keys in the content of a key file, or `None` if it is rejected.
#[must_use]
pub fn file_keys(content: &[u8]) -> Option<usize> {
    let set = key_file::parse(content, &Algorithm::ALL).ok()?;
    Some(set.count())
}

/// Returns the `jwks_uri` in metadata from the URL of this issuer, or `None` if the metadata is
/// rejected.
#[must_use]
pub fn jwks_uri(answer: &[u8], issuer: &str) -> Option<String> {
    let location = issuer.parse().ok()?;
    let discovery = Discovery::configured(issuer.to_owned(), location, false);
    let found = discovery.read_jwks_uri(answer, &issuer.parse().ok()?).ok()?;
    Some(found.to_string())
}

/// Returns the time from the fetch of a key set to its next fetch, for a response with these header
/// fields.
#[must_use]
pub fn refresh_after(headers: &HeaderMap) -> Option<Duration> {
    let request = Request::new(());
    let mut head = Response::new(());
    *head.headers_mut() = response_lifetime::normalize(headers);
    let (_, lifetime) = response_lifetime::policy_and_lifetime(&request, &head, SystemClock.now());
    let now = Instant::now();
    let mut cache = FetchSchedule::new(Pace::Network);
    cache.next(now);
    cache.record_success(now, lifetime, Extent::Complete, 0.5);
    match cache.next(now) {
        Action::WaitUntil(time) => Some(time.duration_since(now)),
        Action::Fetch(_) | Action::Wait => None,
    }
}
