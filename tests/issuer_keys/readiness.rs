//! Tests the readiness of a server with required and optional issuers.

use std::time::Duration;

use axum_protected::{Issuer, ResourceServer, ResourceServerBuilder};
use axum_protected_tests::{AUDIENCE, ScriptedIssuer, bounded};
use tokio::time::Instant;

/// Builds a server that trusts these issuers. An issuer that is down refuses every connection.
fn server(issuers: impl IntoIterator<Item = Issuer>) -> ResourceServer {
    let builder = ResourceServer::builder().audience(AUDIENCE);
    issuers.into_iter().fold(builder, ResourceServerBuilder::issuer).build().unwrap()
}

#[tokio::test]
async fn the_required_issuers_determine_readiness() {
    let (up, down) = (ScriptedIssuer::start().await, ScriptedIssuer::start().await);
    down.down(true);
    let required = |issuer: &ScriptedIssuer| Issuer::new(issuer.url());
    let optional = |issuer: &ScriptedIssuer| required(issuer).optional();
    let cases = [
        ("both required", vec![required(&up), required(&down)], false),
        ("the other optional", vec![required(&up), optional(&down)], true),
        ("the required one down", vec![optional(&up), required(&down)], false),
        ("none required, one up", vec![optional(&down), optional(&up)], true),
        ("none required, none up", vec![optional(&down)], false),
    ];
    for (name, issuers, expected) in cases {
        let server = server(issuers);
        let result = bounded("ready", server.ready()).await;
        assert_eq!(result.is_ok(), expected, "{name}: {result:?}");
        assert_eq!(server.health().ready, expected, "{name}");
        if let Err(error) = result {
            let text = error.to_string();
            assert!(text.contains(down.url()) && !text.contains(up.url()), "{name}: {text}");
        }
    }
}

#[tokio::test]
async fn an_optional_issuer_that_is_up_does_not_wait_for_one_that_is_down() {
    let (up, down) = (ScriptedIssuer::start().await, ScriptedIssuer::start().await);
    down.down(true);
    let issuers = [down.url(), up.url()].map(|url| Issuer::new(url).optional());
    let start = Instant::now();
    bounded("ready", server(issuers).ready()).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}
