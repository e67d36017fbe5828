//! An OAuth client and its user, without a browser.

use std::str::FromStr;

use axum_protected_testing::AuthorizationServer;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Url};
use serde_json::Value;

use super::{CALLBACK, PAGE};

// The example in RFC 7636 appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The status, headers and complete body of a response.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Returns the value of a parameter in the redirect URI.
    pub(crate) fn redirect_parameter(&self, name: &str) -> Option<String> {
        let url = Url::parse(self.header("location")).unwrap();
        let mut pairs = url.query_pairs();
        let found = pairs.find(|(known, _)| known == name);
        found.map(|(_, value)| value.into_owned())
    }

    /// Returns the ticket from the hidden field of the sign-in page.
    pub(crate) fn ticket(&self) -> &str {
        let (_, rest) = self.body.split_once("name=\"ticket\" value=\"").unwrap();
        rest.split_once('"').unwrap().0
    }
}

/// Returns the claims of a JWT, without a check of the signature.
pub(crate) fn claims(token: &Value) -> Value {
    part(token, 1)
}

/// Returns the header of a JWT.
pub(crate) fn header(token: &Value) -> Value {
    part(token, 0)
}

fn part(token: &Value, index: usize) -> Value {
    let encoded = token.as_str().unwrap().split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded).unwrap()).unwrap()
}

/// Returns the builder of a request to this server. The HTTP client does not follow redirects.
pub(crate) fn request(server: &AuthorizationServer, method: &str, path: &str) -> RequestBuilder {
    let client = Client::builder().redirect(Policy::none()).no_proxy();
    let method = Method::from_str(method).unwrap();
    let url = format!("{}{path}", server.issuer());
    client.build().unwrap().request(method, url)
}

pub(crate) async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: response.text().await.unwrap(),
    }
}

pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    let url = Url::parse_with_params("http://127.0.0.1/", pairs).unwrap();
    url.query().unwrap_or_default().to_owned()
}

pub(crate) fn posted(
    server: &AuthorizationServer,
    path: &str,
    pairs: &[(&str, &str)],
) -> RequestBuilder {
    request(server, "POST", path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form(pairs))
}

/// Sends a valid authorization request in which `other` replaces or adds parameters. The value `""`
/// leaves a parameter out.
pub(crate) async fn authorize(server: &AuthorizationServer, other: &[(&str, &str)]) -> Answer {
    let good = [
        ("client_id", PAGE),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "items:read items:write"),
        ("state", "a&b=c d"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let query = form(&with_replacements(&good, other));
    send(request(server, "GET", &format!("/authorize?{query}"))).await
}

/// Submits the sign-in page as this subject.
pub(crate) async fn agree(server: &AuthorizationServer, page: &Answer, subject: &str) -> Answer {
    let pairs = [("ticket", page.ticket()), ("subject", subject)];
    send(posted(server, "/consent", &pairs)).await
}

/// Signs a user in and returns a new authorization code.
pub(crate) async fn code(server: &AuthorizationServer) -> String {
    code_for(server, &[]).await
}

/// Signs a user in for an authorization request in which `other` replaces or adds parameters.
pub(crate) async fn code_for(server: &AuthorizationServer, other: &[(&str, &str)]) -> String {
    let page = authorize(server, other).await;
    let answer = agree(server, &page, "bob").await;
    answer.redirect_parameter("code").unwrap()
}

/// Signs a user in and returns the token response.
pub(crate) async fn sign_in(server: &AuthorizationServer, other: &[(&str, &str)]) -> Value {
    let answer = redeem(server, &code_for(server, other).await, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

/// Sends a valid token request for a code in which `other` replaces parameters.
pub(crate) async fn redeem(
    server: &AuthorizationServer,
    code: &str,
    other: &[(&str, &str)],
) -> Answer {
    let good = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("client_id", PAGE),
        ("code_verifier", VERIFIER),
    ];
    send(posted(server, "/token", &with_replacements(&good, other))).await
}

/// Sends a refresh request with further parameters.
pub(crate) async fn refresh(
    server: &AuthorizationServer,
    token: &str,
    other: &[(&str, &str)],
) -> Answer {
    let good = [("grant_type", "refresh_token"), ("refresh_token", token)];
    send(posted(server, "/token", &[&good, other].concat())).await
}

fn with_replacements<'a>(
    good: &[(&'a str, &'a str)],
    other: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let kept = good.iter().filter(|(name, _)| other.iter().all(|(new, _)| new != name));
    let pairs = kept.chain(other).filter(|(_, value)| !value.is_empty());
    pairs.copied().collect()
}

/// Asserts an error response with this status and this error code, in the format of RFC 6749
/// section 5.2.
pub(crate) fn assert_refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.json()["error"], code, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
}
