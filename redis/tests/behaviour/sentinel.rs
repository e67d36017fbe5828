//! A primary that Sentinel names.

use std::fs;
use std::time::Duration;

use axum_protected::__testing::proof_id;
use axum_protected::dpop::{ProofUse, ReplayStore};
use axum_protected::revocation::{LogPage, RevocationLog};
use axum_protected_redis::{RedisLog, RedisSettings};
use tokio::time::Instant;

use super::server::{RedisServer, folder, free_port, wait_until};
use super::{append, read, read_error, texts};

const PASSWORD: &str = "data-s3cret";
const SENTINEL_PASSWORD: &str = "sentinel-s3cret";

/// A primary, a replica and one sentinel, each with a password.
struct Group {
    primary: RedisServer,
    replica: RedisServer,
    sentinel: RedisServer,
}

impl Group {
    fn start() -> Self {
        let options = ["--requirepass", PASSWORD, "--masterauth", PASSWORD];
        let primary = RedisServer::start_with(&options);
        let port = primary.port.to_string();
        let replica =
            RedisServer::start_with(&[&options[..], &["--replicaof", "127.0.0.1", &port]].concat());
        wait_until("the replica is connected", || {
            let info: String = replica.command_with_password(PASSWORD, &["INFO", "replication"]);
            info.contains("master_link_status:up").then_some(())
        });
        let group = Self { sentinel: start_sentinel(&primary), primary, replica };
        wait_until("the sentinel knows the replica", || {
            let replicas: Vec<redis::Value> = group.sentinel(&["SENTINEL", "REPLICAS", "main"]);
            (!replicas.is_empty()).then_some(())
        });
        group
    }

    fn sentinel<T: redis::FromRedisValue>(&self, words: &[&str]) -> T {
        self.sentinel.command_with_password(SENTINEL_PASSWORD, words)
    }

    fn try_sentinel(&self, words: &[&str]) -> redis::RedisResult<()> {
        self.sentinel.try_command_with_password(SENTINEL_PASSWORD, words)
    }

    fn settings(&self) -> RedisSettings {
        RedisSettings::new(self.sentinel.url())
            .sentinel("main")
            .password(PASSWORD)
            .sentinel_password(SENTINEL_PASSWORD)
    }
}

fn start_sentinel(primary: &RedisServer) -> RedisServer {
    let folder = folder();
    let configuration = format!(
        "sentinel monitor main 127.0.0.1 {} 1\n\
         sentinel auth-pass main {PASSWORD}\n\
         sentinel down-after-milliseconds main 500\n\
         sentinel failover-timeout main 5000\n\
         requirepass {SENTINEL_PASSWORD}\n",
        primary.port
    );
    fs::write(folder.join("sentinel.conf"), configuration).unwrap();
    RedisServer::start_in(&folder, &["sentinel.conf", "--sentinel"])
}

/// Reads until the log has another lineage.
async fn read_other_lineage(log: &RedisLog, lineage: &str) -> LogPage {
    let start = Instant::now();
    loop {
        match log.read(None, 100, Duration::from_millis(50)).await {
            Ok(page) if page.state.lineage != lineage => return page,
            _ => assert!(start.elapsed() < Duration::from_secs(30), "no failover"),
        }
    }
}

#[tokio::test]
async fn the_log_and_the_proofs_follow_a_failover() {
    let group = Group::start();
    let redis = group.settings().replicas(1).open().unwrap();
    let (log, proofs) = (redis.revocation_log(), redis.proofs());
    append(&log, &["a"]).await;
    let before = read(&log, None).await;
    let proof = proof_id(&[0; 32], "a");
    let minute = Duration::from_secs(60);
    assert_eq!(proofs.add(proof, minute).await.unwrap(), ProofUse::First);

    wait_until("the sentinel accepts the replica", || {
        group.try_sentinel(&["SENTINEL", "FAILOVER", "main"]).ok()
    });
    let after = read_other_lineage(&log, &before.state.lineage).await;
    assert_eq!(after.records, before.records);
    wait_until("the old primary replicates", || {
        let info: String = group.primary.command_with_password(PASSWORD, &["INFO", "replication"]);
        info.contains("master_link_status:up").then_some(())
    });
    append(&log, &["b"]).await;
    let count: u64 =
        group.replica.command_with_password(PASSWORD, &["XLEN", "axum-protected:revocations"]);
    assert_eq!(count, 2);
    assert_eq!(proofs.add(proof, minute).await.unwrap(), ProofUse::Repeated);
}

#[tokio::test]
async fn a_dead_primary_is_replaced() {
    let mut group = Group::start();
    let log = group.settings().open().unwrap().revocation_log();
    append(&log, &["a"]).await;
    let before = read(&log, None).await;
    wait_until("the replica has the record", || {
        let words = ["XLEN", "axum-protected:revocations"];
        let length: u64 = group.replica.command_with_password(PASSWORD, &words);
        (length == 1).then_some(())
    });
    group.primary.kill();
    read_error(&log).await;
    let after = read_other_lineage(&log, &before.state.lineage).await;
    assert_eq!(texts(&after), ["a"]);
    append(&log, &["b"]).await;
}

#[tokio::test]
async fn a_user_at_the_sentinel_needs_one_command() {
    let primary = RedisServer::start_with(&["--requirepass", PASSWORD]);
    let sentinel = start_sentinel(&primary);
    let rules = ["on", ">s", "+sentinel|get-master-addr-by-name"];
    let user = [&["ACL", "SETUSER", "items-api"], &rules[..]].concat();
    sentinel.command_with_password::<()>(SENTINEL_PASSWORD, &user);
    let settings = RedisSettings::new(sentinel.url()).sentinel("main").password(PASSWORD);
    let settings = settings.sentinel_username("items-api").sentinel_password("s");
    append(&settings.open().unwrap().revocation_log(), &["a"]).await;
}

/// The sentinel has not heard yet that its primary became a replica.
#[tokio::test]
async fn a_server_that_a_sentinel_wrongly_names_is_refused() {
    let primary = RedisServer::start_with(&["--requirepass", PASSWORD]);
    let sentinel = start_sentinel(&primary);
    let other = RedisServer::start();
    let port = other.port.to_string();
    primary.command_with_password::<()>(PASSWORD, &["REPLICAOF", "127.0.0.1", &port]);
    let settings = RedisSettings::new(sentinel.url()).sentinel("main").password(PASSWORD);
    let log = settings.sentinel_password(SENTINEL_PASSWORD).open().unwrap().revocation_log();
    assert!(read_error(&log).await.contains("is a replica"));
}

#[tokio::test]
async fn one_sentinel_that_answers_is_enough() {
    let primary = RedisServer::start_with(&["--requirepass", PASSWORD]);
    let sentinel = start_sentinel(&primary);
    let silent = super::faults::answering(b"").await;
    let settings = RedisSettings::new(format!("redis://127.0.0.1:{}", free_port()))
        .url(silent)
        .url(sentinel.url())
        .sentinel("main")
        .password(PASSWORD)
        .sentinel_password(SENTINEL_PASSWORD);
    let log = settings.open().unwrap().revocation_log();
    let start = Instant::now();
    append(&log, &["a"]).await;
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

#[tokio::test]
async fn the_error_names_all_sentinels() {
    let ports = [free_port(), free_port()];
    let [one, other] = ports.map(|port| format!("redis://127.0.0.1:{port}"));
    let log = RedisSettings::new(one).url(other).sentinel("main").open().unwrap().revocation_log();
    let error = read_error(&log).await;
    assert!(ports.iter().all(|port| error.contains(&port.to_string())), "{error}");
}

#[tokio::test]
async fn wrong_settings_of_a_sentinel_are_errors_without_passwords() {
    let primary = RedisServer::start_with(&["--requirepass", PASSWORD]);
    let sentinel = start_sentinel(&primary);
    let settings = |name: &str| RedisSettings::new(sentinel.url()).sentinel(name);
    let cases = [
        (
            settings("other").password(PASSWORD).sentinel_password(SENTINEL_PASSWORD),
            "is a sentinel that does not know the primary `other`",
        ),
        (settings("main").password(PASSWORD), "NOAUTH"),
        (settings("main").password(PASSWORD).sentinel_password("wr0ng"), "WRONGPASS"),
        (settings("main").password("wr0ng").sentinel_password(SENTINEL_PASSWORD), "WRONGPASS"),
        (
            RedisSettings::new(primary.url())
                .sentinel("main")
                .password(PASSWORD)
                .sentinel_password(PASSWORD),
            "is not a sentinel",
        ),
    ];
    for (settings, expected) in cases {
        let error = read_error(&settings.open().unwrap().revocation_log()).await;
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains("s3cret") && !error.contains("wr0ng"), "{error}");
    }
}

#[tokio::test]
async fn a_page_with_an_overlong_record_is_an_error() {
    let group = Group::start();
    let log = group.settings().open().unwrap().revocation_log();
    super::long_records::check(&log, |words| group.primary.command_with_password(PASSWORD, words))
        .await;
}
