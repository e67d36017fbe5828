//! The memory of used proofs of one server: its own, or that of the application.

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

/// The memory of used proofs.
pub(crate) enum Replays {
    Memory(MemoryStore),
    Application(Arc<dyn ReplayStore>),
}

impl Replays {
    /// Creates a memory of its own for this many proofs.
    pub(crate) fn in_memory(capacity: usize) -> Self {
        Self::Memory(MemoryStore::with_capacity(capacity))
    }

    /// Adds a proof by the key with this thumbprint, which is accepted until `end`. Returns an error
    /// if the proof was used before, or if nobody can tell.
    pub(super) async fn add(
        &self,
        proof: ProofId,
        key: &Thumbprint,
        end: SystemTime,
        now: SystemTime,
    ) -> Result<(), TokenError> {
        match self {
            Self::Memory(store) => match store.add(&proof, key, last_second(end), seconds(now)) {
                Addition::Added => Ok(()),
                Addition::Repeated => Err(Fault::ProofRepeated.into()),
                Addition::Forgotten => Err(Fault::ProofForgotten.into()),
                Addition::Full => {
                    Err(TokenError::proofs_unavailable(Fault::ProofsFull, RETRY, None))
                }
                Addition::ShareFull => {
                    Err(TokenError::proofs_unavailable(Fault::ProofShareFull, RETRY, None))
                }
            },
            Self::Application(store) => {
                let rest = end.duration_since(now).unwrap_or_default();
                let answer = store.add(proof, rest.saturating_add(CLOCK_DIFFERENCE));
                match timeout(PATIENCE, answer).await {
                    Ok(Ok(ProofUse::First)) => Ok(()),
                    Ok(Ok(ProofUse::Repeated)) => Err(Fault::ProofRepeated.into()),
                    Ok(Err(error)) => {
                        // The cause is logged, so it does not show the proof.
                        let cause = ErrorChain(&*error).to_string();
                        Err(unavailable(cause.replace(&proof.to_string(), "(proof)")))
                    }
                    Err(_) => Err(unavailable("the store did not answer in time".to_owned())),
                }
            }
        }
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
        formatter.write_str(match self {
            Self::Memory(_) => "Replays::Memory(..)",
            Self::Application(_) => "Replays::Application(..)",
        })
    }
}
