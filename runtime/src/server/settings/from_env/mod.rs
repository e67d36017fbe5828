//! Builds a server from environment variables, for programs that are configured by their
//! environment.

mod draft;
mod environment;
mod introspection;
mod table;
mod value;
mod variable;

use std::ffi::OsString;

use self::draft::Draft;
use self::environment::Environment;
use self::table::{table, table_names, with_variable_names};
use super::environment_report::EnvironmentReport;
use crate::error::ConfigError;
use crate::server::{ResourceServer, ResourceServerBuilder};

impl ResourceServer {
    /// Builds a server for one issuer from the environment variables of the process.
    ///
    /// | variable | field of a file | value |
    /// |---|---|---|
    /// | `OAUTH_ISSUER` | `issuer` | required: the issuer, exactly as in the `iss` of its tokens |
    /// | `OAUTH_AUDIENCE` | `audiences` | the identifiers of this API; required unless `OAUTH_RESOURCE` is set |
    /// | `OAUTH_RESOURCE` | `resource` | the https URL that identifies this API (RFC 8707) |
    /// | `OAUTH_PROVIDER` | `provider` | the product of the issuer, such as `keycloak` |
    /// | `OAUTH_ALGORITHMS` | `algorithms` | the accepted signature algorithms, such as `RS256, ES256` |
    /// | `OAUTH_LEEWAY_SECONDS` | `leeway_seconds` | the tolerated difference of the clocks, in whole seconds |
    /// | `OAUTH_RFC9068` | `rfc9068` | `true` requires strict RFC 9068 tokens |
    /// | `OAUTH_TOKEN_SCHEME` | `token_scheme` | the scheme of `Authorization`, instead of `Bearer` |
    /// | `OAUTH_TOKEN_HEADER` | `token_header` | the header whose whole value is the token |
    /// | `OAUTH_PUBLIC_URL` | `public_url` | the URL under which clients reach this API |
    /// | `OAUTH_TOKEN_COOKIE` | `token_cookie` | the cookie that may also contain the token, such as `__Host-token` |
    /// | `OAUTH_TOKEN_COOKIE_ORIGINS` | `token_cookie_origins` | further origins whose pages may cause requests with a cookie |
    /// | `OAUTH_REQUIRE_HTTPS` | `require_https` | `true` refuses tokens that came without TLS |
    /// | `OAUTH_REFUSE_UNDEMANDED_DETAILS` | `refuse_undemanded_details` | `true` refuses tokens with authorization details where no policy demands details |
    /// | `OAUTH_TRUSTED_PROXIES` | `trusted_proxies` | the addresses and networks of proxies whose forwarding headers count |
    /// | `OAUTH_DPOP` | `dpop` | `true` accepts tokens that are bound by DPoP, `required` refuses all others |
    /// | `OAUTH_DPOP_NONCE_SECRET_FILE` | `nonce_secret_file` | requires nonces in proofs; the path of a file with the secret for them |
    /// | `OAUTH_CLIENT_CERTIFICATE_HEADER` | `client_certificate_header` | `rfc9440`, `nginx` or `envoy`, and the name of the header after it if it has another one: `nginx ssl-client-cert` |
    /// | `OAUTH_CERTIFICATE_BOUND_TOKENS_REQUIRED` | `certificate_bound_tokens_required` | `true` refuses tokens that are not bound to a certificate |
    /// | `OAUTH_METADATA_URL` | `metadata_url` | the URL of the issuer's metadata |
    /// | `OAUTH_JWKS_URI` | `jwks_uri` | the URL of the issuer's keys; without it, discovery finds the keys |
    /// | `OAUTH_INTROSPECTION_ENDPOINT` | `introspection.endpoint` | the URL at which the server asks about tokens; without it, the metadata of the issuer names it |
    /// | `OAUTH_INTROSPECTION_CLIENT_ID` | `introspection.client_id` | the identifier of this API as a client of the issuer |
    /// | `OAUTH_INTROSPECTION_CLIENT_SECRET` | `introspection.client_secret` | the secret of this client |
    /// | `OAUTH_INTROSPECTION_CLIENT_SECRET_FILE` | `introspection.client_secret_file` | the path of a file with the secret |
    /// | `OAUTH_INTROSPECTION_BEARER_FILE` | `introspection.bearer_file` | the path of a file with an access token of the server itself |
    /// | `OAUTH_INTROSPECTION_MODE` | `introspection.mode` | `only`, `opaque` or `always` |
    /// | `OAUTH_INTROSPECTION_CACHE_SECONDS` | `introspection.cache_seconds` | the time for which an answer is used, in whole seconds |
    /// | `OAUTH_SHARED_SECRET_FILE` | `shared_secret_file` | the path of a file with the secret in base64 |
    /// | `OAUTH_INSECURE_HTTP` | `insecure_http` | `true` permits plain http beyond loopback |
    /// | `OAUTH_CA_FILE` | `ca_file` | the path of a PEM file with additional root certificates |
    ///
    /// Commas and white space separate the elements of a list. A boolean is `true` or `false`.
    /// Other variables are ignored. If the name of a variable differs from a name in the table by
    /// one typing error, such as `OAUTH_AUDIANCE`, the server logs a warning. If the variable with
    /// the right name is not set, the misspelt name is an error instead.
    ///
    /// # Errors
    ///
    /// Returns one error that lists all missing variables and all wrong values, each with the name
    /// of the variable. A variable that is set to an empty value is an error, even if it is
    /// optional.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(std::env::vars_os())
    }

    /// Builds a server from these variables, as [`from_env`](Self::from_env) does from the
    /// variables of the process. If a name occurs several times, its last value counts.
    ///
    /// ```
    /// use axum_protected::ResourceServer;
    ///
    /// let server = ResourceServer::from_variables([
    ///     ("OAUTH_ISSUER", "https://id.example.com/realms/acme"),
    ///     ("OAUTH_AUDIENCE", "https://api.example.com"),
    ///     ("OAUTH_PROVIDER", "keycloak"),
    /// ])?;
    /// # Ok::<(), axum_protected::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`from_env`](Self::from_env).
    pub fn from_variables<N, V>(
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, ConfigError>
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        ResourceServerBuilder::from_variables(variables).build()
    }

    /// Returns the names of the variables that [`from_env`](Self::from_env) reads. With these
    /// names, a program can check if its environment contains a configuration.
    pub fn environment_variables() -> impl Iterator<Item = &'static str> {
        table_names()
    }
}

impl ResourceServerBuilder {
    /// Creates a builder from the environment variables of the process, as
    /// [`ResourceServer::from_env`] does. The program can add settings in code before it calls
    /// [`build`](Self::build), which reports the problems of the variables together with all others.
    #[must_use]
    pub fn from_env() -> Self {
        Self::from_variables(std::env::vars_os())
    }

    /// Creates a builder from these variables, as [`ResourceServer::from_variables`] does.
    ///
    /// ```
    /// use axum_protected::ResourceServerBuilder;
    ///
    /// let server = ResourceServerBuilder::from_variables([
    ///     ("OAUTH_ISSUER", "https://id.example.com/realms/acme"),
    ///     ("OAUTH_AUDIENCE", "https://api.example.com"),
    /// ])
    /// .realm("items")
    /// .build()?;
    /// assert_eq!(server.configuration().realm, "items");
    /// # Ok::<(), axum_protected::ConfigError>(())
    /// ```
    #[must_use]
    pub fn from_variables<N, V>(variables: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let environment = Environment::new(variables);
        let mut draft = Draft::new();
        let mut problems = Vec::new();
        for variable in table() {
            match environment.value(variable.name) {
                Some(value) => {
                    let set = value.and_then(|text| (variable.set)(&mut draft, text));
                    if let Err(problem) = set {
                        let name = variable.name;
                        problems.push(format!("the environment variable `{name}` {problem}"));
                    }
                }
                None => problems.extend(environment.problems_of_missing(variable)),
            }
        }
        let mut builder = draft.into_builder();
        builder.environment = Some(EnvironmentReport {
            names: environment.into_names(),
            problems,
            known_names: table_names().collect(),
            with_variable_names,
            program_names: Vec::new(),
        });
        builder
    }

    /// Names further variables that the program itself reads. If the name of a variable differs from
    /// one of them by one typing error, [`build`](Self::build) treats it as a typing error of a
    /// variable of [`ResourceServer::from_env`]: it is a problem if the right name is not set, and
    /// else a warning in the log.
    ///
    /// Without this method, a misspelt variable of the program would have no effect, and nobody would
    /// notice. The method has an effect on builders from variables only.
    ///
    /// ```
    /// use axum_protected::ResourceServerBuilder;
    ///
    /// let error = ResourceServerBuilder::from_variables([
    ///     ("OAUTH_ISSUER", "https://id.example.com/realms/acme"),
    ///     ("OAUTH_AUDIENCE", "https://api.example.com"),
    ///     ("OAUTH_REVOCATION_REDSI", "redis://redis.example.com"),
    /// ])
    /// .program_variables(["OAUTH_REVOCATION_REDIS"])
    /// .build()
    /// .unwrap_err();
    /// assert_eq!(
    ///     error.problems().next(),
    ///     Some(
    ///         "the environment variable `OAUTH_REVOCATION_REDIS` is not set, but \
    ///          `OAUTH_REVOCATION_REDSI` is: correct the name"
    ///     )
    /// );
    /// ```
    #[must_use]
    pub fn program_variables(mut self, names: impl IntoIterator<Item = &'static str>) -> Self {
        if let Some(environment) = &mut self.environment {
            environment.program_names.extend(names);
        }
        self
    }
}

#[cfg(test)]
mod tests;
