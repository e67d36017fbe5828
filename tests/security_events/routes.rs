//! Tests which routes exist, and that they state their policy.

use axum::body::Body;
use axum::http::Request;
use axum_protected::routing::get;
use axum_protected::{ProtectedRouter, ResourceServer, protected};
use axum_protected_testing::AuthorizationServer;
use serde_json::json;

use super::{CLIENT, Receiver, builder, issuer, session_revoked, transmitter};

const ISSUER: &str = "https://silent.example.com";

#[protected(scope = "items:read")]
async fn items() {}

fn silent() -> axum_protected::ResourceServerBuilder {
    ResourceServer::builder().issuer(issuer(ISSUER)).audience("https://api.example.com")
}

fn paths(server: &ResourceServer) -> Vec<String> {
    let routes: ProtectedRouter<()> = server.event_routes();
    let table = routes.access_table();
    table.routes().map(|row| format!("{} {}", row.method, row.path)).collect()
}

#[tokio::test]
async fn only_configured_receivers_have_a_route() {
    let of_transmitter = axum_protected::security_event::EventTransmitter::new(ISSUER);
    let with_events = || silent().event_transmitter(of_transmitter.clone().audience("events"));
    assert_eq!(paths(&silent().build().unwrap()), Vec::<String>::new());
    assert_eq!(paths(&with_events().build().unwrap()), ["POST /security-events"]);
    assert_eq!(paths(&builder().build().unwrap()), ["POST /backchannel-logout"]);
    let polled = || of_transmitter.clone().audience("events").poll("http://127.0.0.1:1/poll");
    assert_eq!(paths(&silent().event_transmitter(polled()).build().unwrap()), Vec::<String>::new());
    let also_pushed = polled().push_authorization("Bearer secret");
    let server = silent().event_transmitter(also_pushed).build().unwrap();
    assert_eq!(paths(&server), ["POST /security-events"]);
    let both = builder().event_transmitter(transmitter()).build().unwrap();
    assert_eq!(paths(&both), ["POST /backchannel-logout", "POST /security-events"]);
    let api = Receiver::of(builder());
    assert_eq!(api.push(session_revoked()).await.status, 404);
}

#[tokio::test]
async fn the_access_table_and_documents_show_the_routes_as_public() {
    let server = builder().event_transmitter(transmitter()).build().unwrap();
    let routes: ProtectedRouter<()> = server.event_routes();
    let table = routes.access_table();
    for (row, reason) in table.routes().zip([
        "public (signed logouts of an issuer (OpenID Connect Back-Channel Logout))",
        "public (signed security events of a transmitter (RFC 8935))",
    ]) {
        assert_eq!(row.access.to_string(), reason);
        assert!(row.access.location().file().ends_with("routes.rs"), "{row}");
    }
    let operation = json!({ "post": { "responses": {} } });
    let mut document = json!({ "openapi": "3.1.0", "paths": {
        "/backchannel-logout": operation, "/security-events": operation,
    } });
    assert_eq!(table.describe(&mut document), Ok(()));
    for path in ["/backchannel-logout", "/security-events"] {
        let operation = &document["paths"][path]["post"];
        assert_eq!(operation["security"], json!([]), "{operation}");
    }
    let mut empty = json!({ "openapi": "3.1.0", "paths": {} });
    let missing = table.describe(&mut empty).unwrap_err();
    let missing: Vec<_> = missing.undocumented().collect();
    assert_eq!(missing, ["POST /backchannel-logout", "POST /security-events"]);
}

/// The routes work below a prefix, and without a `ProtectedRouter`.
#[tokio::test]
async fn the_routes_may_be_nested() {
    let server = builder().event_transmitter(transmitter()).build().unwrap();
    let nested = ProtectedRouter::new().nest("/hooks", server.event_routes());
    let app = nested.with_state(server.clone()).into_router().unwrap();
    let request = Request::post("/hooks/security-events")
        .header("content-type", "application/secevent+jwt")
        .body(Body::from(session_revoked().sign()));
    let answer = tower::ServiceExt::oneshot(app, request.unwrap()).await.unwrap();
    assert_eq!(answer.status(), 202);
}

#[tokio::test]
async fn the_access_matrix_reaches_the_routes() {
    let provider = AuthorizationServer::start().await.unwrap();
    let provider = provider.trusted_as(|issuer| issuer.logout_client(CLIENT));
    let transmitter = axum_protected::security_event::EventTransmitter::new(provider.issuer());
    let server = provider.resource_server().event_transmitter(transmitter.audience("events"));
    let server = server.build().unwrap();
    let routes = ProtectedRouter::new().route("/items", get(items)).merge(server.event_routes());
    let table = routes.access_table().clone();
    let app = routes.with_state(server).into_router().unwrap();
    provider.access_matrix(&app, &table).await.unwrap();
}

/// The authorization server for tests signs what the receivers accept.
#[tokio::test]
async fn the_authorization_server_for_tests_sends_logouts_and_events() {
    let provider = AuthorizationServer::start().await.unwrap();
    let provider = provider.trusted_as(|issuer| issuer.logout_client(CLIENT));
    let transmitter = axum_protected::security_event::EventTransmitter::new(provider.issuer());
    let server = provider.resource_server();
    let server = server.event_transmitter(transmitter.audience(provider.audience())).build();
    let server = server.unwrap();
    axum_protected_tests::ready(&server).await;
    let api = Receiver::of_server(server);
    let token = |session: &str| provider.token().subject("alice").claim("sid", session);
    assert_eq!(api.log_out(provider.logout_token(CLIENT)).await.status, 200);
    assert_eq!(api.judge(token("session-1")).await, "revoked_token");
    assert_eq!(api.judge(token("session-2")).await, "accepted");
    let event = provider.security_event(&format!("{}session-revoked", super::CAEP));
    let event = event.subject(super::user(provider.issuer(), "alice"));
    assert_eq!(api.push(event).await.status, 202);
    assert_eq!(api.judge(token("session-2")).await, "revoked_token");
}
