//! Tests the endpoint that the metadata of the issuer names.

use axum_protected::{Issuer, RefusalKind, ResourceServer};
use axum_protected_tests::trusting;
use serde_json::{Value, json};
use tokio::time::{advance, sleep};

use super::double::ISSUER;
use super::{Double, SECOND, active, present, refused, settings};

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";

fn server(double: &Double) -> ResourceServer {
    let issuer = Issuer::new(ISSUER).introspection(settings());
    trusting(issuer).fetch(double.clone()).build().unwrap()
}

fn double(path: &str, metadata: Value) -> Double {
    let double = Double::default();
    double.publish(path, metadata);
    double.answer_others(active(ISSUER));
    double
}

#[tokio::test(start_paused = true)]
async fn the_metadata_names_the_endpoint() {
    for path in [OPENID, OAUTH] {
        let endpoint = "https://id.example.com/ask?x=1";
        let double = double(path, json!({ "issuer": ISSUER, "introspection_endpoint": endpoint }));
        let server = server(&double);
        server.ready().await.unwrap();
        assert!(server.health().ready);
        present(&server, "opaque").await.unwrap();
        assert_eq!(double.questions()[0].target, endpoint);
    }
}

#[tokio::test(start_paused = true)]
async fn unusable_metadata_is_trouble_of_the_server() {
    for (metadata, cause) in [
        (json!({ "issuer": ISSUER }), "no `introspection_endpoint`"),
        (json!({ "issuer": ISSUER, "introspection_endpoint": 7 }), "no `introspection_endpoint`"),
        (
            json!({ "issuer": ISSUER, "introspection_endpoint": "http://id.example.com/ask" }),
            "not an https URL",
        ),
        (
            json!({ "issuer": ISSUER, "introspection_endpoint": "http://127.0.0.1/ask" }),
            "not an https URL",
        ),
        (
            json!({ "issuer": ISSUER, "introspection_endpoint": "https://a:b@id.example.com/ask" }),
            "not an https URL",
        ),
        (json!({ "issuer": ISSUER, "introspection_endpoint": "/ask" }), "not an https URL"),
        (
            json!({
                "issuer": "https://other.example.com",
                "introspection_endpoint": "https://other.example.com/ask"
            }),
            "issuer",
        ),
        (json!({ "introspection_endpoint": "https://id.example.com/ask" }), "issuer"),
    ] {
        let double = double(OPENID, metadata);
        let server = server(&double);
        let error = present(&server, "opaque").await.unwrap_err();
        assert_eq!(error.kind(), RefusalKind::IntrospectionUnavailable);
        assert!(error.fetch_error().unwrap().contains(cause), "{cause}: {error}");
        let not_ready = server.ready().await.unwrap_err().to_string();
        assert!(not_ready.contains(cause), "{not_ready}");
        assert!(!server.health().ready);
        assert_eq!(double.total(), 0);
    }
}

/// A load balancer sends no request to a server that is not ready, so that no question is asked.
#[tokio::test(start_paused = true)]
async fn the_server_becomes_ready_without_a_request() {
    let endpoint = "https://id.example.com/ask";
    let metadata = json!({ "issuer": ISSUER, "introspection_endpoint": endpoint });
    let there = server(&double(OPENID, metadata.clone()));
    sleep(SECOND).await;
    assert!(there.health().ready);

    let double = Double::default();
    let later = server(&double);
    sleep(SECOND).await;
    let health = later.health();
    assert!(!health.ready);
    assert!(health.issuers[0].introspection_error.is_some(), "{health:?}");
    double.publish(OPENID, metadata);
    sleep(10 * SECOND).await;
    let health = later.health();
    assert!(health.ready);
    assert_eq!(health.issuers[0].introspection_error, None);
    assert_eq!(double.total(), 0);
}

#[tokio::test(start_paused = true)]
async fn metadata_that_comes_later_ends_the_outage() {
    let double = Double::default();
    double.answer_others(active(ISSUER));
    let server = server(&double);
    assert_eq!(refused(&server, "opaque").await, RefusalKind::IntrospectionUnavailable);
    let endpoint = "https://id.example.com/ask";
    double.publish(OPENID, json!({ "issuer": ISSUER, "introspection_endpoint": endpoint }));
    advance(5 * SECOND).await;
    present(&server, "opaque").await.unwrap();
    assert!(server.health().ready);
}

#[tokio::test]
async fn metadata_on_loopback_may_name_http() {
    let double = Double::default();
    let served = double.serve().await;
    let endpoint = format!("{}/ask", served.url);
    double.publish(OPENID, json!({ "issuer": served.url, "introspection_endpoint": endpoint }));
    double.answer("opaque", active(&served.url));
    let issuer = Issuer::new(&served.url).introspection(settings());
    let server = trusting(issuer).build().unwrap();
    present(&server, "opaque").await.unwrap();
    assert_eq!(double.questions()[0].target, "/ask");
}
