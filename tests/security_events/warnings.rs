//! Tests that refused logouts and events warn the operator and cannot fill the log. The time is paused.

use std::time::Duration;

use axum_protected_testing::{SecurityEventBuilder, TokenBuilder};
use axum_protected_tests::log::Entry;
use axum_protected_tests::{Log, fresh_key};
use tokio::time::advance;
use tracing::Level;

use super::{
    CAEP, CLIENT, ISSUER, RECEIVER, Receiver, builder, logout_token, session_revoked, transmitter,
};

/// Most of the causes that one sender without a key can have.
const CAUSES: usize = 50;

fn warnings(log: &Log) -> Vec<Entry> {
    let all = log.take().into_iter();
    all.filter(|event| event.level == Level::WARN).collect()
}

/// Returns the reason and the number of repetitions of each warning.
fn told(log: &Log) -> Vec<(String, String)> {
    let field = |event: &Entry, name| event.get(name).unwrap().to_owned();
    let all = warnings(log);
    all.iter().map(|event| (field(event, "reason"), field(event, "repetitions"))).collect()
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_not_configured_is_logged_once_a_minute() {
    let (log, _guard) = Log::open();
    let api = Receiver::of(builder());
    // The settings of the API and of the issuer disagree: each logout of the issuer is refused.
    let logout = logout_token().claim("aud", "portal").sign();
    for _ in 0..20 {
        assert_eq!(api.log_out_with(&logout).await.status, 400);
    }
    let first = warnings(&log);
    let [event] = first.as_slice() else { panic!("{first:?}") };
    assert_eq!(event.name, "axum_protected.backchannel_logout.failed");
    assert_eq!((event.get("issuer"), event.get("result")), (Some(ISSUER), Some("refused")));
    assert!(event.get("reason").unwrap().contains("`aud`"), "{event:?}");
    assert_eq!(event.get("repetitions"), Some("0"));
    // Another cause is not hidden.
    let other = logout_token().without("jti").sign();
    assert_eq!(api.log_out_with(&other).await.status, 400);
    assert_eq!(warnings(&log).len(), 1);
    advance(Duration::from_secs(59)).await;
    assert_eq!(api.log_out_with(&logout).await.status, 400);
    assert_eq!(told(&log), []);
    advance(Duration::from_secs(1)).await;
    for _ in 0..20 {
        assert_eq!(api.log_out_with(&logout).await.status, 400);
    }
    let reason = event.get("reason").unwrap().to_owned();
    assert_eq!(told(&log), [(reason, "20".to_owned())]);
    // A logout that is accepted is always logged.
    assert_eq!(api.log_out(logout_token()).await.status, 200);
    let accepted = log.take();
    assert_eq!((accepted.len(), accepted[0].get("issuer")), (1, Some(ISSUER)));
}

#[tokio::test(start_paused = true)]
async fn an_audience_that_is_not_configured_is_logged_once_a_minute_for_each_transmitter() {
    const OTHER: &str = "https://other.example.com";
    let (log, _guard) = Log::open();
    let other = axum_protected::security_event::EventTransmitter::new(OTHER).audience(RECEIVER);
    let server = builder().issuer(super::issuer(OTHER)).event_transmitter(transmitter());
    let api = Receiver::of(server.event_transmitter(other));
    let event = session_revoked().audience("https://api.example.com");
    for _ in 0..20 {
        for issuer in [ISSUER, OTHER] {
            let event = event.clone().claim("iss", issuer);
            assert_eq!(api.push(event).await.outcome(), (400, "invalid_audience".to_owned()));
        }
    }
    let found = warnings(&log);
    let senders: Vec<_> = found.iter().map(|event| event.get("transmitter").unwrap()).collect();
    assert_eq!(senders, [ISSUER, OTHER]);
    assert!(found.iter().all(|one| one.name == "axum_protected.security_event.refused"));
    assert!(found.iter().all(|one| one.get("reason").unwrap().contains("`aud`")), "{found:?}");
    advance(Duration::from_secs(60)).await;
    assert_eq!(api.push(event).await.status, 400);
    let repeated: Vec<_> = told(&log).into_iter().map(|(_, repetitions)| repetitions).collect();
    assert_eq!(repeated, ["19"]);
}

/// Requests of a sender without any key.
#[tokio::test(start_paused = true)]
async fn a_flood_of_refused_requests_does_not_fill_the_log() {
    let (log, _guard) = Log::open();
    let api = Receiver::of(builder().event_transmitter(transmitter()));
    let forged_event =
        SecurityEventBuilder::new(&fresh_key(), ISSUER, RECEIVER, &format!("{CAEP}x")).sign();
    let forged_logout = TokenBuilder::new(&fresh_key(), ISSUER, CLIENT).sign();
    for number in 0..200 {
        // Texts of the sender must not make a cause of their own.
        let name = format!("https://{number}.example.com");
        let unknown_issuer = session_revoked().claim("iss", name.as_str()).sign();
        let unknown_audience = session_revoked().audience(name.as_str()).sign();
        let unknown_type = session_revoked().header("typ", name.as_str()).sign();
        let unknown_key = session_revoked().header("kid", name.as_str()).sign();
        for text in [
            &forged_event,
            &unknown_issuer,
            &unknown_audience,
            &unknown_type,
            &unknown_key,
            &name,
            &String::new(),
        ] {
            assert_eq!(api.push_text(text.clone()).await.status, 400);
        }
        let unknown_issuer = logout_token().claim("iss", name.as_str()).sign();
        let unknown_client = logout_token().claim("aud", name.as_str()).sign();
        for text in [&forged_logout, &unknown_issuer, &unknown_client, &forged_event, &name] {
            assert_eq!(api.log_out_with(text).await.status, 400);
        }
        assert_eq!(api.post_form(name).await.status, 400);
    }
    let told = warnings(&log);
    assert!((5..CAUSES).contains(&told.len()), "{}", told.len());
    assert!(!format!("{told:?}").contains("7.example.com"), "{told:?}");
}

/// A transmitter that pushes in the wrong way gets an answer only. The operator of the API must learn of
/// it too.
#[tokio::test(start_paused = true)]
async fn a_request_that_is_not_an_event_is_logged() {
    let (log, _guard) = Log::open();
    let api = Receiver::of(builder().event_transmitter(transmitter()));
    let request = || {
        axum::http::Request::post("/security-events")
            .header("content-type", "application/json")
            .body(session_revoked().sign().into())
            .unwrap()
    };
    for _ in 0..3 {
        assert_eq!(api.send(request()).await.status, 400);
    }
    let found = warnings(&log);
    let [event] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(event.get("transmitter"), Some("unknown"));
    assert!(event.get("reason").unwrap().contains("application/secevent+jwt"), "{event:?}");
}
