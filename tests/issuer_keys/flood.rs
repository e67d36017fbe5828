//! Tests many parallel requests: before the first key set is loaded, and with unknown keys.

use std::time::Duration;

use axum_protected_tests::issuer::{JWKS, Manner};
use axum_protected_tests::{
    Answer, App, Call, Connection, Gate, Reply, ScriptedIssuer, bounded, fresh_key, keys, refused,
    trusting,
};
use tokio::task::JoinSet;

use super::{me, pass, signed_by, warm_app, with_unknown_kid};

fn send_all(app: &App, calls: impl IntoIterator<Item = Call>) -> JoinSet<Answer> {
    let address = app.address;
    let mut sent = JoinSet::new();
    for call in calls {
        sent.spawn(async move { call.send(address).await });
    }
    sent
}

/// Sends tokens with unknown keys while the issuer responds with this delay.
async fn flood(delay: Duration) {
    let gate = Gate::shut();
    let issuer = ScriptedIssuer::start().await;
    let app = warm_app(&issuer).await;
    app.grants(&me(issuer.token())).await;
    let late = Reply::keys(keys()).manner(Manner::When(gate.clone()));
    issuer.set(JWKS, late);

    let calls = (0..50).map(|number| me(with_unknown_kid(&issuer, number)));
    let mut pending = send_all(&app, calls);
    issuer.wait_for_requests(JWKS, 2).await;
    // A token with a known key does not wait for the fetch that the unknown keys caused.
    for _ in 0..5 {
        app.grants(&me(issuer.token())).await;
    }
    pass(&issuer, delay).await;
    assert!(pending.try_join_next().is_none(), "it did not wait for the fetch");
    gate.open();
    let answers = bounded("50 answers", async {
        let mut answers = Vec::new();
        while let Some(answer) = pending.join_next().await {
            answers.push(answer.unwrap());
        }
        answers
    })
    .await;
    assert_eq!(answers.len(), 50);
    for answer in &answers {
        refused(answer, 401, "unknown_key");
    }
    assert_eq!(issuer.count(JWKS), 2, "one fetch for all of them");
    for number in 50..110 {
        let call = me(with_unknown_kid(&issuer, number));
        app.refuses(&call, 401, "unknown_key").await;
    }
    // The server allows five fetches together, and one more for each 10 s of this test.
    assert!((6..=7).contains(&issuer.count(JWKS)), "{}", issuer.count(JWKS));
}

#[tokio::test]
async fn unknown_keys_cause_one_fetch_and_delay_no_known_key() {
    flood(Duration::ZERO).await;
}

#[tokio::test]
async fn unknown_keys_cause_one_fetch_of_a_slow_issuer_too() {
    flood(Duration::from_secs(3)).await;
}

/// The fetch that a flood of unknown keys causes also loads new keys.
#[tokio::test]
async fn a_rotation_during_a_flood_is_noticed_within_the_stated_bound() {
    let issuer = ScriptedIssuer::start().await;
    let app = warm_app(&issuer).await;
    for number in 0..10 {
        let call = me(with_unknown_kid(&issuer, number));
        app.refuses(&call, 401, "unknown_key").await;
    }
    let new = fresh_key();
    issuer.set(JWKS, Reply::keys(&new));
    for number in 10..20 {
        let call = me(with_unknown_kid(&issuer, number));
        app.refuses(&call, 401, "unknown_key").await;
    }
    assert_eq!(issuer.count(JWKS), 6);
    pass(&issuer, Duration::from_secs(10)).await;
    app.refuses(&me(with_unknown_kid(&issuer, 20)), 401, "unknown_key").await;
    app.grants(&me(signed_by(&new, &issuer))).await;
    assert_eq!(issuer.count(JWKS), 7);
}

/// A token that is invalid with every possible key causes no fetch of the keys.
#[tokio::test]
async fn tokens_that_are_invalid_with_any_key_cause_no_fetch() {
    let issuer = ScriptedIssuer::start().await;
    let app = warm_app(&issuer).await;
    for (token, code) in [
        (with_unknown_kid(&issuer, 0).expired(), "expired_token"),
        (with_unknown_kid(&issuer, 1).claim("aud", "x"), "wrong_audience"),
        (with_unknown_kid(&issuer, 2).header("alg", "none"), "unsupported_algorithm"),
        (with_unknown_kid(&issuer, 3).header("typ", "x"), "wrong_type"),
        (with_unknown_kid(&issuer, 4).claim("iss", "https://x"), "unknown_issuer"),
        (with_unknown_kid(&issuer, 5).claim("cnf", 1), "bound_token"),
    ] {
        app.refuses(&me(token), 401, code).await;
    }
    assert_eq!(issuer.count(JWKS), 1);
}

#[tokio::test]
async fn first_requests_share_one_fetch() {
    let issuer = ScriptedIssuer::start().await;
    let gate = Gate::shut();
    issuer.set(JWKS, Reply::keys(keys()).manner(Manner::When(gate.clone())));
    let app = App::serve(trusting(issuer.url()).build().unwrap()).await;
    let mut pending = send_all(&app, (0..200).map(|_| me(issuer.token())));
    issuer.wait_for_requests(JWKS, 1).await;
    assert!(pending.try_join_next().is_none());
    gate.open();
    let mut granted = 0;
    while let Some(answer) = bounded("an answer", pending.join_next()).await {
        assert_eq!(answer.unwrap().status, 200);
        granted += 1;
    }
    assert_eq!((granted, app.calls("me"), issuer.count(JWKS)), (200, 200, 1));
}

#[tokio::test]
async fn a_cancelled_request_does_not_cancel_the_shared_fetch() {
    let issuer = ScriptedIssuer::start().await;
    let gate = Gate::shut();
    issuer.set(JWKS, Reply::keys(keys()).manner(Manner::When(gate.clone())));
    let server = trusting(issuer.url()).build().unwrap();
    let app = App::serve(server.clone()).await;
    let token = issuer.token().sign();
    let first = tokio::spawn({
        let (server, token) = (server.clone(), token.clone());
        async move { server.authenticate(&token).await }
    });
    let mut gone = Connection::open(app.address).await;
    gone.write(&me(issuer.token()).head()).await.unwrap();
    issuer.wait_for_requests(JWKS, 1).await;
    let mut stays = send_all(&app, [me(issuer.token())]);
    let patient = tokio::spawn(async move { server.authenticate(&token).await });
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    drop(gone);
    gate.open();
    let answer = bounded("who stays", stays.join_next()).await;
    assert_eq!(answer.unwrap().unwrap().status, 200);
    bounded("who stays", patient).await.unwrap().unwrap();
    assert_eq!(issuer.count(JWKS), 1);
}
