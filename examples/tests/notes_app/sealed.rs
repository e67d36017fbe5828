//! Tests sessions that are sealed in their cookie.

use std::time::Duration;

use reqwest::Method;

use super::app::Provider;
use super::browser::Browser;

/// 32 octets in base64url.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

#[tokio::test]
async fn a_sealed_session_survives_a_restart_of_the_program() {
    let provider = Provider::start(Duration::from_secs(60)).await;
    let sealed = [("NOTES_APP_SESSIONS", "sealed"), ("NOTES_APP_SEALING_KEY", KEY)];
    let app = provider.start_app(&sealed);
    let mut browser: Browser = app.browser();
    browser.sign_in("alice").await;
    assert_eq!(browser.fetch(Method::GET, "/api/notes", None).await.status, 200);
    assert!(!browser.cookies().contains("eyJ"));

    drop(app);
    let app = provider.start_app(&sealed);
    let notes = browser.fetch(Method::GET, "/api/notes", None).await;
    assert_eq!(notes.status, 200, "{notes:?}");

    // A cookie is useless after its key was removed.
    drop(app);
    let other_key = KEY.replace("AAEC", "BBEC");
    let _app = provider
        .start_app(&[("NOTES_APP_SESSIONS", "sealed"), ("NOTES_APP_SEALING_KEY", &other_key)]);
    assert_eq!(browser.fetch(Method::GET, "/api/notes", None).await.status, 401);
}
