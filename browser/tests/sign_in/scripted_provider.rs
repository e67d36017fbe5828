//! A provider whose metadata and token responses a test writes.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use axum_protected::{Algorithm, ResourceServer, ResourceServerBuilder};
use axum_protected_testing::{AuthorizationServer, TokenBuilder};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::application::{Application, parameter, with_parameter};
use crate::browser::{Answer, Browser};

/// The provider, and the authorization server whose keys sign its tokens.
pub(crate) struct ScriptedProvider {
    pub(crate) issuer: String,
    keys: AuthorizationServer,
    script: Arc<Mutex<Script>>,
}

/// The answer of the token endpoint, and the requests to it.
struct Script {
    status: StatusCode,
    content_type: &'static str,
    body: String,
    requests: Vec<(HeaderMap, String)>,
}

impl ScriptedProvider {
    /// Starts a provider whose metadata has these further members.
    pub(crate) async fn start(members: Value) -> Self {
        let keys = AuthorizationServer::start().await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let mut metadata = json!({
            "issuer": issuer,
            "jwks_uri": format!("{}/jwks", keys.issuer()),
            "authorization_endpoint": format!("{issuer}/authorize?tenant=7"),
            "token_endpoint": format!("{issuer}/token"),
        });
        metadata.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let script = Arc::new(Mutex::new(Script {
            status: StatusCode::OK,
            content_type: "application/json",
            body: String::new(),
            requests: Vec::new(),
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(async || Json(metadata)))
            .route("/token", post(token))
            .with_state(Arc::clone(&script));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { issuer, keys, script }
    }

    pub(crate) fn resource_server(&self) -> ResourceServerBuilder {
        ResourceServer::builder().issuer(self.issuer.as_str()).audience(self.keys.audience())
    }

    /// Returns the issuer whose keys sign the tokens. It is another issuer with tokens of its own.
    pub(crate) fn other_issuer(&self) -> &AuthorizationServer {
        &self.keys
    }

    pub(crate) fn access_token(&self) -> TokenBuilder {
        self.keys.token().claim("iss", self.issuer.as_str()).subject("alice").scope("notes:read")
    }

    pub(crate) fn id_token(&self, nonce: &str) -> TokenBuilder {
        let token = self.keys.token().algorithm(Algorithm::RS256).header("typ", "JWT");
        token
            .claim("iss", self.issuer.as_str())
            .claim("aud", "notes")
            .claim("nonce", nonce)
            .without("client_id")
            .without("scope")
            .subject("alice")
    }

    /// Begins a sign-in, lets the token endpoint answer with what `answer` makes of the nonce, and
    /// returns the answer of the callback.
    pub(crate) async fn sign_in(
        &self,
        browser: &mut Browser,
        application: &Application,
        answer: impl FnOnce(&str) -> (u16, String),
    ) -> Answer {
        let authorization_url = browser.get(&application.url("/login")).await.location();
        let (status, body) = answer(&parameter(&authorization_url, "nonce").unwrap());
        {
            let mut script = self.script.lock().unwrap();
            script.status = StatusCode::from_u16(status).unwrap();
            script.body = body;
        }
        let state = parameter(&authorization_url, "state");
        let callback = application.url("/callback?code=the-code");
        browser.get(&with_parameter(&callback, "state", state.as_deref())).await
    }

    /// Returns the body of a token response with these tokens.
    pub(crate) fn tokens(&self, nonce: &str) -> Value {
        json!({
            "access_token": self.access_token().sign(),
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": self.id_token(nonce).sign(),
            "refresh_token": "the-refresh-token",
        })
    }

    pub(crate) fn set_content_type(&self, content_type: &'static str) {
        self.script.lock().unwrap().content_type = content_type;
    }

    /// Returns the headers and the forms of the requests to the token endpoint.
    pub(crate) fn requests(&self) -> Vec<(HeaderMap, String)> {
        self.script.lock().unwrap().requests.clone()
    }
}

async fn token(
    State(script): State<Arc<Mutex<Script>>>,
    headers: HeaderMap,
    form: String,
) -> (StatusCode, [(HeaderName, &'static str); 1], String) {
    let mut script = script.lock().unwrap();
    script.requests.push((headers, form));
    (script.status, [(CONTENT_TYPE, script.content_type)], script.body.clone())
}
