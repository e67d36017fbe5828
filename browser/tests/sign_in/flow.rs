//! The sign-in of a user who does nothing wrong.

use axum_protected_browser::{BrowserBackend, SameSite};
use axum_protected_testing::{AuthorizationServer, Client};
use reqwest::Method;

use crate::application::{Application, Port, parameter};
use crate::browser::Browser;

pub(crate) const SESSION: &str = "__Host-session";

/// Starts an authorization server with the client `notes`.
pub(crate) async fn provider(port: &Port) -> AuthorizationServer {
    AuthorizationServer::builder()
        .client(
            Client::confidential("notes", "a:secret/with+signs").redirect_uri(port.redirect_uri()),
        )
        .scopes(["notes:read"])
        .start()
        .await
        .unwrap()
}

/// Starts a provider and an application.
pub(crate) async fn start() -> (AuthorizationServer, Application) {
    let port = Port::free().await;
    let issuer = provider(&port).await;
    let server = issuer.resource_server();
    (issuer, port.serve(server, |backend| backend.client_secret("a:secret/with+signs")))
}

/// Begins a sign-in, and returns the address of the callback after the user has signed in.
pub(crate) async fn callback_url(browser: &mut Browser, application: &Application) -> String {
    let login = browser.get(&application.url("/login")).await;
    browser.consent(&login.location()).await
}

#[tokio::test]
async fn a_user_signs_in_and_returns_to_the_page() {
    let (issuer, application) = start().await;
    let mut browser = Browser::new();
    let login = browser.get(&application.url("/login?return_to=/notes%3Fpage%3D2%23last")).await;
    login.assert_private();
    let authorization_url = login.location();
    assert!(authorization_url.starts_with(&issuer.authorization_endpoint()), "{authorization_url}");
    let parameters = ["client_id", "response_type", "code_challenge_method", "scope"];
    let parameters = parameters.map(|name| parameter(&authorization_url, name).unwrap());
    assert_eq!(parameters, ["notes", "code", "S256", "openid notes:read"]);
    assert_eq!(browser.names("__Host-login-").len(), 1);
    assert_eq!(browser.names(SESSION).len(), 0);

    let callback = browser.consent(&authorization_url).await;
    let answer = browser.get(&callback).await;
    answer.assert_private();
    assert_eq!(answer.location(), application.url("/notes?page=2#last"));
    assert_eq!(browser.names("__Host-login-"), Vec::<&str>::new());
    assert_eq!(browser.names(SESSION), [SESSION]);
    assert_eq!(browser.get(&application.url("/notes")).await.body, "the notes");
}

#[tokio::test]
async fn the_routes_may_have_a_prefix_and_are_in_the_access_table() {
    let port = Port::free().await;
    let redirect_uri = format!("{}/auth/callback", port.origin);
    let issuer = AuthorizationServer::builder()
        .client(Client::public("notes").redirect_uri(redirect_uri))
        .scopes(["notes:read"])
        .start()
        .await
        .unwrap();
    let server = issuer.resource_server().require_https().build().unwrap();
    let backend = BrowserBackend::builder(&server)
        .client_id("notes")
        .public_url("https://notes.example.com")
        .route_prefix("/auth")
        .build()
        .unwrap();
    let table = backend.routes::<()>().access_table().to_string();
    for row in ["GET /auth/login: public (starts the", "GET /auth/callback: public (ends the"] {
        assert!(table.contains(row), "{table}");
    }
    let application = port.serve(issuer.resource_server(), |it| it.route_prefix("/auth"));
    let mut browser = Browser::new();
    let login = browser.get(&application.url("/auth/login?return_to=/notes")).await;
    let callback = browser.consent(&login.location()).await;
    assert!(callback.starts_with(&application.url("/auth/callback?")), "{callback}");
    assert_eq!(browser.get(&callback).await.location(), application.url("/notes"));
}

#[tokio::test]
async fn two_tabs_sign_in() {
    let (_issuer, application) = start().await;
    let mut browser = Browser::new();
    let first = browser.get(&application.url("/login?return_to=/first")).await.location();
    let second = browser.get(&application.url("/login?return_to=/second")).await.location();
    assert_eq!(browser.names("__Host-login-").len(), 2);
    let (first, second) = (browser.consent(&first).await, browser.consent(&second).await);
    assert_eq!(browser.get(&first).await.location(), application.url("/first"));
    assert_eq!(browser.get(&second).await.location(), application.url("/second"));
    assert_eq!(browser.names("__Host-"), [SESSION]);
}

#[tokio::test]
async fn a_browser_keeps_the_cookies_of_five_sign_ins() {
    let (_issuer, application) = start().await;
    let mut browser = Browser::new();
    for _ in 0..7 {
        browser.get(&application.url("/login")).await.location();
    }
    assert_eq!(browser.names("__Host-login-").len(), 5);
}

#[tokio::test]
async fn a_strict_cookie_is_followed_by_a_page_instead_of_a_redirect() {
    let port = Port::free().await;
    let issuer = provider(&port).await;
    let application = port.serve(issuer.resource_server(), |backend| {
        backend.client_secret("a:secret/with+signs").same_site(SameSite::Strict)
    });
    let mut browser = Browser::new();
    let login = browser.get(&application.url("/login?return_to=/notes%3Fa%3D1%26b%3D2")).await;
    let callback = browser.consent(&login.location()).await;
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, 200);
    answer.assert_private();
    let onward = format!("{}/notes?a=1&amp;b=2", application.origin);
    let refresh = format!("<meta http-equiv=\"refresh\" content=\"0;url={onward}\">");
    assert!(answer.body.contains(&refresh), "{}", answer.body);
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert!(cookies.iter().any(|line| line.to_str().unwrap().ends_with("SameSite=Strict")));
}

#[tokio::test]
async fn a_public_client_proves_the_begin_of_the_sign_in_with_pkce_alone() {
    let port = Port::free().await;
    let issuer = AuthorizationServer::builder()
        .client(Client::public("notes").redirect_uri(port.redirect_uri()))
        .scopes(["notes:read"])
        .start()
        .await
        .unwrap();
    let application = port.serve(issuer.resource_server(), |backend| backend);
    let mut browser = Browser::new();
    let callback = callback_url(&mut browser, &application).await;
    assert_eq!(browser.get(&callback).await.location(), application.url("/"));
    assert_eq!(browser.names(SESSION), [SESSION]);
}

#[tokio::test]
async fn only_a_navigation_by_get_signs_in() {
    let (_issuer, application) = start().await;
    let mut browser = Browser::new();
    for path in ["/login", "/callback?state=s&code=c"] {
        let url = application.url(path);
        for destination in ["iframe", "image", "empty", "script", ""] {
            let answer = browser.send(Method::GET, &url, &[("sec-fetch-dest", destination)]).await;
            answer.assert_failure(403, "This page works only as a page of its own.");
        }
        let twice = [("sec-fetch-dest", "document"), ("sec-fetch-dest", "document")];
        assert_eq!(browser.send(Method::GET, &url, &twice).await.status, 403);
        for method in [Method::HEAD, Method::POST] {
            assert_eq!(browser.send(method, &url, &[]).await.status, 405);
        }
    }
    assert_eq!(browser.cookies.len(), 0);
}
