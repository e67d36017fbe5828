//! Tests keys in a file: a JWK set or a public key in PEM.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum_protected::{Issuer, ResourceServer};
use axum_protected_testing::{SigningKeys, TokenBuilder};
use axum_protected_tests::{AUDIENCE, Log, bounded, fresh_key, trusting};
use serde_json::{Value, json};

use super::directory::Directory;
use super::spki::pem;
use super::{ISSUER, build, code, problems, signed_by};

const NOT_FETCHED: &str = "axum_protected.keys.not_fetched";

fn issuer(directory: &Directory) -> Issuer {
    Issuer::new(ISSUER).jwks_file(directory.at("keys"))
}

fn jwks(keys: &SigningKeys) -> String {
    keys.jwks().to_string()
}

async fn advance(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// Advances the clock in steps of ten seconds until the condition is true. The server looks at the
/// file once in each step.
async fn pass_until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    bounded(what, async {
        while !condition().await {
            advance(Duration::from_secs(10)).await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

/// Waits until the last look at the file failed, and returns the error.
async fn last_error(server: &ResourceServer) -> String {
    pass_until("an error", async || server.health().issuers[0].last_error.is_some()).await;
    server.health().issuers[0].last_error.clone().unwrap()
}

async fn no_error(server: &ResourceServer) {
    pass_until("no error", async || server.health().issuers[0].last_error.is_none()).await;
}

#[tokio::test]
async fn keys_of_a_file_are_ready_when_the_server_is_built() {
    let key = fresh_key();
    for content in [jwks(&key), format!(" \n{}", jwks(&key)), pem(&key, 0)] {
        let directory = Directory::new();
        directory.write("keys", content);
        let server = build(issuer(&directory)).unwrap();
        assert!(server.health().ready);
        assert_eq!(code(&server, signed_by(&key)).await, "ok");
        assert_ne!(code(&server, signed_by(&fresh_key())).await, "ok");
    }
}

/// The token of the new key shows that the file may have changed.
#[tokio::test]
async fn an_unknown_key_causes_a_look_at_the_file() {
    for content in [jwks as fn(&SigningKeys) -> String, |keys| pem(keys, 0)] {
        let (old, new) = (fresh_key(), fresh_key());
        let directory = Directory::new();
        directory.write("keys", content(&old));
        let server = build(issuer(&directory)).unwrap();
        assert_eq!(code(&server, signed_by(&old)).await, "ok");
        directory.replace("keys", content(&new));
        assert_eq!(code(&server, signed_by(&new)).await, "ok");
        assert_ne!(code(&server, signed_by(&old)).await, "ok");
    }
}

/// No request shows that the old key was withdrawn, so the server must read the file without a
/// request.
#[tokio::test]
async fn a_withdrawn_key_is_refused_within_ten_seconds() {
    let (old, new) = (fresh_key(), fresh_key());
    let directory = Directory::new();
    directory.write("keys", jwks(&old));
    let changes = Arc::new(Mutex::new(Vec::new()));
    let server = trusting(issuer(&directory))
        .on_keys_changed({
            let changes = Arc::clone(&changes);
            move |change| changes.lock().unwrap().push((change.added.len(), change.removed.len()))
        })
        .build()
        .unwrap();
    let token = signed_by(&old);
    assert_eq!(code(&server, token.clone()).await, "ok");
    // The look at the start has ended when an unknown key was searched for.
    assert_eq!(code(&server, signed_by(&new)).await, "unknown_key");
    directory.replace("keys", jwks(&new));
    assert_eq!(code(&server, token.clone()).await, "ok");
    advance(Duration::from_secs(10)).await;
    let refused = async {
        while code(&server, token.clone()).await == "ok" {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    bounded("the withdrawal", refused).await;
    let callback = async {
        while changes.lock().unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    bounded("the callback", callback).await;
    assert_eq!(*changes.lock().unwrap(), [(1, 1)]);
}

/// An outage of the network ends the use of keys after ten hours. A file has no such end: if
/// somebody removes a file by mistake, the API must continue to work.
#[tokio::test]
async fn keys_of_a_file_that_vanished_or_broke_remain_in_use() {
    let key = fresh_key();
    let contents: [&[u8]; 5] =
        [b"", b"{\"keys\":[", b"{\"keys\":[]}", b"text", &vec![b'{'; 600 * 1024]];
    let directory = Directory::new();
    directory.write("keys", jwks(&key));
    let (log, _guard) = Log::open();
    let server = build(issuer(&directory)).unwrap();
    let path = directory.at("keys").display().to_string();
    directory.remove("keys");
    let error = last_error(&server).await;
    assert!(error.contains(&path) && error.contains("No such file"), "{error}");
    let mut before = Some(error);
    for content in contents {
        directory.replace("keys", content);
        let error = || server.health().issuers[0].last_error.clone();
        pass_until("another error", async || error() != before).await;
        before = error();
    }
    advance(Duration::from_hours(50)).await;
    assert_eq!(code(&server, signed_by(&key)).await, "ok");
    assert!(server.health().ready);
    assert_eq!(server.health().issuers[0].usable_for, None);
    directory.replace("keys", jwks(&key));
    no_error(&server).await;
    assert_eq!(code(&server, signed_by(&key)).await, "ok");
    let warnings = log.take().into_iter().filter(|entry| entry.name == NOT_FETCHED).count();
    assert_eq!(warnings, 6);
}

/// The server looks at the file every ten seconds, and must not fill the log.
#[tokio::test]
async fn each_error_of_a_file_is_logged_once() {
    let key = fresh_key();
    let directory = Directory::new();
    directory.write("keys", jwks(&key));
    let (log, _guard) = Log::open();
    let server = build(issuer(&directory)).unwrap();
    let mut logged = 0;
    for round in 0..2 {
        directory.remove("keys");
        last_error(&server).await;
        for number in 0..20 {
            advance(Duration::from_secs(10)).await;
            // The answer of this call comes after a look at the file.
            let unknown = signed_by(&key).header("kid", format!("{round}-{number}"));
            assert_eq!(code(&server, unknown).await, "unknown_key");
        }
        logged += log.take().iter().filter(|entry| entry.name == NOT_FETCHED).count();
        assert_eq!(logged, round + 1);
        directory.write("keys", jwks(&key));
        no_error(&server).await;
    }
}

/// Kubernetes mounts a secret as a link to a link and replaces the inner link.
#[cfg(unix)]
#[tokio::test]
async fn a_replaced_link_is_followed() {
    use std::fs;
    use std::os::unix::fs::symlink;

    let (old, new) = (fresh_key(), fresh_key());
    let directory = Directory::new();
    for (version, keys) in [("v1", &old), ("v2", &new)] {
        fs::create_dir(directory.at(version)).unwrap();
        directory.write(&format!("{version}/keys"), jwks(keys));
    }
    symlink("v1", directory.at("data")).unwrap();
    symlink("data/keys", directory.at("keys")).unwrap();
    let server = build(issuer(&directory)).unwrap();
    assert_eq!(code(&server, signed_by(&old)).await, "ok");
    symlink("v2", directory.at("data.new")).unwrap();
    fs::rename(directory.at("data.new"), directory.at("data")).unwrap();
    fs::remove_dir_all(directory.at("v1")).unwrap();
    assert_eq!(code(&server, signed_by(&new)).await, "ok");
    assert_eq!(code(&server, signed_by(&old)).await, "unknown_key");
}

/// The runtime on which a server was built may end, for example in a program that builds it before
/// it starts its own runtime. The next look at the file is then made on another runtime.
#[test]
fn the_file_is_read_on_the_next_runtime() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (one, other) = (fresh_key(), fresh_key());
    let directory = Directory::new();
    directory.write("keys", jwks(&one));
    let server = runtime().block_on(async {
        let server = build(issuer(&directory)).unwrap();
        directory.replace("keys", jwks(&other));
        assert_eq!(code(&server, signed_by(&other)).await, "ok");
        server
    });
    directory.replace("keys", jwks(&one));
    runtime().block_on(async {
        assert_eq!(code(&server, signed_by(&one)).await, "ok");
        assert_eq!(code(&server, signed_by(&other)).await, "unknown_key");
    });
}

#[tokio::test]
async fn a_reload_reads_the_file() {
    let (old, new) = (fresh_key(), fresh_key());
    let directory = Directory::new();
    directory.write("keys", jwks(&old));
    let server = build(issuer(&directory)).unwrap();
    assert_eq!(code(&server, signed_by(&old)).await, "ok");
    directory.replace("keys", jwks(&new));
    server.reload_keys().await.unwrap();
    assert_eq!(code(&server, signed_by(&old)).await, "unknown_key");
    directory.remove("keys");
    advance(Duration::from_secs(10)).await;
    let error = server.reload_keys().await.unwrap_err().to_string();
    assert!(error.contains("No such file"), "{error}");
}

/// A program that cannot read its keys should not start.
#[test]
fn a_file_that_cannot_be_used_is_a_problem_of_the_configuration() {
    let directory = Directory::new();
    let key = fresh_key();
    let missing = problems(issuer(&directory));
    assert!(missing.contains("`jwks_file`") && missing.contains("No such file"), "{missing}");
    let single_key = key.jwks()["keys"][0].to_string();
    let private = "-----BEGIN EC PRIVATE KEY-----\nc2VjcmV0\n-----END EC PRIVATE KEY-----\n";
    let cases: [(&[u8], &str); 13] = [
        (b"", "neither a JWK set nor a public key"),
        (b"\xFF\xFE{", "it is not UTF-8"),
        (b"\xEF\xBB\xBF{\"keys\":[]}", "it begins with a byte order mark"),
        (b"secret", "neither a JWK set nor a public key"),
        (b"{\"keys\":[}", "not a JWK set: it is not valid JSON"),
        (b"{\"keys\":{}}", "not a JWK set: its `keys` is not an array"),
        (b"{\"keys\":[],\"keys\":[]}", "not a JWK set: it has the member `keys` twice"),
        (b"{}", "not a JWK set: it has no member `keys`"),
        (single_key.as_bytes(), "a single JWK: write it as `{\"keys\": [...]}`"),
        (b"{\"keys\":[]}", "no usable key"),
        (b"{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}", "a symmetric key must not be"),
        (private.as_bytes(), "-pubout"),
        (&vec![b' '; 600 * 1024], "longer than 512 KiB"),
    ];
    for (content, expected) in cases {
        directory.write("keys", content);
        let problems = problems(issuer(&directory));
        assert!(problems.contains(expected), "{problems}");
        assert!(!problems.contains("c2VjcmV0"), "{problems}");
    }
    let other = Issuer::new(ISSUER).jwks_file(AsRef::<std::path::Path>::as_ref(&directory));
    assert!(problems(other).contains("not a regular file"));
    let endless = Issuer::new(ISSUER).jwks_file("/dev/zero");
    assert!(problems(endless).contains("not a regular file"));
    let both = issuer(&directory).jwks(json!({}));
    assert!(problems(both).contains("both `jwks` and `jwks_file`"));
}

/// A file is often a copy of what the issuer publishes, with keys for other purposes.
#[tokio::test]
async fn unusable_keys_of_a_file_are_skipped_with_a_warning() {
    let (log, _guard) = Log::open();
    let key = fresh_key();
    let mut set = key.jwks();
    let odd = json!({ "kty": "AKP", "kid": "future" });
    let members: &mut Vec<Value> = set["keys"].as_array_mut().unwrap();
    members.extend([odd, json!({ "use": "enc" })]);
    let directory = Directory::new();
    directory.write("keys", set.to_string());
    let server = build(issuer(&directory)).unwrap();
    assert_eq!(code(&server, signed_by(&key)).await, "ok");
    let unknown: TokenBuilder = TokenBuilder::new(&fresh_key(), ISSUER, AUDIENCE);
    assert_eq!(code(&server, unknown).await, "unknown_key");
    let entries = log.take();
    let kids: Vec<_> = entries.iter().filter_map(|entry| entry.get("kid")).collect();
    assert_eq!(kids, ["future"]);
}
