//! Tests one server that several tokio runtimes share, as in a program with one runtime per core.

use std::time::Duration;

use axum_protected_tests::issuer::{JWKS, Manner, OAUTH, OPENID};
use axum_protected_tests::{Reply, ScriptedIssuer, fresh_key, keys, trusting};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

use super::{code, signed_by, wait_for_code};

pub(super) fn single_threaded() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

pub(super) fn background() -> Runtime {
    Builder::new_multi_thread().enable_all().build().unwrap()
}

/// The test builds the server outside of a runtime and then uses it on several runtimes, one after
/// another.
#[test]
fn a_server_outlives_the_runtime_it_was_first_used_on() {
    let background = background();
    let issuer = background.block_on(ScriptedIssuer::start());
    let server = trusting(issuer.url()).build().unwrap();
    assert_eq!(issuer.connections(), 0);
    assert_eq!(single_threaded().block_on(code(&server, issuer.token())), "ok");
    assert_eq!(issuer.count(JWKS), 1);
    let new = fresh_key();
    issuer.set(JWKS, Reply::keys(&new));
    let second = single_threaded();
    assert_eq!(second.block_on(code(&server, issuer.token())), "ok");
    assert_eq!(second.block_on(code(&server, signed_by(&new, &issuer))), "ok");
    drop(second);
    assert_eq!(single_threaded().block_on(code(&server, signed_by(&new, &issuer))), "ok");
}

/// The fetch consists of two HTTP exchanges of 2.8 s each. After 2 s the server also asks the
/// second location of the metadata, but uses the first one, which answers in time. The fetch takes
/// longer than a request waits, but each exchange stays within its own timeout. A request that
/// times out does not cancel the fetch, regardless of the runtime that polls the request.
#[test]
fn several_runtimes_wait_for_one_slow_issuer() {
    let background = background();
    let issuer = background.block_on(ScriptedIssuer::start());
    let slowly = || Manner::Later(Duration::from_millis(2800));
    let metadata = json!({ "issuer": issuer.url(), "jwks_uri": issuer.at(JWKS) });
    issuer.set(OPENID, Reply::json(&metadata).manner(slowly()));
    issuer.set(JWKS, Reply::keys(keys()).manner(slowly()));
    let server = trusting(issuer.url()).build().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            let (server, token) = (server.clone(), issuer.token());
            scope.spawn(move || single_threaded().block_on(wait_for_code(&server, &token, "ok")));
        }
    });
    assert_eq!(issuer.paths(), [OPENID, OAUTH, JWKS], "one fetch for all of them");
}

/// A program may build the server on one runtime and serve requests on another.
#[test]
fn a_runtime_that_is_not_driven_does_not_block_fetching() {
    let background = background();
    let issuer = background.block_on(ScriptedIssuer::start());
    let idle = single_threaded();
    let server = {
        let _there = idle.enter();
        trusting(issuer.url()).build().unwrap()
    };
    single_threaded().block_on(wait_for_code(&server, &issuer.token(), "ok"));
    assert_eq!(issuer.paths(), [OPENID, JWKS]);
}
