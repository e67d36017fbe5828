//! The credentials with which this server authenticates at the endpoint.

use std::time::SystemTime;

use super::assertion::Assertion;
use super::request::Authorization;
use super::settings::ClientAuthentication;
use crate::bounded_file::BoundedFile;
use crate::keys::HeaderFile;

/// Credentials of the client, or an access token of the server.
pub(crate) enum ClientCredentials {
    Secret { client_id: String, secret: Secret, place: ClientAuthentication },
    Assertion(Assertion),
    Bearer(HeaderFile),
}

/// Secret of the client.
pub(crate) enum Secret {
    Text(String),
    /// A file that is read for each request.
    File(BoundedFile),
}

impl ClientCredentials {
    /// Returns the name of the method (RFC 7591 section 2), for the description of the configuration.
    pub(crate) fn method(&self) -> &'static str {
        match self {
            Self::Secret { place: ClientAuthentication::Basic, .. } => "client_secret_basic",
            Self::Secret { place: ClientAuthentication::Post, .. } => "client_secret_post",
            Self::Assertion(_) => "private_key_jwt",
            Self::Bearer(_) => "bearer_file",
        }
    }

    /// Returns the authentication of one request. The error never contains a secret.
    pub(crate) async fn authorization(&self, now: SystemTime) -> Result<Authorization, String> {
        match self {
            Self::Bearer(file) => file.read().await.map(Authorization::header),
            Self::Assertion(assertion) => assertion.parameters(now).map(Authorization::Parameters),
            Self::Secret { client_id, secret, place } => {
                let secret = secret.read().await?;
                match place {
                    ClientAuthentication::Basic => Authorization::basic(client_id, &secret)
                        .ok_or_else(|| "the client cannot be written into a header".to_owned()),
                    ClientAuthentication::Post => Ok(Authorization::Parameters(vec![
                        ("client_id", client_id.clone()),
                        ("client_secret", secret),
                    ])),
                }
            }
        }
    }
}

impl Secret {
    async fn read(&self) -> Result<String, String> {
        let file = match self {
            Self::Text(secret) => return Ok(secret.clone()),
            Self::File(file) => file,
        };
        let content = file.read().await.map_err(|error| format!("cannot be read: {error}"));
        content
            .and_then(|content| of_content(&content))
            .map_err(|problem| format!("the file `{}` {problem}", file.path().display()))
    }
}

/// Returns the secret in the content of a file. White space at the end is ignored. The error is the
/// predicate of a sentence about the file.
pub(crate) fn of_content(content: &[u8]) -> Result<String, String> {
    let text = str::from_utf8(content).map_err(|_| "is not UTF-8".to_owned())?.trim_end();
    if text.is_empty() { Err("is empty".to_owned()) } else { Ok(text.to_owned()) }
}
