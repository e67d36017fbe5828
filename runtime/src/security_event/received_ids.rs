//! The memory for the identifiers of events, so that a repeated event has no second effect.

use std::future::Future;

use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

/// The number of identifiers that are remembered.
const CAPACITY: usize = 10_000;

/// The identifiers of the events of one transmitter that had their effect.
///
/// The memory is bounded. An event whose identifier was forgotten has its effect again, which is to
/// revoke the same tokens.
pub(crate) struct ReceivedIds(Cache<[u8; 32], ()>);

impl ReceivedIds {
    pub(crate) fn new() -> Self {
        Self(Cache::new(CAPACITY))
    }

    /// Runs `effect` unless it has succeeded for this identifier before. Of parallel calls with one
    /// identifier, one runs its `effect`, and the others wait for its result. After an error, the next
    /// call runs its own. Returns `None` if the effect had happened before.
    pub(crate) async fn once<T, E>(
        &self,
        id: &str,
        effect: impl Future<Output = Result<T, E>>,
    ) -> Result<Option<T>, E> {
        let id: [u8; 32] = Sha256::digest(id).into();
        let mut outcome = None;
        let run = async {
            outcome = Some(effect.await?);
            Ok(())
        };
        self.0.get_or_insert_async(&id, run).await?;
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::task::JoinSet;

    use super::*;

    #[tokio::test]
    async fn parallel_calls_have_one_effect_and_an_error_is_forgotten() {
        let received = Arc::new(ReceivedIds::new());
        let attempts = Arc::new(AtomicUsize::new(0));
        let mut calls = JoinSet::new();
        for _ in 0..50 {
            let (received, attempts) = (Arc::clone(&received), Arc::clone(&attempts));
            calls.spawn(async move {
                let effect = async {
                    let number = attempts.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                    if number == 0 { Err(()) } else { Ok(()) }
                };
                received.once("e1", effect).await
            });
        }
        let outcomes = calls.join_all().await;
        assert_eq!(attempts.load(Ordering::Relaxed), 2);
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Err(())).count(), 1);
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Ok(Some(()))).count(), 1);
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Ok(None)).count(), 48);
    }

    #[tokio::test]
    async fn the_memory_is_bounded() {
        let received = ReceivedIds::new();
        for number in 0..CAPACITY * 3 {
            let _ = received.once::<_, ()>(&number.to_string(), async { Ok(()) }).await;
        }
        assert!(received.0.len() <= CAPACITY);
    }
}
