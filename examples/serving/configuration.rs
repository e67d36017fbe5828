//! The configured resource server: from a file or from environment variables.

use std::env::{self, VarError};
use std::error::Error;
use std::path::Path;

use axum_protected::{ConfigError, ResourceServer, ResourceServerBuilder};

use crate::configuration_document::Document;
use crate::configuration_file;
use crate::revocation::{self, RevocationSettings, SharedRevocations};

/// The prefix of the variables of a configuration without a file.
const PREFIX: &str = "OAUTH_";

/// The configured resource server.
#[derive(Debug)]
#[non_exhaustive]
pub struct Configured {
    /// The server, which has begun to fetch keys and revocations.
    pub server: ResourceServer,
    /// The revocations that all instances of the program share. `None` if it has none.
    pub revocation: Option<SharedRevocations>,
}

/// Builds the resource server from the file whose path is in the environment variable
/// `path_variable`, or from environment variables: those of [`ResourceServer::from_env`], and those
/// of the revocations. Returns `None` if neither is set, and no variable has the prefix `OAUTH_`. An
/// incomplete configuration is an error. A misspelt variable also has the prefix, so it is reported
/// and never replaced by a development issuer.
///
/// # Errors
///
/// Returns an error if both sources are set, if the file cannot be read, or if the configuration is
/// wrong.
pub fn read(path_variable: &str) -> Result<Option<Configured>, Box<dyn Error>> {
    let variable = ResourceServer::environment_variables()
        .chain(revocation::VARIABLES)
        .find(|name| env::var_os(name).is_some());
    let path = match env::var(path_variable) {
        Ok(path) if path.is_empty() => return Err(format!("`{path_variable}` is empty").into()),
        Ok(path) => Some(path),
        Err(VarError::NotPresent) => None,
        Err(VarError::NotUnicode(_)) => {
            return Err(format!("`{path_variable}` is not Unicode").into());
        }
    };
    match (path, variable) {
        (None, None) if !has_prefixed_variable() => Ok(None),
        (None, _) => Ok(Some(from_environment()?)),
        (Some(path), None) => Ok(Some(from_file(Path::new(&path))?)),
        (Some(_), Some(variable)) => {
            Err(format!("both `{path_variable}` and `{variable}` are set: keep one").into())
        }
    }
}

/// Builds the resource server as [`read`] does. If the revocations of other instances are required,
/// waits until they are read, for some seconds.
///
/// # Errors
///
/// Returns the errors of [`read`], and an error if the required revocations cannot be read.
pub async fn resource_server(
    path_variable: &str,
) -> Result<Option<ResourceServer>, Box<dyn Error>> {
    let Some(Configured { server, revocation }) = read(path_variable)? else { return Ok(None) };
    if let Some(revocation) = revocation {
        revocation.require(&server).await?;
    }
    Ok(Some(server))
}

fn has_prefixed_variable() -> bool {
    env::vars_os().any(|(name, _)| name.as_encoded_bytes().starts_with(PREFIX.as_bytes()))
}

fn from_environment() -> Result<Configured, Box<dyn Error>> {
    let revocation = SharedRevocations::from_variables(|name| env::var_os(name))?;
    let builder = ResourceServerBuilder::from_env().program_variables(revocation::VARIABLES);
    let configured = build(builder, revocation)?;
    revocation::check_names(env::vars_os().map(|(name, _)| name))?;
    Ok(configured)
}

fn from_file(path: &Path) -> Result<Configured, String> {
    let Document { builder, revocation } = configuration_file::read(path)?;
    let in_file =
        |problem: &dyn Error| format!("the configuration file `{}`: {problem}", path.display());
    let revocation = revocation.map(RevocationSettings::open).transpose();
    let revocation = revocation.map_err(|error| in_file(&error))?;
    build(builder, revocation).map_err(|error| in_file(&error))
}

fn build(
    builder: ResourceServerBuilder,
    revocation: Option<SharedRevocations>,
) -> Result<Configured, ConfigError> {
    let builder = match &revocation {
        Some(revocation) => revocation.add_to(builder),
        None => builder,
    };
    Ok(Configured { server: builder.build()?, revocation })
}
