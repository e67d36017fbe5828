//! Finds the server of a key: the only server, the primary that sentinels name, or a node of a
//! cluster.

use std::future::Future;
use std::time::Duration;

use axum_protected::revocation::LogPosition;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use redis::{Pipeline, Value};

use crate::address::Address;
use crate::connection::{Access, Connection, as_failure};
use crate::failure::{Failure, FailureKind};
use crate::replies::{Replication, is_cluster_node, run_id};
use crate::sentinel::ask_sentinel;

/// Largest number of redirections of one connection. One is enough if the cluster does not change.
const REDIRECTIONS: usize = 4;

/// The last position that a stream can have.
const LAST: LogPosition = LogPosition::new(u64::MAX, u64::MAX);

/// The servers, and the names in them. All of the settings, checked.
pub(crate) struct Deployment {
    /// At least one address: of the server, of sentinels, or of nodes of the cluster.
    pub(crate) addresses: Vec<Address>,
    pub(crate) topology: Topology,
    pub(crate) access: Access,
    pub(crate) stream: String,
    pub(crate) proof_prefix: String,
    pub(crate) replicas: u8,
}

/// The kinds of deployments.
pub(crate) enum Topology {
    Single,
    /// `primary` is the name of the primary, `access` the way to connect to the sentinels.
    Sentinel {
        primary: String,
        access: Access,
    },
    Cluster,
}

/// Connection to a primary.
pub(crate) struct Primary {
    pub(crate) connection: Connection,
    /// The identifier of the server's process.
    pub(crate) run_id: String,
}

impl Deployment {
    pub(crate) fn is_cluster(&self) -> bool {
        matches!(self.topology, Topology::Cluster)
    }

    /// Connects to the primary that has this key.
    pub(crate) async fn primary(&self, key: &str) -> Result<Primary, Failure> {
        first_success(self.addresses.iter().map(|address| self.primary_by(address, key))).await
    }

    async fn primary_by(&self, address: &Address, key: &str) -> Result<Primary, Failure> {
        match &self.topology {
            Topology::Single => Primary::of(self.node(address).await?, false).await,
            Topology::Sentinel { primary, access } => {
                let address = ask_sentinel(address, access, primary).await?;
                Primary::of(self.node(&address).await?, false).await
            }
            Topology::Cluster => {
                let entry = self.node(address).await?;
                Primary::of(self.follow(entry, key).await?, true).await
            }
        }
    }

    /// Connects to a node of a cluster, no matter which keys it has.
    pub(crate) async fn any_node(&self) -> Result<Connection, Failure> {
        first_success(self.addresses.iter().map(|address| self.node(address))).await
    }

    pub(crate) async fn node(&self, address: &Address) -> Result<Connection, Failure> {
        Connection::open(address, &self.access).await
    }

    /// Follows the redirections of a cluster to the node that has the stream.
    async fn follow(&self, entry: Connection, key: &str) -> Result<Connection, Failure> {
        let mut connection = entry;
        for _ in 0..REDIRECTIONS {
            // No record comes after the last position of all, so the answer is short.
            let mut probe = Pipeline::new();
            probe.cmd("XREAD").arg("COUNT").arg(1).arg("STREAMS").arg(key).arg(LAST.to_string());
            let replies = connection.ask(&probe, Duration::ZERO).await?;
            let Some(failure) = replies.iter().find_map(as_failure) else { return Ok(connection) };
            let next = match failure.kind() {
                FailureKind::Moved(next) => Address::of_redirection(next, connection.address()),
                FailureKind::Ask(_) => None,
                // The node has the key, or would have it. Other commands report other errors.
                _ => return Ok(connection),
            };
            let next = next.ok_or_else(|| connection.explain(failure))?;
            connection = self.node(&next).await?;
        }
        Err(connection.explain(Failure::new("is one of nodes that redirect to each other")))
    }
}

/// Runs all attempts together and returns the first success: a server that does not answer then costs
/// no time. The error has the texts of all attempts.
async fn first_success<T>(
    attempts: impl Iterator<Item = impl Future<Output = Result<T, Failure>>>,
) -> Result<T, Failure> {
    let mut attempts: FuturesUnordered<_> = attempts.collect();
    let mut failures = Vec::new();
    while let Some(result) = attempts.next().await {
        match result {
            Ok(success) => return Ok(success),
            Err(failure) => failures.push(failure.to_string()),
        }
    }
    Err(Failure::new(failures.join("; ")))
}

impl Primary {
    /// Checks that the server is a primary, and that it is a node of a cluster or is not.
    async fn of(connection: Connection, in_cluster: bool) -> Result<Self, Failure> {
        let mut pipeline = Pipeline::new();
        pipeline.cmd("INFO").arg("server").cmd("INFO").arg("replication");
        let replies = connection.ask(&pipeline, Duration::ZERO).await?;
        match identity(&replies, in_cluster) {
            Ok(run_id) => Ok(Self { connection, run_id }),
            Err(failure) => Err(connection.explain(failure)),
        }
    }
}

/// Returns the identifier of the process of a primary.
fn identity(replies: &[Value], in_cluster: bool) -> Result<String, Failure> {
    if let Some(failure) = replies.iter().find_map(as_failure) {
        return Err(failure);
    }
    let [server, replication] = replies else { return Err(Failure::unexpected("INFO")) };
    let run_id = run_id(server).ok_or_else(|| Failure::unexpected("INFO server"))?;
    if is_cluster_node(server) != in_cluster {
        return Err(Failure::new(if in_cluster {
            "is not a node of a cluster: remove `cluster`"
        } else {
            "is a node of a cluster: set `cluster`"
        }));
    }
    primary_of(replication)?;
    Ok(run_id.to_owned())
}

/// Returns the state of the replication, or an error if the server is not a primary.
pub(crate) fn primary_of(reply: &Value) -> Result<Replication, Failure> {
    if let Some(failure) = as_failure(reply) {
        return Err(failure);
    }
    match Replication::read(reply) {
        None => Err(Failure::unexpected("INFO replication")),
        Some(replication) if replication.is_primary => Ok(replication),
        Some(_) => Err(Failure::new(
            "is a replica, which may lack records: use the URL of the primary, or `sentinel`",
        )),
    }
}
