//! Tests that access tokens, ID tokens, logout tokens and security events exclude each other.

use axum_protected_testing::TokenBuilder;
use axum_protected_tests::{AUDIENCE, keys};
use serde_json::json;

use super::{
    CLIENT, ISSUER, LOGOUT, NOW, RECEIVER, Receiver, access_token, builder, logout_token,
    session_revoked, transmitter,
};

/// Returns a receiver whose audiences are all the same, so that only the kind tells tokens apart.
fn api() -> Receiver {
    let issuer = super::issuer(ISSUER).logout_client(AUDIENCE).logout_client(CLIENT);
    let builder = axum_protected::ResourceServer::builder()
        .issuer(issuer)
        .audience(AUDIENCE)
        .clock(axum_protected_testing::ManualClock::at(super::epoch(NOW)));
    Receiver::of(builder.event_transmitter(transmitter().audience(AUDIENCE)))
}

fn id_token() -> TokenBuilder {
    TokenBuilder::new(keys(), ISSUER, AUDIENCE)
        .header("typ", "JWT")
        .without("client_id")
        .claim("iat", NOW)
        .claim("exp", NOW + 300)
        .claim("nonce", "n")
        .claim("sid", "s1")
}

#[tokio::test]
async fn no_other_token_is_an_access_token() {
    let api = api();
    let event = session_revoked().audience(AUDIENCE);
    for (name, token) in [
        ("security event", event.clone().sign()),
        ("security event with exp", event.clone().claim("exp", NOW + 300).sign()),
        ("security event as JWT", event.header("typ", "JWT").claim("exp", NOW + 300).sign()),
        ("logout token", logout_token().claim("aud", AUDIENCE).sign()),
        ("logout token as JWT", logout_token().claim("aud", AUDIENCE).header("typ", "JWT").sign()),
    ] {
        let code = api.judge_text(&token).await;
        assert!(["wrong_type", "missing_claim"].contains(&code.as_str()), "{name}: {code}");
    }
}

#[tokio::test]
async fn no_other_token_is_a_logout_token() {
    let api = api();
    let event = session_revoked().audience(AUDIENCE).claim("exp", NOW + 100).claim("sid", "s1");
    for (name, token) in [
        ("access token", access_token("alice", "s1").sign()),
        ("access token as JWT", access_token("alice", "s1").header("typ", "JWT").sign()),
        ("ID token", id_token().sign()),
        ("ID token without nonce", id_token().without("nonce").sign()),
        ("security event", event.clone().sign()),
        ("security event as JWT", event.header("typ", "JWT").sign()),
    ] {
        assert_eq!(api.log_out_with(&token).await.status, 400, "{name}");
    }
    assert_eq!(api.judge(access_token("alice", "s1")).await, "accepted");
}

#[tokio::test]
async fn no_other_token_is_a_security_event() {
    let api = api();
    let logout = || logout_token().claim("aud", RECEIVER);
    for (name, token) in [
        ("access token", access_token("alice", "s1").sign()),
        (
            "access token of this type",
            access_token("alice", "s1").header("typ", "secevent+jwt").sign(),
        ),
        ("ID token", id_token().sign()),
        ("ID token of this type", id_token().header("typ", "secevent+jwt").sign()),
        ("logout token", logout().sign()),
        ("logout token of this type", logout().header("typ", "secevent+jwt").sign()),
        (
            "logout token without exp",
            logout().header("typ", "secevent+jwt").without("exp").without("sub").sign(),
        ),
    ] {
        assert_eq!(api.push_text(token).await.status, 400, "{name}");
    }
    // An event of the type of a logout has no effect here.
    let event = session_revoked().claim("events", json!({ LOGOUT: {} })).claim("sid", "s1");
    assert_eq!(api.push(event).await.status, 202);
    assert_eq!(api.judge(access_token("alice", "s1")).await, "accepted");
}

/// The keys of an issuer sign events only where the issuer is a transmitter.
#[tokio::test]
async fn an_issuer_that_is_not_a_transmitter_sends_no_events() {
    const OTHER: &str = "https://other.example.com";
    let api = Receiver::of(builder().issuer(super::issuer(OTHER)).event_transmitter(transmitter()));
    let event = session_revoked().claim("iss", OTHER);
    assert_eq!(api.push(event).await.outcome(), (400, "invalid_issuer".to_owned()));
}
