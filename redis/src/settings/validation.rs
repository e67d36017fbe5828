//! Checks the settings, collects the problems, and makes the deployment of the settings.

use std::path::PathBuf;
use std::time::Duration;

use super::{RedisUrl, Table};
use crate::connection::Access;
use crate::credentials::{Credentials, Password, PasswordFile, read_password};
use crate::deployment::{Deployment, Topology};
use crate::error::RedisConfigError;
use crate::telemetry;
use crate::tls::{Tls, TlsFiles};

const STREAM: &str = "axum-protected:revocations";
const PROOF_PREFIX: &str = "axum-protected:proof:";
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(2);
const SHORTEST_TIMEOUT: Duration = Duration::from_millis(100);
const LONGEST_TIMEOUT: Duration = Duration::from_secs(60);
/// Longest key, in bytes. Redis has no such limit.
const LONGEST_KEY: usize = 512;

/// Returns the deployment of the settings, or all of their problems.
pub(super) fn deployment(table: Table) -> Result<Deployment, RedisConfigError> {
    let mut problems = Vec::new();
    let urls = urls(&table, &mut problems);
    check_urls(&table, &urls, &mut problems);
    let first = urls.first().cloned();
    let credentials = credentials(&table, first.as_ref(), &mut problems);
    let sentinel_credentials = sentinel_credentials(&table, &mut problems);
    let tls = tls(&table, first.as_ref(), &mut problems);
    let response_timeout = response_timeout(&table, &mut problems);
    let stream = key("stream", table.stream, STREAM, &mut problems);
    let proof_prefix = key("proof_prefix", table.proof_prefix, PROOF_PREFIX, &mut problems);
    RedisConfigError::unless_empty(problems)?;

    let addresses: Vec<_> = urls.into_iter().map(|url| url.address).collect();
    let database = first.map_or(0, |url| url.database);
    let is_plain = tls.is_none() && addresses.iter().any(|address| !address.is_loopback());
    if is_plain && credentials.password.is_some() {
        telemetry::password_without_tls();
    }
    let access = Access { tls, credentials, database, response_timeout };
    let topology = match table.sentinel {
        Some(primary) => {
            let access =
                Access { credentials: sentinel_credentials, database: 0, ..access.clone() };
            Topology::Sentinel { primary, access }
        }
        None if table.cluster => Topology::Cluster,
        None => Topology::Single,
    };
    let replicas = table.replicas;
    Ok(Deployment { addresses, topology, access, stream, proof_prefix, replicas })
}

/// Returns the URLs that can be read.
fn urls(table: &Table, problems: &mut Vec<String>) -> Vec<RedisUrl> {
    if table.url.is_some() && !table.urls.is_empty() {
        problems.push("`url` and `urls` exclude each other: keep one of them".to_owned());
    }
    let texts: Vec<_> = table.url.iter().chain(&table.urls).collect();
    if texts.is_empty() {
        problems.push("`url` is missing: set the URL of the server".to_owned());
    }
    let mut urls = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        match RedisUrl::parse(text, table.sentinel.is_some()) {
            Ok(url) => urls.push(url),
            Err(problem) if texts.len() == 1 => problems.push(format!("`url` {problem}")),
            Err(problem) => {
                problems
                    .push(format!("number {} of the `urls` {problem}", index.saturating_add(1)));
            }
        }
    }
    urls
}

/// Checks that the URLs suit each other and the kind of the deployment.
fn check_urls(table: &Table, urls: &[RedisUrl], problems: &mut Vec<String>) {
    let mut check = |is_problem: bool, problem: &str| {
        if is_problem {
            problems.push(problem.to_owned());
        }
    };
    let is_single = table.sentinel.is_none() && !table.cluster;
    check(
        table.sentinel.is_some() && table.cluster,
        "`sentinel` and `cluster` exclude each other: a cluster replaces its primaries itself",
    );
    check(
        table.sentinel.as_deref() == Some(""),
        "`sentinel` is empty: set the name of the primary, as in `sentinel monitor`",
    );
    check(
        is_single && urls.len() > 1,
        "several `urls` need `sentinel` (they are sentinels) or `cluster` (they are nodes)",
    );
    check(
        urls.iter().any(|url| url.is_tls) && urls.iter().any(|url| !url.is_tls),
        "some `urls` are `rediss` and some are `redis`: use one of them",
    );
    let differ = |one: &RedisUrl, other: &RedisUrl| {
        (&one.username, &one.password, one.database)
            != (&other.username, &other.password, other.database)
    };
    check(
        urls.windows(2).any(|pair| matches!(pair, [one, other] if differ(one, other))),
        "the `urls` have different users, passwords or databases: set `username` and `password`",
    );
    check(
        table.cluster && urls.iter().any(|url| url.database != 0),
        "a cluster has only the database 0: remove the path of the `url`",
    );
    check(
        table.sentinel.is_some()
            && urls.iter().any(|url| url.username.is_some() || url.password.is_some()),
        "the `url` of a sentinel has a user or a password: set `password` for the primary, or \
         `sentinel_password` for the sentinels",
    );
}

/// Returns user and password for the servers with the data.
fn credentials(table: &Table, url: Option<&RedisUrl>, problems: &mut Vec<String>) -> Credentials {
    let of_url = url.filter(|_| table.sentinel.is_none());
    let username = of_url.and_then(|url| url.username.clone());
    let password_of_url = of_url.and_then(|url| url.password.clone());
    if username.is_some() && table.username.is_some() {
        problems.push("`username` is set, and the `url` has a user: keep one of them".to_owned());
    }
    if password_of_url.is_some() && (table.password.is_some() || table.password_file.is_some()) {
        problems.push("the `url` has a password, and another setting too: keep one".to_owned());
    }
    let password_of_url = password_of_url.filter(|_| table.password_file.is_none());
    let password = table.password.clone().or(password_of_url);
    let username = table.username.clone().or(username);
    checked_credentials("", username, password, table.password_file.as_ref(), problems)
}

fn sentinel_credentials(table: &Table, problems: &mut Vec<String>) -> Credentials {
    let is_set = table.sentinel_username.is_some()
        || table.sentinel_password.is_some()
        || table.sentinel_password_file.is_some();
    if is_set && table.sentinel.is_none() {
        problems.push(
            "a user or a password of sentinels is set without `sentinel`: set the name of the \
             primary"
                .to_owned(),
        );
    }
    let (username, password) = (table.sentinel_username.clone(), table.sentinel_password.clone());
    let file = table.sentinel_password_file.as_ref();
    checked_credentials("sentinel_", username, password, file, problems)
}

/// Checks one user and one password. `prefix` is the beginning of the names of the settings.
fn checked_credentials(
    prefix: &str,
    username: Option<String>,
    password: Option<String>,
    file: Option<&PathBuf>,
    problems: &mut Vec<String>,
) -> Credentials {
    if username.as_deref() == Some("") {
        problems.push(format!("`{prefix}username` is empty: remove it or set the user"));
    }
    if password.as_deref() == Some("") {
        problems.push(format!("`{prefix}password` is empty: remove it or set the password"));
    }
    if username.is_some() && password.is_none() && file.is_none() {
        problems.push(format!("a user is set without a password: set `{prefix}password_file`"));
    }
    if password.is_some() && file.is_some() {
        problems.push(format!(
            "`{prefix}password` and `{prefix}password_file` exclude each other: keep one of them"
        ));
    }
    if let Some(Err(problem)) = file.map(|path| read_password(path)) {
        problems.push(format!("`{prefix}password_file`: {problem}"));
    }
    let file = file.map(|path| Password::File(PasswordFile::new(path.clone())));
    Credentials { username, password: password.map(Password::Text).or(file) }
}

/// Returns the configuration of TLS if the URLs demand TLS.
fn tls(table: &Table, url: Option<&RedisUrl>, problems: &mut Vec<String>) -> Option<Tls> {
    let certificate = table.client_certificate_file.as_deref();
    let files = TlsFiles {
        ca: table.ca_file.as_deref(),
        client: certificate.zip(table.client_key_file.as_deref()),
    };
    if table.client_certificate_file.is_some() != table.client_key_file.is_some() {
        problems.push(
            "`client_certificate_file` and `client_key_file` need each other: set both".to_owned(),
        );
    }
    if url?.is_tls {
        return Tls::new(&files).map_err(|found| problems.extend(found)).ok();
    }
    let is_set = [&table.ca_file, &table.client_certificate_file, &table.client_key_file];
    if is_set.into_iter().any(Option::is_some) {
        problems.push(
            "certificates are set, but the `url` is not `rediss`: use `rediss` for TLS".to_owned(),
        );
    }
    None
}

fn response_timeout(table: &Table, problems: &mut Vec<String>) -> Duration {
    let timeout = table.response_timeout.unwrap_or(RESPONSE_TIMEOUT);
    if !(SHORTEST_TIMEOUT..=LONGEST_TIMEOUT).contains(&timeout) {
        problems.push("`response_timeout` is not between 100 ms and 60 s".to_owned());
    }
    timeout
}

fn key(setting: &str, key: Option<String>, default: &str, problems: &mut Vec<String>) -> String {
    let key = key.unwrap_or_else(|| default.to_owned());
    if key.is_empty() {
        problems.push(format!("`{setting}` is empty: remove it or set a key"));
    }
    if key.len() > LONGEST_KEY {
        problems.push(format!("`{setting}` is longer than {LONGEST_KEY} bytes"));
    }
    key
}
