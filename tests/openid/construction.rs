//! Tests which issuer of a server is the provider.

use axum_protected::__browser::Provider;
use axum_protected::api_key::{ApiKey, ApiKeys, KeyDigest};
use axum_protected::{Issuer, ResourceServer};
use axum_protected_tests::{keys, trusting};

const A: &str = "https://a.example.com";
const B: &str = "https://b.example.com";

fn fixed(identifier: &str) -> Issuer {
    Issuer::new(identifier).jwks(keys().jwks())
}

fn with_metadata(identifier: &str) -> Issuer {
    fixed(identifier).metadata_url(format!("{identifier}/metadata"))
}

fn issuer(server: &ResourceServer, name: Option<&str>) -> Result<String, String> {
    Provider::new(server, name).map(|provider| provider.issuer().to_owned())
}

#[tokio::test]
async fn the_provider_is_named_or_the_only_issuer() {
    let one = trusting(with_metadata(A)).build().unwrap();
    let two = trusting(with_metadata(A).name("acme")).issuer(with_metadata(B)).build().unwrap();
    let a = Ok(A.to_owned());
    assert_eq!(issuer(&one, None), a);
    assert_eq!(issuer(&one, Some(A)), a);
    assert_eq!(issuer(&two, Some("acme")), a);
    assert_eq!(issuer(&two, Some(A)), a);
    assert_eq!(issuer(&two, Some(B)), Ok(B.to_owned()));
    for (server, name, problem) in [
        (
            &one,
            Some(B),
            "the server has no issuer `https://b.example.com`: its issuers are `https://a.example.com`",
        ),
        (
            &one,
            Some("https://me:s3cret@a.example.com"),
            "the server has no issuer `(not shown)`: its issuers are `https://a.example.com`",
        ),
        (&one, Some(""), "the server has no issuer ``: its issuers are `https://a.example.com`"),
        (
            &two,
            None,
            "the server has several issuers, and the provider is not named: name one of `https://a.example.com`, `https://b.example.com`",
        ),
        (
            &two,
            Some("ACME"),
            "the server has no issuer `ACME`: its issuers are `https://a.example.com`, `https://b.example.com`",
        ),
    ] {
        assert_eq!(issuer(server, name), Err(problem.to_owned()));
    }
}

#[tokio::test]
async fn an_issuer_that_cannot_sign_in_users_is_a_problem() {
    let secret = Issuer::new(A).shared_secret("0123456789abcdef0123456789abcdef");
    for (configured, problem) in [
        (
            fixed(A),
            "the issuer `https://a.example.com` has a setting for its keys and no `metadata_url`, so its endpoints are not known: set `metadata_url`",
        ),
        (
            Issuer::new(A).jwks_uri(format!("{A}/jwks")),
            "the issuer `https://a.example.com` has a setting for its keys and no `metadata_url`, so its endpoints are not known: set `metadata_url`",
        ),
        (
            secret,
            "the issuer `https://a.example.com` has a shared secret, with which this server could sign ID tokens itself: use an issuer that publishes its keys",
        ),
    ] {
        let server = trusting(configured).build().unwrap();
        assert_eq!(issuer(&server, None), Err(problem.to_owned()));
    }
    let generated = ApiKeys::generate("items").unwrap();
    let key = ApiKey::new(KeyDigest::of(generated.key())).subject("ci");
    let keys_only = ResourceServer::builder().api_keys(ApiKeys::new().key(key)).build().unwrap();
    let problem = "the server has no issuer: add one with `issuer`".to_owned();
    assert_eq!(issuer(&keys_only, None), Err(problem));
}

#[tokio::test]
async fn the_text_of_a_provider_has_no_secret() {
    let server = trusting(with_metadata(A)).build().unwrap();
    let provider = Provider::new(&server, None).unwrap();
    assert_eq!(format!("{provider:?}"), r#"Provider { issuer: "https://a.example.com", .. }"#);
    assert_eq!(provider.server().configuration().issuers.len(), 1);
}
