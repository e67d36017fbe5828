//! The configuration of the program, from its environment variables.

use std::net::SocketAddr;
use std::time::Duration;

use axum_protected::Scopes;
use axum_protected_browser::SealingKey;
use serving::address;

use crate::notes::Scope;
use crate::variables::Variables;

const ADDRESS: &str = "NOTES_APP_ADDR";
pub(crate) const PUBLIC_URL: &str = "NOTES_APP_PUBLIC_URL";
pub(crate) const SCOPES: &str = "NOTES_APP_SCOPES";
const SESSIONS: &str = "NOTES_APP_SESSIONS";
pub(crate) const SEALING_KEY: &str = "NOTES_APP_SEALING_KEY";
const TOKEN_SECONDS: &str = "NOTES_APP_TOKEN_SECONDS";

/// The prefix of the program's own variables.
const PREFIX: &str = "NOTES_APP_";

const NAMES: [&str; 6] = [ADDRESS, PUBLIC_URL, SCOPES, SESSIONS, SEALING_KEY, TOKEN_SECONDS];

pub(crate) const CLIENT_ID: &str = "OAUTH_CLIENT_ID";
pub(crate) const CLIENT_SECRET: &str = "OAUTH_CLIENT_SECRET";

/// The prefix of the variables that describe a provider.
const PROVIDER_PREFIX: &str = "OAUTH_";

/// The client of the embedded provider, and its secret.
pub(crate) const EMBEDDED_CLIENT: (&str, &str) = ("notes-app", "a development secret");

/// The lifetime of the embedded provider's tokens: short, so that one sees that they are renewed.
const TOKEN_LIFETIME: Duration = Duration::from_secs(60);

pub(crate) struct Configuration {
    pub(crate) address: SocketAddr,
    /// The origin at which browsers reach the program, if it is not `localhost` with the port.
    pub(crate) public_url: Option<String>,
    /// The scopes that a sign-in requests.
    pub(crate) scopes: Vec<String>,
    /// The key that seals sessions in cookies. Without a key, sessions are in the memory.
    pub(crate) sealing_key: Option<SealingKey>,
    pub(crate) provider: Provider,
}

/// The OpenID provider at which users sign in.
pub(crate) enum Provider {
    Embedded {
        token_lifetime: Duration,
    },
    /// A provider that other variables describe, and the client that it knows.
    Configured {
        client_id: String,
        client_secret: Option<String>,
    },
}

impl Configuration {
    /// Reads the variables. A value with a problem, which `variables` collects, is replaced by its
    /// default, so that the remaining problems are found too.
    pub(crate) fn read(variables: &mut Variables) -> Self {
        report_unknown(variables);
        let address = variables.read(ADDRESS, |text| address::read(ADDRESS, text));
        let configuration = Self {
            address: address.unwrap_or(address::DEFAULT),
            public_url: variables.text(PUBLIC_URL),
            scopes: scopes(variables),
            sealing_key: sealing_key(variables),
            provider: provider(variables),
        };
        configuration.report_missing_port(variables);
        configuration
    }

    /// Returns the identifier and the secret of the program at the provider.
    pub(crate) fn client(&self) -> (&str, Option<&str>) {
        match &self.provider {
            Provider::Embedded { .. } => (EMBEDDED_CLIENT.0, Some(EMBEDDED_CLIENT.1)),
            Provider::Configured { client_id, client_secret } => {
                (client_id, client_secret.as_deref())
            }
        }
    }

    /// The redirect URI that is registered at a provider has the port.
    fn report_missing_port(&self, variables: &mut Variables) {
        let is_configured = matches!(self.provider, Provider::Configured { .. });
        if is_configured && self.address.port() == 0 && !variables.is_set(PUBLIC_URL) {
            variables.report(format!(
                "`{ADDRESS}` has the port 0: set a port or `{PUBLIC_URL}`, because the redirect \
                 URI at the provider contains it"
            ));
        }
    }
}

fn report_unknown(variables: &mut Variables) {
    let unknown: Vec<String> = variables
        .names_with(PREFIX)
        .filter(|name| !NAMES.contains(name))
        .map(|name| format!("`{}` is not a variable of this program", name.escape_debug()))
        .collect();
    for problem in unknown {
        variables.report(problem);
    }
}

/// Returns the scopes of a sign-in: by default those that the routes require. A provider refuses a
/// sign-in with scopes that it does not know.
fn scopes(variables: &mut Variables) -> Vec<String> {
    match variables.text(SCOPES) {
        Some(text) => text.split_whitespace().map(str::to_owned).collect(),
        None => Scope::ALL.iter().map(|scope| scope.name.to_owned()).collect(),
    }
}

fn sealing_key(variables: &mut Variables) -> Option<SealingKey> {
    let is_sealed = variables.read(SESSIONS, |text| match text {
        "memory" => Ok(false),
        "sealed" => Ok(true),
        _ => Err(format!("`{SESSIONS}` is neither `memory` nor `sealed`")),
    });
    let key = variables.text(SEALING_KEY).map(SealingKey::base64url);
    match (is_sealed, variables.is_set(SEALING_KEY)) {
        (Some(true), false) => variables.report(format!(
            "`{SEALING_KEY}` is not set: the sealed sessions need a key, for example of \
             `openssl rand -base64 32 | tr '+/' '-_'`"
        )),
        (Some(false), true) => variables.report(without_effect()),
        (None, true) if !variables.is_set(SESSIONS) => variables.report(without_effect()),
        // A wrong value of `SESSIONS` is a problem already.
        _ => {}
    }
    key.filter(|_| is_sealed == Some(true))
}

fn without_effect() -> String {
    format!("`{SEALING_KEY}` has no effect without `{SESSIONS}=sealed`: remove it, or set both")
}

/// Returns the provider that the variables describe. Any variable with the prefix counts, so that a
/// misspelt one is reported and never replaced by the embedded provider.
fn provider(variables: &mut Variables) -> Provider {
    let token_lifetime = variables.read(TOKEN_SECONDS, |text| {
        let seconds = text.parse().ok().filter(|seconds| (1..=86_400).contains(seconds));
        seconds.map(Duration::from_secs).ok_or_else(|| {
            format!("`{TOKEN_SECONDS}` is not a number of seconds between 1 and 86400")
        })
    });
    if variables.names_with(PROVIDER_PREFIX).next().is_none() {
        return Provider::Embedded { token_lifetime: token_lifetime.unwrap_or(TOKEN_LIFETIME) };
    }
    if variables.is_set(TOKEN_SECONDS) {
        variables.report(format!(
            "`{TOKEN_SECONDS}` is for the embedded provider only: remove it, and set the lifetime \
             at the provider"
        ));
    }
    let client_id = variables.text(CLIENT_ID);
    if !variables.is_set(CLIENT_ID) {
        variables.report(format!(
            "`{CLIENT_ID}` is not set: it is the identifier of this program at the provider"
        ));
    }
    Provider::Configured {
        client_id: client_id.unwrap_or_default(),
        client_secret: variables.text(CLIENT_SECRET),
    }
}
