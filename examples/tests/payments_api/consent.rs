//! Tests the requirements of a payment: the consent, the authentication, and the body.

use std::time::Duration;

use axum_protected_testing::TokenBuilder;
use serde_json::{Value, json};

use super::api::{Api, ORIGIN, details, with};

const PATH: &str = "/api/payments/p1";

#[tokio::test]
async fn a_payment_needs_the_scope_and_a_strong_and_recent_authentication() {
    let api = Api::start().await;
    let payment = api.payment("123.50").await;
    let token = || api.consented("p1", &payment);
    let stale = Duration::from_secs(301);
    let weak = "insufficient_user_authentication";
    let cases: [(&str, TokenBuilder, (u16, &str)); 6] = [
        ("without scope", token().scope(""), (403, "insufficient_scope")),
        ("with the read scope", token().scope("payments:read"), (403, "insufficient_scope")),
        ("without `acr`", token().without("acr"), (401, weak)),
        ("by password", token().authenticated("pwd", Duration::ZERO), (401, weak)),
        ("six minutes ago", token().authenticated("phr", stale), (401, weak)),
        ("with everything", token(), (201, "")),
    ];
    for (name, token, expected) in cases {
        let answer = api.call("PUT", PATH, token, &payment).await;
        assert_eq!(answer.outcome(), expected, "{name}: {}", answer.body);
        if expected.1 == weak {
            let mut lines = answer.headers.get_all("www-authenticate").iter();
            let challenge = lines.next_back().unwrap().to_str().unwrap();
            assert!(challenge.starts_with("DPoP "), "{challenge}");
            for parameter in [r#"acr_values="phr""#, "max_age=\"300\""] {
                assert!(challenge.contains(parameter), "{challenge}");
            }
        }
    }
}

#[tokio::test]
async fn one_object_of_the_details_must_permit_this_payment() {
    let api = Api::start().await;
    let payment = api.payment("123.50").await;
    let consent = details("p1", &payment);
    let actions = |actions: Value| with(&consent, "/actions", actions);
    let other = details("p2", &payment);
    let (lacks, denied) = ((403, "insufficient_scope"), (403, "denied"));
    let cases = [
        ("no object", json!([]), lacks),
        ("another type", json!([with(&consent, "/type", "account_information")]), lacks),
        ("one action", json!([actions(json!(["initiate"]))]), lacks),
        (
            "the actions in two objects",
            json!([actions(json!(["initiate"])), actions(json!(["status"]))]),
            lacks,
        ),
        ("another API", json!([with(&consent, "/locations", json!(["https://b.example"]))]), lacks),
        ("another payment", json!([other]), denied),
        (
            "all actions for another payment only",
            json!([other, actions(json!(["status"]))]),
            denied,
        ),
        ("two objects for the payment", json!([consent, consent]), denied),
        ("a restriction unknown to the API", json!([with(&consent, "/before", "noon")]), denied),
        (
            "an amount that is a number",
            json!([with(&consent, "/instructedAmount/amount", 123.5)]),
            denied,
        ),
        ("no creditor", json!([with(&consent, "/creditorAccount", Value::Null)]), denied),
        ("the object", json!([consent]), (201, "")),
        ("beside another payment", json!([other, consent]), (200, "")),
        ("beside another type", json!([{ "type": "account_information" }, consent]), (200, "")),
        ("for this API", json!([with(&consent, "/locations", json!([ORIGIN]))]), (200, "")),
    ];
    for (name, details, expected) in cases {
        let token = api.token_of("alice").claim("authorization_details", details);
        let answer = api.call("PUT", PATH, token, &payment).await;
        assert_eq!(answer.outcome(), expected, "{name}: {}", answer.body);
    }
}

#[tokio::test]
async fn the_payment_is_the_one_that_the_user_consented_to() {
    let api = Api::start().await;
    let payment = api.payment("123.50").await;
    let other_creditor = "GB29NWBK60161331926819";
    let refused = [
        with(&payment, "/instructedAmount/amount", "123.51"),
        with(&payment, "/instructedAmount/amount", "12350"),
        with(&payment, "/instructedAmount/currency", "GBP"),
        with(&payment, "/creditorAccount/iban", other_creditor),
        with(&payment, "/creditorName", "merchant a"),
        with(&payment, "/remittanceInformationUnstructured", Value::Null),
    ];
    for body in refused {
        let answer = api.call("PUT", PATH, api.consented("p1", &payment), &body).await;
        assert_eq!(answer.outcome(), (403, "not_consented"), "{body}");
    }
    let unreadable = [
        with(&payment, "/instructedAmount/amount", 123.5),
        with(&payment, "/instructedAmount/amount", "1e2"),
        with(&payment, "/creditorAccount/iban", "DE02100100109307118604"),
        with(&payment, "/executionDate", "2030-01-01"),
    ];
    for body in unreadable {
        let answer = api.call("PUT", PATH, api.consented("p1", &payment), &body).await;
        assert_eq!(answer.status, 422, "{body}");
    }
    assert_eq!(api.account_of("alice").await.1, "1000.00");

    // The same value, written with one decimal.
    let body = with(&payment, "/instructedAmount/amount", "123.5");
    let answer = api.call("PUT", PATH, api.consented("p1", &payment), &body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.body["instructedAmount"]["amount"], "123.50");
}

#[tokio::test]
async fn a_client_that_acts_for_itself_is_not_a_customer() {
    let api = Api::start().await;
    let payment = api.payment("1").await;
    let machine = |token: TokenBuilder| token.subject("payments-client");
    let answer = api.call("PUT", PATH, machine(api.consented("p1", &payment)), &payment).await;
    assert_eq!(answer.outcome(), (403, "denied"));
    let answer = api.get("/api/accounts", machine(api.token_of(""))).await;
    assert_eq!(answer.outcome(), (403, "denied"));
}
