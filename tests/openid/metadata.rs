//! Tests the metadata of the provider.

use std::sync::Arc;
use std::time::Duration;

use axum_protected::__browser::{ClientAuthentication, Provider, ProviderMetadata};
use axum_protected::Issuer;
use axum_protected_testing::{AuthorizationServer, Client};
use axum_protected_tests::issuer::{JWKS, Manner, OAUTH, OPENID};
use axum_protected_tests::{Gate, Reply, ScriptedIssuer, bounded, trusting};
use serde_json::{Value, json};

/// Returns a provider that fetches only its metadata.
fn provider(issuer: &ScriptedIssuer) -> Provider {
    let configured = Issuer::new(issuer.url())
        .jwks(axum_protected_tests::keys().jwks())
        .metadata_url(issuer.at(OPENID));
    Provider::new(&trusting(configured).build().unwrap(), None).unwrap()
}

fn document(issuer: &ScriptedIssuer, more: &Value) -> Reply {
    let mut document = json!({
        "issuer": issuer.url(),
        "authorization_endpoint": issuer.at("/authorize?tenant=1"),
        "token_endpoint": issuer.at("/token"),
    });
    let members = document.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    members.retain(|_, value| *value != json!("absent"));
    Reply::json(&document)
}

async fn read(more: Value) -> Result<Arc<ProviderMetadata>, String> {
    let issuer = ScriptedIssuer::silent().await;
    issuer.set(OPENID, document(&issuer, &more));
    provider(&issuer).metadata().await.map_err(|error| error.to_string())
}

async fn advance(issuer: &ScriptedIssuer, time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
    // The tasks that are due have ended after a few round trips.
    for _ in 0..8 {
        issuer.ping().await;
    }
}

#[tokio::test]
async fn the_embedded_authorization_server_has_usable_metadata() {
    let client = Client::public("bff").redirect_uri("http://127.0.0.1:3000/callback");
    let issuer = AuthorizationServer::builder().client(client).start().await.unwrap();
    let server = issuer.resource_server().build().unwrap();
    let provider = Provider::new(&server, None).unwrap();
    let metadata = provider.metadata().await.unwrap();
    assert_eq!(metadata.authorization_endpoint.as_str(), issuer.authorization_endpoint());
    assert_eq!(metadata.token_endpoint.as_str(), issuer.token_endpoint());
    assert!(metadata.authorization_response_iss_parameter_supported);
    assert_eq!(metadata.client_authentication, Some(ClientAuthentication::Basic));
}

#[tokio::test]
async fn what_the_metadata_does_not_say_has_the_default_of_the_specification() {
    let metadata = read(json!({})).await.unwrap();
    assert_eq!(metadata.authorization_endpoint.query(), Some("tenant=1"));
    assert_eq!(metadata.end_session_endpoint, None);
    assert_eq!(metadata.revocation_endpoint, None);
    assert!(!metadata.authorization_response_iss_parameter_supported);
    assert_eq!(metadata.client_authentication, Some(ClientAuthentication::Basic));
    let metadata = read(json!({
        "end_session_endpoint": "https://id.example.com/logout#x",
        "revocation_endpoint": "https://id.example.com/revoke",
        "authorization_response_iss_parameter_supported": true,
    }));
    let metadata = metadata.await.unwrap();
    let end_session = metadata.end_session_endpoint.as_ref().unwrap();
    assert_eq!(end_session.as_str(), "https://id.example.com/logout");
    assert!(metadata.revocation_endpoint.is_some());
    assert!(metadata.authorization_response_iss_parameter_supported);
}

#[tokio::test]
async fn the_method_of_the_client_is_one_that_the_provider_lists() {
    let (basic, post) = (ClientAuthentication::Basic, ClientAuthentication::Post);
    for (methods, expected) in [
        (json!("absent"), Some(basic)),
        (json!(["client_secret_post", "client_secret_basic"]), Some(basic)),
        (json!(["private_key_jwt", "client_secret_post"]), Some(post)),
        (json!(["private_key_jwt", "none"]), None),
        (json!([]), None),
    ] {
        let member = json!({ "token_endpoint_auth_methods_supported": methods });
        assert_eq!(read(member).await.unwrap().client_authentication, expected, "{methods}");
    }
}

#[tokio::test]
async fn an_endpoint_must_be_there_and_secure() {
    const INSECURE: &str = "in the metadata is not an https URL";
    for (name, value, problem) in [
        ("authorization_endpoint", json!("absent"), "the metadata has no `authorization_endpoint`"),
        ("token_endpoint", json!("absent"), "the metadata has no `token_endpoint`"),
        ("token_endpoint", Value::Null, "the metadata has no `token_endpoint`"),
        ("token_endpoint", json!(7), INSECURE),
        ("token_endpoint", json!("/token"), INSECURE),
        ("token_endpoint", json!("http://id.example.com/token"), INSECURE),
        ("token_endpoint", json!("https://me:s3cret@id.example.com/token"), INSECURE),
        ("authorization_endpoint", json!("javascript:alert(1)"), INSECURE),
        ("authorization_endpoint", json!("http://id.example.com/authorize"), INSECURE),
        ("end_session_endpoint", json!("data:text/html,x"), INSECURE),
        ("end_session_endpoint", json!("http://id.example.com/logout"), INSECURE),
        ("revocation_endpoint", json!(["https://id.example.com"]), INSECURE),
        ("issuer", json!("https://evil.example.com"), "the metadata is of another issuer"),
    ] {
        let error = read(json!({ name: value })).await.unwrap_err();
        assert!(error.contains(problem), "{name} {value}: {error}");
        assert!(!error.contains("s3cret"), "{error}");
    }
}

/// Metadata that came by https must not lead a browser or a client secret to http.
#[tokio::test]
async fn an_http_endpoint_needs_the_permission_of_the_issuer() {
    let issuer = ScriptedIssuer::silent().await;
    let http = json!({ "token_endpoint": "http://keycloak:8080/token" });
    issuer.set(OPENID, document(&issuer, &http));
    let configured = Issuer::new(issuer.url())
        .jwks(axum_protected_tests::keys().jwks())
        .metadata_url(issuer.at(OPENID))
        .insecure_http();
    let provider = Provider::new(&trusting(configured).build().unwrap(), None).unwrap();
    let metadata = provider.metadata().await.unwrap();
    assert_eq!(metadata.token_endpoint.as_str(), "http://keycloak:8080/token");
}

#[tokio::test]
async fn many_sign_ins_share_one_fetch_and_one_error() {
    let issuer = ScriptedIssuer::silent().await;
    let provider = provider(&issuer);
    let gate = Gate::shut();
    issuer.set(OPENID, Reply::text(503, "").manner(Manner::When(gate.clone())));
    let ask = || {
        let provider = provider.clone();
        tokio::spawn(async move { provider.metadata().await })
    };
    let sent: Vec<_> = (0..50).map(|_| ask()).collect();
    issuer.wait_for_requests(OPENID, 1).await;
    // The first request is the one that started the fetch.
    sent[0].abort();
    gate.open();
    for request in sent.into_iter().skip(1) {
        let error = bounded("an error", request).await.unwrap().unwrap_err().to_string();
        assert!(error.contains("status 503"), "{error}");
    }
    assert_eq!(issuer.count(OPENID), 1);
    issuer.set(OPENID, document(&issuer, &json!({})));
    assert!(provider.metadata().await.is_err(), "the error is remembered");
    assert_eq!(issuer.count(OPENID), 1);
    advance(&issuer, Duration::from_secs(5)).await;
    assert!(provider.metadata().await.is_ok());
    assert_eq!(issuer.count(OPENID), 2);
}

#[tokio::test]
async fn metadata_is_renewed_after_an_hour_and_kept_during_an_outage() {
    let issuer = ScriptedIssuer::silent().await;
    issuer.set(OPENID, document(&issuer, &json!({})));
    let provider = provider(&issuer);
    let first = provider.metadata().await.unwrap();
    advance(&issuer, Duration::from_secs(3_590)).await;
    assert!(Arc::ptr_eq(&provider.metadata().await.unwrap(), &first));
    assert_eq!(issuer.count(OPENID), 1);

    // The request that finds the metadata old does not wait for the fetch.
    issuer.set(OPENID, Reply::never());
    advance(&issuer, Duration::from_secs(20)).await;
    assert!(Arc::ptr_eq(&provider.metadata().await.unwrap(), &first));
    issuer.wait_for_requests(OPENID, 2).await;
    assert!(Arc::ptr_eq(&provider.metadata().await.unwrap(), &first));
    assert_eq!(issuer.count(OPENID), 2, "one fetch at a time");

    // The fetch ends after 5 s, and the next one is due 5 s later.
    let moved = json!({ "token_endpoint": "https://id.example.com/new" });
    issuer.set(OPENID, document(&issuer, &moved));
    let renewed = async {
        loop {
            if issuer.count(OPENID) < 3 {
                advance(&issuer, Duration::from_secs(1)).await;
            }
            issuer.ping().await;
            let metadata = provider.metadata().await.unwrap();
            if !Arc::ptr_eq(&metadata, &first) {
                return metadata;
            }
        }
    };
    let renewed = bounded("new metadata", renewed).await;
    assert_eq!(renewed.token_endpoint.as_str(), "https://id.example.com/new");
    assert_eq!(issuer.count(OPENID), 3);
}

/// The runtime of the request that started the fetch may end, for example in tests.
#[test]
fn a_fetch_whose_runtime_ends_is_an_error_that_the_next_request_repairs() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let other = runtime();
    let (issuer, provider) = other.block_on(async {
        let issuer = ScriptedIssuer::silent().await;
        let provider = provider(&issuer);
        issuer.set(OPENID, Reply::never());
        (issuer, provider)
    });
    let first = runtime();
    let started = provider.clone();
    first.block_on(async move {
        let request = started.metadata();
        assert!(tokio::time::timeout(Duration::from_millis(1), request).await.is_err());
    });
    drop(first);
    other.block_on(async {
        let error = bounded("an error", provider.metadata()).await.unwrap_err();
        assert!(error.to_string().contains("interrupted"), "{error}");
        issuer.set(OPENID, document(&issuer, &json!({})));
        advance(&issuer, Duration::from_secs(5)).await;
        assert!(bounded("metadata", provider.metadata()).await.is_ok());
    });
}

/// While the first location of the metadata fails, somebody who can put files at the root of the
/// host names another token endpoint. It counts until the first location answers, for a minute at
/// most.
#[tokio::test]
async fn a_planted_document_counts_only_until_the_first_location_answers() {
    let issuer = ScriptedIssuer::silent().await;
    let identifier = issuer.at("/realm");
    let document = |endpoint: &str| {
        Reply::json(&json!({
            "issuer": identifier, "jwks_uri": issuer.at(JWKS),
            "authorization_endpoint": issuer.at("/authorize"), "token_endpoint": endpoint,
        }))
    };
    let (first, second) = (format!("/realm{OPENID}"), format!("{OAUTH}/realm"));
    issuer.set(JWKS, Reply::keys(axum_protected_tests::keys()));
    issuer.set(&first, Reply::text(503, ""));
    issuer.set(&second, document("https://evil.example.com/token"));
    let provider = Provider::new(&trusting(&*identifier).build().unwrap(), None).unwrap();
    let planted = provider.metadata().await.unwrap();
    assert_eq!(planted.token_endpoint.as_str(), "https://evil.example.com/token");

    issuer.set(&first, document("https://id.example.com/token"));
    advance(&issuer, Duration::from_secs(60)).await;
    let renewed = async {
        loop {
            let metadata = provider.metadata().await.unwrap();
            if metadata != planted {
                return metadata;
            }
            issuer.ping().await;
        }
    };
    let renewed = bounded("the metadata of the first location", renewed).await;
    assert_eq!(renewed.token_endpoint.as_str(), "https://id.example.com/token");
}
