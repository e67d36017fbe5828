//! Sign-outs.

use std::time::Duration;

use axum_protected_testing::TokenEndpoint;
use reqwest::{Method, Url};

use crate::application::{LONG, SESSION, SHORT, alice, ended, eventually, expiry, start};
use crate::browser::Browser;

#[tokio::test]
async fn a_script_signs_out_here_and_at_the_provider() {
    let world = start(LONG).await;
    let mut browser = world.sign_in().await;
    let mut thief = browser.clone();
    let mut other = world.sign_in().await;
    let route = world.logout(&mut browser).await;
    assert_eq!(route, world.url("/logout/provider"), "the script does not see the ID token");
    assert_eq!(browser.names("__Host-"), ["__Host-sign-out"]);
    assert_eq!(world.notes(&mut thief).await, ended());
    assert_eq!(world.notes(&mut other).await, alice(), "another session of the same user");

    let location = Url::parse(&browser.get(&route).await.location()).unwrap();
    assert_eq!(browser.names("__Host-"), Vec::<&str>::new());
    assert!(location.as_str().starts_with(&world.issuer.end_session_endpoint()), "{location}");
    let names: Vec<_> = location.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"]);
    let answer = Browser::new().get(location.as_str()).await;
    assert!(answer.location().starts_with(&world.url("/bye?state=")), "{}", answer.location());
    let again = browser.get(&route).await.location();
    assert_eq!(again, world.url("/bye"), "the address is used once");
}

#[tokio::test]
async fn a_form_is_redirected() {
    let world = start(LONG).await;
    let mut browser = world.sign_in().await;
    let headers = [
        ("sec-fetch-site", "same-origin"),
        ("accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let answer = browser.send(Method::POST, &world.url("/logout"), &headers).await;
    assert!(answer.location().starts_with(&world.issuer.end_session_endpoint()));
    assert_eq!(browser.names("__Host-"), Vec::<&str>::new());
}

#[tokio::test]
async fn links_and_other_sites_do_not_sign_out() {
    let world = start(LONG).await;
    let mut browser = world.sign_in().await;
    assert_eq!(world.fetch(&mut browser, Method::GET, "/logout").await.status, 405);
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("origin", "http://evil.example")],
        &[],
    ] {
        let answer = browser.send(Method::POST, &world.url("/logout"), headers).await;
        assert_eq!(answer.status, 403, "{headers:?}");
    }
    assert_eq!(world.notes(&mut browser).await, alice());
}

#[tokio::test]
async fn a_sign_out_without_a_session_succeeds() {
    let world = start(LONG).await;
    let mut browser = world.sign_in().await;
    let mut copy = browser.clone();
    world.logout(&mut browser).await;
    for browser in [&mut copy, &mut Browser::new()] {
        assert_eq!(world.logout(browser).await, world.url("/bye"));
    }
}

#[tokio::test]
async fn a_second_cookie_of_the_name_does_not_keep_a_session_alive() {
    let world = start(LONG).await;
    for planted in ["planted".to_owned(), world.sign_in().await.cookies[SESSION].clone()] {
        for is_first in [true, false] {
            let mut browser = world.sign_in().await;
            let (mut thief, value) = (browser.clone(), browser.cookies[SESSION].clone());
            let pair = if is_first { [&planted, &value] } else { [&value, &planted] };
            let values = format!("{}; {SESSION}={}", pair[0], pair[1]);
            browser.cookies.insert(SESSION.to_owned(), values);
            let location = world.logout(&mut browser).await;
            assert_eq!(location, world.url("/logout/provider"));
            assert_eq!(world.notes(&mut thief).await, ended());
        }
    }
}

#[tokio::test]
async fn the_next_sign_in_after_a_sign_out_works() {
    let world = start(LONG).await;
    let mut browser = world.sign_in().await;
    assert_eq!(world.notes(&mut browser).await, alice());
    world.logout(&mut browser).await;
    // In the same second, which a revocation up to a time would concern.
    let mut again = world.sign_in().await;
    assert_eq!(world.notes(&mut again).await, alice());
}

#[tokio::test]
async fn a_session_that_ends_during_its_refresh_does_not_come_back() {
    let world = start(SHORT).await;
    let mut browser = world.sign_in().await;
    let copy = browser.clone();
    expiry().await;
    world.issuer.set_token_endpoint(TokenEndpoint::Slow(Duration::from_millis(400)));
    let (mut late, url) = (copy.clone(), world.url("/notes"));
    let late = tokio::spawn(async move {
        let answer = late.get(&url).await;
        (answer.status.as_u16(), late)
    });
    eventually(|| world.issuer.refreshes() == 1).await;
    world.logout(&mut browser).await;
    let (status, mut late) = late.await.unwrap();
    assert_eq!(status, 401);
    assert_eq!(late.cookies, copy.cookies, "the late answer sets no cookie");
    assert_eq!(world.notes(&mut late).await, ended());
}
