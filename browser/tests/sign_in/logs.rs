//! The events of a sign-in contain no secret.

use std::io;
use std::sync::{Arc, Mutex, Once};

use serde_json::json;
use tracing::subscriber::{set_default, set_global_default};

use crate::application::{Port, with_parameter};
use crate::browser::Browser;
use crate::flow::{callback_url, start};
use crate::scripted_provider::ScriptedProvider;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Records the events of this thread, on which the test and the application run.
    fn begin(&self) -> tracing::subscriber::DefaultGuard {
        // At the first use of an event, tracing stores whether any subscriber records it. Without a
        // global subscriber, the first use on another thread could disable the event for this one.
        static LISTENING: Once = Once::new();
        LISTENING.call_once(|| set_global_default(tracing_subscriber::registry()).unwrap());
        let log = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(move || log.clone());
        set_default(subscriber.finish())
    }

    /// Returns the lines of the backend.
    fn lines(&self) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let lines = text.lines().filter(|line| line.contains("axum_protected_browser:"));
        lines.map(str::to_owned).collect()
    }
}

#[tokio::test]
async fn the_log_of_a_sign_in_names_what_happened_and_no_secret() {
    let log = Log::default();
    let _recording = log.begin();
    let (_issuer, application) = start().await;
    let mut browser = Browser::new();
    let callback = callback_url(&mut browser, &application).await;
    browser.get(&callback).await.location();
    let callback = callback_url(&mut browser, &application).await;
    browser.get(&with_parameter(&callback, "iss", Some("https://evil.example"))).await;
    let lines = log.lines();
    let expected =
        ["a sign-in began", "a user signed in", "a sign-in began", "a sign-in was refused"];
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.contains(expected), "{line}");
        for secret in ["evil", "alice", "eyJ", "a:secret"] {
            assert!(!line.contains(secret), "{line}");
        }
    }
    assert!(lines[3].contains("code=\"other_issuer\""), "{}", lines[3]);
}

#[tokio::test]
async fn the_log_names_the_cause_of_a_failure() {
    let log = Log::default();
    let _recording = log.begin();
    let provider = ScriptedProvider::start(json!({})).await;
    let server = provider.resource_server();
    let application =
        Port::free().await.serve(server, |backend| backend.client_secret("the-client-secret"));
    let mut browser = Browser::new();
    let mut reason = async |answer: &dyn Fn(&str) -> (u16, String)| {
        provider.sign_in(&mut browser, &application, answer).await;
        log.lines().pop().unwrap()
    };
    let other_api = provider.access_token().claim("aud", "https://other.example").sign();
    let line = reason(&|nonce| {
        let mut tokens = provider.tokens(nonce);
        tokens["access_token"] = json!(other_api);
        (200, tokens.to_string())
    })
    .await;
    let refused = "the access token of the sign-in is refused by this server: ";
    assert!(line.contains(refused) && line.contains("https://api.example.com"), "{line}");
    assert!(line.contains("WARN") && !line.contains("other.example"), "{line}");

    let line = reason(&|_| {
        let body = json!({ "error": "invalid_client", "error_description": "Invalid\nclient" });
        (401, body.to_string())
    })
    .await;
    let cause = r"with the status 401 and the error `invalid_client` (Invalid\\nclient)";
    assert!(line.contains(cause), "{line}");

    for secret in ["the-code", "the-client-secret"] {
        let text = format!("unknown: {secret}");
        let body = json!({ "error": "invalid_request", "error_description": text }).to_string();
        let line = reason(&|_| (400, body.clone())).await;
        assert!(line.contains("invalid_request") && !line.contains(secret), "{line}");
    }
    // The error of a parser would repeat the value.
    let line = reason(&|_| (200, json!({ "access_token": ["secret"] }).to_string())).await;
    assert!(line.contains("the fault is at `access_token") && !line.contains("secret\""), "{line}");
}
