//! A client that gets tokens which are bound to its key, and calls the API with them.
//!
//! 1. `discovery.rs` finds the authorization server of the API.
//! 2. `authorization.rs` pushes the authorization request, and exchanges the code for a token.
//! 3. `proof_key.rs` makes the proofs of possession.
//! 4. This file sends requests with proofs, and handles nonces.
//!
//! `http.rs` and `print.rs` send and print the requests. A program that copies this folder does not
//! need the printing.

pub(crate) mod authorization;
pub(crate) mod discovery;
pub(crate) mod http;
mod print;
mod proof_key;

use std::collections::HashMap;

use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Request, Url};
use serde::Deserialize;

use self::http::{Answer, Http};
use self::proof_key::{ProofKey, ProvenRequest};

/// An error of the client. It can be sent to another thread, unlike `Box<dyn Error>`.
pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;

/// The registration of the client at the authorization server.
pub(crate) struct Registration {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) redirect_uri: String,
}

pub(crate) struct Client {
    pub(crate) http: Http,
    registration: Registration,
    key: ProofKey,
    /// The last nonce of each server, by origin.
    nonces: HashMap<String, String>,
}

impl Client {
    pub(crate) fn new(registration: Registration) -> Result<Self, Error> {
        let nonces = HashMap::new();
        Ok(Self { http: Http::new()?, registration, key: ProofKey::generate()?, nonces })
    }

    /// Calls the API with a token that is bound to the key (RFC 9449 section 7.1).
    pub(crate) async fn call(
        &mut self,
        mut request: Request,
        token: &str,
    ) -> Result<Answer, Error> {
        let authorization = HeaderValue::try_from(format!("DPoP {token}"))?;
        request.headers_mut().insert(AUTHORIZATION, authorization);
        self.send_with_proof(&request, Some(token)).await
    }

    /// Sends a request with a proof. If the server wants a nonce, the client sends the request once
    /// more, with a new proof that contains the nonce (RFC 9449 sections 8 and 9).
    async fn send_with_proof(
        &mut self,
        request: &Request,
        token: Option<&str>,
    ) -> Result<Answer, Error> {
        let answer = self.send_once(request, token).await?;
        if wants_nonce(&answer) { self.send_once(request, token).await } else { Ok(answer) }
    }

    async fn send_once(&mut self, request: &Request, token: Option<&str>) -> Result<Answer, Error> {
        let proven = self.with_proof(request, token)?;
        let answer = self.http.send(proven).await?;
        if let Some(nonce) = answer.header("dpop-nonce") {
            // RFC 9449 section 8.2: the nonce is for the next requests to this server.
            self.nonces.insert(origin(request.url()), nonce.to_owned());
        }
        Ok(answer)
    }

    /// Returns a copy of the request with a new proof.
    pub(crate) fn with_proof(
        &self,
        request: &Request,
        token: Option<&str>,
    ) -> Result<Request, Error> {
        let (method, url) = (request.method(), request.url());
        let nonce = self.nonces.get(&origin(url)).map(String::as_str);
        let proof = self.key.proof(&ProvenRequest { method, url, token, nonce })?;
        let mut proven = request.try_clone().ok_or("the body of the request is a stream")?;
        proven.headers_mut().insert("dpop", HeaderValue::try_from(proof)?);
        Ok(proven)
    }
}

/// The body of an error response (RFC 6749 section 5.2).
#[derive(Deserialize)]
struct ErrorResponse {
    error: String,
}

/// Returns true if the server wants a proof with the nonce that it has sent. An authorization server
/// says so in the body (RFC 9449 section 8), an API in the challenge (section 9).
fn wants_nonce(answer: &Answer) -> bool {
    let is_in_challenge = |line: &HeaderValue| {
        line.to_str().is_ok_and(|line| line.contains(r#"error="use_dpop_nonce""#))
    };
    answer.headers.get_all("www-authenticate").iter().any(is_in_challenge)
        || serde_json::from_str(&answer.body)
            .is_ok_and(|body: ErrorResponse| body.error == "use_dpop_nonce")
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
