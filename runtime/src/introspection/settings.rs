//! The settings of introspection, as code and files contain them.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::algorithm::Algorithm;

/// The settings with which the server asks an issuer about its tokens (RFC 7662).
///
/// The server authenticates at the endpoint in exactly one way:
/// [`client_secret`](Self::client_secret), [`client_secret_file`](Self::client_secret_file),
/// [`private_key_jwt`](Self::private_key_jwt) or [`bearer_file`](Self::bearer_file).
///
/// In a file, the settings are the table `introspection` of an issuer, and their names are those of
/// the methods. [`cache_period`](Self::cache_period) is `cache_seconds`,
/// [`audience_of_client`](Self::audience_of_client) is `audience = "client"`, and
/// [`jwt_answers`](Self::jwt_answers) is `jwt = true`.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Introspection {
    pub(crate) endpoint: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<String>,
    pub(crate) client_secret_file: Option<PathBuf>,
    pub(crate) private_key_jwt: Option<PrivateKeyJwt>,
    pub(crate) bearer_file: Option<PathBuf>,
    pub(crate) client_authentication: Option<ClientAuthentication>,
    pub(crate) cache_seconds: Option<u64>,
    pub(crate) mode: Option<Mode>,
    pub(crate) audience: Option<AnswerAudience>,
    #[serde(default)]
    pub(crate) jwt: bool,
}

/// The tokens about which the server asks the issuer.
///
/// At most one issuer of a server accepts opaque tokens, which are the tokens of the modes `Only` and
/// `Opaque`. An opaque token does not name its issuer, and the server must not send it to several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Mode {
    /// All tokens. The server reads no token and needs no keys. With several issuers, a JWT whose
    /// `iss` is another configured issuer belongs to that issuer.
    ///
    /// This is the default if the issuer has no setting that says where its keys are.
    Only,
    /// Tokens that are not JWTs. A token whose first part is a JSON object is a JWT, and is verified
    /// with the keys of the issuer.
    ///
    /// This is the default if the issuer has a setting that says where its keys are, such as
    /// [`jwks_uri`](crate::Issuer::jwks_uri).
    Opaque,
    /// JWTs whose signature is valid. The issuer is asked too, so that a token ends when the issuer
    /// withdraws it. The server never asks about a forged token. An opaque token is refused.
    ///
    /// The claims are those of the answer, and those of the token that the answer does not have. The
    /// claims that grant something are those of the answer only: the scopes, the roles and
    /// `authorization_details`. A token is refused if its `sub`, `iss`, client or `cnf` differs from
    /// the answer.
    Always,
}

impl Mode {
    /// Returns the name of the mode in files: `only`, `opaque` or `always`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Only => "only",
            Self::Opaque => "opaque",
            Self::Always => "always",
        }
    }
}

/// The place of the client's secret in a request to the endpoint (RFC 6749 section 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// The header `Authorization` with the scheme `Basic`: `client_secret_basic`.
    #[default]
    Basic,
    /// The parameters `client_id` and `client_secret` of the form: `client_secret_post`.
    Post,
}

/// The audience of an answer without `aud`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AnswerAudience {
    Client,
}

/// The private key with which the server authenticates at the endpoint (`private_key_jwt`, RFC 7523
/// section 2.2).
///
/// ```
/// use axum_protected::Algorithm;
/// use axum_protected::introspection::{Introspection, PrivateKeyJwt};
///
/// let key = PrivateKeyJwt::new("/run/secrets/introspection.pem", Algorithm::ES256).kid("2026-11");
/// let introspection = Introspection::new().client_id("items-api").private_key_jwt(key);
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivateKeyJwt {
    pub(crate) key_file: PathBuf,
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: Option<String>,
}

impl PrivateKeyJwt {
    /// Creates the settings of a key in a PEM file: PKCS#8 (`PRIVATE KEY`), PKCS#1 (`RSA PRIVATE KEY`)
    /// or SEC 1 (`EC PRIVATE KEY`). The server reads the file when it is built.
    #[must_use]
    pub fn new(key_file: impl Into<PathBuf>, algorithm: Algorithm) -> Self {
        Self { key_file: key_file.into(), algorithm, kid: None }
    }

    /// Sets the `kid` by which the issuer finds the public key.
    #[must_use]
    pub fn kid(mut self, kid: impl Into<String>) -> Self {
        self.kid = Some(kid.into());
        self
    }
}

impl Introspection {
    /// Creates settings without an endpoint and without credentials.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the URL of the endpoint. Without this setting, the endpoint is the
    /// `introspection_endpoint` in the metadata of the issuer (RFC 8414 section 2).
    #[must_use]
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    /// Sets the identifier that this API has as a client of the issuer.
    #[must_use]
    pub fn client_id(mut self, id: impl Into<String>) -> Self {
        self.client_id = Some(id.into());
        self
    }

    /// Sets the secret of the client.
    #[must_use]
    pub fn client_secret(mut self, secret: impl Into<String>) -> Self {
        self.client_secret = Some(secret.into());
        self
    }

    /// Sets the path of a file with the secret of the client. The server reads the file anew for each
    /// question, and ignores white space at the end of the file.
    #[must_use]
    pub fn client_secret_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.client_secret_file = Some(path.into());
        self
    }

    /// Sets the private key with which the client authenticates.
    #[must_use]
    pub fn private_key_jwt(mut self, key: PrivateKeyJwt) -> Self {
        self.private_key_jwt = Some(key);
        self
    }

    /// Sets the path of a file with an access token of the server itself, which it presents as a
    /// bearer token. The server reads the file anew for each question, and ignores white space at the
    /// end of the file.
    #[must_use]
    pub fn bearer_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.bearer_file = Some(path.into());
        self
    }

    /// Sets the place of the client's secret. The default is
    /// [`Basic`](ClientAuthentication::Basic).
    #[must_use]
    pub fn client_authentication(mut self, place: ClientAuthentication) -> Self {
        self.client_authentication = Some(place);
        self
    }

    /// Sets the time for which the server uses the answer that a token is active, in whole seconds.
    /// The default is 60 s, and the maximum 3600 s. This is the time for which the server may still
    /// accept a token that the issuer has withdrawn. An answer is never used beyond its `exp`.
    ///
    /// With zero, the server asks on every request. The answer that a token is not active is used for
    /// the same time, but for 10 s at most.
    #[must_use]
    pub fn cache_period(mut self, period: Duration) -> Self {
        self.cache_seconds = Some(period.as_secs());
        self
    }

    /// Sets the tokens about which the server asks. [`Mode`] states the default.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = Some(mode);
        self
    }

    /// Accepts answers without `aud`. The only evidence that such a token is for this API is then that
    /// the issuer answers this client. Use this setting only if the issuer answers a client about the
    /// tokens for this client only. The server logs a warning when it is built. An answer with an
    /// `aud` must still name an audience of this API.
    #[must_use]
    pub fn audience_of_client(mut self) -> Self {
        self.audience = Some(AnswerAudience::Client);
        self
    }

    /// Demands answers that the issuer signs (RFC 9701). The server verifies them with the keys of the
    /// issuer. A plain JSON answer is then an error of the issuer and never used. Encrypted answers
    /// are not supported.
    #[must_use]
    pub fn jwt_answers(mut self) -> Self {
        self.jwt = true;
        self
    }
}

/// Omits the secret.
impl fmt::Debug for Introspection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Introspection")
            .field("mode", &self.mode)
            .field("cache_seconds", &self.cache_seconds)
            .field("jwt", &self.jwt)
            .finish_non_exhaustive()
    }
}
