//! The memory of used proofs, which an application can replace to share it between machines.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};

/// Memory of the proofs that were used, so that no proof is accepted twice (RFC 9449 section 11.1).
///
/// The server has a memory of its own for a single process. Several processes that serve the same
/// API need a common store, set with [`Dpop::replay_store`](super::Dpop::replay_store). In Redis, for
/// example, [`add`](Self::add) is the one command `SET proof:<id> 1 NX PX <milliseconds>`.
///
#[cfg_attr(feature = "dpop", doc = "```")]
#[cfg_attr(not(feature = "dpop"), doc = "```no_run")]
/// use std::collections::HashMap;
/// use std::sync::{Mutex, PoisonError};
/// use std::time::{Duration, Instant};
/// use axum_protected::ResourceServer;
/// use axum_protected::dpop::{Dpop, ProofId, ProofUse, ReplayFuture, ReplayStore};
///
/// /// A store that never removes an entry, for a short demonstration.
/// #[derive(Default)]
/// struct Store(Mutex<HashMap<ProofId, Instant>>);
///
/// impl ReplayStore for Store {
///     fn add(&self, proof: ProofId, time_to_live: Duration) -> ReplayFuture<'_> {
///         let end = Instant::now() + time_to_live;
///         let earlier = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(proof, end);
///         let usage = if earlier.is_some() { ProofUse::Repeated } else { ProofUse::First };
///         Box::pin(async move { Ok(usage) })
///     }
/// }
///
/// let server = ResourceServer::builder()
///     .issuer("https://id.example.com")
///     .resource("https://api.example.com")
///     .dpop(Dpop::new().replay_store(Store::default()))
///     .build()?;
/// # Ok::<(), axum_protected::ConfigError>(())
/// ```
pub trait ReplayStore: Send + Sync + 'static {
    /// Adds a proof. Returns [`ProofUse::First`] if the store did not contain it, and
    /// [`ProofUse::Repeated`] if it did.
    ///
    /// The look-up and the addition must be one atomic step: of several calls with the same proof,
    /// wherever they run, exactly one returns [`ProofUse::First`]. The store must keep the proof for
    /// this time at least. The server has checked everything else about the proof before, so each
    /// call belongs to a request with a valid token.
    ///
    /// The time is the rest of the time in which the proof is accepted, plus one minute for clocks
    /// that differ. It is never longer than 371 s.
    ///
    /// # Errors
    ///
    /// Returns an error if the store is full or does not answer. The request is then refused with a
    /// 503, and the log has the error. The server waits at most 3 s for the answer.
    fn add(&self, proof: ProofId, time_to_live: Duration) -> ReplayFuture<'_>;
}

/// Answer of a [`ReplayStore`].
pub type ReplayFuture<'a> =
    Pin<Box<dyn Future<Output = Result<ProofUse, Box<dyn Error + Send + Sync>>> + Send + 'a>>;

/// The number of times that a proof was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProofUse {
    /// The proof was not used before.
    First,
    /// The proof was used before.
    Repeated,
}

/// Identifier of a proof: the SHA-256 digest of the key's thumbprint and of the claim `jti`. Its text
/// is the digest in lower-case hexadecimal digits.
///
/// A client cannot choose an identifier that another client uses, because the thumbprints differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProofId([u8; 32]);

impl ProofId {
    /// Returns the identifier of the proof with this `jti` by the key with this thumbprint.
    pub(crate) fn new(thumbprint: &[u8; 32], jti: &str) -> Self {
        Self(Sha256::new().chain_update(thumbprint).chain_update(jti).finalize().into())
    }

    /// Returns the octets of the digest.
    #[must_use]
    pub fn octets(&self) -> [u8; 32] {
        self.0
    }
}

impl fmt::Display for ProofId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(formatter, "{octet:02x}"))
    }
}

impl<S: ReplayStore + ?Sized> ReplayStore for Arc<S> {
    fn add(&self, proof: ProofId, time_to_live: Duration) -> ReplayFuture<'_> {
        (**self).add(proof, time_to_live)
    }
}

impl fmt::Debug for dyn ReplayStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ReplayStore(..)")
    }
}
