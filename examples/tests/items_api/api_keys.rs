//! Tests API keys in the configuration file.

use std::process::Output;

use axum_protected::api_key::ApiKeys;
use serde_json::{Value, json};

use super::configuration::file;
use super::program::{self, Running};
use super::{PROGRAM, start_error};

#[tokio::test]
async fn a_file_with_keys_and_no_issuer_is_sufficient() {
    let key = ApiKeys::generate("items").unwrap();
    let digest = key.digest().to_string();
    let text = format!(
        r#"
        [[api_keys.keys]]
        sha256 = "{digest}"
        subject = "ci"
        client = "build-server"
        scopes = ["items:read"]
        roles = ["auditor"]
        claims = {{ tenant = "acme" }}
        name = "ci 2026"
        "#
    );
    let file = file("api_keys.toml", &text);
    let variables = [("ITEMS_API_CONFIG", file.as_str())];

    let mut checked = program::command(PROGRAM, &variables);
    let Output { status, stdout, .. } = checked.arg("check-config").output().unwrap();
    let printed = String::from_utf8(stdout).unwrap();
    assert!(status.success(), "{printed}");
    assert!(printed.contains("name = \"ci 2026\""), "{printed}");
    assert!(!printed.contains(&digest), "{printed}");

    let mut running = Running::start_with(PROGRAM, "ITEMS_API_ADDR", &variables);
    let line = running.line();
    let origin = line.strip_prefix("listening on ").unwrap();
    let caller = async |key: &str| {
        let request = reqwest::Client::new().get(format!("{origin}/api/whoami"));
        let response = request.header("X-API-Key", key).send().await.unwrap();
        let status = response.status().as_u16();
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        (status, body)
    };
    let expected = json!({
        "issuer": "api-keys",
        "subject": "ci",
        "client": "build-server",
        "tenant": "acme",
        "roles": ["auditor"],
        "scopes": ["items:read"],
        "proof": null,
    });
    assert_eq!(caller(key.key()).await, (200, expected));
    let (status, refusal) = caller("items_wrong").await;
    assert_eq!((status, &refusal["code"]), (401, &json!("unknown_api_key")));
}

#[test]
fn a_key_in_place_of_its_digest_is_named_and_not_shown() {
    let key = ApiKeys::generate("items").unwrap();
    for (name, line) in [
        ("raw_key.toml", format!("sha256 = \"{}\"\nsubject = \"ci\"", key.key())),
        ("raw_field.toml", format!("key = \"{}\"\nsubject = \"ci\"", key.key())),
    ] {
        let path = file(name, &format!("[[api_keys.keys]]\n{line}"));
        let error = start_error(&[("ITEMS_API_CONFIG", &path)]);
        assert!(error.contains("the API key 1"), "{error}");
        assert!(error.contains("sha256sum"), "{error}");
        assert!(!error.contains(key.key()), "{error}");
    }
}
