//! Tests a whole sign-in and a refresh at the embedded authorization server.

use axum_protected::__browser::{IdToken, IdTokenExpectation, Occasion, OpenIdError, Provider};
use axum_protected_testing::{AuthorizationServer, Client};
use reqwest::Url;
use reqwest::redirect::Policy;
use serde_json::Value;

use super::outcome;

const CALLBACK: &str = "http://127.0.0.1:3000/callback";
// The example in RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn form(pairs: &[(&str, &str)]) -> String {
    let url = Url::parse_with_params("http://127.0.0.1/", pairs).unwrap();
    url.query().unwrap().to_owned()
}

/// Signs in at the page of the provider, and returns the code.
async fn code(provider: &Provider, nonce: &str) -> String {
    let browser = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
    let mut url = provider.metadata().await.unwrap().authorization_endpoint.clone();
    url.query_pairs_mut().extend_pairs([
        ("client_id", "bff"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid"),
        ("nonce", nonce),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]);
    let page = browser.get(url).send().await.unwrap().text().await.unwrap();
    let (_, rest) = page.split_once("name=\"ticket\" value=\"").unwrap();
    let (ticket, _) = rest.split_once('"').unwrap();
    let consent = format!("{}/consent", provider.issuer());
    let consent = browser.post(consent).body(form(&[("ticket", ticket), ("subject", "alice")]));
    let consent = consent.header("content-type", "application/x-www-form-urlencoded");
    let answer = consent.send().await.unwrap();
    let location: Url = answer.headers()["location"].to_str().unwrap().parse().unwrap();
    let (_, code) = location.query_pairs().find(|(name, _)| name == "code").unwrap();
    code.into_owned()
}

async fn tokens(provider: &Provider, pairs: &[(&str, &str)]) -> Value {
    let url = provider.metadata().await.unwrap().token_endpoint.clone();
    let posted = provider.post_form(&url, None, form(pairs).into_bytes()).await.unwrap();
    serde_json::from_slice(&posted.2).unwrap()
}

async fn verify(
    provider: &Provider,
    tokens: &Value,
    access_token: &str,
    occasion: Occasion<'_>,
) -> Result<IdToken, OpenIdError> {
    let text = tokens["id_token"].as_str().unwrap();
    let expected =
        IdTokenExpectation { client_id: "bff", other_audiences: &[], access_token, occasion };
    provider.verify_id_token(text, &expected).await
}

#[tokio::test]
async fn the_tokens_of_a_sign_in_and_of_a_refresh_are_accepted() {
    let client = Client::public("bff").redirect_uri(CALLBACK);
    let issuer = AuthorizationServer::builder().client(client).start().await.unwrap();
    let provider = Provider::new(&issuer.resource_server().build().unwrap(), None).unwrap();
    let code = code(&provider, "n1").await;
    let first = tokens(
        &provider,
        &[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", CALLBACK),
            ("client_id", "bff"),
            ("code_verifier", VERIFIER),
        ],
    )
    .await;
    let sign_in = Occasion::SignIn { nonce: "n1" };
    let access_token = first["access_token"].as_str().unwrap();
    let token = verify(&provider, &first, access_token, sign_in).await.unwrap();
    assert_eq!(token.subject, "alice");

    // The ID token names its access token, and is not a credential for the API.
    let other = verify(&provider, &first, "another", sign_in).await;
    assert_eq!(outcome(other), "the claim `at_hash` is not the hash of the access token");
    let nonce = Occasion::SignIn { nonce: "n2" };
    let other = verify(&provider, &first, access_token, nonce).await;
    assert_eq!(outcome(other), "the claim `nonce` is not the nonce of the sign-in");
    let server = provider.server();
    assert!(server.authenticate(access_token).await.is_ok());
    assert!(server.authenticate(first["id_token"].as_str().unwrap()).await.is_err());

    // Keys of the provider may rotate between sign-in and refresh.
    issuer.rotate().unwrap();
    let pairs = [
        ("grant_type", "refresh_token"),
        ("refresh_token", first["refresh_token"].as_str().unwrap()),
        ("client_id", "bff"),
    ];
    let second = tokens(&provider, &pairs).await;
    let access_token = second["access_token"].as_str().unwrap();
    let refresh = Occasion::Refresh { subject: "alice", nonce: "n1" };
    let token = verify(&provider, &second, access_token, refresh).await.unwrap();
    assert_eq!(token.subject, "alice");
    let refresh = Occasion::Refresh { subject: "bob", nonce: "n1" };
    let other = verify(&provider, &second, access_token, refresh).await;
    assert_eq!(outcome(other), "the claim `sub` is not the subject that signed in");
}
