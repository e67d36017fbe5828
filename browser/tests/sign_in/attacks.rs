//! Sign-ins that an attacker disturbs.

use std::time::Duration;

use axum_protected::clock::{Clock as _, SystemClock};
use axum_protected_testing::ManualClock;

use crate::application::{Port, parameter, with_parameter};
use crate::browser::Browser;
use crate::flow::{SESSION, callback_url, provider, start};

const NO_SIGN_IN: &str = "The sign-in took too long, or it began in another browser.";
const OTHER_ISSUER: &str = "The answer did not come from the expected sign-in service.";
const MALFORMED: &str = "The address of this page is not complete.";

#[tokio::test]
async fn a_callback_counts_only_in_the_browser_in_which_the_sign_in_began() {
    let (_issuer, application) = start().await;
    let (mut attacker, mut victim) = (Browser::new(), Browser::new());
    let callback = callback_url(&mut attacker, &application).await;
    victim.get(&callback).await.assert_failure(400, NO_SIGN_IN);
    // A victim who has begun a sign-in too.
    callback_url(&mut victim, &application).await;
    victim.get(&callback).await.assert_failure(400, NO_SIGN_IN);
    assert_eq!(victim.names(SESSION), Vec::<&str>::new());
    assert_eq!(victim.names("__Host-login-").len(), 1, "the sign-in of the victim goes on");
}

#[tokio::test]
async fn a_code_of_another_sign_in_is_refused() {
    let (_issuer, application) = start().await;
    let (mut attacker, mut victim) = (Browser::new(), Browser::new());
    let of_attacker = callback_url(&mut attacker, &application).await;
    let of_victim = callback_url(&mut victim, &application).await;
    // The attacker's code with the victim's state: PKCE binds the code to another verifier.
    let code = parameter(&of_attacker, "code");
    let mixed = with_parameter(&of_victim, "code", code.as_deref());
    let sentence = "The sign-in took too long, or this page was loaded twice.";
    victim.get(&mixed).await.assert_failure(400, sentence);
    assert_eq!(victim.names("__Host-"), Vec::<&str>::new());
}

#[tokio::test]
async fn a_callback_works_once() {
    let (_issuer, application) = start().await;
    let mut browser = Browser::new();
    let callback = callback_url(&mut browser, &application).await;
    let mut thief = browser.clone();
    browser.get(&callback).await.location();
    browser.get(&callback).await.assert_failure(400, NO_SIGN_IN);
    // Also with a copy of the cookie.
    thief.get(&callback).await.assert_failure(400, NO_SIGN_IN);
    assert_eq!(thief.names("__Host-"), Vec::<&str>::new());
    assert_eq!(browser.names("__Host-"), [SESSION]);
}

#[tokio::test]
async fn the_issuer_must_name_itself() {
    let (issuer, application) = start().await;
    let mut browser = Browser::new();
    for iss in
        [None, Some(""), Some("https://evil.example"), Some(&*format!("{}/", issuer.issuer()))]
    {
        let callback = callback_url(&mut browser, &application).await;
        let answer = browser.get(&with_parameter(&callback, "iss", iss)).await;
        answer.assert_failure(400, OTHER_ISSUER);
        assert_eq!(browser.names("__Host-"), Vec::<&str>::new(), "{iss:?}");
    }
    let callback = callback_url(&mut browser, &application).await;
    assert_eq!(parameter(&callback, "iss").as_deref(), Some(issuer.issuer()));
    browser.get(&callback).await.location();
}

#[tokio::test]
async fn an_error_of_the_provider_is_a_page_that_repeats_nothing() {
    let (_issuer, application) = start().await;
    let mut browser = Browser::new();
    let could_not = "The sign-in service could not sign you in.";
    for (error, status, sentence) in [
        ("access_denied", 403, "The sign-in was denied."),
        ("login_required", 400, could_not),
        ("<script>evil</script>", 400, could_not),
        ("server_error", 503, "The sign-in service cannot be reached."),
    ] {
        let callback = callback_url(&mut browser, &application).await;
        let without_code = with_parameter(&callback, "code", None);
        let url = with_parameter(&without_code, "error", Some(error));
        let url = with_parameter(&url, "error_description", Some("<b>evil</b>"));
        browser.get(&url).await.assert_failure(status, sentence);
        assert_eq!(browser.names("__Host-"), Vec::<&str>::new(), "{error}");
    }
}

#[tokio::test]
async fn malformed_callbacks_are_refused_and_end_the_sign_in() {
    let (_issuer, application) = start().await;
    let mut browser = Browser::new();
    let callback = callback_url(&mut browser, &application).await;
    let without_state = with_parameter(&callback, "state", None);
    browser.get(&without_state).await.assert_failure(400, MALFORMED);
    assert_eq!(browser.names("__Host-login-").len(), 1, "nobody knows which sign-in this was");
    browser.get(&format!("{callback}&state=evil")).await.assert_failure(400, MALFORMED);
    browser.get(&format!("{callback}&code=evil")).await.assert_failure(400, MALFORMED);
    assert_eq!(browser.names("__Host-"), Vec::<&str>::new());
}

#[tokio::test]
async fn a_sign_in_ends_after_ten_minutes_by_the_clock_of_the_server() {
    let port = Port::free().await;
    let issuer = provider(&port).await;
    let clock = ManualClock::at(SystemClock.now());
    let server = issuer.resource_server().clock(clock.clone());
    let application = port.serve(server, |backend| backend.client_secret("a:secret/with+signs"));
    let mut browser = Browser::new();
    let callback = callback_url(&mut browser, &application).await;
    clock.advance(Duration::from_secs(601));
    browser.get(&callback).await.assert_failure(400, NO_SIGN_IN);
    assert_eq!(browser.names("__Host-"), Vec::<&str>::new());
}

#[tokio::test]
async fn a_changed_cookie_is_refused_and_removed() {
    let (_issuer, application) = start().await;
    let mut browser = Browser::new();
    for change in [
        (|value: &str| format!("{value}A")) as fn(&str) -> String,
        |value| value[..value.len() - 4].to_owned(),
        |value| value.chars().rev().collect(),
        |_| "x".to_owned(),
    ] {
        let callback = callback_url(&mut browser, &application).await;
        for value in browser.cookies.values_mut() {
            *value = change(value);
        }
        browser.get(&callback).await.assert_failure(400, NO_SIGN_IN);
        assert_eq!(browser.names("__Host-"), Vec::<&str>::new());
    }
}

#[tokio::test]
async fn a_sign_in_leads_only_to_the_application() {
    let (_issuer, application) = start().await;
    for path in [
        "//evil.example",
        "/\\evil.example",
        "/%09/evil.example",
        "https://evil.example/",
        "https://localhost@evil.example/",
        "javascript:alert(1)",
        "/.//evil.example",
        "/%2Fevil.example",
    ] {
        let mut browser = Browser::new();
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("return_to", path)
            .finish();
        let login = browser.get(&application.url(&format!("/login?{query}"))).await;
        let callback = browser.consent(&login.location()).await;
        let answer = browser.get(&callback).await;
        let expected = if path.starts_with("/%09") { path } else { "/" };
        assert_eq!(answer.location(), application.url(expected), "{path}");
    }
    let mut browser = Browser::new();
    let login = browser.get(&application.url("/login?return_to=/a&return_to=/b")).await;
    let callback = browser.consent(&login.location()).await;
    assert_eq!(browser.get(&callback).await.location(), application.url("/"));
}

#[tokio::test]
async fn a_new_sign_in_changes_the_identifier_of_the_session() {
    let (_issuer, application) = start().await;
    let mut browser = Browser::new();
    // An attacker who can set cookies plants a session.
    let mut attacker = Browser::new();
    let callback = callback_url(&mut attacker, &application).await;
    attacker.get(&callback).await.location();
    let planted = attacker.cookies[SESSION].clone();
    let notes = application.url("/notes");
    assert_eq!(attacker.get(&notes).await.status, 200);
    browser.cookies.insert(SESSION.to_owned(), planted.clone());
    let callback = callback_url(&mut browser, &application).await;
    browser.get(&callback).await.location();
    assert_ne!(browser.cookies[SESSION], planted);
    assert_eq!(browser.get(&notes).await.status, 200);
    let of_attacker = attacker.get(&notes).await;
    assert_eq!(of_attacker.status, 401, "the planted session has ended");
    assert!(of_attacker.body.contains("session_ended"), "{}", of_attacker.body);
}
