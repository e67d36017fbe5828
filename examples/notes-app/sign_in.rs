//! The provider at which users sign in, and the backend that signs them in.

use std::error::Error;
use std::ffi::OsString;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum_protected::{ResourceServer, Scopes};
use axum_protected_browser::{BrowserBackend, ConfigError};
use axum_protected_testing::{AuthorizationServer, Client};
use serving::address;

use crate::configuration::{self, Configuration, EMBEDDED_CLIENT, Provider};
use crate::notes::Scope;
use crate::variables::Variables;

/// The variables that set the settings of server and backend. Problems quote the settings.
const SETTINGS: [(&str, &str); 6] = [
    ("`public_url`", configuration::PUBLIC_URL),
    ("`OAUTH_PUBLIC_URL`", configuration::PUBLIC_URL),
    ("`client_id`", configuration::CLIENT_ID),
    ("`client_secret`", configuration::CLIENT_SECRET),
    ("`scopes`", configuration::SCOPES),
    ("`sealed`", configuration::SEALING_KEY),
];

/// Returns the origin at which browsers reach the program. Its host is `localhost`, although the
/// embedded provider is at `127.0.0.1`: for a browser these are two sites, as in production.
pub(crate) fn public_url(configuration: &Configuration, address: SocketAddr) -> String {
    let localhost = || format!("http://localhost:{}", address.port());
    configuration.public_url.clone().unwrap_or_else(localhost)
}

/// Starts the embedded provider, which knows this program.
pub(crate) async fn embedded_provider(
    public_url: &str,
    address: SocketAddr,
    token_lifetime: Duration,
) -> io::Result<AuthorizationServer> {
    let [origin, _] = address::origins(address);
    let client = Client::confidential(EMBEDDED_CLIENT.0, EMBEDDED_CLIENT.1)
        .redirect_uri(format!("{public_url}/callback"))
        .post_logout_redirect_uri(format!("{public_url}/"))
        .backchannel_logout_uri(format!("{origin}/backchannel-logout"));
    AuthorizationServer::builder()
        .client(client)
        .scopes(Scope::ALL.iter().map(|scope| scope.name))
        .token_lifetime(token_lifetime)
        .start()
        .await
}

/// The server that verifies tokens, and the backend that keeps them for browsers.
pub(crate) struct SignIn {
    pub(crate) server: ResourceServer,
    pub(crate) backend: BrowserBackend,
}

impl SignIn {
    /// Builds server and backend for the embedded provider. The server requires https, which
    /// loopback satisfies, because the cookie of a session is a credential.
    pub(crate) fn at_embedded(
        provider: &AuthorizationServer,
        configuration: &Configuration,
        public_url: &str,
    ) -> Result<Self, Box<dyn Error>> {
        let server = provider.resource_server().public_url(public_url).require_https().build()?;
        let backend = backend(&server, configuration, public_url)
            .map_err(|error| error.problems().map(with_variables).collect::<Vec<_>>().join("; "))?;
        Ok(Self { server, backend })
    }

    /// Builds server and backend for the provider that the variables describe, and reports the
    /// problems. Returns `None` for the embedded provider.
    pub(crate) fn at_configured(
        configuration: &Configuration,
        variables: &mut Variables,
        public_url: &str,
    ) -> Option<Self> {
        let Provider::Configured { .. } = configuration.provider else {
            return None;
        };
        let settings = [("OAUTH_PUBLIC_URL", public_url), ("OAUTH_REQUIRE_HTTPS", "true")];
        let settings = settings.map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let server = ResourceServer::from_variables(variables.all().chain(settings))
            .map_err(|error| report(variables, error.problems()))
            .ok()?;
        // A missing identifier of the client is a problem of its own.
        if configuration.client().0.is_empty() {
            return None;
        }
        let backend = backend(&server, configuration, public_url)
            .map_err(|error| report(variables, error.problems()))
            .ok()?;
        Some(Self { server, backend })
    }
}

fn backend(
    server: &ResourceServer,
    configuration: &Configuration,
    public_url: &str,
) -> Result<BrowserBackend, ConfigError> {
    let (client_id, client_secret) = configuration.client();
    let builder = BrowserBackend::builder(server)
        .client_id(client_id)
        .public_url(public_url)
        .scopes(&configuration.scopes);
    let builder = match client_secret {
        Some(secret) => builder.client_secret(secret),
        None => builder,
    };
    match &configuration.sealing_key {
        Some(key) => builder.sealed([key.clone()]).build(),
        None => builder.build(),
    }
}

fn report<'a>(variables: &mut Variables, problems: impl Iterator<Item = &'a str>) {
    for problem in problems {
        variables.report(with_variables(problem));
    }
}

/// Names the variables in a problem, instead of the settings.
fn with_variables(problem: &str) -> String {
    SETTINGS.iter().fold(problem.to_owned(), |problem, (setting, variable)| {
        problem.replace(setting, &format!("`{variable}`"))
    })
}
