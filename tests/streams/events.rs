//! Tests server-sent events over real HTTP.

use std::time::Duration;

use axum_protected::clock::{Clock, SystemClock};
use axum_protected::revocation::Revocation;
use axum_protected_testing::TokenBuilder;
use axum_protected_tests::issuer::JWKS;
use axum_protected_tests::{AUDIENCE, Reply, ScriptedIssuer, bounded, fresh_key, keys};
use serde_json::json;

use super::api::Api;
use super::{LEEWAY, LIFETIME, lasting, warm};

struct Listener(reqwest::Response);

impl Listener {
    /// Connects and receives the first event, so that the subscription is active when this function
    /// returns.
    async fn start(api: &Api, token: TokenBuilder) -> Self {
        let url = format!("http://{}/events", api.address);
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = client.get(url).bearer_auth(token.sign());
        let response = bounded("an answer", request.send()).await.unwrap();
        assert_eq!(response.status(), 200);
        let mut listener = Self(response);
        assert_eq!(listener.next().await.as_deref(), Some("data: hello\n\n"));
        listener
    }

    /// Receives the next event. Returns `None` at the end of the stream.
    async fn next(&mut self) -> Option<String> {
        let chunk = bounded("an event", self.0.chunk()).await.unwrap();
        chunk.map(|chunk| String::from_utf8(chunk.to_vec()).unwrap())
    }

    async fn assert_next(&mut self, api: &Api, text: &'static str) {
        api.news.send(text).unwrap();
        assert_eq!(self.next().await, Some(format!("data: {text}\n\n")));
    }
}

async fn refused(api: &Api, token: TokenBuilder) -> String {
    let call = axum_protected_tests::Call::get("/events").bearer(&token.sign());
    let answer = call.send(api.address).await;
    assert_eq!(answer.status, 401);
    answer.value()["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn events_end_when_the_token_expires() {
    let issuer = ScriptedIssuer::start().await;
    let (server, clock) = warm(&issuer).await;
    let api = Api::serve(server).await;
    let mut listener = Listener::start(&api, lasting(issuer.token())).await;
    listener.assert_next(&api, "one").await;
    clock.advance(LIFETIME + LEEWAY);
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(30)).await;
    tokio::time::resume();
    assert_eq!(listener.next().await, None);
    let code = refused(&api, lasting(issuer.token())).await;
    assert_eq!(code, "expired_token");
}

#[tokio::test]
async fn events_end_when_the_application_revokes_the_token() {
    let issuer = ScriptedIssuer::start().await;
    let (server, _) = warm(&issuer).await;
    let api = Api::serve(server.clone()).await;
    let (alice, bob) = (lasting(issuer.token()), lasting(issuer.token()).subject("bob"));
    let mut hers = Listener::start(&api, alice.clone()).await;
    let mut his = Listener::start(&api, bob).await;
    let now = SystemClock.now() + Duration::from_secs(1);
    let revocation = Revocation::subject(issuer.url(), "alice", now);
    let revoked = server.revocations().revoke(revocation, now + LIFETIME);
    revoked.await.unwrap();
    assert_eq!(hers.next().await, None);
    his.assert_next(&api, "one").await;
    assert_eq!(refused(&api, alice).await, "revoked_token");
}

#[tokio::test]
async fn events_continue_during_an_overlap_and_end_with_the_key() {
    let issuer = ScriptedIssuer::start().await;
    let (server, _) = warm(&issuer).await;
    let api = Api::serve(server.clone()).await;
    let old = lasting(issuer.token());
    let mut listener = Listener::start(&api, old.clone()).await;
    let shared = keys().jwks()["keys"][0].clone();
    for (text, keep) in [("one", true), ("two", true), ("three", false)] {
        let new = fresh_key();
        let mut members = vec![new.jwks()["keys"][0].clone()];
        members.extend(keep.then(|| shared.clone()));
        issuer.set(JWKS, Reply::json(&json!({ "keys": members })));
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(10)).await;
        tokio::time::resume();
        let new = lasting(TokenBuilder::new(&new, issuer.url(), AUDIENCE));
        let mut newer = Listener::start(&api, new).await;
        if keep {
            listener.assert_next(&api, text).await;
        } else {
            assert_eq!(listener.next().await, None);
            newer.assert_next(&api, text).await;
        }
    }
    assert_eq!(refused(&api, old).await, "unknown_key");
}
