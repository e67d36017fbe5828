//! Tests the whole life of a session, with the embedded provider.

use reqwest::Method;
use serde_json::json;

use super::app::App;

#[tokio::test]
async fn a_user_signs_in_adds_notes_and_signs_out() {
    let app = App::start(&[]);
    let mut browser = app.browser();
    assert_eq!(browser.fetch(Method::GET, "/session", None).await.json()["signed_in"], false);
    let refused = browser.fetch(Method::GET, "/api/notes", None).await;
    assert_eq!((refused.status, refused.code().as_str()), (401, "missing_token"));

    let page = browser.sign_in("alice").await;
    assert_eq!((page.status, page.url.path()), (200, "/"));
    let session = browser.fetch(Method::GET, "/session", None).await;
    assert_eq!(session.json()["signed_in"], true);
    assert_eq!(session.json()["subject"], "alice");
    assert_eq!(session.header("cache-control"), "no-store");

    let added = browser.fetch(Method::POST, "/api/notes", Some(r#"{"text":"<milk>"}"#)).await;
    assert_eq!(added.status, 201, "{added:?}");
    let notes = browser.fetch(Method::GET, "/api/notes", None).await;
    assert_eq!(notes.json(), json!([{ "text": "<milk>" }]));
    assert_eq!(notes.header("cache-control"), "no-store");
    let print = browser.open("/print").await;
    assert!(print.status == 200 && print.body.contains("<li>&lt;milk&gt;</li>"), "{print:?}");

    let answer = browser.fetch(Method::POST, "/logout", None).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let location = answer.json()["location"].as_str().unwrap().parse().unwrap();
    let page = browser.navigate(location, "same-origin").await;
    assert_eq!((page.status, page.url.path()), (200, "/"));
    assert_eq!(page.url.origin(), browser.app.origin());
    assert_eq!(browser.cookies(), "");
    assert_eq!(browser.fetch(Method::GET, "/session", None).await.json()["signed_in"], false);
    assert_eq!(browser.fetch(Method::GET, "/api/notes", None).await.status, 401);
}

#[tokio::test]
async fn each_user_has_a_session_and_notes_of_their_own() {
    let app = App::start(&[]);
    let [mut alice, mut bob] = [app.browser(), app.browser()];
    alice.sign_in("alice").await;
    bob.sign_in("bob").await;
    let added = alice.fetch(Method::POST, "/api/notes", Some(r#"{"text":"milk"}"#)).await;
    assert_eq!(added.status, 201, "{added:?}");
    assert_eq!(bob.fetch(Method::GET, "/api/notes", None).await.json(), json!([]));
    for text in [r#"{"text":""}"#, r#"{"text":" "}"#] {
        assert_eq!(bob.fetch(Method::POST, "/api/notes", Some(text)).await.status, 422);
    }
}

#[tokio::test]
async fn no_token_reaches_the_browser() {
    let app = App::start(&[]);
    let mut browser = app.browser();
    browser.sign_in("alice").await;
    let session = browser.fetch(Method::GET, "/session", None).await;
    let notes = browser.fetch(Method::GET, "/api/notes", None).await;
    // A JWT begins with `{"`, which is `eyJ` in base64url.
    for text in [&browser.cookies(), &session.body, &notes.body]
        .into_iter()
        .chain(&browser.cookie_lines)
        .chain(&browser.addresses)
    {
        assert!(!text.contains("eyJ"), "{text}");
    }
}

#[tokio::test]
async fn pages_of_other_sites_may_only_lead_to_pages() {
    let app = App::start(&[]);
    let mut browser = app.browser();
    browser.sign_in("alice").await;
    for site in ["cross-site", "same-site"] {
        for (method, path, body) in [
            (Method::GET, "/api/notes", None),
            (Method::POST, "/api/notes", Some(r#"{"text":"forged"}"#)),
        ] {
            let refused = browser.fetch_from(method, path, body, site).await;
            assert_eq!((refused.status, refused.code().as_str()), (403, "cross_site_request"));
        }
        let notes = browser.app.join("/api/notes").unwrap();
        assert_eq!(browser.navigate(notes, site).await.status, 403);
        let print = browser.app.join("/print").unwrap();
        assert_eq!(browser.navigate(print, site).await.status, 200);
    }
    assert_eq!(browser.fetch(Method::GET, "/api/notes", None).await.json(), json!([]));
    let refused = browser.fetch_from(Method::POST, "/logout", None, "cross-site").await;
    assert_eq!(refused.status, 403);
    assert_eq!(browser.fetch(Method::GET, "/api/notes", None).await.status, 200);
}

#[tokio::test]
async fn a_user_without_a_scope_is_told_so() {
    let app = App::start(&[("NOTES_APP_SCOPES", "notes:read")]);
    let mut browser = app.browser();
    browser.sign_in("alice").await;
    assert_eq!(browser.fetch(Method::GET, "/api/notes", None).await.status, 200);
    let refused = browser.fetch(Method::POST, "/api/notes", Some(r#"{"text":"milk"}"#)).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "insufficient_scope"));
}
