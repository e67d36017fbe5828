//! Tests clients without a secret: pages in a browser and programs on a user's machine.

use axum_protected_testing::Client;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::test_client::{agree, assert_refused, authorize, code, code_for, posted, redeem, send};
use super::{PAGE, builder, server};

const PROGRAM: &str = "program";

#[tokio::test]
async fn a_public_client_names_itself_in_the_form_or_with_an_empty_secret() {
    let server = server().await;
    let empty_secret = format!("Basic {}", STANDARD.encode(format!("{PAGE}:")));
    let mut refresh_token = String::new();
    for (header, in_form) in [("", true), (&*empty_secret, false), (&*empty_secret, true)] {
        let send_form = async |form: &[(&str, &str)]| {
            let client_id = [("client_id", PAGE)];
            let form = if in_form { [form, &client_id].concat() } else { form.to_vec() };
            let mut call = posted(&server, "/token", &form);
            if !header.is_empty() {
                call = call.header("authorization", header);
            }
            send(call).await
        };
        let code = code(&server).await;
        let by_code = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", super::CALLBACK),
            ("code_verifier", super::test_client::VERIFIER),
        ];
        let answer = send_form(&by_code).await;
        assert_eq!(answer.status, 200, "{header} {in_form}: {}", answer.body);
        answer.json()["refresh_token"].as_str().unwrap().clone_into(&mut refresh_token);
        let by_refresh = [("grant_type", "refresh_token"), ("refresh_token", &refresh_token)];
        let answer = send_form(&by_refresh).await;
        assert_eq!(answer.status, 200, "{header} {in_form}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_public_client_without_pkce_gets_nothing() {
    let server = server().await;
    for missing in ["code_challenge", "code_challenge_method"] {
        let answer = authorize(&server, &[(missing, "")]).await;
        assert_eq!(answer.redirect_parameter("error").as_deref(), Some("invalid_request"));
        assert_eq!(answer.redirect_parameter("code"), None);
    }
    let answer = redeem(&server, &code(&server).await, &[("code_verifier", "")]).await;
    assert_refused(&answer, 400, "invalid_request");
    let other = "another-verifier-that-is-long-enough-to-be-one";
    let answer = redeem(&server, &code(&server).await, &[("code_verifier", other)]).await;
    assert_refused(&answer, 400, "invalid_grant");
}

#[tokio::test]
async fn a_program_may_listen_on_any_loopback_port() {
    let program = Client::public(PROGRAM).redirect_uri("http://127.0.0.1/callback");
    let server = builder().client(program).start().await.unwrap();
    let client = ("client_id", PROGRAM);
    let requested = ("redirect_uri", "http://127.0.0.1:49152/callback");
    let page = authorize(&server, &[client, requested]).await;
    assert!(page.header("content-security-policy").contains("'self' http://127.0.0.1:49152"));
    let back = agree(&server, &page, "bob").await;
    assert!(back.header("location").starts_with("http://127.0.0.1:49152/callback?"));
    let code = back.redirect_parameter("code").unwrap();
    assert_eq!(redeem(&server, &code, &[client, requested]).await.status, 200);

    // The token request repeats the requested redirect URI, not a registered one (RFC 6749 section
    // 4.1.3).
    let code = code_for(&server, &[client, requested]).await;
    assert_refused(&redeem(&server, &code, &[client]).await, 400, "invalid_grant");

    let elsewhere = [
        "http://127.0.0.1:49152/other",
        "http://127.0.0.2:49152/callback",
        "http://localhost:3000/callback",
        "https://127.0.0.1:3000/callback",
        "http://127.0.0.1:3000@evil.example/callback",
        "http://127.0.0.1:3000.evil.example/callback",
        "http://127.0.0.1:99999/callback",
    ];
    for uri in elsewhere {
        let answer = authorize(&server, &[client, ("redirect_uri", uri)]).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""), "{uri}");
    }
    // The page has registered the port 3000. Another port is another origin.
    assert_eq!(authorize(&server, &[requested]).await.status, 400);
}
