//! The connections to the servers that have the proofs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::address::Address;
use crate::connection::Connection;
use crate::deployment::Deployment;
use crate::failure::Failure;
use crate::shared::{Lease, Shared};
use crate::slots::slot;

/// The connections, one for each server. In a cluster, a server tells which one has the key, and the
/// answer is kept for all keys of the slot.
pub(crate) struct Nodes {
    deployment: Arc<Deployment>,
    /// The primary, or some node of the cluster.
    entry: Arc<Node>,
    cluster: Mutex<Cluster>,
}

/// One server.
pub(crate) struct Node {
    /// `None` for the entry.
    address: Option<Address>,
    shared: Shared,
}

#[derive(Default)]
struct Cluster {
    nodes: HashMap<Address, Arc<Node>>,
    /// The nodes of the slots, as far as they are known: 16,384 at most.
    slots: HashMap<u16, Arc<Node>>,
}

impl Nodes {
    pub(crate) fn new(deployment: &Arc<Deployment>) -> Self {
        let entry = Arc::new(Node { address: None, shared: Shared::default() });
        Self { deployment: Arc::clone(deployment), entry, cluster: Mutex::default() }
    }

    /// Returns the server of a key, or one that knows it.
    pub(crate) fn of_key(&self, key: &str) -> Arc<Node> {
        let known = || self.with_cluster(|cluster| cluster.slots.get(&slot(key)).cloned());
        let node = if self.deployment.is_cluster() { known() } else { None };
        node.unwrap_or_else(|| Arc::clone(&self.entry))
    }

    /// Returns the node of a cluster that a redirection names. `keep` remembers it for the slot of
    /// this key.
    pub(crate) fn of_redirection(&self, address: Address, keep: Option<&str>) -> Arc<Node> {
        self.with_cluster(|cluster| {
            let node = cluster.nodes.entry(address.clone()).or_insert_with(|| {
                Arc::new(Node { address: Some(address), shared: Shared::default() })
            });
            if let Some(key) = keep {
                cluster.slots.insert(slot(key), Arc::clone(node));
            }
            Arc::clone(node)
        })
    }

    /// Connects to a server, or uses the connection that is open.
    pub(crate) async fn lease(&self, node: &Node) -> Result<Lease, Failure> {
        let lease = node.shared.lease(self.open(node)).await;
        if lease.is_err() {
            // Another node may have its slots by now.
            self.with_cluster(|cluster| cluster.forget(node));
        }
        lease
    }

    async fn open(&self, node: &Node) -> Result<Connection, Failure> {
        match &node.address {
            Some(address) => self.deployment.node(address).await,
            None if self.deployment.is_cluster() => self.deployment.any_node().await,
            None => {
                let primary = self.deployment.primary(&self.deployment.proof_prefix).await?;
                Ok(primary.connection)
            }
        }
    }

    fn with_cluster<T>(&self, work: impl FnOnce(&mut Cluster) -> T) -> T {
        work(&mut self.cluster.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Node {
    /// Makes the next call open another connection than the one of this lease.
    pub(crate) async fn forget(&self, lease: &Lease) {
        self.shared.forget(&lease.connection).await;
    }
}

impl Cluster {
    fn forget(&mut self, node: &Node) {
        self.slots.retain(|_, other| other.address != node.address);
        self.nodes.retain(|address, _| Some(address) != node.address.as_ref());
    }
}
