//! The description of a server's configuration, for the operator.

mod dpop;
mod revocation_feed;
#[cfg(feature = "security_events")]
mod security_events;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use serde::{Serialize, Serializer};
use serde_json::Value;

pub use self::dpop::DpopConfiguration;
pub use self::revocation_feed::RevocationFeedConfiguration;
#[cfg(feature = "security_events")]
pub use self::security_events::EventTransmitterConfiguration;

use super::ResourceServer;
use crate::algorithm::Algorithm;
use crate::api_key::{ValidApiKeys, ValidKey};
use crate::token::Provider;
use crate::transport::ClientCertificateFormat;

impl ResourceServer {
    /// Returns the configuration of this server. A program can print it when it starts, so that an
    /// operator can compare it with the intended one.
    ///
    /// ```
    /// use axum_protected::{Issuer, ResourceServer};
    ///
    /// let issuer = Issuer::new("acme.com").jwks_uri("https://acme.com/keys?key=1234");
    /// let server = ResourceServer::builder().issuer(issuer).audience("api").build()?;
    /// let description = serde_json::to_value(server.configuration())?;
    /// assert_eq!(description["issuers"][0]["audiences"][0], "api");
    /// assert_eq!(description["issuers"][0]["keys"], "jwks_uri https://acme.com/keys?(not shown)");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn configuration(&self) -> &Configuration {
        &self.inner().configuration
    }
}

/// The configuration of a server with all defaults applied. The fields have the names of the fields
/// in a configuration file. The values contain no secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[allow(clippy::struct_excessive_bools, reason = "they are independent settings")]
pub struct Configuration {
    /// The tolerated difference of the clocks. Serde serializes it as whole seconds.
    #[serde(rename = "leeway_seconds", serialize_with = "seconds")]
    pub leeway: Duration,
    /// The `realm` of the challenges.
    pub realm: String,
    /// The identifier of this API as a protected resource.
    pub resource: Option<String>,
    /// The URL under which clients reach this API.
    pub public_url: Option<String>,
    /// The proxies whose forwarding headers this server trusts.
    pub trusted_proxies: Vec<String>,
    /// True if the server refuses tokens that reached it without TLS.
    pub require_https: bool,
    /// True if the configuration satisfies the FAPI 2.0 Security Profile.
    pub fapi2: bool,
    /// True if the application states that it feeds all revocations.
    pub revocations_fed_by_application: bool,
    /// True if the server refuses tokens with authorization details where no policy demands details.
    pub refuse_undemanded_details: bool,
    /// The header in which trusted proxies report the certificate of a client. `None` if no header
    /// counts.
    pub client_certificate_header: Option<ClientCertificateHeaderConfiguration>,
    /// True if the server refuses tokens that are not bound to a certificate.
    pub certificate_bound_tokens_required: bool,
    /// The size in bytes of the cache of verified tokens.
    pub verified_token_bytes: usize,
    /// The size in bytes of the list of revocations.
    pub revocation_bytes: usize,
    /// The settings of the feed that shares revocations. `None` if each process has its own.
    pub revocation_feed: Option<RevocationFeedConfiguration>,
    /// The scheme of `Authorization` with which requests present their token. `None` if they
    /// present it in another header.
    pub token_scheme: Option<String>,
    /// The header whose whole value is the token. `None` if requests present it in `Authorization`.
    pub token_header: Option<String>,
    /// True if the server accepts the token of a websocket handshake in `Sec-WebSocket-Protocol`.
    pub websocket_protocol_token: bool,
    /// The cookie in which the server also accepts tokens. `None` if it reads no cookie.
    pub token_cookie: Option<String>,
    /// The further origins whose pages may cause requests with a cookie.
    pub token_cookie_origins: Vec<String>,
    /// The API keys with which the server was built. `None` if it accepts no API keys.
    pub api_keys: Option<ApiKeysConfiguration>,
    /// The settings of DPoP. `None` if the server refuses tokens that are bound to a key.
    pub dpop: Option<DpopConfiguration>,
    /// The transmitters whose security events revoke tokens.
    #[cfg(feature = "security_events")]
    pub event_transmitters: Vec<EventTransmitterConfiguration>,
    /// The issuers, in the order of the configuration.
    pub issuers: Vec<IssuerConfiguration>,
}

/// The header in which trusted proxies report the certificate of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ClientCertificateHeaderConfiguration {
    /// The format of the value.
    pub format: ClientCertificateFormat,
    /// The name of the header, in lower case.
    pub name: String,
}

/// The API keys with which a server was built. Later changes by
/// [`ResourceServer::api_keys`](crate::ResourceServer::api_keys) are not part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ApiKeysConfiguration {
    /// The place of a key in a request: the name of a setting and its value, for example `header
    /// x-api-key`.
    pub place: String,
    /// True if the application looks up keys that are not configured.
    pub look_up: bool,
    /// The configured keys, in the order of the configuration.
    pub keys: Vec<ApiKeyConfiguration>,
}

/// A configured API key, without its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ApiKeyConfiguration {
    /// The subject of the key.
    pub subject: String,
    /// The name of the key, if it has one.
    pub name: Option<String>,
}

impl ApiKeysConfiguration {
    pub(super) fn of(keys: &ValidApiKeys) -> Self {
        let one = |key: &ValidKey| ApiKeyConfiguration {
            subject: key.subject().to_owned(),
            name: key.name.as_deref().map(str::to_owned),
        };
        Self {
            place: keys.place.to_string(),
            look_up: keys.has_look_up(),
            keys: keys.keys.iter().map(one).collect(),
        }
    }
}

/// The configuration of an issuer with the server's defaults applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[allow(clippy::struct_excessive_bools, reason = "they are independent settings")]
pub struct IssuerConfiguration {
    /// The identifier of the issuer.
    pub issuer: String,
    /// The name of the issuer in policies, if it is not the identifier.
    pub name: Option<String>,
    /// The origin of the keys: the name of a setting and its value, for example `jwks_uri
    /// https://id.example.com/keys`, or `discovery` and the identifier. It is `introspection` if the
    /// server needs no keys. Secrets and keys are not part of the text.
    pub keys: String,
    /// The configured URL of the metadata, without a secret.
    pub metadata_url: Option<String>,
    /// True if the server has keys of a seed until the first fetch.
    pub seed: bool,
    /// The accepted audiences.
    pub audiences: Vec<String>,
    /// The accepted signature algorithms.
    pub algorithms: Vec<Algorithm>,
    /// The product of the issuer.
    pub provider: Provider,
    /// True if the server requires strict RFC 9068 tokens.
    pub rfc9068: bool,
    /// True if the server is not ready without keys of this issuer.
    pub required: bool,
    /// True if plain http is permitted beyond loopback, for metadata and keys.
    pub insecure_http: bool,
    /// The file with additional root certificates.
    pub ca_file: Option<PathBuf>,
    /// The names of the headers that the server adds to its requests.
    pub headers: BTreeSet<String>,
    /// The questions to the issuer about its tokens. `None` if the server does not ask.
    pub introspection: Option<IntrospectionConfiguration>,
    /// The clients whose logouts revoke tokens.
    #[cfg(feature = "security_events")]
    pub logout_clients: Vec<String>,
    /// The longest lifetime of the access tokens. Serde serializes it as whole seconds.
    #[cfg(feature = "security_events")]
    #[serde(rename = "token_lifetime_seconds", serialize_with = "seconds")]
    pub token_lifetime: Duration,
    /// The settings of claims that override those of the provider, for example `roles_claim`. Serde
    /// serializes them as fields of the issuer.
    #[serde(flatten)]
    pub claims: BTreeMap<&'static str, Value>,
}

/// The configuration of introspection with all defaults applied, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IntrospectionConfiguration {
    /// The configured URL of the endpoint. `None` if the metadata of the issuer names it.
    pub endpoint: Option<String>,
    /// The identifier of this API as a client.
    pub client_id: Option<String>,
    /// The way in which the server authenticates: `client_secret_basic`, `client_secret_post`,
    /// `private_key_jwt` or `bearer_file`.
    pub client_authentication: &'static str,
    /// The tokens about which the server asks: `only`, `opaque` or `always`.
    pub mode: &'static str,
    /// The longest time for which an answer is used. Serde serializes it as whole seconds.
    #[serde(rename = "cache_seconds", serialize_with = "seconds")]
    pub cache_period: Duration,
    /// `client` if an answer need not have an audience.
    pub audience: Option<&'static str>,
    /// True if answers must be JWTs.
    pub jwt: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes the field")]
fn seconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(time.as_secs())
}
