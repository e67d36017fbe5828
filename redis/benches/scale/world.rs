//! The servers and tokens of a benchmark.

use std::time::{Duration, SystemTime};

use axum_protected::revocation::{Revocation, RevocationFeed};
use axum_protected::{ResourceServer, ResourceServerBuilder};
use axum_protected_redis::Redis;
use axum_protected_testing::AuthorizationServer;

/// Size of the list in a benchmark with a million entries.
pub(crate) const LIST_BYTES: usize = 160 * 1024 * 1024;

/// Returns the builder of a server whose list has room for a million entries.
pub(crate) fn builder(issuer: &AuthorizationServer) -> ResourceServerBuilder {
    issuer.resource_server().revocation_bytes(LIST_BYTES)
}

/// Returns a server that follows the log of this Redis server.
pub(crate) fn follower(issuer: &AuthorizationServer, redis: &Redis) -> ResourceServer {
    builder(issuer).revocation_feed(RevocationFeed::new(redis.revocation_log())).build().unwrap()
}

/// Returns the revocation of a token whose `jti` has the length of a UUID.
pub(crate) fn numbered(issuer: &AuthorizationServer, number: usize) -> Revocation {
    Revocation::token(issuer.issuer(), name(number))
}

pub(crate) fn name(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// Returns a time at which no token of the benchmark is valid any more.
pub(crate) fn until() -> SystemTime {
    SystemTime::now() + Duration::from_secs(20 * 3600)
}
