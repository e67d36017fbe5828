//! A store of used proofs that records its calls.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum_protected::dpop::{ProofId, ProofUse, ReplayFuture, ReplayStore};

/// A store whose clones share the proofs.
#[derive(Clone, Default)]
pub(super) struct CountingStore(Arc<Mutex<Recorded>>);

#[derive(Default)]
struct Recorded {
    proofs: HashSet<ProofId>,
    calls: usize,
    is_away: bool,
}

impl CountingStore {
    /// Returns the number of calls.
    pub(super) fn calls(&self) -> usize {
        self.0.lock().unwrap().calls
    }

    /// Sets if further calls fail.
    pub(super) fn set_away(&self, is_away: bool) {
        self.0.lock().unwrap().is_away = is_away;
    }
}

impl ReplayStore for CountingStore {
    fn add(&self, proof: ProofId, _: Duration) -> ReplayFuture<'_> {
        Box::pin(async move {
            // Other requests run between the call and the answer.
            tokio::task::yield_now().await;
            let mut recorded = self.0.lock().unwrap();
            recorded.calls += 1;
            if recorded.is_away {
                return Err("the store is away".into());
            }
            let is_new = recorded.proofs.insert(proof);
            Ok(if is_new { ProofUse::First } else { ProofUse::Repeated })
        })
    }
}
