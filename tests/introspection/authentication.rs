//! Tests the authentication of the server at the endpoint.

use std::fs;
use std::path::PathBuf;

use axum_protected::introspection::{ClientAuthentication, Introspection, PrivateKeyJwt};
use axum_protected::{Algorithm, Issuer, RefusalKind, ResourceServer};
use axum_protected_tests::trusting;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::double::ISSUER;
use super::{Double, active, refused};

fn server(double: &Double, settings: Introspection) -> ResourceServer {
    let settings = settings.endpoint("https://id.example.com/introspect");
    let issuer = Issuer::new(ISSUER).introspection(settings);
    trusting(issuer).fetch(double.clone()).build().unwrap()
}

fn double() -> Double {
    let double = Double::default();
    double.answer_others(active(ISSUER));
    double
}

/// A file that is removed when it is dropped.
pub(crate) struct TestFile(pub PathBuf);

impl TestFile {
    pub(crate) fn new(name: &str, content: &str) -> Self {
        let name = format!("axum-protected-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, content).unwrap();
        Self(path)
    }
}

impl Drop for TestFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[tokio::test]
async fn both_parts_of_a_basic_credential_are_encoded_as_in_a_form() {
    for (client, secret, expected) in [
        ("items-api", "s3cret", "items-api:s3cret"),
        ("api:1", "s e/c+ret", "api%3A1:s+e%2Fc%2Bret"),
        ("ä", "\u{20ac}", "%C3%A4:%E2%82%AC"),
        ("https://api.example.com", ":%", "https%3A%2F%2Fapi.example.com:%3A%25"),
    ] {
        let double = double();
        let settings = Introspection::new().client_id(client).client_secret(secret);
        server(&double, settings).authenticate("opaque").await.unwrap();
        let question = &double.questions()[0];
        let basic = question.header("authorization").unwrap().strip_prefix("Basic ").unwrap();
        assert_eq!(String::from_utf8(STANDARD.decode(basic).unwrap()).unwrap(), expected);
        assert_eq!(question.form().keys().collect::<Vec<_>>(), ["token", "token_type_hint"]);
    }
}

#[tokio::test]
async fn a_secret_may_be_in_the_form() {
    let double = double();
    let settings = Introspection::new().client_id("api:1").client_secret("s e/c+ret");
    let settings = settings.client_authentication(ClientAuthentication::Post);
    server(&double, settings).authenticate("opaque").await.unwrap();
    let question = &double.questions()[0];
    assert_eq!(question.header("authorization"), None);
    assert_eq!(question.form()["client_id"], "api:1");
    assert_eq!(question.form()["client_secret"], "s e/c+ret");
    assert!(question.body.ends_with("&client_id=api%3A1&client_secret=s+e%2Fc%2Bret"));
}

#[tokio::test]
async fn a_file_with_a_secret_or_a_token_is_read_for_each_question() {
    type Set = fn(Introspection, PathBuf) -> Introspection;
    type Credentials = fn(&str) -> String;
    let cases: [(&str, Set, Credentials); 2] = [
        (
            "secret",
            |settings, path| settings.client_id("items-api").client_secret_file(path),
            |text| format!("Basic {}", STANDARD.encode(format!("items-api:{text}"))),
        ),
        ("token", Introspection::bearer_file_of, |text| format!("Bearer {text}")),
    ];
    for (name, set, expected) in cases {
        let file = TestFile::new(name, "first\n");
        let double = double();
        let server = server(&double, set(Introspection::new(), file.0.clone()));
        server.authenticate("opaque-1").await.unwrap();
        fs::write(&file.0, "second").unwrap();
        server.authenticate("opaque-2").await.unwrap();
        let questions = double.questions();
        let sent: Vec<_> = questions.iter().map(|one| one.header("authorization")).collect();
        assert_eq!(sent, [Some(&*expected("first")), Some(&*expected("second"))]);
        // A file that is gone or empty is trouble of the server.
        for (index, content) in ["", " \n", "\u{7f}\nx"].into_iter().enumerate() {
            fs::write(&file.0, content).unwrap();
            let token = format!("broken-{index}");
            let error = server.authenticate(&token).await.err();
            if content.starts_with('\u{7f}') && name == "secret" {
                continue;
            }
            let error = error.unwrap_or_else(|| panic!("{name} {content:?}"));
            assert_eq!(error.kind(), RefusalKind::IntrospectionUnavailable);
            assert!(error.fetch_error().unwrap().contains(&*file.0.to_string_lossy()), "{error}");
        }
        fs::remove_file(&file.0).unwrap();
        let before = double.total();
        assert_eq!(refused(&server, "opaque-3").await, RefusalKind::IntrospectionUnavailable);
        assert_eq!(double.total(), before);
    }
}

/// The method under a name that a table of functions can use.
trait BearerFile {
    fn bearer_file_of(self, path: PathBuf) -> Self;
}

impl BearerFile for Introspection {
    fn bearer_file_of(self, path: PathBuf) -> Self {
        self.bearer_file(path)
    }
}

#[tokio::test]
async fn an_assertion_is_signed_anew_for_each_question() {
    let double = double();
    let key_file = concat!(env!("CARGO_MANIFEST_DIR"), "/data/private_keys/p256-sec1.pem");
    let key = PrivateKeyJwt::new(key_file, Algorithm::ES256).kid("2026");
    let settings = Introspection::new().client_id("items-api").private_key_jwt(key);
    let server = server(&double, settings);
    for token in ["opaque-1", "opaque-2"] {
        server.authenticate(token).await.unwrap();
    }
    let mut identifiers = Vec::new();
    for question in double.questions() {
        assert_eq!(question.header("authorization"), None);
        let form = question.form();
        assert_eq!(form["client_id"], "items-api");
        let assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        assert_eq!(form["client_assertion_type"], assertion_type);
        let parts: Vec<_> = form["client_assertion"].split('.').collect();
        let part = |index: usize| -> Value {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[index]).unwrap()).unwrap()
        };
        assert_eq!(part(0)["kid"], "2026");
        assert_eq!(part(1)["aud"], ISSUER);
        assert_eq!(part(1)["sub"], "items-api");
        let (iat, exp) = (part(1)["iat"].as_u64().unwrap(), part(1)["exp"].as_u64().unwrap());
        assert!(exp - iat <= 60 && iat.abs_diff(super::now()) < 60);
        identifiers.push(part(1)["jti"].clone());
    }
    assert_ne!(identifiers[0], identifiers[1]);
}
