//! Checks the configuration of the program.

use std::error::Error;
use std::time::Duration;

use axum_protected::ResourceServer;
use axum_protected::server::IssuerHealth;
use serving::configuration::{self, Configured};
use serving::revocation::SharedRevocations;
use tokio::time::{Instant, sleep};

use crate::PREFIX;

/// The time within which each issuer must have answered. Discovery takes at most 9 s, the key set at
/// most 5 s, and a proxy or a slow start may take the rest.
const PATIENCE: Duration = Duration::from_secs(25);

/// Prints the configuration as TOML, then the result of one fetch of each issuer's keys, and of a
/// connection to Redis.
pub(crate) async fn run() -> Result<(), Box<dyn Error>> {
    let path_variable = format!("{PREFIX}_CONFIG");
    let Some(Configured { server, revocation, .. }) = configuration::read(&path_variable)? else {
        return Err(format!("no configuration: set `{path_variable}` or `OAUTH_ISSUER`").into());
    };
    println!("{}", toml::to_string(server.configuration())?);
    if let Some(revocation) = &revocation {
        println!("{}", revocation.describe()?);
    }
    let mut problems: Vec<_> = check_issuers(&server).await.into_iter().collect();
    if let Some(revocation) = &revocation {
        problems.extend(check_revocations(&server, revocation).await);
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("; ").into()) }
}

/// Prints the result of one fetch of each issuer's keys. Returns the problem if one failed.
async fn check_issuers(server: &ResourceServer) -> Option<String> {
    let issuers = fetched(server).await;
    for issuer in &issuers {
        println!("# {}: {}", issuer.issuer, outcome(issuer));
    }
    let failed = issuers.iter().filter(|issuer| !issuer.ready || issuer.last_error.is_some());
    let issuers = match failed.count() {
        0 => return None,
        1 => "1 issuer".to_owned(),
        number => format!("{number} issuers"),
    };
    Some(format!("the keys or the metadata of {issuers} could not be fetched"))
}

/// Prints the number of shared revocations, or the reason why they cannot be read. Returns the
/// problem in this case.
async fn check_revocations(
    server: &ResourceServer,
    revocation: &SharedRevocations,
) -> Option<String> {
    match revocation.try_read(server).await {
        Ok(health) => {
            println!("# {}: {} revocations", revocation.address(), health.entries);
            None
        }
        Err(reason) => {
            println!("# {reason}");
            Some("the revocations could not be read".to_owned())
        }
    }
}

/// Waits until the first fetch of each issuer has ended, and returns the results.
async fn fetched(server: &ResourceServer) -> Vec<IssuerHealth> {
    if server.configuration().issuers.iter().any(|issuer| issuer.seed) {
        // An issuer with a seed is ready before its first fetch.
        let _ = server.reload_keys().await;
    }
    let deadline = Instant::now() + PATIENCE;
    loop {
        let issuers = server.health().issuers;
        let is_pending = |issuer: &IssuerHealth| {
            !issuer.ready && issuer.last_error.is_none() && issuer.introspection_error.is_none()
        };
        if !issuers.iter().any(is_pending) || Instant::now() >= deadline {
            return issuers;
        }
        sleep(Duration::from_millis(50)).await;
    }
}

fn outcome(issuer: &IssuerHealth) -> String {
    let keys = match issuer.keys {
        1 => "1 key".to_owned(),
        number => format!("{number} keys"),
    };
    if let (None, false, Some(error)) =
        (&issuer.last_error, issuer.ready, &issuer.introspection_error)
    {
        return format!("cannot be asked about tokens: {error}");
    }
    match (&issuer.last_error, issuer.ready) {
        (None, true) if issuer.keys == 0 => {
            "needs no keys: the issuer is asked about its tokens. The first token shows that it \
             accepts the credentials of this API"
                .to_owned()
        }
        (Some(error), true) => format!("{keys}, but the last fetch failed: {error}"),
        (Some(error), false) => format!("no keys: {error}"),
        (None, true) => keys,
        (None, false) => "no keys: the issuer did not answer in time".to_owned(),
    }
}
