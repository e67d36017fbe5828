//! Tests nonces of the server in proofs.

use std::collections::HashSet;
use std::fs;
use std::time::Duration;

use axum_protected::clock::{Clock, SystemClock};
use axum_protected::dpop::Dpop;
use axum_protected_testing::ManualClock;
use axum_protected_tests::{Answer, App};
use serde_json::json;

use super::{Client, accepting, refuses, serve};

const PATH: &str = "/api/items";

/// Returns the nonce of a refusal.
fn nonce_of(answer: &Answer) -> String {
    assert_eq!(answer.status, 401, "{}", answer.text());
    assert_eq!(answer.value()["code"], "use_dpop_nonce");
    assert_eq!(answer.header("cache-control").as_deref(), Some("no-store"));
    let nonce = answer.header("dpop-nonce").expect("a nonce");
    let is_nqchar = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
    assert!(!nonce.is_empty() && nonce.bytes().all(is_nqchar), "{nonce}");
    nonce
}

async fn nonce(app: &App, client: &Client) -> String {
    nonce_of(&client.get(PATH).send(app.address).await)
}

#[tokio::test]
async fn a_proof_needs_a_nonce_of_this_server() {
    let app = serve(Dpop::new().nonce()).await;
    let client = Client::new();
    let nonce = nonce(&app, &client).await;
    // A nonce is for any number of proofs.
    for _ in 0..2 {
        let proof = client.proof("GET", PATH).nonce(&nonce);
        app.grants(&client.call("GET", PATH, &proof)).await;
    }
    let foreign = serve(Dpop::new().nonce()).await;
    let foreign = self::nonce(&foreign, &client).await;
    let changed =
        format!("{}{}", &nonce[..nonce.len() - 2], if nonce.ends_with("AA") { "BB" } else { "AA" });
    for wrong in [json!(7), json!(""), json!(null), json!([nonce]), json!(changed), json!(foreign)]
    {
        let proof = client.proof("GET", PATH).claim("nonce", wrong.clone());
        let answer = client.call("GET", PATH, &proof).send(app.address).await;
        assert_ne!(nonce_of(&answer), nonce, "{wrong}");
    }
}

#[tokio::test]
async fn nonces_do_not_repeat() {
    let app = serve(Dpop::new().nonce()).await;
    let client = Client::new();
    let mut nonces = HashSet::new();
    for _ in 0..50 {
        assert!(nonces.insert(nonce(&app, &client).await));
    }
}

#[tokio::test]
async fn a_nonce_is_accepted_for_some_minutes() {
    let clock = ManualClock::at(SystemClock.now());
    let server = accepting(Dpop::new().nonce()).clock(clock.clone()).build().unwrap();
    let app = App::serve(server).await;
    let client = Client::with(|token| token.expires_at(clock.now() + Duration::from_secs(3600)));
    let first = nonce(&app, &client).await;
    let call = || {
        client.call("GET", PATH, &client.proof("GET", PATH).issued_at(clock.now()).nonce(&first))
    };
    clock.advance(Duration::from_secs(240));
    app.grants(&call()).await;
    clock.advance(Duration::from_secs(121));
    refuses(&app, &call(), 401, "use_dpop_nonce").await;
}

#[tokio::test]
async fn servers_with_one_secret_accept_the_nonces_of_each_other() {
    let file = |name: &str, content: &str| {
        let path = std::env::temp_dir().join(format!("dpop-nonce-{}-{name}", std::process::id()));
        fs::write(&path, content).unwrap();
        path
    };
    let (old, new) = ("o".repeat(32), "n".repeat(64));
    let settings =
        |name: &str, content: &str| Dpop::new().nonce().nonce_secret_file(file(name, content));
    let apps = [
        serve(settings("old", &old)).await,
        serve(settings("rotated", &format!("{new}\n{old}\n"))).await,
        serve(settings("new", &format!("{new}\n"))).await,
    ];
    let client = Client::new();
    let accepts = [[true, true, false], [false, true, true], [false, true, true]];
    for (from, accepting) in apps.iter().zip(accepts) {
        let nonce = nonce(from, &client).await;
        for (to, accepted) in apps.iter().zip(accepting) {
            let call = client.call("GET", PATH, &client.proof("GET", PATH).nonce(&nonce));
            if accepted {
                to.grants(&call).await;
            } else {
                refuses(to, &call, 401, "use_dpop_nonce").await;
            }
        }
    }
}

/// A server without nonces ignores those of another server.
#[tokio::test]
async fn a_server_without_nonces_issues_none() {
    let app = serve(Dpop::new()).await;
    let client = Client::new();
    let proof = client.proof("GET", PATH).nonce("of another server");
    let answer = app.grants(&client.call("GET", PATH, &proof)).await;
    assert_eq!(answer.header("dpop-nonce"), None);
}
