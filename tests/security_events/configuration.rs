//! Tests the settings of the receivers.

use std::fs;
use std::time::Duration;

use axum_protected::introspection::{Introspection, Mode};
use axum_protected::security_event::EventTransmitter;
use axum_protected::{Issuer, ResourceServer, ResourceServerBuilder};
use serde_json::{Value, json};

use super::{
    CLIENT, ISSUER, RECEIVER, Receiver, access_token, builder, issuer, logout_token,
    session_revoked, transmitter,
};

fn server(issuer: Issuer) -> ResourceServerBuilder {
    ResourceServer::builder().issuer(issuer).audience("https://api.example.com")
}

fn problems(builder: ResourceServerBuilder) -> String {
    builder.build().unwrap_err().to_string()
}

#[tokio::test]
async fn wrong_settings_of_a_transmitter_are_errors_that_name_the_remedy() {
    let of = |transmitter: EventTransmitter| builder().event_transmitter(transmitter);
    let secret = "s3cr3t\n";
    let cases = [
        (of(EventTransmitter::new(ISSUER)), "has no audience"),
        (of(transmitter().audience(" ")), "has an empty audience"),
        (
            of(EventTransmitter::new("").audience("x")),
            "an event transmitter has an empty identifier",
        ),
        (of(transmitter()).event_transmitter(transmitter()), "is configured twice"),
        (
            of(transmitter().about("https://unknown.example.com")),
            "names `https://unknown.example.com`, which is not the identifier of an issuer",
        ),
        (of(transmitter().about("api-keys")), "names `api-keys`"),
        (of(transmitter().push_authorization("")), "has a `push_authorization` that is empty"),
        (
            of(transmitter().push_authorization(secret)),
            "has a `push_authorization` that is not the value of a header",
        ),
        (
            of(transmitter().push_authorization("x").push_authorization_file("/x")),
            "has `push_authorization` and `push_authorization_file`: remove one of them",
        ),
        (
            of(transmitter().push_authorization_file("/does/not/exist")),
            "has a `push_authorization_file` that cannot be used",
        ),
    ];
    for (builder, expected) in cases {
        let problems = problems(builder);
        assert!(problems.contains(expected), "{expected}: {problems}");
        assert!(!problems.contains("s3cr3t"), "{problems}");
    }
}

#[tokio::test]
async fn an_issuer_without_keys_of_its_own_sends_neither_logouts_nor_events() {
    let shared = || Issuer::new(ISSUER).shared_secret([7; 64]);
    let asked = || {
        Issuer::new(ISSUER).introspection(
            Introspection::new()
                .endpoint("https://id.example.com/introspect")
                .client_id("api")
                .client_secret("secret")
                .mode(Mode::Only),
        )
    };
    for (issuer, expected) in
        [(shared(), "has a shared secret"), (asked(), "`introspection.mode` is `only`")]
    {
        let text = problems(server(issuer.clone().logout_client(CLIENT)));
        assert!(text.contains("`logout_clients`") && text.contains(expected), "{text}");
        let text = problems(server(issuer).event_transmitter(transmitter()));
        assert!(text.contains("the event transmitter") && text.contains(expected), "{text}");
    }
}

#[tokio::test]
async fn wrong_settings_of_an_issuer_are_errors() {
    let lifetime = |seconds| issuer(ISSUER).token_lifetime(Duration::from_secs(seconds));
    for (issuer, expected) in [
        (issuer(ISSUER).logout_client(""), "contains an empty client id"),
        (issuer(ISSUER).logout_client("a").logout_client("a"), "contains `a` twice"),
        (lifetime(0), "the `token_lifetime` of the issuer"),
        (lifetime(u64::MAX), "is longer than 366 days"),
    ] {
        let text = problems(server(issuer));
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[tokio::test]
async fn the_settings_may_be_in_a_file() {
    let directory = std::env::temp_dir().join(format!("security-events-{}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    let secret = directory.join("authorization");
    fs::write(&secret, "Bearer s3cr3t\n").unwrap();
    let description = json!({
        "issuers": [{
            "issuer": ISSUER, "jwks": axum_protected_tests::keys().jwks(),
            "logout_clients": [CLIENT, "mobile"], "token_lifetime_seconds": 600,
        }],
        "audiences": ["https://api.example.com"],
        "event_transmitters": [{
            "issuer": ISSUER, "audiences": [RECEIVER], "about": [ISSUER],
            "push_authorization_file": secret,
        }],
    });
    let builder: ResourceServerBuilder = serde_json::from_value(description.clone()).unwrap();
    let clock = axum_protected_testing::ManualClock::at(super::epoch(super::NOW));
    let server = builder.clock(clock).build().unwrap();
    let described = serde_json::to_value(server.configuration()).unwrap();
    assert_eq!(described["issuers"][0]["logout_clients"], json!([CLIENT, "mobile"]));
    assert_eq!(described["issuers"][0]["token_lifetime_seconds"], 600);
    let expected = json!([{
        "issuer": ISSUER, "audiences": [RECEIVER], "about": [ISSUER],
        "push_authorization": true, "further_revocations": false,
    }]);
    assert_eq!(described["event_transmitters"], expected);
    let api = Receiver::of_server(server);
    let event = session_revoked().sign();
    assert_eq!(api.push_text(event.clone()).await.status, 400);
    assert_eq!(api.push_with(&["Bearer s3cr3t"], event).await.status, 202);
    assert_eq!(api.log_out(logout_token().claim("aud", "mobile")).await.status, 200);
    assert_eq!(api.judge(access_token("alice", "s1")).await, "revoked_token");

    for (path, wrong) in [
        ("/event_transmitters/0/push", json!(true)),
        ("/event_transmitters/0/audiences", json!("x")),
        ("/event_transmitters/0/issuer", Value::Null),
        ("/issuers/0/token_lifetime_seconds", json!("600")),
        ("/issuers/0/logout_clients", json!("shop")),
    ] {
        let mut description = description.clone();
        let (parent, name) = path.rsplit_once('/').unwrap();
        description.pointer_mut(parent).unwrap()[name] = wrong;
        let read = serde_json::from_value::<ResourceServerBuilder>(description);
        assert!(read.is_err(), "{path}");
    }
    fs::remove_dir_all(&directory).unwrap();
}

#[tokio::test]
async fn tokens_live_for_a_day_if_nothing_else_is_known() {
    let default = server(Issuer::new(ISSUER).jwks(axum_protected_tests::keys().jwks()));
    let described = serde_json::to_value(default.build().unwrap().configuration()).unwrap();
    assert_eq!(described["issuers"][0]["token_lifetime_seconds"], 24 * 3600);
}

#[test]
fn no_debug_output_contains_the_authorization() {
    let transmitter = transmitter().push_authorization("Bearer s3cr3t");
    assert!(!format!("{transmitter:?}").contains("s3cr3t"));
}
