//! The store of used DPoP proofs.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum_protected::dpop::{ProofId, ProofUse, ReplayFuture, ReplayStore};
use redis::{Pipeline, Value};
use tokio::time::timeout;

use crate::address::Address;
use crate::connection::Connection;
use crate::deployment::Deployment;
use crate::failure::{Failure, FailureKind};
use crate::nodes::Nodes;

/// Longest time of a call, with everything. The server waits for 3 s at most.
const LIMIT: Duration = Duration::from_millis(2500);

/// Largest number of servers and connections that a call tries.
const ATTEMPTS: usize = 5;

/// Used DPoP proofs in Redis or Valkey, for
/// [`Dpop::replay_store`](axum_protected::dpop::Dpop::replay_store). All instances of an API that
/// share it accept each proof once.
///
/// A proof costs one command, `SET .. NX PX`, in one round trip. If the answer is in doubt, the call
/// returns an error, and the request is refused.
pub struct RedisProofs {
    deployment: Arc<Deployment>,
    nodes: Nodes,
}

impl RedisProofs {
    pub(crate) fn new(deployment: &Arc<Deployment>) -> Self {
        Self { deployment: Arc::clone(deployment), nodes: Nodes::new(deployment) }
    }

    async fn add_key(&self, key: &str, time_to_live: Duration) -> Result<ProofUse, Failure> {
        let mut node = self.nodes.of_key(key);
        let mut is_asking = false;
        // True if an earlier attempt may have added the proof.
        let mut is_in_doubt = false;
        for _ in 0..ATTEMPTS {
            let lease = self.nodes.lease(&node).await?;
            let failure = match set(&lease.connection, key, time_to_live, is_asking).await {
                Ok(ProofUse::Repeated) if is_in_doubt => {
                    return Err(Failure::new(
                        "a connection to Redis was lost, and it may have added the proof",
                    ));
                }
                Ok(proof_use) => return Ok(proof_use),
                Err(failure) => failure,
            };
            if let Some((address, asking)) = self.redirection(&failure, &lease.connection) {
                is_asking = asking;
                node = self.nodes.of_redirection(address, (!asking).then_some(key));
            } else {
                node.forget(&lease).await;
                if !(lease.is_old && failure.is_stale()) {
                    return Err(failure);
                }
                is_in_doubt |= *failure.kind() == FailureKind::Dropped;
            }
        }
        Err(Failure::new("the nodes of Redis redirect to each other"))
    }

    /// Returns the address to which a node of a cluster redirects. The second value is true if the
    /// redirection is for this command only, whose node expects `ASKING` before it.
    fn redirection(&self, failure: &Failure, sender: &Connection) -> Option<(Address, bool)> {
        let (text, asking) = match failure.kind() {
            FailureKind::Moved(text) => (text, false),
            FailureKind::Ask(text) => (text, true),
            _ => return None,
        };
        let address = Address::of_redirection(text, sender.address())?;
        self.deployment.is_cluster().then_some((address, asking))
    }
}

/// Adds a key if it does not exist.
async fn set(
    connection: &Connection,
    key: &str,
    time_to_live: Duration,
    is_asking: bool,
) -> Result<ProofUse, Failure> {
    let mut pipeline = Pipeline::with_capacity(2);
    if is_asking {
        pipeline.cmd("ASKING");
    }
    let time_to_live = u64::try_from(time_to_live.as_millis()).unwrap_or(u64::MAX);
    pipeline.cmd("SET").arg(key).arg(1).arg("NX").arg("PX").arg(time_to_live.max(1));
    let replies = connection.ask(&pipeline, Duration::ZERO).await?;
    match replies.last() {
        Some(Value::Okay) => Ok(ProofUse::First),
        Some(Value::Nil) => Ok(ProofUse::Repeated),
        Some(Value::ServerError(error)) => Err(connection.explain(Failure::answered(error))),
        _ => Err(connection.explain(Failure::unexpected("SET"))),
    }
}

impl ReplayStore for RedisProofs {
    fn add(&self, proof: ProofId, time_to_live: Duration) -> ReplayFuture<'_> {
        Box::pin(async move {
            let key = format!("{}{proof}", self.deployment.proof_prefix);
            let result = timeout(LIMIT, self.add_key(&key, time_to_live)).await;
            Ok(result.map_err(|_| Failure::new("Redis did not answer within 2.5 s"))??)
        })
    }
}

impl fmt::Debug for RedisProofs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RedisProofs")
            .field("prefix", &self.deployment.proof_prefix)
            .finish_non_exhaustive()
    }
}
