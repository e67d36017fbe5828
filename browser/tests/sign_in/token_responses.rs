//! Token responses that begin a session, and those that do not.

use axum_protected::introspection::{Introspection, Mode};
use axum_protected::{Issuer, ResourceServer};
use axum_protected_browser::BrowserBackendBuilder;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::application::{Application, Port, parameter};
use crate::browser::Browser;
use crate::flow::SESSION;
use crate::scripted_provider::ScriptedProvider;

const UNAVAILABLE: (u16, &str) = (503, "The sign-in service cannot be reached.");
const UNUSABLE: (u16, &str) = (502, "The answer of the sign-in service could not be used.");
const TOO_LATE: (u16, &str) = (400, "The sign-in took too long, or this page was loaded twice.");

async fn start(
    metadata: Value,
    backend: impl FnOnce(BrowserBackendBuilder) -> BrowserBackendBuilder,
) -> (ScriptedProvider, Application) {
    let provider = ScriptedProvider::start(metadata).await;
    let server = provider.resource_server();
    (provider, Port::free().await.serve(server, backend))
}

/// Replaces a member of a token response, or removes it for `null`.
fn with(mut response: Value, name: &str, value: Value) -> String {
    let members = response.as_object_mut().unwrap();
    match value {
        Value::Null => drop(members.remove(name)),
        value => drop(members.insert(name.to_owned(), value)),
    }
    response.to_string()
}

type Response = fn(&ScriptedProvider, &str) -> (u16, String);

#[tokio::test]
async fn a_regular_response_begins_a_session() {
    let (provider, application) = start(json!({}), |backend| backend.client_secret("s")).await;
    let cases: &[Response] = &[
        |provider, nonce| (200, provider.tokens(nonce).to_string()),
        |provider, nonce| (200, with(provider.tokens(nonce), "token_type", json!("bearer"))),
        |provider, nonce| (200, with(provider.tokens(nonce), "scope", json!("openid"))),
        |provider, nonce| (200, with(provider.tokens(nonce), "expires_in", json!(null))),
        |provider, nonce| (200, with(provider.tokens(nonce), "expires_in", json!(0))),
        |provider, nonce| (200, with(provider.tokens(nonce), "expires_in", json!(u64::MAX))),
        |provider, nonce| (200, with(provider.tokens(nonce), "refresh_token", json!(null))),
        |provider, nonce| (200, with(provider.tokens(nonce), "session_state", json!("x"))),
    ];
    for (case, number) in cases.iter().zip(1..) {
        let mut browser = Browser::new();
        let answer =
            provider.sign_in(&mut browser, &application, |nonce| case(&provider, nonce)).await;
        assert_eq!(answer.location(), application.url("/"), "{number}");
        assert_eq!(browser.names("__Host-"), [SESSION], "{number}");
    }
}

#[tokio::test]
async fn an_id_token_may_name_the_audiences_of_the_configuration() {
    let permitted = |backend: BrowserBackendBuilder| {
        backend.client_secret("s").id_token_audience("project").id_token_audience("other")
    };
    let (provider, application) = start(json!({}), permitted).await;
    for (audiences, begins) in [
        (json!(["notes", "project"]), true),
        (json!(["other", "notes", "project"]), true),
        (json!(["notes", "stranger"]), false),
        (json!(["project"]), false),
    ] {
        let mut browser = Browser::new();
        let response = |nonce: &str| {
            let id_token = provider.id_token(nonce).claim("aud", audiences.clone());
            let id_token = id_token.claim("azp", "notes").sign();
            (200, with(provider.tokens(nonce), "id_token", json!(id_token)))
        };
        provider.sign_in(&mut browser, &application, response).await;
        assert_eq!(browser.names("__Host-") == [SESSION], begins, "{audiences}");
    }
}

#[tokio::test]
async fn an_irregular_response_begins_no_session() {
    let cases: &[(Response, (u16, &str))] = &[
        (
            |provider, nonce| (200, with(provider.tokens(nonce), "token_type", json!("DPoP"))),
            UNAVAILABLE,
        ),
        (
            |provider, nonce| (200, with(provider.tokens(nonce), "token_type", json!(null))),
            UNAVAILABLE,
        ),
        (
            |provider, nonce| (200, with(provider.tokens(nonce), "access_token", json!(null))),
            UNAVAILABLE,
        ),
        (
            |provider, nonce| (200, with(provider.tokens(nonce), "access_token", json!(""))),
            UNAVAILABLE,
        ),
        (
            |provider, nonce| (200, with(provider.tokens(nonce), "access_token", json!("a b"))),
            UNAVAILABLE,
        ),
        (
            |provider, nonce| (200, with(provider.tokens(nonce), "access_token", json!(7))),
            UNAVAILABLE,
        ),
        (
            |provider, nonce| (200, with(provider.tokens(nonce), "refresh_token", json!(""))),
            UNAVAILABLE,
        ),
        (
            |provider, nonce| (200, with(provider.tokens(nonce), "expires_in", json!(-1))),
            UNAVAILABLE,
        ),
        (
            |provider, nonce| (200, with(provider.tokens(nonce), "expires_in", json!("300"))),
            UNAVAILABLE,
        ),
        (|provider, nonce| (200, format!("{}x", provider.tokens(nonce))), UNAVAILABLE),
        (
            |provider, nonce| {
                let twice = provider.tokens(nonce).to_string();
                (200, twice.replacen('{', r#"{"access_token":"x","#, 1))
            },
            UNAVAILABLE,
        ),
        (|_, _| (200, "<html>".to_owned()), UNAVAILABLE),
        (|_, _| (200, String::new()), UNAVAILABLE),
        (|provider, nonce| (201, provider.tokens(nonce).to_string()), UNAVAILABLE),
        (|provider, nonce| (302, provider.tokens(nonce).to_string()), UNAVAILABLE),
        (|_, _| (400, r#"{"error":"invalid_grant"}"#.to_owned()), TOO_LATE),
        (|_, _| (400, r#"{"error":"invalid_client"}"#.to_owned()), UNAVAILABLE),
        (|_, _| (400, r#"{"error_description":"invalid_grant"}"#.to_owned()), UNAVAILABLE),
        (|_, _| (401, r#"{"error":"invalid_grant"}"#.to_owned()), UNAVAILABLE),
        (|_, _| (500, r#"{"error":"invalid_grant"}"#.to_owned()), UNAVAILABLE),
    ];
    assert_no_session(cases).await;
}

#[tokio::test]
async fn tokens_that_are_not_for_this_sign_in_and_this_server_begin_no_session() {
    let cases: &[(Response, (u16, &str))] = &[
        (|provider, nonce| (200, with(provider.tokens(nonce), "id_token", json!(null))), UNUSABLE),
        (|provider, nonce| (200, with(provider.tokens(nonce), "id_token", json!("x"))), UNUSABLE),
        (|provider, _| (200, provider.tokens("another").to_string()), UNUSABLE),
        (
            |provider, nonce| {
                let other = provider.id_token(nonce).claim("aud", "other").sign();
                (200, with(provider.tokens(nonce), "id_token", json!(other)))
            },
            UNUSABLE,
        ),
        (
            |provider, nonce| {
                let of_other =
                    provider.id_token(nonce).claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA").sign();
                (200, with(provider.tokens(nonce), "id_token", json!(of_other)))
            },
            UNUSABLE,
        ),
        (
            |provider, nonce| {
                let access_token = provider.access_token().sign();
                (200, with(provider.tokens(nonce), "id_token", json!(access_token)))
            },
            UNUSABLE,
        ),
        (
            |provider, nonce| {
                let id_token = provider.id_token(nonce).sign();
                (200, with(provider.tokens(nonce), "access_token", json!(id_token)))
            },
            UNUSABLE,
        ),
        (
            |provider, nonce| {
                let of_other_api =
                    provider.access_token().claim("aud", "https://other.example").sign();
                (200, with(provider.tokens(nonce), "access_token", json!(of_other_api)))
            },
            UNUSABLE,
        ),
        (
            |provider, nonce| (200, with(provider.tokens(nonce), "access_token", json!("opaque"))),
            UNUSABLE,
        ),
    ];
    assert_no_session(cases).await;
}

async fn assert_no_session(cases: &[(Response, (u16, &str))]) {
    let (provider, application) = start(json!({}), |backend| backend.client_secret("s")).await;
    for ((case, (status, sentence)), number) in cases.iter().zip(1..) {
        println!("case {number}");
        let mut browser = Browser::new();
        let answer =
            provider.sign_in(&mut browser, &application, |nonce| case(&provider, nonce)).await;
        answer.assert_failure(*status, sentence);
        assert_eq!(browser.names("__Host-"), Vec::<&str>::new(), "case {number}");
    }
}

#[tokio::test]
async fn a_sign_in_with_an_opaque_token_needs_the_answer_of_the_provider() {
    let endpoint = "http://127.0.0.1:1/introspect";
    let provider = ScriptedProvider::start(json!({ "introspection_endpoint": endpoint })).await;
    let introspection =
        Introspection::new().client_id("notes-api").client_secret("s").mode(Mode::Opaque);
    let server = ResourceServer::builder()
        .issuer(Issuer::new(&provider.issuer).introspection(introspection))
        .audience(provider.other_issuer().audience());
    let application = Port::free().await.serve(server, |backend| backend.client_secret("s"));
    let mut browser = Browser::new();
    let response =
        |nonce: &str| (200, with(provider.tokens(nonce), "access_token", json!("opaque")));
    let answer = provider.sign_in(&mut browser, &application, response).await;
    answer.assert_failure(UNAVAILABLE.0, UNAVAILABLE.1);
    assert_eq!(browser.names(SESSION), Vec::<&str>::new());
}

#[tokio::test]
async fn an_access_token_of_another_issuer_of_the_server_begins_no_session() {
    let provider = ScriptedProvider::start(json!({})).await;
    let other = provider.other_issuer();
    let server = provider.resource_server().issuer(other.issuer());
    let application =
        Port::free().await.serve(server, |backend| backend.issuer(provider.issuer.as_str()));
    let of_other = other.token().subject("alice").scope("notes:read").sign();
    let mut browser = Browser::new();
    let answer = provider
        .sign_in(&mut browser, &application, |nonce| {
            (200, with(provider.tokens(nonce), "access_token", json!(of_other)))
        })
        .await;
    answer.assert_failure(UNUSABLE.0, UNUSABLE.1);
    let answer = provider
        .sign_in(&mut browser, &application, |nonce| (200, provider.tokens(nonce).to_string()))
        .await;
    assert_eq!(answer.location(), application.url("/"), "the issuer itself is accepted");
}

#[tokio::test]
async fn a_response_that_is_not_json_by_its_type_begins_no_session() {
    let (provider, application) = start(json!({}), |backend| backend.client_secret("s")).await;
    provider.set_content_type("text/html");
    let mut browser = Browser::new();
    let answer = provider
        .sign_in(&mut browser, &application, |nonce| (200, provider.tokens(nonce).to_string()))
        .await;
    answer.assert_failure(UNAVAILABLE.0, UNAVAILABLE.1);
}

#[tokio::test]
async fn the_client_authenticates_as_the_provider_supports_it() {
    let basic = Some("Basic bm90ZXM6YSUzQXMlMkJlY3JldCUyRit3aXRoJTI1");
    let methods = |methods: &[&str]| json!({ "token_endpoint_auth_methods_supported": methods });
    let cases = [
        (json!({}), Some("a:s+ecret/ with%"), basic, None, None),
        (
            methods(&["client_secret_post", "client_secret_basic"]),
            Some("a:s+ecret/ with%"),
            basic,
            None,
            None,
        ),
        (
            methods(&["private_key_jwt", "client_secret_post"]),
            Some("a:s+ecret/ with%"),
            None,
            Some("notes"),
            Some("a:s+ecret/ with%"),
        ),
        (methods(&["none"]), None, None, Some("notes"), None),
    ];
    for (metadata, secret, authorization, client_id, client_secret) in cases {
        let (provider, application) = start(metadata.clone(), |backend| match secret {
            Some(secret) => backend.client_secret(secret),
            None => backend,
        })
        .await;
        let mut browser = Browser::new();
        let authorization_url = browser.get(&application.url("/login")).await.location();
        let challenge = parameter(&authorization_url, "code_challenge").unwrap();
        assert_eq!(parameter(&authorization_url, "tenant").as_deref(), Some("7"));
        let mut browser = Browser::new();
        let answer = provider
            .sign_in(&mut browser, &application, |nonce| (200, provider.tokens(nonce).to_string()))
            .await;
        assert_eq!(answer.location(), application.url("/"), "{metadata}");
        let (headers, form) = provider.requests().pop().unwrap();
        let sent = headers.get("authorization").map(|value| value.to_str().unwrap());
        assert_eq!(sent, authorization, "{metadata}");
        let sent = |name| parameter(&format!("http://x/?{form}"), name);
        assert_eq!(sent("client_id").as_deref(), client_id, "{metadata}");
        assert_eq!(sent("client_secret").as_deref(), client_secret, "{metadata}");
        assert_eq!(sent("grant_type").as_deref(), Some("authorization_code"));
        assert_eq!(sent("code").as_deref(), Some("the-code"));
        assert_eq!(sent("redirect_uri"), Some(application.url("/callback")));
        let verifier = sent("code_verifier").unwrap();
        let own_challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
        assert_eq!((verifier.len(), own_challenge.len()), (43, 43));
        assert_ne!(own_challenge, challenge, "each sign-in has its own verifier");
    }
}

#[tokio::test]
async fn a_secret_is_not_sent_by_another_method() {
    let metadata = json!({ "token_endpoint_auth_methods_supported": ["private_key_jwt"] });
    let (provider, application) = start(metadata, |backend| backend.client_secret("s")).await;
    let mut browser = Browser::new();
    let answer = provider
        .sign_in(&mut browser, &application, |nonce| (200, provider.tokens(nonce).to_string()))
        .await;
    answer.assert_failure(UNAVAILABLE.0, UNAVAILABLE.1);
    assert_eq!(provider.requests().len(), 0);
}

#[tokio::test]
async fn further_parameters_are_part_of_the_authorization_request() {
    let (_provider, application) = start(json!({}), |backend| {
        backend
            .extra_authorization_parameter("audience", "https://api.example.com")
            .extra_authorization_parameter("prompt", "select_account")
    })
    .await;
    let url = Browser::new().get(&application.url("/login")).await.location();
    assert_eq!(parameter(&url, "audience").as_deref(), Some("https://api.example.com"));
    assert_eq!(parameter(&url, "prompt").as_deref(), Some("select_account"));
}

#[tokio::test]
async fn an_issuer_that_names_itself_unasked_is_compared_too() {
    let (provider, application) = start(json!({}), |backend| backend).await;
    let mut browser = Browser::new();
    let authorization_url = browser.get(&application.url("/login")).await.location();
    let state = parameter(&authorization_url, "state").unwrap();
    let callback = format!("/callback?code=the-code&state={state}&iss=https%3A%2F%2Fother.example");
    let answer = browser.get(&application.url(&callback)).await;
    answer.assert_failure(400, "The answer did not come from the expected sign-in service.");
    assert_eq!(provider.requests().len(), 0, "the code goes to nobody");
}
