//! Tests that the error of a failed fetch contains the innermost cause. Each cause is produced over
//! real sockets, and its text differs from those of the other causes.

use std::error::Error;
use std::time::Duration;

use axum_protected::{Issuer, ResourceServer};
use axum_protected_tests::issuer::{JWKS, Manner, OPENID};
use axum_protected_tests::{Log, Reply, ScriptedIssuer, bounded, keys, trusting};
use serde_json::json;
use tokio::net::TcpListener;

use super::authority::{Authority, VALID, Years};
use super::tls::TlsIssuer;

/// A part of the URLs in these tests that no error may show.
const SECRET: &str = "m4rk3r";

/// Phrases of the causes. An error must contain its own phrase and none of the others.
const PHRASES: [&str; 22] = [
    "the connection failed: connection refused",
    "cannot be resolved",
    "(unknown issuer)",
    "another host name",
    "has expired",
    "not valid yet",
    "does not speak TLS",
    "the connection broke before the response was complete: connection closed",
    "the connection broke before the response was complete: end of file",
    "timed out while connecting",
    "no response within 5 s",
    "not complete within 5 s",
    "the response has status 503",
    "the response is a redirect, which is not followed",
    "HTML or XML, not JSON (content type `text/html; charset=utf-8`)",
    "the response is empty",
    "not a JSON object",
    "longer than 512 KiB",
    "has no usable key",
    "not a metadata document",
    "the metadata is of another issuer",
    "the metadata has no `jwks_uri`",
];

/// Waits for the first failed fetch and returns its error.
async fn error(server: &ResourceServer) -> String {
    let failed = async {
        loop {
            if let Some(error) = server.health().issuers[0].last_error.clone() {
                return error;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    bounded("a failed fetch", failed).await
}

/// Asserts that the error has this phrase and this prefix, and no phrase of another cause.
fn assert_cause(error: &str, prefix: &str, phrase: &str) {
    assert!(PHRASES.contains(&phrase), "{phrase}");
    assert!(error.starts_with(prefix), "{error}");
    let found: Vec<_> = PHRASES.iter().filter(|known| error.contains(**known)).collect();
    assert_eq!(found, [&phrase], "{error}");
    assert!(!error.contains(SECRET) && !error.contains(char::is_control), "{error}");
}

/// Asserts the cause of a failed fetch of the key set at this URL.
async fn assert_key_set_cause(issuer: Issuer, url: &str, phrase: &str) {
    let uri = format!("{url}?key={SECRET}");
    let server = trusting(issuer.jwks_uri(uri)).build().unwrap();
    assert_cause(&error(&server).await, &format!("no key set from `{url}`: "), phrase);
}

#[tokio::test]
async fn a_refused_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    for host in ["127.0.0.1", "localhost", "auth.localhost"] {
        let url = format!("http://{host}:{port}/jwks");
        assert_key_set_cause(Issuer::new("acme"), &url, PHRASES[0]).await;
    }
}

#[tokio::test]
async fn an_unknown_host() {
    assert_key_set_cause(Issuer::new("acme"), "https://issuer.invalid/", PHRASES[1]).await;
}

#[tokio::test]
async fn a_certificate_that_is_not_accepted() {
    let authority = Authority::new();
    let cases: [(&str, &str, Years, bool); 4] = [
        (PHRASES[2], "localhost", VALID, false),
        (PHRASES[3], "id.example.com", VALID, true),
        (PHRASES[4], "localhost", (2000, 2001), true),
        (PHRASES[5], "localhost", (4000, 4001), true),
    ];
    for (phrase, name, years, is_trusted) in cases {
        let tls = TlsIssuer::start(authority.certify(name, years)).await;
        let mut issuer = Issuer::new("acme");
        if is_trusted {
            issuer = issuer.root_certificates(authority.pem());
        }
        assert_key_set_cause(issuer, &format!("{}{JWKS}", tls.url()), phrase).await;
    }
}

#[tokio::test]
async fn a_server_without_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/jwks", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await
    });
    assert_key_set_cause(Issuer::new("acme"), &url, PHRASES[6]).await;
    server.abort();
}

#[tokio::test]
async fn time() {
    let issuer = ScriptedIssuer::silent().await;
    issuer.set(&format!("/never?key={SECRET}"), Reply::never());
    let slowly = Manner::Slowly(Duration::from_secs(3));
    issuer.set(&format!("/slowly?key={SECRET}"), Reply::keys(keys()).manner(slowly));
    // It accepts connections and never answers the TLS handshake.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = format!("https://{}/", listener.local_addr().unwrap());
    let (never, slowly) = (issuer.at("/never"), issuer.at("/slowly"));
    tokio::join!(
        assert_key_set_cause(Issuer::new("acme"), &silent, PHRASES[9]),
        assert_key_set_cause(Issuer::new("acme"), &never, PHRASES[10]),
        assert_key_set_cause(Issuer::new("acme"), &slowly, PHRASES[11]),
    );
}

#[tokio::test]
async fn an_answer_that_is_not_a_key_set() {
    let html = "text/html; charset=utf-8";
    let secret = format!("https://login.example.com/{SECRET}?token={SECRET}");
    let cases = [
        (PHRASES[7], Reply::cut()),
        (PHRASES[8], Reply::keys(keys()).manner(Manner::Half)),
        (PHRASES[12], Reply::text(503, SECRET)),
        (PHRASES[13], Reply::text(302, "").header("Location", &secret)),
        (PHRASES[14], Reply::text(200, "<html>").header("Content-Type", html)),
        (PHRASES[15], Reply::text(200, "")),
        (PHRASES[16], Reply::text(200, SECRET)),
        (PHRASES[17], Reply::text(200, "x".repeat(512 * 1024 + 1))),
        (PHRASES[18], Reply::json(&json!({ "keys": [] }))),
    ];
    for (phrase, reply) in cases {
        let issuer = ScriptedIssuer::silent().await;
        issuer.set(&format!("{JWKS}?key={SECRET}"), reply);
        assert_key_set_cause(Issuer::new("acme"), &issuer.at(JWKS), phrase).await;
    }
}

#[tokio::test]
async fn a_redirect_is_told_with_its_host() {
    let issuer = ScriptedIssuer::silent().await;
    issuer.set(JWKS, Reply::text(302, "").header("Location", "https://login.example.com/x?y"));
    let server = trusting(Issuer::new("acme").jwks_uri(issuer.at(JWKS))).build().unwrap();
    let text = error(&server).await;
    assert!(text.ends_with("(status 302, to the host `login.example.com`)"), "{text}");
}

#[tokio::test]
async fn a_document_that_is_not_the_metadata() {
    for (phrase, document) in [
        (PHRASES[19], "{"),
        (PHRASES[20], r#"{"issuer":"https://other.example"}"#),
        (PHRASES[21], r#"{"issuer":"ISSUER"}"#),
    ] {
        let issuer = ScriptedIssuer::silent().await;
        let document = document.replace("ISSUER", issuer.url());
        issuer.set(OPENID, Reply::text(200, document));
        let server = trusting(issuer.url()).build().unwrap();
        let prefix =
            format!("no metadata from `{}` (nor from 1 other location): ", issuer.at(OPENID));
        assert_cause(&error(&server).await, &prefix, phrase);
    }
}

/// Log, health, readiness and reload contain the same cause, and `source` leads to the innermost
/// cause.
#[tokio::test]
async fn the_cause_is_told_everywhere() {
    let (log, _guard) = Log::open();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks", listener.local_addr().unwrap());
    drop(listener);
    let issuer = Issuer::new("acme").jwks_uri(format!("{url}?key={SECRET}"));
    let server = trusting(issuer).build().unwrap();
    let expected = error(&server).await;
    assert_cause(&expected, "no key set from", PHRASES[0]);

    let events = log.take();
    let event = events.iter().find(|event| event.name == "axum_protected.keys.not_fetched");
    assert_eq!(event.unwrap().get("error"), Some(expected.as_str()));
    let ready = server.ready().await.unwrap_err();
    assert_eq!(ready.to_string(), format!("no keys from `acme` ({expected})"));
    let reload = server.reload_keys().await.unwrap_err();
    assert_eq!(reload.to_string(), format!("no new keys from `acme` ({expected})"));
    for error in [&ready as &dyn Error, &reload] {
        let mut sources = Vec::new();
        let mut next = error.source();
        while let Some(source) = next {
            sources.push(source.to_string());
            next = source.source();
        }
        assert_eq!(sources.join(": "), expected);
        assert!(sources.last().unwrap().starts_with("connection refused"), "{sources:?}");
    }
}

/// With several issuers, the first one by its identifier is the source.
#[tokio::test]
async fn the_source_is_that_of_the_first_issuer() {
    let issuer = ScriptedIssuer::silent().await;
    let failing = |name: &str, status: u16| {
        let path = format!("/{name}");
        issuer.set(&path, Reply::text(status, ""));
        Issuer::new(name).jwks_uri(issuer.at(&path))
    };
    let builder = trusting(failing("b", 500)).issuer(failing("a", 502)).issuer(failing("c", 504));
    let reload = builder.build().unwrap().reload_keys().await.unwrap_err();
    let innermost = reload.source().unwrap().source().unwrap();
    assert_eq!(innermost.to_string(), "the response has status 502");
}
