//! Tests the logout tokens that the server posts to clients.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum_protected_testing::{AuthorizationServer, Client};
use reqwest::Url;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Mutex;

use super::test_client::{
    assert_refused, authorize, claims, header, refresh, request, send, sign_in,
};
use super::{CALLBACK, PAGE, builder};

/// A client that receives logout tokens, and answers with a status.
struct Receiver {
    uri: String,
    received: Arc<Mutex<Vec<(HeaderMap, String)>>>,
}

type Inbox = (Arc<Mutex<Vec<(HeaderMap, String)>>>, StatusCode);

impl Receiver {
    async fn start(status: StatusCode) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = format!("http://{}/backchannel-logout?of=page", listener.local_addr().unwrap());
        let received = Arc::default();
        let receive = async |State((inbox, status)): State<Inbox>, headers, body| {
            inbox.lock().await.push((headers, body));
            status
        };
        let app = Router::new()
            .route("/backchannel-logout", post(receive))
            .with_state((Arc::clone(&received), status));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { uri, received }
    }

    async fn server(&self) -> AuthorizationServer {
        let client = Client::public(PAGE).redirect_uri(CALLBACK).backchannel_logout_uri(&self.uri);
        AuthorizationServer::builder().client(client).start().await.unwrap()
    }

    /// Returns the logout tokens, and forgets them.
    async fn tokens(&self) -> Vec<Value> {
        let received = std::mem::take(&mut *self.received.lock().await);
        let token = |body: &str| body.strip_prefix("logout_token=").unwrap().to_owned();
        received.iter().map(|(_, body)| Value::String(token(body))).collect()
    }
}

#[tokio::test]
async fn the_client_of_a_session_gets_a_logout_token() {
    let receiver = Receiver::start(StatusCode::OK).await;
    let server = receiver.server().await;
    let response = sign_in(&server, &[("scope", "openid")]).await;
    let session = claims(&response["id_token"])["sid"].clone();
    assert_eq!(server.log_out("alice").await.unwrap(), 0);
    assert_eq!(server.log_out("bob").await.unwrap(), 1);

    let content_type = receiver.received.lock().await[0].0["content-type"].clone();
    assert_eq!(content_type, "application/x-www-form-urlencoded");
    let tokens = receiver.tokens().await;
    let [token] = tokens.as_slice() else { panic!("{tokens:?}") };
    let header = header(token);
    assert_eq!((&header["alg"], &header["typ"]), (&"RS256".into(), &"logout+jwt".into()));
    let keys = send(request(&server, "GET", "/jwks")).await.json();
    let keys = keys["keys"].as_array().unwrap();
    assert!(keys.iter().any(|key| key["kid"] == header["kid"]));

    let claims = claims(token);
    let mut names: Vec<&str> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["aud", "events", "exp", "iat", "iss", "jti", "sid", "sub"]);
    assert_eq!(claims["iss"], server.issuer());
    assert_eq!((&claims["aud"], &claims["sub"]), (&PAGE.into(), &"bob".into()));
    assert_eq!(claims["sid"], session);
    let event = json!({ "http://schemas.openid.net/event/backchannel-logout": {} });
    assert_eq!(claims["events"], event);
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 120);

    let token = response["refresh_token"].as_str().unwrap();
    let refused = refresh(&server, token, &[("client_id", PAGE)]).await;
    assert_refused(&refused, 400, "invalid_grant");
    assert_eq!(server.log_out("bob").await.unwrap(), 0);
}

#[tokio::test]
async fn a_resource_server_refuses_a_logout_token() {
    let receiver = Receiver::start(StatusCode::NO_CONTENT).await;
    let server = receiver.server().await;
    sign_in(&server, &[("scope", "openid")]).await;
    server.log_out("bob").await.unwrap();
    let tokens = receiver.tokens().await;
    let api = server.resource_server().audience(PAGE).build().unwrap();
    let refused = api.authenticate(tokens[0].as_str().unwrap()).await.unwrap_err();
    assert_eq!(refused.kind().code(), "wrong_type");
}

#[tokio::test]
async fn each_session_has_a_logout_token_of_its_own() {
    let receiver = Receiver::start(StatusCode::OK).await;
    let server = receiver.server().await;
    let asked = [("scope", "openid")];
    let (first, second) = (sign_in(&server, &asked).await, sign_in(&server, &asked).await);
    let session = |response: &Value| claims(&response["id_token"])["sid"].clone();
    let [first, second] = [session(&first), session(&second)];
    assert!(server.end_session(first.as_str().unwrap()).await.unwrap());
    assert!(!server.end_session(first.as_str().unwrap()).await.unwrap());
    let tokens = receiver.tokens().await;
    assert_eq!(
        tokens.iter().map(|token| claims(token)["sid"].clone()).collect::<Vec<_>>(),
        [first]
    );

    sign_in(&server, &asked).await;
    assert_eq!(server.log_out("bob").await.unwrap(), 2);
    let tokens = receiver.tokens().await;
    assert_eq!(tokens.len(), 2);
    assert_eq!(claims(&tokens[0])["sid"], second);
    assert_ne!(claims(&tokens[0])["jti"], claims(&tokens[1])["jti"]);
}

#[tokio::test]
async fn a_logout_in_the_browser_reaches_the_client_too() {
    let receiver = Receiver::start(StatusCode::OK).await;
    let server = receiver.server().await;
    let response = sign_in(&server, &[("scope", "openid")]).await;
    let id_token = response["id_token"].as_str().unwrap();
    let url =
        Url::parse_with_params("http://127.0.0.1/logout", [("id_token_hint", id_token)]).unwrap();
    let path = format!("/logout?{}", url.query().unwrap());
    assert_eq!(send(request(&server, "GET", &path)).await.status, 200);
    assert_eq!(receiver.tokens().await.len(), 1);
}

#[tokio::test]
async fn the_session_ends_although_the_client_refuses_the_logout_token() {
    let receiver = Receiver::start(StatusCode::BAD_REQUEST).await;
    let server = receiver.server().await;
    let response = sign_in(&server, &[("scope", "openid")]).await;
    let error = server.log_out("bob").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "a client has not accepted its logout token: `page`: the status is 400"
    );
    let token = response["refresh_token"].as_str().unwrap();
    let refused = refresh(&server, token, &[("client_id", PAGE)]).await;
    assert_refused(&refused, 400, "invalid_grant");
}

#[tokio::test]
async fn a_client_without_a_back_channel_gets_no_logout_token() {
    let server = builder().start().await.unwrap();
    sign_in(&server, &[("scope", "openid")]).await;
    // A sign-in page without consent is not a session.
    authorize(&server, &[]).await;
    assert_eq!(server.log_out("bob").await.unwrap(), 1);
    let without_clients = AuthorizationServer::start().await.unwrap();
    assert_eq!(without_clients.log_out("bob").await.unwrap(), 0);
}
