//! A cluster of three nodes.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use axum_protected::__testing::proof_id;
use axum_protected::dpop::{ProofUse, ReplayStore};
use axum_protected::revocation::RevocationLog;
use axum_protected_redis::{RedisProofs, RedisSettings};

use super::access::{PASSWORD, documented_rules};
use super::proof_faults::use_everywhere;
use super::server::{RedisServer, free_port, wait_until};
use super::{append, append_error, read, read_error, texts};

const KEY: &str = "axum-protected:revocations";
/// The slot of the key, as Redis computes it.
const SLOT: u16 = 12776;
const MINUTE: Duration = Duration::from_secs(60);

/// Three nodes, each with a third of the slots.
struct Cluster([RedisServer; 3]);

impl Cluster {
    fn start() -> Self {
        let bus_ports = [free_port(), free_port(), free_port()];
        let nodes = bus_ports.map(|port| {
            RedisServer::start_with(&[
                "--cluster-enabled",
                "yes",
                "--cluster-port",
                &port.to_string(),
            ])
        });
        let slots = [("0", "5460"), ("5461", "10922"), ("10923", "16383")];
        for (node, (first, last)) in nodes.iter().zip(slots) {
            node.command::<()>(&["CLUSTER", "ADDSLOTSRANGE", first, last]);
        }
        for (node, bus_port) in nodes.iter().zip(bus_ports).skip(1) {
            let (port, bus_port) = (node.port.to_string(), bus_port.to_string());
            nodes[0].command::<()>(&["CLUSTER", "MEET", "127.0.0.1", &port, &bus_port]);
        }
        for node in &nodes {
            wait_until("the cluster is complete", || {
                let info: String = node.command(&["CLUSTER", "INFO"]);
                let is_complete = info.contains("cluster_state:ok")
                    && info.contains("cluster_known_nodes:3")
                    && info.contains("cluster_slots_ok:16384");
                is_complete.then_some(())
            });
        }
        Self(nodes)
    }

    fn settings(&self, entry: usize) -> RedisSettings {
        RedisSettings::new(self.0[entry].url()).cluster()
    }

    /// Begins to move a slot to another node.
    fn begin_move(&self, slot: u16, from: usize, to: usize) {
        let slot = slot.to_string();
        let [source, target] = [from, to].map(|node| self.identifier(node));
        self.0[to].command::<()>(&["CLUSTER", "SETSLOT", &slot, "IMPORTING", &source]);
        self.0[from].command::<()>(&["CLUSTER", "SETSLOT", &slot, "MIGRATING", &target]);
    }

    fn migrate(&self, keys: &[impl AsRef<str>], from: usize, to: usize) {
        let port = self.0[to].port.to_string();
        let mut words = vec!["MIGRATE", "127.0.0.1", &port, "", "0", "5000", "KEYS"];
        words.extend(keys.iter().map(AsRef::as_ref));
        self.0[from].command::<()>(&words);
    }

    fn end_move(&self, slot: u16, to: usize) {
        let (slot, target) = (slot.to_string(), self.identifier(to));
        for node in [to, (to + 1) % 3, (to + 2) % 3] {
            self.0[node].command::<()>(&["CLUSTER", "SETSLOT", &slot, "NODE", &target]);
        }
    }

    /// Waits until all nodes know the same slots and epochs. A node with an older view could undo the
    /// next move.
    fn wait_for_agreement(&self) {
        wait_until("the nodes agree", || {
            let [one, two, three] = self.0.each_ref().map(view);
            (one == two && two == three).then_some(())
        });
    }

    /// Returns the number of `MOVED` answers of each node.
    fn redirections(&self) -> [Option<String>; 3] {
        self.0.each_ref().map(|node| {
            let errors: String = node.command(&["INFO", "errorstats"]);
            errors.lines().find(|line| line.starts_with("errorstat_MOVED")).map(str::to_owned)
        })
    }

    fn identifier(&self, node: usize) -> String {
        self.0[node].command(&["CLUSTER", "MYID"])
    }
}

/// Returns the identifiers, the epochs and the slots of all nodes, as this node knows them.
fn view(node: &RedisServer) -> Vec<String> {
    let nodes: String = node.command(&["CLUSTER", "NODES"]);
    let mut view: Vec<_> = nodes
        .lines()
        .map(|line| {
            // A field in brackets is a move that has begun.
            let fields = line
                .split(' ')
                .enumerate()
                .filter(|(index, field)| matches!(index, 0 | 6 | 8..) && !field.starts_with('['));
            fields.map(|(_, field)| field).collect::<Vec<_>>().join(" ")
        })
        .collect();
    view.sort();
    view
}

async fn add(proofs: &RedisProofs, jti: &str) -> ProofUse {
    proofs.add(proof_id(&[0; 32], jti), MINUTE).await.unwrap()
}

#[tokio::test]
async fn the_log_is_found_through_any_node() {
    let cluster = Cluster::start();
    for entry in 0..3 {
        let log = cluster.settings(entry).open().unwrap().revocation_log();
        append(&log, &[&entry.to_string()]).await;
        assert_eq!(read(&log, None).await.records.len(), entry + 1);
        log.trim(axum_protected::revocation::LogPosition::new(1, 0)).await.unwrap();
    }
    assert_eq!(cluster.0[2].command::<u64>(&["XLEN", KEY]), 3);
    let settings = RedisSettings::new(format!("redis://127.0.0.1:{}", free_port())).cluster();
    let log = settings.url(cluster.0[0].url()).open().unwrap().revocation_log();
    assert_eq!(texts(&read(&log, None).await), ["0", "1", "2"]);
}

/// The commands without a key must go to the node that has the stream.
#[tokio::test]
async fn confirmations_and_lineage_are_those_of_the_node_with_the_stream() {
    let cluster = Cluster::start();
    let log = cluster.settings(0).replicas(1).open().unwrap().revocation_log();
    let error = append_error(&log, "a").await;
    let expected =
        format!("`127.0.0.1:{}` has the records, but 0 of 1 replicas", cluster.0[2].port);
    assert!(error.contains(&expected), "{error}");
    let log = cluster.settings(0).open().unwrap().revocation_log();
    let lineage = read(&log, None).await.state.lineage;
    let node = &cluster.0[2];
    assert_eq!(lineage, format!("{}:{}", node.info("master_replid"), node.info("run_id")));
}

#[tokio::test]
async fn the_log_follows_its_slot_to_another_node() {
    let cluster = Cluster::start();
    let log = cluster.settings(0).open().unwrap().revocation_log();
    append(&log, &["a"]).await;
    let before = read(&log, None).await;

    cluster.begin_move(SLOT, 2, 1);
    append(&log, &["b"]).await;
    cluster.migrate(&[KEY], 2, 1);
    assert!(read_error(&log).await.contains("ASK"));
    assert!(append_error(&log, "c").await.contains("ASK"));
    cluster.end_move(SLOT, 1);

    append(&log, &["d"]).await;
    let after = read(&log, before.state.last).await;
    assert_eq!(texts(&after), ["b", "d"]);
    assert_ne!(after.state.lineage, before.state.lineage);
    assert_eq!(cluster.0[1].command::<u64>(&["XLEN", KEY]), 3);
}

#[tokio::test]
async fn proofs_are_on_all_nodes_and_are_accepted_once() {
    let cluster = Cluster::start();
    let stores = [0, 1].map(|entry| cluster.settings(entry).open().unwrap().proofs());
    for number in 0..300 {
        let jti = number.to_string();
        assert_eq!(add(&stores[number % 2], &jti).await, ProofUse::First);
        assert_eq!(add(&stores[0], &jti).await, ProofUse::Repeated);
        assert_eq!(add(&stores[1], &jti).await, ProofUse::Repeated);
    }
    let counts = cluster.0.each_ref().map(|node| node.command::<u64>(&["DBSIZE"]));
    assert_eq!(counts.iter().sum::<u64>(), 300);
    assert!(counts.iter().all(|count| *count > 50), "{counts:?}");

    // The nodes of the slots are known now.
    let redirections = cluster.redirections();
    for number in 0..300 {
        assert_eq!(add(&stores[0], &number.to_string()).await, ProofUse::Repeated);
    }
    assert_eq!(cluster.redirections(), redirections);
}

#[tokio::test]
async fn proofs_follow_their_slot_to_another_node() {
    let cluster = Cluster::start();
    let rules = documented_rules();
    let rules: Vec<_> = rules.iter().map(String::as_str).collect();
    for node in &cluster.0 {
        let user = [&["ACL", "SETUSER", "items-api"], rules.as_slice(), &["+asking"]].concat();
        node.command::<()>(&user);
    }
    let settings = |entry| cluster.settings(entry).username("items-api").password(PASSWORD);
    let store = settings(0).open().unwrap().proofs();
    let key = |jti: &str| format!("axum-protected:proof:{}", proof_id(&[0; 32], jti));
    let slot: u16 = cluster.0[0].command(&["CLUSTER", "KEYSLOT", &key("a")]);
    let from = usize::from(slot / 5461).min(2);
    let to = (from + 1) % 3;
    assert_eq!(add(&store, "a").await, ProofUse::First);

    cluster.begin_move(slot, from, to);
    assert_eq!(add(&store, "a").await, ProofUse::Repeated);
    cluster.migrate(&[key("a")], from, to);
    assert_eq!(add(&store, "a").await, ProofUse::Repeated);
    cluster.end_move(slot, to);
    assert_eq!(add(&store, "a").await, ProofUse::Repeated);
    let fresh = settings(2).open().unwrap().proofs();
    assert_eq!(add(&fresh, "a").await, ProofUse::Repeated);
}

#[tokio::test]
async fn a_cluster_and_a_single_server_are_not_confused() {
    let cluster = Cluster::start();
    let single = RedisSettings::new(cluster.0[2].url()).open().unwrap();
    let error = read_error(&single.revocation_log()).await;
    assert!(error.ends_with("is a node of a cluster: set `cluster`"), "{error}");
    single.proofs().add(proof_id(&[0; 32], "a"), MINUTE).await.unwrap_err();

    let server = RedisServer::start();
    let settings = RedisSettings::new(server.url()).cluster();
    let error = read_error(&settings.open().unwrap().revocation_log()).await;
    assert!(error.ends_with("is not a node of a cluster: remove `cluster`"), "{error}");
}

/// The other nodes go on, and a new proof of the lost node's slots is an error.
#[tokio::test]
async fn a_lost_node_is_an_error_for_its_proofs_only() {
    let mut cluster = Cluster::start();
    for node in &cluster.0 {
        node.command::<()>(&["CONFIG", "SET", "cluster-require-full-coverage", "no"]);
    }
    let store = cluster.settings(0).open().unwrap().proofs();
    for number in 0..30 {
        add(&store, &number.to_string()).await;
    }
    cluster.0[1].kill();
    let mut errors = 0;
    for number in 0..30 {
        let proof = proof_id(&[0; 32], &number.to_string());
        match store.add(proof, MINUTE).await {
            Ok(proof_use) => assert_eq!(proof_use, ProofUse::Repeated),
            Err(_) => errors += 1,
        }
    }
    assert!((3..20).contains(&errors), "{errors}");
}

/// All proofs have one slot, which moves from node to node while two instances use them.
#[tokio::test(flavor = "multi_thread")]
async fn no_proof_is_accepted_twice_while_its_slot_is_moved() {
    let cluster = Arc::new(Cluster::start());
    let stores = [0, 1].map(|entry| {
        let settings = cluster.settings(entry).proof_prefix("{a}:");
        Arc::new(settings.open().unwrap().proofs())
    });
    let slot: u16 = cluster.0[0].command(&["CLUSTER", "KEYSLOT", "a"]);
    let moves = thread::spawn({
        let cluster = Arc::clone(&cluster);
        move || {
            cluster.wait_for_agreement();
            for from in (0..3).cycle().skip(usize::from(slot / 5461).min(2)).take(6) {
                let to = (from + 1) % 3;
                cluster.begin_move(slot, from, to);
                loop {
                    let words = ["CLUSTER", "GETKEYSINSLOT", &slot.to_string(), "1000"];
                    let keys: Vec<String> = cluster.0[from].command(&words);
                    if keys.is_empty() {
                        break;
                    }
                    cluster.migrate(&keys, from, to);
                }
                cluster.end_move(slot, to);
                cluster.wait_for_agreement();
            }
        }
    });
    let (mut accepted, mut round) = (Vec::new(), 0);
    while !moves.is_finished() {
        // The proofs of the last rounds are used again.
        let old = accepted.iter().rev().take(50).cloned().collect::<Vec<String>>();
        let names = (0..50).map(|number| format!("{round}-{number}"));
        let answers = use_everywhere(&stores, names.chain(old.clone())).await;
        assert!(answers.names().all(|name| !old.contains(name)), "{answers:?}");
        assert!(answers.accepted() > 0, "{answers:?}");
        accepted.extend(answers.names().cloned());
        round += 1;
    }
    moves.join().unwrap();
    let later = use_everywhere(&stores, accepted.into_iter()).await;
    assert_eq!((later.accepted(), later.errors.len()), (0, 0), "an accepted proof is remembered");
}

/// The node with the stream is found without a look at its records.
#[tokio::test]
async fn a_page_with_an_overlong_record_is_an_error() {
    let cluster = Cluster::start();
    let log = || cluster.settings(0).open().unwrap().revocation_log();
    super::long_records::check(&log(), |words| cluster.0[2].command(words)).await;
    let record = "x".repeat(33 * 1024 * 1024);
    cluster.0[2].command::<()>(&["XADD", KEY, "*", "r", &record]);
    append(&log(), &["d"]).await;
}
