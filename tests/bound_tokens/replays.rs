//! Tests that a proof is accepted once.

use std::sync::Arc;

use axum_protected::dpop::Dpop;
use axum_protected_testing::TokenBuilder;
use axum_protected_tests::{App, Call};

use super::counting_store::CountingStore;
use super::{Client, accepting, refuses, serve};

const PATH: &str = "/api/items";

/// Sends 100 copies of one request in parallel, and returns the number of successes.
async fn successes_of_copies(apps: &[Arc<App>], call: &Call) -> usize {
    let sending: Vec<_> = apps
        .iter()
        .cycle()
        .take(100)
        .map(|app| {
            let (app, call) = (Arc::clone(app), call.clone());
            tokio::spawn(async move { call.send(app.address).await })
        })
        .collect();
    let mut successes = 0;
    for answer in sending {
        let answer = answer.await.unwrap();
        match answer.status {
            200 => successes += 1,
            401 => assert_eq!(answer.value()["code"], "invalid_dpop_proof"),
            other => panic!("{other}: {}", answer.text()),
        }
    }
    successes
}

#[tokio::test]
async fn the_same_proof_is_refused_the_second_time() {
    let app = serve(Dpop::new()).await;
    let client = Client::new();
    let call = client.get(PATH);
    app.grants(&call).await;
    refuses(&app, &call, 401, "invalid_dpop_proof").await;
    // A new proof with the same `jti` is the same proof.
    let proof = client.proof("GET", "/api/me").claim("jti", "one");
    app.grants(&client.call("GET", "/api/me", &proof)).await;
    let again = client.proof("GET", PATH).claim("jti", "one");
    refuses(&app, &client.call("GET", PATH, &again), 401, "invalid_dpop_proof").await;
    // Another client may choose the same `jti`.
    let other = Client::new();
    let proof = other.proof("GET", PATH).claim("jti", "one");
    app.grants(&other.call("GET", PATH, &proof)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_100_parallel_copies_one_is_accepted() {
    let app = Arc::new(serve(Dpop::new()).await);
    // With a first-seen token and with a known one.
    let client = Client::new();
    for _ in 0..2 {
        assert_eq!(successes_of_copies(&[Arc::clone(&app)], &client.get(PATH)).await, 1);
    }
    assert_eq!(app.calls("list"), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn servers_with_one_store_accept_a_proof_once() {
    let store = CountingStore::default();
    let mut apps = Vec::new();
    for _ in 0..3 {
        apps.push(Arc::new(serve(Dpop::new().replay_store(store.clone())).await));
    }
    assert_eq!(successes_of_copies(&apps, &Client::new().get(PATH)).await, 1);
    // Each server asks about the proof once, and refuses the other copies itself.
    assert_eq!(store.calls(), 3);
}

/// Serves two servers with one store.
async fn serve_two(settings: &Dpop, store: &CountingStore) -> [App; 2] {
    let with_store = || settings.clone().replay_store(store.clone());
    [serve(with_store()).await, serve(with_store()).await]
}

#[tokio::test]
async fn a_proof_that_the_process_knows_is_refused_without_the_store() {
    let store = CountingStore::default();
    let [one, other] = serve_two(&Dpop::new(), &store).await;
    let call = Client::new().get(PATH);
    one.grants(&call).await;
    refuses(&one, &call, 401, "invalid_dpop_proof").await;
    assert_eq!(store.calls(), 1);
    // Another process has not seen the proof, and the store has.
    refuses(&other, &call, 401, "invalid_dpop_proof").await;
    refuses(&other, &call, 401, "invalid_dpop_proof").await;
    assert_eq!(store.calls(), 2);
}

#[tokio::test]
async fn a_full_memory_leaves_the_judgement_to_the_store() {
    let store = CountingStore::default();
    let [one, _] = serve_two(&Dpop::new().replay_capacity(2), &store).await;
    let client = Client::new();
    let calls: Vec<_> = (0..5).map(|_| client.get(PATH)).collect();
    for call in &calls {
        one.grants(call).await;
    }
    for call in &calls {
        refuses(&one, call, 401, "invalid_dpop_proof").await;
    }
    // The memory knew two of the repeated proofs.
    assert_eq!(store.calls(), 8);
}

/// Of one key, the memory holds 256 proofs while it has little room.
#[tokio::test]
async fn a_full_share_leaves_the_judgement_to_the_store() {
    let store = CountingStore::default();
    let app = serve(Dpop::new().replay_capacity(260).replay_store(store.clone())).await;
    let client = Client::new();
    let mut last = client.get(PATH);
    for _ in 0..260 {
        last = client.get(PATH);
        app.grants(&last).await;
    }
    refuses(&app, &last, 401, "invalid_dpop_proof").await;
    assert_eq!(store.calls(), 261);
}

#[tokio::test]
async fn a_store_that_is_away_is_a_503_by_default() {
    let store = CountingStore::default();
    let [app, _] = serve_two(&Dpop::new(), &store).await;
    let client = Client::new();
    let used = client.get(PATH);
    app.grants(&used).await;
    store.set_away(true);
    let refused = client.get(PATH);
    let answer = refused.send(app.address).await;
    assert_eq!((answer.status, &answer.value()["code"]), (503, &"proofs_unavailable".into()));
    assert_eq!(answer.header("retry-after").as_deref(), Some("5"));
    assert!(!answer.text().contains("away"), "{}", answer.text());
    // A known proof needs no store.
    refuses(&app, &used, 401, "invalid_dpop_proof").await;
    store.set_away(false);
    // The proof of a refused request is used. The client makes a new one for each request.
    refuses(&app, &refused, 401, "invalid_dpop_proof").await;
    app.grants(&client.get(PATH)).await;
}

#[tokio::test]
async fn the_insecure_choice_accepts_a_proof_once_in_each_process() {
    let store = CountingStore::default();
    let settings = Dpop::new().insecure_accept_replays_in_outages();
    let [one, other] = serve_two(&settings, &store).await;
    let client = Client::new();
    let before = client.get(PATH);
    one.grants(&before).await;
    store.set_away(true);
    let during = client.get(PATH);
    one.grants(&during).await;
    refuses(&one, &during, 401, "invalid_dpop_proof").await;
    refuses(&one, &before, 401, "invalid_dpop_proof").await;
    // The price of the choice.
    other.grants(&during).await;
    refuses(&other, &during, 401, "invalid_dpop_proof").await;
    store.set_away(false);
    // A process that has accepted a proof by itself does not accept it again.
    refuses(&one, &during, 401, "invalid_dpop_proof").await;
    let after = client.get(PATH);
    one.grants(&after).await;
    refuses(&other, &after, 401, "invalid_dpop_proof").await;
}

/// Without the store, a memory that is full cannot tell if a proof was used.
#[tokio::test]
async fn the_insecure_choice_does_not_accept_what_a_full_memory_cannot_judge() {
    let store = CountingStore::default();
    let settings = Dpop::new().replay_capacity(1).insecure_accept_replays_in_outages();
    let [app, _] = serve_two(&settings, &store).await;
    store.set_away(true);
    let client = Client::new();
    app.grants(&client.get(PATH)).await;
    refuses(&app, &client.get(PATH), 503, "proofs_unavailable").await;
}

#[tokio::test]
async fn a_full_memory_is_a_503_that_loses_no_proof() {
    let app = serve(Dpop::new().replay_capacity(2)).await;
    let client = Client::new();
    let used = [client.get(PATH), client.get(PATH)];
    for call in &used {
        app.grants(call).await;
    }
    let answer = client.get(PATH).send(app.address).await;
    assert_eq!((answer.status, &answer.value()["code"]), (503, &"proofs_unavailable".into()));
    assert_eq!(answer.header("retry-after").as_deref(), Some("5"));
    assert_eq!(answer.all("www-authenticate"), [""; 0]);
    for call in &used {
        refuses(&app, call, 401, "invalid_dpop_proof").await;
    }
    // Wrong proofs and tokens without a binding take no entry and need none.
    let wrong = client.call("GET", PATH, &client.proof("POST", PATH));
    refuses(&app, &wrong, 401, "invalid_dpop_proof").await;
    let bearer = axum_protected_tests::token(super::ISSUER).scope("items:read").sign();
    app.grants(&Call::get(PATH).bearer(&bearer)).await;
}

#[tokio::test]
async fn only_valid_proofs_of_valid_tokens_reach_the_store() {
    let store = CountingStore::default();
    let app = serve(Dpop::new().replay_store(store.clone())).await;
    let (client, other) = (Client::new(), Client::new());
    let forged = client.proof("GET", PATH).signed_by(&other.key);
    refuses(&app, &client.call("GET", PATH, &forged), 401, "invalid_dpop_proof").await;
    let expired = Client::with(TokenBuilder::expired);
    refuses(&app, &expired.get(PATH), 401, "expired_token").await;
    let theirs = other.proof("GET", PATH).access_token(&client.token);
    refuses(&app, &client.call("GET", PATH, &theirs), 401, "wrong_proof_key").await;
    assert_eq!(store.calls(), 0);
    app.grants(&client.get(PATH)).await;
    assert_eq!(store.calls(), 1);
}

/// A request that the policy refuses has used its proof.
#[tokio::test]
async fn a_denied_request_has_used_its_proof() {
    let server = accepting(Dpop::new()).build().unwrap();
    let app = App::serve(server).await;
    let client = Client::with(|token| token.scope("other"));
    let call = client.get(PATH);
    assert_eq!(call.send(app.address).await.status, 403);
    refuses(&app, &call, 401, "invalid_dpop_proof").await;
}
