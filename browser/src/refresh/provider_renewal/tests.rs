//! Refreshes at a provider that answers what a test chooses.

use std::sync::{Arc, Mutex};
use std::time::UNIX_EPOCH;

use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use axum_protected::{Algorithm, Issuer, ResourceServer};
use axum_protected_testing::{SigningKeys, TokenBuilder};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::*;
use crate::session::sample_record;

const ISSUER: &str = "https://id.example.com";
const CLIENT: &str = "notes";

struct Bench {
    keys: SigningKeys,
    renewal: ProviderRenewal,
    answer: Arc<Mutex<(StatusCode, Value)>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Bench {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let metadata = json!({
            "issuer": ISSUER,
            "authorization_endpoint": format!("{origin}/authorize"),
            "token_endpoint": format!("{origin}/token"),
            "revocation_endpoint": format!("{origin}/revoke"),
            "jwks_uri": format!("{origin}/jwks"),
        });
        let answer = Arc::new(Mutex::new((StatusCode::OK, Value::Null)));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (answers, seen) = (Arc::clone(&answer), Arc::clone(&requests));
        let endpoint = async move |body: String| {
            seen.lock().unwrap().push(body);
            let (status, body) = answers.lock().unwrap().clone();
            (status, Json(body))
        };
        let router = Router::new()
            .route("/metadata", get(async move || Json(metadata.clone())))
            .route("/token", post(endpoint.clone()))
            .route("/revoke", post(endpoint));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let keys = SigningKeys::generate(&[Algorithm::ES256]).unwrap();
        let issuer =
            Issuer::new(ISSUER).jwks(keys.jwks()).metadata_url(format!("{origin}/metadata"));
        let server = ResourceServer::builder().issuer(issuer).audience("api").build().unwrap();
        let provider = Provider::new(&server, None).unwrap();
        let client = Client { id: CLIENT.to_owned(), secret: None, id_token_audiences: Vec::new() };
        let renewal = ProviderRenewal {
            token_endpoint: TokenEndpoint::new(provider.clone(), client.clone()),
            token_revocation: TokenRevocation::new(provider.clone(), client.clone()),
            provider,
            client,
        };
        Self { keys, renewal, answer, requests }
    }

    /// Returns the ID token that the provider sends at the refresh of the sample session.
    fn id_token(&self) -> TokenBuilder {
        let now = self.renewal.now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        TokenBuilder::new(&self.keys, ISSUER, CLIENT)
            .header("typ", "JWT")
            .without("client_id")
            .subject("alice")
            .claim("iat", now)
            .claim("exp", now + 300)
    }

    async fn renew(&self, id_token: Option<String>) -> Result<Tokens, RenewalError> {
        let body = json!({
            "access_token": "a1", "token_type": "Bearer", "expires_in": 300,
            "refresh_token": "r1", "id_token": id_token,
        });
        *self.answer.lock().unwrap() = (StatusCode::OK, body);
        self.renewal.renew(&sample_record()).await
    }
}

#[tokio::test]
async fn a_refresh_for_the_same_user_is_accepted() {
    let bench = Bench::start().await;
    let with_nonce = bench.id_token().claim("nonce", "nonce").sign();
    for id_token in [None, Some(bench.id_token().sign()), Some(with_nonce)] {
        let tokens = bench.renew(id_token.clone()).await.unwrap();
        assert_eq!(tokens.access_token, "a1");
        assert_eq!(tokens.refresh_token.as_deref(), Some("r1"));
        assert_eq!(tokens.id_token, id_token);
    }
    let form = "grant_type=refresh_token&refresh_token=r0";
    assert!(bench.requests.lock().unwrap()[0].starts_with(form));
}

#[tokio::test]
async fn a_refresh_for_another_user_is_told_apart_from_a_faulty_one() {
    let bench = Bench::start().await;
    for other in [bench.id_token().subject("bob"), bench.id_token().without("sub")] {
        let error = bench.renew(Some(other.sign())).await.unwrap_err();
        assert!(matches!(error, RenewalError::OtherSubject(_)), "{error:?}");
    }
    let forged = SigningKeys::generate(&[Algorithm::ES256]).unwrap();
    let forged = TokenBuilder::new(&forged, ISSUER, CLIENT).header("typ", "JWT").subject("alice");
    for faulty in [
        forged.without("client_id"),
        bench.id_token().claim("aud", "other"),
        bench.id_token().claim("azp", "other"),
        bench.id_token().claim("iss", "https://other.example.com"),
        bench.id_token().claim("nonce", "other"),
        bench.id_token().claim("at_hash", "other"),
        bench.id_token().claim("exp", 1),
    ] {
        let error = bench.renew(Some(faulty.sign())).await.unwrap_err();
        assert!(matches!(error, RenewalError::Unavailable(_)), "{error:?}");
    }
}

#[tokio::test]
async fn only_invalid_grant_is_a_refusal() {
    let bench = Bench::start().await;
    for (status, body, is_refusal) in [
        (400, json!({ "error": "invalid_grant" }), true),
        (500, json!({ "error": "invalid_grant" }), false),
        (400, json!({ "error": "invalid_client" }), false),
        (401, json!({ "error": "invalid_client" }), false),
        (400, json!("invalid_grant"), false),
        (200, json!({ "access_token": "a1" }), false),
        (503, json!({}), false),
    ] {
        *bench.answer.lock().unwrap() = (StatusCode::from_u16(status).unwrap(), body);
        let error = bench.renewal.renew(&sample_record()).await.unwrap_err();
        assert_eq!(error == RenewalError::Refused, is_refusal, "{status} {error:?}");
    }
}

#[tokio::test]
async fn an_unused_refresh_token_is_revoked() {
    let bench = Bench::start().await;
    bench.renewal.revoke("r1").await;
    let expected = "token=r1&token_type_hint=refresh_token&client_id=notes";
    assert_eq!(*bench.requests.lock().unwrap(), [expected]);
}
