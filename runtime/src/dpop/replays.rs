//! The used proofs of one server: its own memory, and the store of the application behind it.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::timeout;

use super::memory_store::{Addition, MemoryStore};
use super::replay_store::{ProofId, ProofUse, ReplayStore};
use crate::error::{Fault, TokenError};
use crate::error_chain::ErrorChain;
use crate::possession::Thumbprint;

/// Longest time that a request waits for a store of the application.
const PATIENCE: Duration = Duration::from_secs(3);

/// Time that a store of the application keeps a proof beyond its end, for clocks of several machines
/// that differ.
const CLOCK_DIFFERENCE: Duration = Duration::from_secs(60);

/// Time after which a client should try again, if the memory is full or away.
const RETRY: Duration = Duration::from_secs(5);

/// The memory of used proofs: that of this process, and the store of the application behind it.
pub(crate) struct Replays {
    memory: MemoryStore,
    store: Option<Arc<dyn ReplayStore>>,
    outage: StoreOutage,
}

/// Behaviour while the store of the application does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StoreOutage {
    /// Proofs are refused.
    Refuse,
    /// Proofs that this process has not seen are accepted, although another process may have
    /// accepted them.
    AcceptByMemory,
}

/// The proof was not used before.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FirstUse {
    /// In none of the processes that share the store.
    Everywhere,
    /// In this process, and the store could not be asked.
    Here(TokenError),
}

impl Replays {
    /// Creates a memory for this many proofs, with the store of the application behind it if it has
    /// one.
    pub(super) fn new(
        capacity: usize,
        store: Option<Arc<dyn ReplayStore>>,
        outage: StoreOutage,
    ) -> Self {
        Self { memory: MemoryStore::with_capacity(capacity), store, outage }
    }

    /// Creates a memory of its own for this many proofs.
    #[cfg(test)]
    pub(super) fn in_memory(capacity: usize) -> Self {
        Self::new(capacity, None, StoreOutage::Refuse)
    }

    /// Adds a proof by the key with this thumbprint, which is accepted until `end`. Returns an error
    /// if the proof was used before, or if nobody can tell.
    ///
    /// The memory of the process is asked first, so that a proof that it knows needs no answer of the
    /// store. The proof stays there even if the store fails: each request has a new proof (RFC 9449
    /// section 4.2), so no client loses anything.
    pub(super) async fn add(
        &self,
        proof: ProofId,
        key: &Thumbprint,
        end: SystemTime,
        now: SystemTime,
    ) -> Result<FirstUse, TokenError> {
        let addition = self.memory.add(&proof, key, last_second(end), seconds(now));
        let Some(store) = &self.store else {
            return first_use_in_memory(addition).map(|()| FirstUse::Everywhere);
        };
        if addition == Addition::Repeated {
            return Err(Fault::ProofRepeated.into());
        }
        // A memory that is full, or whose clock was set back, knows less than the store.
        let rest = end.duration_since(now).unwrap_or_default();
        match ask(&**store, proof, rest.saturating_add(CLOCK_DIFFERENCE)).await {
            Ok(ProofUse::First) => Ok(FirstUse::Everywhere),
            Ok(ProofUse::Repeated) => Err(Fault::ProofRepeated.into()),
            Err(cause) if self.outage == StoreOutage::AcceptByMemory => {
                first_use_in_memory(addition)?;
                Ok(FirstUse::Here(unavailable(cause)))
            }
            Err(cause) => Err(unavailable(cause)),
        }
    }
}

/// Judges a proof by the memory of the process alone.
fn first_use_in_memory(addition: Addition) -> Result<(), TokenError> {
    let full = |fault| Err(TokenError::proofs_unavailable(fault, RETRY, None));
    match addition {
        Addition::Added => Ok(()),
        Addition::Repeated => Err(Fault::ProofRepeated.into()),
        Addition::Forgotten => Err(Fault::ProofForgotten.into()),
        Addition::Full => full(Fault::ProofsFull),
        Addition::ShareFull => full(Fault::ProofShareFull),
    }
}

/// Adds the proof to the store of the application. The error is the cause of a failure.
async fn ask(
    store: &dyn ReplayStore,
    proof: ProofId,
    time_to_live: Duration,
) -> Result<ProofUse, String> {
    match timeout(PATIENCE, store.add(proof, time_to_live)).await {
        Ok(Ok(usage)) => Ok(usage),
        // The cause is logged, so it does not show the proof.
        Ok(Err(error)) => {
            Err(ErrorChain(&*error).to_string().replace(&proof.to_string(), "(proof)"))
        }
        Err(_) => Err("the store did not answer in time".to_owned()),
    }
}

fn unavailable(cause: String) -> TokenError {
    TokenError::proofs_unavailable(Fault::ProofStoreFailed, RETRY, Some(cause))
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Returns the second at whose end this time has passed for certain.
fn last_second(end: SystemTime) -> u64 {
    seconds(end.checked_add(Duration::from_secs(1)).unwrap_or(end))
}

impl fmt::Debug for Replays {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Replays")
            .field("has_store", &self.store.is_some())
            .field("outage", &self.outage)
            .finish_non_exhaustive()
    }
}
