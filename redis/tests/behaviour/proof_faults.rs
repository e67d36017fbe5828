//! Proofs that are used at two instances while connections and servers fail. An instance may fail to
//! judge a proof, but two must not accept it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use axum_protected::__testing::proof_id;
use axum_protected::dpop::{ProofUse, ReplayStore};
use axum_protected_redis::{RedisProofs, RedisSettings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::server::{RedisServer, wait_until};

const MINUTE: Duration = Duration::from_secs(60);

/// Number of uses of a proof that are under way at the same time.
const TOGETHER: usize = 32;

/// The answers to the uses of many proofs.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// Number of acceptances by the name of the proof.
    accepted: HashMap<String, usize>,
    pub(crate) repeated: usize,
    pub(crate) errors: Vec<String>,
}

impl Answers {
    /// Returns the number of accepted proofs. Each of them must have been accepted once.
    pub(crate) fn accepted(&self) -> usize {
        let twice: Vec<_> = self.accepted.iter().filter(|(_, count)| **count > 1).collect();
        assert!(twice.is_empty(), "accepted more than once: {twice:?}");
        self.accepted.len()
    }

    /// Returns the names of the accepted proofs.
    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        self.accepted.keys()
    }

    fn count(&mut self, name: String, answer: Result<ProofUse, String>) {
        match answer {
            Ok(ProofUse::First) => *self.accepted.entry(name).or_default() += 1,
            Ok(_) => self.repeated += 1,
            Err(error) => self.errors.push(error),
        }
    }
}

/// Uses each proof twice at each store, together.
pub(crate) async fn use_everywhere(
    stores: &[Arc<RedisProofs>],
    names: impl Iterator<Item = String>,
) -> Answers {
    let (mut answers, mut tasks) = (Answers::default(), JoinSet::new());
    for name in names {
        for store in stores.iter().chain(stores) {
            let (store, name) = (Arc::clone(store), name.clone());
            tasks.spawn(async move {
                let answer = store.add(proof_id(&[7; 32], &name), MINUTE).await;
                (name, answer.map_err(|error| error.to_string()))
            });
        }
        while tasks.len() >= TOGETHER {
            let (name, answer) = tasks.join_next().await.unwrap().unwrap();
            answers.count(name, answer);
        }
    }
    for (name, answer) in tasks.join_all().await {
        answers.count(name, answer);
    }
    answers
}

fn numbered(prefix: &str, count: usize) -> impl Iterator<Item = String> {
    (0..count).map(move |number| format!("{prefix}{number}"))
}

fn store(settings: RedisSettings) -> Arc<RedisProofs> {
    Arc::new(settings.open().unwrap().proofs())
}

/// Starts a proxy that often cuts a connection: before a request, within it, before its answer, and
/// within the answer.
async fn cutting_proxy(port: u16, chunks: Arc<AtomicUsize>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            tokio::spawn(forward(client, server, Arc::clone(&chunks)));
        }
    });
    url
}

async fn forward(mut client: TcpStream, mut server: TcpStream, chunks: Arc<AtomicUsize>) {
    let (mut request, mut answer) = (vec![0; 65536], vec![0; 65536]);
    while let Ok(length @ 1..) = client.read(&mut request).await {
        let number = chunks.fetch_add(1, Ordering::SeqCst);
        let fate = if number.is_multiple_of(5) { number / 5 % 4 } else { 4 };
        let sent = [0, length / 2, length, length, length][fate];
        server.write_all(&request[..sent]).await.unwrap();
        if sent < length {
            return;
        }
        let answered = server.read(&mut answer).await.unwrap();
        let returned = [0, 0, 0, answered / 2, answered][fate];
        if client.write_all(&answer[..returned]).await.is_err() || returned < answered {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_proof_is_accepted_twice_over_connections_that_are_cut() {
    let server = RedisServer::start();
    let chunks = Arc::new(AtomicUsize::new(0));
    let mut stores = Vec::new();
    for _ in 0..2 {
        let url = cutting_proxy(server.port, Arc::clone(&chunks)).await;
        stores.push(store(RedisSettings::new(url)));
    }
    let answers = use_everywhere(&stores, numbered("cut", 500)).await;
    assert!(answers.accepted() > 100 && answers.errors.len() > 50, "{}", answers.accepted());
    let stores = [store(RedisSettings::new(server.url()))];
    let later = use_everywhere(&stores, answers.accepted.keys().cloned()).await;
    assert_eq!((later.accepted(), later.errors.len()), (0, 0), "an accepted proof is remembered");
}

/// The answers that come after the time limit belong to calls that have ended.
#[tokio::test(flavor = "multi_thread")]
async fn a_late_answer_is_not_the_answer_for_another_proof() {
    let server = Arc::new(RedisServer::start());
    let stores = [(); 2].map(|()| {
        store(RedisSettings::new(server.url()).response_timeout(Duration::from_millis(300)))
    });
    let used = use_everywhere(&stores, numbered("used", 100)).await;
    assert_eq!(used.accepted(), 100);
    let pauses = thread::spawn({
        let server = Arc::clone(&server);
        move || {
            for milliseconds in [250, 290, 310, 350, 700] {
                server.signal("-STOP");
                thread::sleep(Duration::from_millis(milliseconds));
                server.signal("-CONT");
                thread::sleep(Duration::from_millis(150));
            }
        }
    });
    let (mut errors, mut accepted, mut round) = (0, 0, 0);
    while !pauses.is_finished() {
        let names =
            (0..100).flat_map(|number| [format!("used{number}"), format!("{round}-{number}")]);
        let answers = use_everywhere(&stores, names).await;
        answers.accepted();
        assert!(!answers.accepted.keys().any(|name| name.starts_with("used")), "{answers:?}");
        errors += answers.errors.len();
        accepted += answers.accepted.len();
        round += 1;
    }
    pauses.join().unwrap();
    assert!(errors > 50 && accepted > 100, "{errors} errors, {accepted} accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_memory_accepts_no_proof_and_keeps_the_used_ones() {
    let server = RedisServer::start_with(&["--maxmemory-policy", "noeviction"]);
    let stores = [(); 2].map(|()| store(RedisSettings::new(server.url())));
    assert_eq!(use_everywhere(&stores, numbered("used", 100)).await.accepted(), 100);
    server.command::<()>(&["CONFIG", "SET", "maxmemory", "1"]);
    let names = numbered("used", 100).chain(numbered("new", 100));
    let full = use_everywhere(&stores, names).await;
    assert_eq!(full.accepted(), 0);
    assert!(full.errors.iter().all(|error| error.contains("OOM")), "{:?}", full.errors.first());
    server.command::<()>(&["CONFIG", "SET", "maxmemory", "0"]);
    let names = numbered("used", 100).chain(numbered("new", 100));
    let answers = use_everywhere(&stores, names).await;
    assert_eq!((answers.accepted(), answers.repeated, answers.errors.len()), (100, 700, 0));
}

/// The instances hear of the new primary at different times.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_primary_that_became_a_replica_accepts_nothing() {
    let primary = RedisServer::start();
    let replica = primary.start_replica(&[]);
    let old = store(RedisSettings::new(primary.url()));
    assert_eq!(use_everywhere(&[Arc::clone(&old)], numbered("used", 50)).await.accepted(), 50);
    wait_until("the replica has the proofs", || {
        (replica.command::<u64>(&["DBSIZE"]) == 50).then_some(())
    });
    replica.command::<()>(&["REPLICAOF", "NO", "ONE"]);
    primary.command::<()>(&["REPLICAOF", "127.0.0.1", &replica.port.to_string()]);
    let new = store(RedisSettings::new(replica.url()));
    let names = numbered("used", 50).chain(numbered("new", 50));
    let answers = use_everywhere(&[old, new], names).await;
    assert_eq!((answers.accepted(), answers.repeated), (50, 150), "{:?}", answers.errors);
    assert_eq!(answers.errors.len(), 200, "{:?}", answers.errors.first());
}

#[tokio::test]
async fn any_prefix_separates_its_proofs_from_others() {
    let server = RedisServer::start();
    let long = "x".repeat(512);
    let prefixes =
        ["\r\n", "\0", "é ☃ ", "*", "{", "}{}", "{a}", "$-1\r\n+OK\r\n", "%s\\x00", &long];
    for prefix in prefixes {
        let settings = || store(RedisSettings::new(server.url()).proof_prefix(prefix));
        let answers = use_everywhere(&[settings(), settings()], numbered("a", 20)).await;
        assert_eq!((answers.accepted(), answers.repeated), (20, 60), "{answers:?}");
    }
    assert_eq!(server.command::<usize>(&["DBSIZE"]), 20 * prefixes.len());
}

/// Redis executes what it has received before it was killed, or does not. It keeps what its file has.
#[tokio::test(flavor = "multi_thread")]
async fn no_proof_is_accepted_twice_while_a_server_with_its_file_is_killed() {
    let mut server = RedisServer::start_with(&["--appendonly", "yes", "--appendfsync", "always"]);
    let stores = [(); 2].map(|()| store(RedisSettings::new(server.url())));
    let start = Instant::now();
    let using = tokio::spawn({
        let stores = stores.clone();
        async move {
            let (mut accepted, mut errors, mut round) = (Vec::new(), 0, 0);
            while start.elapsed() < Duration::from_secs(3) {
                let answers = use_everywhere(&stores, numbered(&format!("{round}-"), 50)).await;
                answers.accepted();
                errors += answers.errors.len();
                accepted.extend(answers.accepted.into_keys());
                round += 1;
            }
            (accepted, errors)
        }
    });
    let server = tokio::task::spawn_blocking(move || {
        for _ in 0..3 {
            thread::sleep(Duration::from_millis(500));
            server.kill();
            server.start_again();
        }
        server
    });
    let (_server, (accepted, errors)) = (server.await.unwrap(), using.await.unwrap());
    assert!(accepted.len() > 100 && errors > 0, "{} accepted, {errors} errors", accepted.len());
    let later = use_everywhere(&stores, accepted.into_iter()).await;
    assert_eq!((later.accepted(), later.errors.len()), (0, 0), "an accepted proof is remembered");
}
