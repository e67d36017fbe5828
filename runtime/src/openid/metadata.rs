//! Reads the endpoints for clients in the metadata of an OpenID provider (OpenID Connect Discovery
//! section 3, RFC 8414 section 2).

use reqwest::Url;

use crate::fetch::may_lead;
use crate::json::{Item, Object};

/// Endpoints and abilities of an OpenID provider.
///
/// Each URL is https, or http where the settings of the issuer permit it. No URL has a fragment or
/// credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProviderMetadata {
    /// URL to which the browser is sent to sign in. It may have a query, which must be kept (RFC
    /// 6749 section 3.1).
    pub authorization_endpoint: Url,
    /// URL for the exchange of codes and refresh tokens.
    pub token_endpoint: Url,
    /// URL to which the browser is sent to sign out (OpenID Connect RP-Initiated Logout).
    pub end_session_endpoint: Option<Url>,
    /// URL for the revocation of tokens (RFC 7009).
    pub revocation_endpoint: Option<Url>,
    /// True if each authorization response has the parameter `iss`, which the client must then demand
    /// (RFC 9207 section 3).
    pub authorization_response_iss_parameter_supported: bool,
    /// Method by which a client with a secret authenticates. `None` if the provider supports neither
    /// of the methods with a secret in the request.
    pub client_authentication: Option<ClientAuthentication>,
}

/// Method by which a client with a secret authenticates at the token endpoint (OpenID Connect Core
/// section 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// `client_secret_basic`: the header `Authorization`. It takes precedence if the provider
    /// supports both methods.
    Basic,
    /// `client_secret_post`: the parameters `client_id` and `client_secret` of the form.
    Post,
}

impl ProviderMetadata {
    /// Reads metadata that came from the URL `location`. The error is a sentence about the metadata.
    pub(crate) fn read(
        metadata: Object<'_>,
        location: &Url,
        insecure_http: bool,
    ) -> Result<Self, String> {
        let optional = |name| endpoint(metadata, name, location, insecure_http);
        let required = |name| {
            optional(name)?.ok_or_else(|| {
                format!("the metadata has no `{name}`, so it is not of an OpenID provider")
            })
        };
        Ok(Self {
            authorization_endpoint: required("authorization_endpoint")?,
            token_endpoint: required("token_endpoint")?,
            end_session_endpoint: optional("end_session_endpoint")?,
            revocation_endpoint: optional("revocation_endpoint")?,
            authorization_response_iss_parameter_supported: is_true(
                metadata,
                "authorization_response_iss_parameter_supported",
            ),
            client_authentication: client_authentication(metadata),
        })
    }
}

/// Reads the URL of an endpoint. A client sends codes and secrets there, or a browser follows it, so
/// that no other scheme is accepted.
fn endpoint(
    metadata: Object<'_>,
    name: &str,
    location: &Url,
    insecure_http: bool,
) -> Result<Option<Url>, String> {
    let text = match metadata.get(name) {
        None | Some(Item::Null) => return Ok(None),
        Some(value) => value.as_str(),
    };
    let url = text.and_then(|text| text.parse::<Url>().ok());
    match url.filter(|url| may_lead(location, url, insecure_http)) {
        Some(mut url) => {
            url.set_fragment(None);
            Ok(Some(url))
        }
        None => Err(format!(
            "the `{name}` in the metadata is not an https URL (plain http needs `insecure_http` of \
             the issuer)"
        )),
    }
}

fn is_true(metadata: Object<'_>, name: &str) -> bool {
    matches!(metadata.get(name), Some(Item::Bool(true)))
}

/// Returns true if the array `name` contains `value`, or `None` if the metadata has no such array.
fn lists(metadata: Object<'_>, name: &str, value: &str) -> Option<bool> {
    let array = metadata.get(name).and_then(Item::as_array)?;
    Some(array.items().any(|item| item.as_str() == Some(value)))
}

/// Without `token_endpoint_auth_methods_supported`, the method is `client_secret_basic` (OpenID
/// Connect Discovery section 3).
fn client_authentication(metadata: Object<'_>) -> Option<ClientAuthentication> {
    let supports = |method| lists(metadata, "token_endpoint_auth_methods_supported", method);
    if supports("client_secret_basic").unwrap_or(true) {
        Some(ClientAuthentication::Basic)
    } else if supports("client_secret_post").unwrap_or(false) {
        Some(ClientAuthentication::Post)
    } else {
        None
    }
}
