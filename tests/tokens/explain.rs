//! Tests the explanation of tokens, and the order of the rules that it shows.

use std::time::Duration;

use axum_protected::clock::{Clock, SystemClock};
use axum_protected::revocation::Revocation;
use axum_protected::server::{RuleOutcome, SignatureState};
use axum_protected::{Issuer, ResourceServer, TokenError};
use axum_protected_testing::TokenBuilder;
use axum_protected_tests::{AUDIENCE, Log, ScriptedIssuer, compact, trusting};
use metrics_util::debugging::DebuggingRecorder;
use serde_json::json;

use super::{ISSUER, good, issuer, outcome, server, signatures};

type Defect = fn(TokenBuilder) -> TokenBuilder;

/// A defect for each rule after the form of the token, in the order of the rules.
const DEFECTS: [Defect; 12] = [
    |token| token.claim("iss", "https://other.example.com"),
    |token| token.header("crit", json!(["x"])),
    |token| token.claim("sub", 7),
    |token| token.claim("cnf", json!({ "jkt": "x" })),
    |token| token.claim("events", json!({})),
    |token| token.without("client_id"),
    |token| token.claim("aud", "other"),
    |token| token.expired(),
    |token| token.header("kid", "other"),
    |token| token.claim("permissions", 7),
    |token| token.claim("authorization_details", 7),
    |token| token.claim("jti", "revoked"),
];

async fn strict_server() -> ResourceServer {
    let issuer = issuer(ISSUER).rfc9068().scopes_claim(["permissions"]);
    let server = trusting(issuer).build().unwrap();
    let revocation = Revocation::token(ISSUER, "revoked");
    let until = SystemClock.now() + Duration::from_secs(3600);
    server.revocations().revoke(revocation, until).await.unwrap();
    server
}

#[tokio::test]
async fn the_rules_are_listed_in_the_order_in_which_they_are_applied() {
    let server = strict_server().await;
    for (first, defect) in DEFECTS.iter().enumerate() {
        for (second, later) in DEFECTS.iter().enumerate().skip(first) {
            let token = later(defect(good())).sign();
            let explanation = server.explain(&token);
            let outcomes: Vec<_> = explanation.rules.iter().map(|rule| rule.outcome).collect();
            // The first rule is about the form of the token.
            let failed = first + 1;
            let mut expected = vec![RuleOutcome::Passed; failed];
            expected.push(RuleOutcome::Failed);
            expected.resize(DEFECTS.len() + 1, RuleOutcome::NotReached);
            assert_eq!(outcomes, expected, "{first} {second}: {explanation}");
            let code = explanation.error().unwrap().kind().code();
            assert_eq!(outcome(&server, &token).await, code, "{explanation}");
        }
    }
    let accepted = server.explain(&good().without("scope").sign());
    assert!(accepted.is_accepted, "{accepted}");
    assert!(accepted.rules.iter().all(|rule| rule.outcome == RuleOutcome::Passed));
}

#[test]
fn the_explanation_shows_the_token_and_the_expected_configuration() {
    let token = good().claim("aud", "account").claim("email", "a\u{9b}b@example.com").sign();
    let explanation = server().explain(&token);
    assert_eq!(explanation.issuer.as_deref(), Some(ISSUER));
    assert_eq!(explanation.signature, SignatureState::Verified);
    assert_eq!(explanation.claims.as_ref().unwrap()["aud"], "account");
    assert_eq!(explanation.header.as_ref().unwrap()["alg"], "RS256");
    let text = explanation.to_string();
    for part in ["wrong_audience", AUDIENCE, "FAILED", "not reached", "account", "verified"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains('\u{9b}'), "{text:?}");
    let json = serde_json::to_value(&explanation).unwrap();
    assert_eq!(json["is_accepted"], false);
    assert_eq!(json["signature"], "verified");
    assert_eq!(json["error"]["code"], "wrong_audience");
    assert_eq!(json["error"]["claim"], "aud");
    assert_eq!(json["error"]["expected"], format!("`{AUDIENCE}`"));
    assert_eq!(json["rules"][0]["outcome"], "passed");
    let debug = format!("{explanation:?}");
    assert!(!debug.contains("account") && !debug.contains("email"), "{debug}");
}

#[test]
fn a_text_that_is_not_a_token_is_explained_as_far_as_it_can_be_decoded() {
    let server = server();
    let token = good().sign();
    let long = format!("{token}{}", "A".repeat(16 * 1024));
    let parts: Vec<_> = token.split('.').collect();
    let cases = [
        ("", "the token is opaque", false),
        ("gho_16C7e42F292c6912E7", "the token is opaque", false),
        (&long, "the token is too long", false),
        (&format!("{}.{}", parts[0], parts[1]), "does not consist of three parts", true),
        (&format!("{}.{}.*", parts[0], parts[1]), "the signature is not base64url", true),
    ];
    for (text, rule, is_decoded) in cases {
        let explanation = server.explain(text);
        let actual = explanation.error().and_then(TokenError::rule).unwrap();
        assert!(actual.contains(rule), "{actual}");
        assert_eq!(explanation.claims.is_some(), is_decoded, "{rule}");
        assert_eq!(explanation.rules[0].outcome, RuleOutcome::Failed);
        assert_eq!(explanation.signature, SignatureState::NotChecked);
    }
    let foreign = compact(r#"{"alg":"none"}"#, "{}");
    assert_eq!(server.explain(&foreign).issuer, None);
}

#[tokio::test]
async fn the_state_of_the_signature_is_shown() {
    let server = server();
    let cases = [
        (good().expired(), SignatureState::Verified),
        (good().header("kid", "other"), SignatureState::NoMatchingKey),
        (good().header("alg", "none"), SignatureState::NotChecked),
    ];
    for (token, state) in cases {
        assert_eq!(server.explain(&token.sign()).signature, state);
    }
    let token = good().sign();
    let (content, _) = token.rsplit_once('.').unwrap();
    let (_, signature) = token.rsplit_once('.').unwrap();
    let other = good().claim("jti", "other").sign();
    let (other_content, _) = other.rsplit_once('.').unwrap();
    assert_ne!(content, other_content);
    let spliced = format!("{other_content}.{signature}");
    assert_eq!(server.explain(&spliced).signature, SignatureState::Invalid);
}

/// The explanation needs no network: it says that the server has no keys yet.
#[tokio::test]
async fn an_explanation_does_not_fetch_keys() {
    let scripted = ScriptedIssuer::silent().await;
    let server = trusting(Issuer::new(scripted.url())).build().unwrap();
    let explanation = server.explain(&scripted.token().sign());
    assert_eq!(explanation.signature, SignatureState::NoKeys);
    let error = explanation.error().unwrap();
    assert_eq!(error.kind().code(), "keys_unavailable");
    assert_eq!(error.issuer(), explanation.issuer.as_deref());
    assert!(explanation.to_string().contains("the server holds no keys"));
}

#[test]
fn an_explanation_is_neither_logged_nor_cached() {
    let recorder = DebuggingRecorder::new();
    let _measuring = metrics::set_default_local_recorder(&recorder);
    let (log, _guard) = Log::open();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let ambiguous = good().header("typ", "JWT").claim("azp", AUDIENCE).sign();
    let server = server();
    let explanation = server.explain(&ambiguous);
    assert!(explanation.is_accepted && explanation.is_ambiguous, "{explanation}");
    assert!(!server.explain(&good().expired().sign()).is_accepted);
    assert!(log.take().is_empty());
    let _ = signatures(&recorder);
    assert_eq!(runtime.block_on(outcome(&server, &ambiguous)), "ok");
    assert_eq!(signatures(&recorder), 1);
    assert_eq!(log.take().len(), 1, "the first use of the token is warned of");
}
