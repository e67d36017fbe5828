//! Tests the bank: a payment is made once, and no money comes from nowhere.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::json;

use super::api::{Api, details, payment_from, with};

#[tokio::test]
async fn a_payment_is_made_once() {
    let api = Api::start().await;
    let payment = api.payment("123.50").await;
    let first = api.pay("p1", &payment).await;
    assert_eq!(first.status, 201, "{}", first.body);
    assert_eq!(first.body["transactionStatus"], "ACSC");
    let again = api.pay("p1", &payment).await;
    assert_eq!((again.status, again.body), (200, first.body));
    assert_eq!(api.account_of("alice").await.1, "876.50");

    // Another payment with the same identifier, to which the user even consented.
    let other = api.pay("p1", &with(&payment, "/instructedAmount/amount", "1")).await;
    assert_eq!(other.outcome(), (409, "other_payment"));
    assert_eq!(api.account_of("alice").await.1, "876.50");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_parallel_copies_one_makes_the_payment() {
    let api = Arc::new(Api::start().await);
    let payment = api.payment("10").await;
    let copies = (0..50).map(|_| {
        let (api, payment) = (Arc::clone(&api), payment.clone());
        tokio::spawn(async move { api.pay("p1", &payment).await.status })
    });
    let answers: Vec<u16> = join_all(copies).await.into_iter().map(Result::unwrap).collect();
    let number = |status: u16| answers.iter().filter(|answer| **answer == status).count();
    assert_eq!((number(201), number(200)), (1, 49));
    assert_eq!(api.account_of("alice").await.1, "990.00");
}

#[tokio::test]
async fn the_status_is_for_the_user_who_consented_to_the_payment() {
    let api = Api::start().await;
    let payment = api.payment("10").await;
    let made = api.pay("p1", &payment).await;
    let path = "/api/payments/p1";
    let consent = json!([with(&details("p1", &payment), "/actions", json!(["status"]))]);
    let reader = |subject: &str| {
        let token = api.token_of(subject).scope("payments:read");
        token.claim("authorization_details", consent.clone())
    };
    // The status needs no strong authentication.
    let answer = api.get(path, reader("alice").without("acr").without("auth_time")).await;
    assert_eq!((answer.status, answer.body), (200, made.body));
    assert_eq!(api.get(path, reader("bob")).await.status, 404);
    assert_eq!(api.get("/api/payments/p2", reader("alice")).await.outcome(), (403, "denied"));
    let without_details = api.token_of("alice");
    assert_eq!(api.get(path, without_details).await.outcome(), (403, "insufficient_scope"));
}

#[tokio::test]
async fn money_moves_between_accounts_and_the_sum_stays() {
    let api = Api::start().await;
    let (alice, _) = api.account_of("alice").await;
    let (bob, _) = api.account_of("bob").await;
    let to_bob = with(&payment_from(&alice, "0.29"), "/creditorAccount/iban", bob.as_str());
    assert_eq!(api.pay("p1", &to_bob).await.status, 201);
    assert_eq!(api.account_of("alice").await.1, "999.71");
    assert_eq!(api.account_of("bob").await.1, "1000.29");

    // The same identifier is free for another customer.
    let payment = payment_from(&bob, "1000.29");
    let token = api.consented("p1", &payment).subject("bob");
    assert_eq!(api.call("PUT", "/api/payments/p1", token, &payment).await.status, 201);
    assert_eq!(api.account_of("bob").await.1, "0.00");
}

#[tokio::test]
async fn an_impossible_payment_moves_nothing() {
    let api = Api::start().await;
    let (alice, _) = api.account_of("alice").await;
    let (bob, _) = api.account_of("bob").await;
    let payment = payment_from(&alice, "10");
    let cases = [
        (payment_from(&bob, "10"), "unknown_debtor_account"),
        (payment_from("GB29NWBK60161331926819", "10"), "unknown_debtor_account"),
        (payment_from(&alice, "1000.01"), "insufficient_funds"),
        (with(&payment, "/instructedAmount/currency", "JPY"), "other_currency"),
        (with(&payment, "/creditorAccount/iban", alice.as_str()), "same_account"),
    ];
    for (payment, code) in cases {
        assert_eq!(api.pay("p1", &payment).await.outcome(), (422, code), "{payment}");
    }
    assert_eq!(api.account_of("alice").await.1, "1000.00");
    assert_eq!(api.account_of("bob").await.1, "1000.00");
    // A refused payment does not take the identifier.
    assert_eq!(api.pay("p1", &payment).await.status, 201);
}
