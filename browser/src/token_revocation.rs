//! Revokes refresh tokens at the provider (RFC 7009).

use axum::http::HeaderValue;
use axum_protected::__browser::{ClientAuthentication, Provider};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use url::form_urlencoded::{Serializer, byte_serialize};

use crate::client::Client;
use crate::telemetry;

/// The revocation endpoint of the provider, with the client that is registered there.
#[derive(Debug, Clone)]
pub(crate) struct TokenRevocation {
    provider: Provider,
    client: Client,
}

impl TokenRevocation {
    pub(crate) fn new(provider: Provider, client: Client) -> Self {
        Self { provider, client }
    }

    /// Revokes a refresh token that nobody will use, if the provider has a revocation endpoint. A
    /// failure only goes to the log: the token stays valid for its lifetime, and only its finder
    /// could use it.
    pub(crate) async fn revoke(&self, refresh_token: &str) {
        if let Err(error) = self.request(refresh_token).await {
            telemetry::refresh_token_not_revoked(&error);
        }
    }

    async fn request(&self, refresh_token: &str) -> Result<(), String> {
        let metadata = self.provider.metadata().await.map_err(|error| error.to_string())?;
        let Some(endpoint) = &metadata.revocation_endpoint else { return Ok(()) };
        let (authorization, form) =
            request(&self.client, metadata.client_authentication, refresh_token);
        let posted = self.provider.post_form(endpoint, authorization, form.into_bytes()).await;
        let (status, _, _) = posted.map_err(|error| error.to_string())?;
        if status.is_success() {
            return Ok(());
        }
        Err(format!("the revocation endpoint answered with the status {}", status.as_u16()))
    }
}

/// Returns the `Authorization` header and the form of a request (RFC 7009 section 2.1, RFC 6749
/// section 2.3.1).
fn request(
    client: &Client,
    authentication: Option<ClientAuthentication>,
    refresh_token: &str,
) -> (Option<HeaderValue>, String) {
    let mut form = Serializer::new(String::new());
    form.append_pair("token", refresh_token).append_pair("token_type_hint", "refresh_token");
    let secret = client.secret.as_deref();
    let authorization = match (secret, authentication) {
        (Some(secret), Some(ClientAuthentication::Basic)) => basic(&client.id, secret),
        _ => None,
    };
    if authorization.is_none() {
        form.append_pair("client_id", &client.id);
        if let Some(secret) = secret {
            form.append_pair("client_secret", secret);
        }
    }
    (authorization, form.finish())
}

fn basic(id: &str, secret: &str) -> Option<HeaderValue> {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(id), encoded(secret));
    let mut value =
        HeaderValue::try_from(format!("Basic {}", BASE64_STANDARD.encode(pair))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_authenticates_in_the_way_that_the_provider_supports() {
        let client = |secret: Option<&str>| Client {
            id: "the client".to_owned(),
            secret: secret.map(str::to_owned),
            id_token_audiences: Vec::new(),
        };
        let token = "token=a%2Bb&token_type_hint=refresh_token";
        let cases = [
            (Some("a:b"), Some(ClientAuthentication::Basic), Some("the+client:a%3Ab"), ""),
            (
                Some("a:b"),
                Some(ClientAuthentication::Post),
                None,
                "&client_id=the+client&client_secret=a%3Ab",
            ),
            (None, Some(ClientAuthentication::Basic), None, "&client_id=the+client"),
            (None, None, None, "&client_id=the+client"),
        ];
        for (secret, authentication, expected, rest) in cases {
            let (authorization, form) = request(&client(secret), authentication, "a+b");
            let expected = expected.map(|pair| format!("Basic {}", BASE64_STANDARD.encode(pair)));
            assert_eq!(authorization.map(|value| value.to_str().unwrap().to_owned()), expected);
            assert_eq!(form, format!("{token}{rest}"));
        }
    }
}
