//! Tests of servers without a tokio runtime, with several runtimes, and of the end of a server.

use std::time::Duration;

use axum_protected::ResourceServer;
use axum_protected::clock::{Clock, SystemClock};
use axum_protected::revocation::{Revocation, RevocationError};
use axum_protected_testing::TokenBuilder;
use axum_protected_tests::token;
use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

use super::log::{LinkedLog, SharedLog};
use super::{ISSUER, SECOND, builder, lenient_server, refuse};

fn single_threaded() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// The clock of a server on real time.
fn real(linked: LinkedLog) -> ResourceServer {
    builder(linked, refuse).clock(SystemClock).build().unwrap()
}

fn good() -> TokenBuilder {
    token(ISSUER).claim("jti", "j1")
}

async fn revoke(server: &ResourceServer, jti: &str) -> Result<(), RevocationError> {
    let until = SystemClock.now() + Duration::from_secs(3600);
    server.revocations().revoke(Revocation::token(ISSUER, jti), until).await
}

/// Waits until the server answers a token with this code.
async fn wait_for(server: &ResourceServer, jti: &str, expected: &str) {
    let waiting = async {
        while super::code(server, good().claim("jti", jti)).await != expected {
            sleep(Duration::from_millis(10)).await;
        }
    };
    axum_protected_tests::bounded(expected, waiting).await;
}

#[test]
fn a_server_that_was_built_without_a_runtime_follows_from_its_first_use() {
    let log = SharedLog::new(1);
    let (server, other) = (real(log.connect()), real(log.connect()));
    assert!(!server.health().revocation_feed.unwrap().up_to_date);
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        wait_for(&server, "j1", "ok").await;
        wait_for(&other, "j1", "ok").await;
        revoke(&other, "j1").await.unwrap();
        wait_for(&server, "j1", "revoked_token").await;
    });
}

#[test]
fn without_a_runtime_a_revocation_is_local_and_shared_later() {
    let log = SharedLog::new(1);
    let server = real(log.connect());
    let until = SystemClock.now() + Duration::from_secs(3600);
    let revoking = server.revocations().revoke(Revocation::token(ISSUER, "j1"), until);
    let result = futures_util::FutureExt::now_or_never(revoking).unwrap();
    assert!(matches!(result, Err(RevocationError::LocalOnly(_))), "{result:?}");
    let runtime = single_threaded();
    runtime.block_on(async {
        wait_for(&server, "j2", "ok").await;
        let other = real(log.connect());
        wait_for(&other, "j1", "revoked_token").await;
    });
}

#[test]
fn a_server_outlives_the_runtime_that_it_was_first_used_on() {
    let log = SharedLog::new(1);
    let server = real(log.connect());
    for number in 0..3 {
        let runtime = single_threaded();
        runtime.block_on(async {
            wait_for(&server, "other", "ok").await;
            let other = real(log.connect());
            let jti = format!("j-{number}");
            revoke(&server, &jti).await.unwrap();
            wait_for(&other, &jti, "revoked_token").await;
        });
    }
}

#[tokio::test(start_paused = true)]
async fn the_tasks_of_a_server_end_with_its_last_clone() {
    let log = SharedLog::new(1);
    let linked = log.connect();
    let link = linked.link();
    let server = lenient_server(linked);
    let (clone, revocations) = (server.clone(), server.revocations().clone());
    drop(server);
    sleep(SECOND).await;
    assert!(log.calls(link) > 0);
    drop(clone);
    drop(revocations);
    sleep(Duration::from_millis(1)).await;
    assert_eq!(log.calls(link), 0);
}
