//! Asks the user for authorization, and the authorization server for a token.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Request, Url};
use serde::Deserialize;
use serde_json::Value;

use super::Client;
use super::Error;
use super::discovery::ServerMetadata;
use super::http::form;
use super::proof_key::{random, sha256};

/// The access that the client asks for.
#[derive(Clone)]
pub(crate) struct Access {
    /// The identifier of the API (RFC 8707).
    pub(crate) resource: String,
    pub(crate) scope: &'static str,
    /// The payments that the user is asked to consent to (RFC 9396 section 2).
    pub(crate) details: Vec<Value>,
    /// The authentication that the API demands, from its challenge (RFC 9470 section 4).
    pub(crate) authentication: Option<Authentication>,
}

/// The parameters of a challenge with the error `insufficient_user_authentication` (RFC 9470 section
/// 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authentication {
    pub(crate) acr_values: Option<String>,
    pub(crate) max_age: Option<String>,
}

/// An authorization request that the server has accepted, and that waits for the user.
pub(crate) struct PendingAuthorization {
    /// The URL to which the client sends the user's browser.
    pub(crate) url: Url,
    verifier: String,
    state: String,
}

#[derive(Deserialize)]
struct PushedResponse {
    request_uri: String,
}

#[derive(Deserialize)]
struct TokenResponse {
    access_token: String,
    token_type: String,
}

impl Client {
    /// Pushes an authorization request to the server (RFC 9126 section 2). The browser carries only
    /// a reference to it, so neither the user nor a program on the way can change the payment.
    pub(crate) async fn push(
        &mut self,
        server: &ServerMetadata,
        access: &Access,
    ) -> Result<PendingAuthorization, Error> {
        let (verifier, state) = (random()?, random()?);
        let challenge = sha256(&verifier);
        let thumbprint = self.key.thumbprint();
        let details = Value::from(access.details.clone()).to_string();
        let mut fields = vec![
            ("response_type", "code"),
            ("client_id", self.registration.id.as_str()),
            ("redirect_uri", self.registration.redirect_uri.as_str()),
            ("scope", access.scope),
            ("resource", access.resource.as_str()),
            ("state", state.as_str()),
            // RFC 7636 section 4.3: only this client can use the code.
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
            // RFC 9449 section 10: only with this key.
            ("dpop_jkt", thumbprint.as_str()),
        ];
        if !access.details.is_empty() {
            fields.push(("authorization_details", details.as_str()));
        }
        let authentication = access.authentication.as_ref();
        let acr_values = authentication.and_then(|wanted| wanted.acr_values.as_deref());
        fields.extend(acr_values.map(|values| ("acr_values", values)));
        let max_age = authentication.and_then(|wanted| wanted.max_age.as_deref());
        fields.extend(max_age.map(|seconds| ("max_age", seconds)));

        let endpoint = server.pushed_authorization_request_endpoint.clone();
        let request = self.authenticated(form(endpoint, &fields))?;
        let pushed: PushedResponse = self.send_with_proof(&request, None).await?.json()?;
        // RFC 9126 section 4.
        let parameters =
            [("client_id", &self.registration.id), ("request_uri", &pushed.request_uri)];
        let mut url = server.authorization_endpoint.clone();
        url.query_pairs_mut().extend_pairs(parameters);
        Ok(PendingAuthorization { url, verifier, state })
    }

    /// Exchanges the code in the URL to which the server has sent the browser back for a token that
    /// is bound to the key (RFC 9449 section 5).
    pub(crate) async fn exchange(
        &mut self,
        server: &ServerMetadata,
        pending: PendingAuthorization,
        redirect: &Url,
    ) -> Result<String, Error> {
        let code = code(server, &pending, redirect)?;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", self.registration.redirect_uri.as_str()),
            ("code_verifier", pending.verifier.as_str()),
        ];
        let request = self.authenticated(form(server.token_endpoint.clone(), &fields))?;
        let response: TokenResponse = self.send_with_proof(&request, None).await?.json()?;
        // RFC 9449 section 5: another type means that the token is not bound.
        if !response.token_type.eq_ignore_ascii_case("DPoP") {
            return Err("the token is not bound to the key".into());
        }
        Ok(response.access_token)
    }

    /// Revokes a token that the client does not need any more (RFC 7009 section 2.1).
    pub(crate) async fn revoke(&self, server: &ServerMetadata, token: &str) -> Result<(), Error> {
        let form = form(server.revocation_endpoint.clone(), &[("token", token)]);
        let answer = self.http.send(self.authenticated(form)?).await?;
        // RFC 7009 section 2.2: also for a token that the server does not know.
        if answer.status.is_success() { Ok(()) } else { Err("the token is not revoked".into()) }
    }

    /// Adds the credentials of the client (RFC 6749 section 2.3.1).
    fn authenticated(&self, mut request: Request) -> Result<Request, Error> {
        let encoded = |text: &str| -> String {
            url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
        };
        let Self { registration, .. } = self;
        let pair = format!("{}:{}", encoded(&registration.id), encoded(&registration.secret));
        let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair)))?;
        value.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, value);
        Ok(request)
    }
}

/// Returns the code in the redirect. It must be an answer to this request (RFC 6749 section 4.1.2) by
/// this server (RFC 9207 section 2.4).
fn code(
    server: &ServerMetadata,
    pending: &PendingAuthorization,
    redirect: &Url,
) -> Result<String, Error> {
    let parameter = |name: &str| {
        let mut pairs = redirect.query_pairs().filter(|(found, _)| found == name);
        pairs.next().map(|(_, value)| value.into_owned())
    };
    if parameter("state").as_ref() != Some(&pending.state) {
        return Err("the redirect belongs to another request".into());
    }
    if parameter("iss").as_ref() != Some(&server.issuer) {
        return Err("the redirect is of another server".into());
    }
    if let Some(error) = parameter("error") {
        return Err(format!("the server refuses the authorization: {error}").into());
    }
    parameter("code").ok_or_else(|| "the redirect has no code".into())
}

impl Authentication {
    /// Reads the challenge of a response (RFC 9470 section 3).
    pub(crate) fn demanded_by(challenge: &str) -> Option<Self> {
        if !challenge.contains(r#"error="insufficient_user_authentication""#) {
            return None;
        }
        let parameter = |name: &str| {
            let (_, rest) = challenge.split_once(&format!("{name}="))?;
            let value = rest.split(',').next()?.trim();
            Some(value.trim_matches('"').to_owned())
        };
        Some(Self { acr_values: parameter("acr_values"), max_age: parameter("max_age") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(query: &str) -> Result<String, String> {
        let endpoint = Url::parse("https://id.example.com/x").unwrap();
        let server = ServerMetadata {
            issuer: "https://id.example.com".to_owned(),
            authorization_endpoint: endpoint.clone(),
            token_endpoint: endpoint.clone(),
            pushed_authorization_request_endpoint: endpoint.clone(),
            revocation_endpoint: endpoint.clone(),
        };
        let [verifier, state] = ["v", "s"].map(str::to_owned);
        let pending = PendingAuthorization { url: endpoint, verifier, state };
        let redirect = Url::parse(&format!("http://127.0.0.1:9/callback?{query}")).unwrap();
        code(&server, &pending, &redirect).map_err(|error| error.to_string())
    }

    #[test]
    fn a_code_of_another_request_or_server_is_not_used() {
        let issuer = "iss=https%3A%2F%2Fid.example.com";
        assert_eq!(outcome(&format!("code=c&state=s&{issuer}")), Ok("c".to_owned()));
        for query in [
            "code=c".to_owned(),
            format!("code=c&{issuer}"),
            format!("code=c&state=other&{issuer}"),
            "code=c&state=s".to_owned(),
            "code=c&state=s&iss=https%3A%2F%2Fother.example.com".to_owned(),
            "code=c&state=s&iss=https%3A%2F%2Fid.example.com%2F".to_owned(),
            format!("state=s&{issuer}"),
            format!("code=c&error=access_denied&state=s&{issuer}"),
        ] {
            assert!(outcome(&query).is_err(), "{query}");
        }
    }

    #[test]
    fn the_challenge_states_the_demanded_authentication() {
        let error = r#"error="insufficient_user_authentication""#;
        let demanded = |parameters: &str| {
            let challenge = format!(r#"DPoP realm="api", {error}, {parameters}"#);
            let authentication = Authentication::demanded_by(&challenge).unwrap();
            (authentication.acr_values, authentication.max_age)
        };
        let some = |text: &str| Some(text.to_owned());
        let both = r#"scope="payments:write", acr_values="phr phrh", max_age="300""#;
        assert_eq!(demanded(both), (some("phr phrh"), some("300")));
        assert_eq!(demanded(r#"max_age=60, acr_values="phr""#), (some("phr"), some("60")));
        assert_eq!(demanded(r#"scope="a""#), (None, None));
        assert!(Authentication::demanded_by(r#"DPoP realm="api", acr_values="phr""#).is_none());
    }
}
