//! Users, passwords and the commands that a user needs.

use std::fs;
use std::time::Duration;

use axum_protected::__testing::proof_id;
use axum_protected::dpop::{ProofUse, ReplayStore};
use axum_protected::revocation::{LogPosition, RevocationLog};
use axum_protected_redis::{Redis, RedisSettings};

use super::server::{RedisServer, folder};
use super::{append, append_error, log, read, read_error, texts};

pub(crate) const PASSWORD: &str = "corr3ct-h0rse";

/// The rules of the user in the documentation of the crate.
pub(crate) fn documented_rules() -> Vec<String> {
    let documentation = include_str!("../../src/lib.rs");
    let (_, rules) = documentation.split_once("ACL SETUSER items-api ").expect("the rules");
    let (line, _) = rules.split_once('\n').unwrap();
    line.split(' ').map(|rule| rule.replace("PASSWORD", PASSWORD)).collect()
}

/// Uses everything. Returns the first error.
async fn use_all(redis: &Redis, jti: &str) -> Result<(), String> {
    let log = redis.revocation_log();
    log.append(vec!["a".to_owned()]).await.map_err(|error| error.to_string())?;
    log.read(None, 10, Duration::ZERO).await.map_err(|error| error.to_string())?;
    log.trim(LogPosition::new(1, 0)).await.map_err(|error| error.to_string())?;
    let proof = redis.proofs().add(proof_id(&[0; 32], jti), Duration::from_secs(60)).await;
    assert_eq!(proof.map_err(|error| error.to_string())?, ProofUse::First);
    Ok(())
}

#[tokio::test]
async fn the_documented_user_may_do_what_is_needed_and_nothing_else() {
    let primary = RedisServer::start();
    let _replica = primary.start_replica(&[]);
    let rules = documented_rules();
    let set_user = |rules: &[&str]| {
        primary.command::<()>(&[&["ACL", "SETUSER", "items-api"], rules].concat());
    };
    let words: Vec<_> = rules.iter().map(String::as_str).collect();
    set_user(&words);
    let settings =
        RedisSettings::new(primary.url()).username("items-api").password(PASSWORD).replicas(1);
    use_all(&settings.clone().open().unwrap(), "complete").await.unwrap();

    let commands: Vec<_> = words.iter().filter_map(|rule| rule.strip_prefix('+')).collect();
    assert!(commands.len() > 5, "{commands:?}");
    for command in commands {
        set_user(&[&format!("-{command}")]);
        let error = use_all(&settings.clone().open().unwrap(), command).await.unwrap_err();
        assert!(error.contains("NOPERM"), "{command}: {error}");
        set_user(&[&format!("+{command}")]);
    }

    let other = settings.clone().stream("other").open().unwrap();
    let error = use_all(&other, "other").await.unwrap_err();
    assert!(error.contains("NOPERM"), "{error}");
}

#[tokio::test]
async fn a_wrong_password_is_an_error_without_the_password() {
    let server = RedisServer::start_with(&["--requirepass", PASSWORD]);
    let url = |user: &str| format!("redis://{user}127.0.0.1:{}", server.port);
    let right = log(&url(&format!(":{PASSWORD}@")));
    append(&right, &["a"]).await;
    let named = log(&url(&format!("default:{PASSWORD}@")));
    assert_eq!(texts(&read(&named, None).await), ["a"]);

    for (user, expected) in [
        ("", "answered with the error `NOAUTH: Authentication required.`"),
        (":wr0ng@", "answered with the error `WRONGPASS: invalid username-password pair"),
        ("somebody:wr0ng@", "answered with the error `WRONGPASS: invalid username-password pair"),
    ] {
        let log = log(&url(user));
        for error in [read_error(&log).await, append_error(&log, "a").await] {
            let expected = format!("the Redis server `127.0.0.1:{}` {expected}", server.port);
            assert!(error.starts_with(&expected), "{error}");
            assert!(!error.contains("wr0ng"), "{error}");
        }
        assert!(!format!("{log:?}").contains("wr0ng"));
    }
}

#[tokio::test]
async fn a_password_that_the_server_does_not_want_is_an_error() {
    let server = RedisServer::start();
    let log = log(&format!("redis://user:s3cret@127.0.0.1:{}", server.port));
    let error = read_error(&log).await;
    assert!(error.contains("WRONGPASS") && !error.contains("s3cret"), "{error}");
}

#[tokio::test]
async fn a_password_file_is_read_for_each_connection() {
    let server = RedisServer::start_with(&["--requirepass", PASSWORD]);
    let folder = folder();
    let file = folder.join("password");
    fs::write(&file, "old\n").unwrap();
    let settings = RedisSettings::new(server.url()).password_file(&file);
    let log = settings.open().unwrap().revocation_log();
    assert!(read_error(&log).await.contains("WRONGPASS"));

    fs::write(&file, format!("{PASSWORD}\n")).unwrap();
    append(&log, &["a"]).await;
    assert_eq!(texts(&read(&log, None).await), ["a"]);

    // The open connections stay open, and a new one needs the file.
    fs::remove_file(&file).unwrap();
    assert_eq!(texts(&read(&log, None).await), ["a"]);
    server.command_with_password::<()>(PASSWORD, &["CLIENT", "KILL", "TYPE", "normal"]);
    let error = read_error(&log).await;
    assert!(error.contains("needs a password, and the file cannot be read"), "{error}");
    fs::remove_dir_all(folder).unwrap();
}
