//! An application with sessions, and its provider.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use axum_protected::routing::get;
use axum_protected::{AccessToken, ProtectedRouter, ResourceServer, protected, public};
use axum_protected_browser::{BrowserBackend, BrowserBackendBuilder, SealingKey};
use axum_protected_testing::{AuthorizationServer, Client};
use base64::Engine as _;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use reqwest::Method;
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

use crate::browser::{Answer, Browser};

pub(crate) const SESSION: &str = "__Host-session";

/// The lifetime of access tokens in the tests in which a token expires.
pub(crate) const SHORT: Duration = Duration::from_secs(2);
/// The lifetime of access tokens in the others.
pub(crate) const LONG: Duration = Duration::from_secs(300);

/// An application on `localhost`, and its provider on `127.0.0.1`.
pub(crate) struct World {
    pub(crate) issuer: AuthorizationServer,
    pub(crate) origin: String,
}

/// Starts an application whose sessions are on the server.
pub(crate) async fn start(token_lifetime: Duration) -> World {
    start_with(token_lifetime, |backend| backend).await
}

/// Starts an application whose sessions are in their cookies.
pub(crate) async fn start_sealed(token_lifetime: Duration) -> World {
    start_with(token_lifetime, |backend| backend.sealed([key(1)])).await
}

/// Returns a key for sealed cookies, which differs by its number.
pub(crate) fn key(number: u8) -> SealingKey {
    let bytes: Vec<u8> = (0..32).map(|index: u8| index.wrapping_mul(37) ^ number).collect();
    SealingKey::base64url(base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

pub(crate) async fn start_with(
    token_lifetime: Duration,
    backend: impl FnOnce(BrowserBackendBuilder) -> BrowserBackendBuilder,
) -> World {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let origin = format!("http://localhost:{port}");
    let client = Client::confidential("notes", "secret")
        .redirect_uri(format!("{origin}/callback"))
        .post_logout_redirect_uri(format!("{origin}/bye"))
        .backchannel_logout_uri(format!("http://127.0.0.1:{port}/backchannel-logout"));
    let issuer = AuthorizationServer::builder()
        .client(client)
        .scopes(["notes:read", "offline_access"])
        .token_lifetime(token_lifetime)
        .start()
        .await
        .unwrap();
    let server =
        issuer.resource_server().leeway(Duration::ZERO).require_https().public_url(&origin);
    let server = server.build().unwrap();
    let builder = BrowserBackend::builder(&server)
        .client_id("notes")
        .client_secret("secret")
        .scopes(["notes:read"])
        .after_logout("/bye");
    let backend = backend(builder).build().unwrap();
    let router = ProtectedRouter::new()
        .route("/notes", get(notes))
        .route("/public", get(public_page))
        .route("/stream", get(endless_stream))
        .route("/socket", get(socket))
        .merge(backend.routes())
        .with_state(server)
        .into_router()
        .unwrap()
        .layer(backend.layer());
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    World { issuer, origin }
}

#[protected(scope = "notes:read")]
async fn notes(token: AccessToken) -> String {
    token.subject().unwrap_or_default().to_owned()
}

#[public(reason = "greets the user")]
async fn public_page(token: Option<AccessToken>) -> String {
    token.as_ref().and_then(AccessToken::subject).unwrap_or("nobody").to_owned()
}

/// Writes one line, and then nothing until the session ends.
#[protected(scope = "notes:read")]
async fn endless_stream(State(server): State<ResourceServer>, token: AccessToken) -> Body {
    let first = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"first\n"))]);
    Body::from_stream(server.while_valid(&token, first.chain(stream::pending())))
}

/// Opens a websocket that ends with the session.
#[protected(scope = "notes:read")]
async fn socket(
    State(server): State<ResourceServer>,
    token: AccessToken,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade.on_upgrade(async move |mut socket: WebSocket| {
        let error = server.until_invalid(&token).await;
        let (code, reason) = (close_code::POLICY, error.kind().code().into());
        socket.send(Message::Close(Some(CloseFrame { code, reason }))).await.unwrap();
    })
}

impl World {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Signs in alice, and returns her browser.
    pub(crate) async fn sign_in(&self) -> Browser {
        let mut browser = Browser::new();
        let login = browser.get(&self.url("/login")).await.location();
        let callback = browser.consent(&login).await;
        browser.get(&callback).await.location();
        assert_eq!(browser.names("__Host-"), [SESSION]);
        browser
    }

    /// Sends a request as the script of a page does.
    pub(crate) async fn fetch(&self, browser: &mut Browser, method: Method, path: &str) -> Answer {
        browser.send(method, &self.url(path), &[("sec-fetch-site", "same-origin")]).await
    }

    /// Reads the notes, and returns the status and the body, or the code of the refusal.
    pub(crate) async fn notes(&self, browser: &mut Browser) -> (u16, String) {
        let answer = self.fetch(browser, Method::GET, "/notes").await;
        (answer.status.as_u16(), code(&answer).unwrap_or(answer.body))
    }

    pub(crate) async fn session(&self, browser: &mut Browser) -> serde_json::Value {
        let answer = self.fetch(browser, Method::GET, "/session").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("cache-control"), "no-store");
        serde_json::from_str(&answer.body).unwrap()
    }

    pub(crate) async fn is_signed_in(&self, browser: &mut Browser) -> bool {
        self.session(browser).await["signed_in"].as_bool().unwrap()
    }

    /// Signs out as a script, and returns the address to which the page must navigate.
    pub(crate) async fn logout(&self, browser: &mut Browser) -> String {
        let answer = self.fetch(browser, Method::POST, "/logout").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        body["location"].as_str().unwrap().to_owned()
    }
}

/// Returns the code of a refusal.
fn code(answer: &Answer) -> Option<String> {
    let body: serde_json::Value = serde_json::from_str(&answer.body).ok()?;
    body["code"].as_str().map(str::to_owned)
}

pub(crate) fn alice() -> (u16, String) {
    (200, "alice".to_owned())
}

pub(crate) fn ended() -> (u16, String) {
    (401, "session_ended".to_owned())
}

/// Waits until the access tokens that were issued until now have expired. Their `exp` is in whole
/// seconds.
pub(crate) async fn expiry() {
    sleep(SHORT + Duration::from_millis(50)).await;
}

/// Waits for a condition that must come true.
pub(crate) async fn eventually(mut condition: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !condition() {
        assert!(begin.elapsed() < Duration::from_secs(10), "it did not happen");
        sleep(Duration::from_millis(10)).await;
    }
}
