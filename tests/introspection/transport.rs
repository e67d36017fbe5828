//! Tests that a question goes only to an endpoint whose certificate is trusted.

use axum_protected::{Issuer, RefusalKind};
use axum_protected_tests::trusting;

use super::authority::{Authority, VALID, proxy};
use super::{Double, active, present, refused, settings};

#[tokio::test]
async fn a_token_is_sent_only_over_tls_with_a_trusted_certificate() {
    let authority = Authority::new();
    let double = Double::default();
    let served = double.serve().await;
    let trusted = proxy(authority.certify("localhost", VALID), &served.url).await;
    let issuer = |url: &str| {
        Issuer::new(url).introspection(settings().endpoint(format!("{url}/introspect")))
    };
    double.answer_others(active(&trusted.url));
    // The certificate of an unknown authority.
    let server = trusting(issuer(&trusted.url)).build().unwrap();
    let error = present(&server, "opaque").await.unwrap_err();
    assert_eq!(error.kind(), RefusalKind::IntrospectionUnavailable);
    assert!(error.fetch_error().unwrap().contains("certificate"), "{error}");
    // A certificate for another name.
    let other = proxy(authority.certify("id.example.com", VALID), &served.url).await;
    let with_authority = issuer(&other.url).root_certificates(authority.pem());
    let server = trusting(with_authority).build().unwrap();
    assert_eq!(refused(&server, "opaque").await, RefusalKind::IntrospectionUnavailable);
    assert_eq!(double.total(), 0);
    let with_authority = issuer(&trusted.url).root_certificates(authority.pem());
    let server = trusting(with_authority).build().unwrap();
    assert_eq!(present(&server, "opaque").await.unwrap().subject(), Some("alice"));
    assert_eq!(double.total(), 1);
}
