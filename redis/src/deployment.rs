//! Finds the server of a key: the only server, the primary that sentinels name, or a node of a
//! cluster.

use std::time::Duration;

use futures_util::future::select_ok;
use redis::{Pipeline, Value};

use crate::address::Address;
use crate::connection::{Access, Connection, as_failure};
use crate::failure::{Failure, FailureKind};
use crate::replies::{Replication, run_id, text};

/// Largest number of redirections of one connection. One is enough if the cluster does not change.
const REDIRECTIONS: usize = 4;

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
        // All addresses are tried together: one that does not answer costs no time.
        let attempts = self.addresses.iter().map(|address| Box::pin(self.primary_by(address, key)));
        select_ok(attempts).await.map(|(primary, _)| primary)
    }

    async fn primary_by(&self, address: &Address, key: &str) -> Result<Primary, Failure> {
        match &self.topology {
            Topology::Single => Primary::of(self.node(address).await?).await,
            Topology::Sentinel { primary, access } => {
                let address = ask_sentinel(address, access, primary).await?;
                Primary::of(self.node(&address).await?).await
            }
            Topology::Cluster => {
                let entry = self.node(address).await?;
                Primary::of(self.follow(entry, key).await?).await
            }
        }
    }

    /// Connects to a node of a cluster, no matter which keys it has.
    pub(crate) async fn any_node(&self) -> Result<Connection, Failure> {
        let attempts = self.addresses.iter().map(|address| Box::pin(self.node(address)));
        select_ok(attempts).await.map(|(connection, _)| connection)
    }

    pub(crate) async fn node(&self, address: &Address) -> Result<Connection, Failure> {
        Connection::open(address, &self.access).await
    }

    /// Follows the redirections of a cluster to the node that has the stream.
    async fn follow(&self, entry: Connection, key: &str) -> Result<Connection, Failure> {
        let mut connection = entry;
        for _ in 0..REDIRECTIONS {
            let mut probe = Pipeline::new();
            probe.cmd("XINFO").arg("STREAM").arg(key);
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

impl Primary {
    /// Checks that the server is a primary.
    async fn of(connection: Connection) -> Result<Self, Failure> {
        let mut pipeline = Pipeline::new();
        pipeline.cmd("INFO").arg("server").cmd("INFO").arg("replication");
        let replies = connection.ask(&pipeline, Duration::ZERO).await?;
        match identity(&replies) {
            Ok(run_id) => Ok(Self { connection, run_id }),
            Err(failure) => Err(connection.explain(failure)),
        }
    }
}

/// Returns the identifier of the process of a primary.
fn identity(replies: &[Value]) -> Result<String, Failure> {
    if let Some(failure) = replies.iter().find_map(as_failure) {
        return Err(failure);
    }
    let [server, replication] = replies else { return Err(Failure::unexpected("INFO")) };
    let run_id = run_id(server).ok_or_else(|| Failure::unexpected("INFO server"))?;
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

/// Asks a sentinel for the address of a primary.
async fn ask_sentinel(
    sentinel: &Address,
    access: &Access,
    primary: &str,
) -> Result<Address, Failure> {
    let connection = Connection::open(sentinel, access).await?;
    let mut pipeline = Pipeline::new();
    pipeline.cmd("SENTINEL").arg("GET-MASTER-ADDR-BY-NAME").arg(primary);
    let replies = connection.ask(&pipeline, Duration::ZERO).await?;
    address_of_primary(&replies, primary).map_err(|failure| connection.explain(failure))
}

fn address_of_primary(replies: &[Value], primary: &str) -> Result<Address, Failure> {
    match replies {
        [Value::ServerError(error)] => Err(Failure::answered(error)),
        [Value::Nil] => Err(Failure::new(format!(
            "is a sentinel that does not know the primary `{primary}`: `sentinel` must be the name \
             in `sentinel monitor`"
        ))),
        [Value::Array(parts)] => match parts.as_slice() {
            [host, port] => text(host)
                .zip(text(port).and_then(|port| port.parse().ok()))
                .map(|(host, port)| Address::new(host, port)),
            _ => None,
        }
        .ok_or_else(|| Failure::unexpected("SENTINEL GET-MASTER-ADDR-BY-NAME")),
        _ => Err(Failure::unexpected("SENTINEL GET-MASTER-ADDR-BY-NAME")),
    }
}
