//! The configured resource server: from a file or from environment variables.

use std::env::{self, VarError};
use std::error::Error;
use std::path::Path;

use axum_protected::{ResourceServer, ResourceServerBuilder};

use crate::configuration_file;

/// The prefix of the variables that [`ResourceServer::from_env`] reads.
const PREFIX: &str = "OAUTH_";

/// Builds the resource server from the file whose path is in the environment variable
/// `path_variable`, or from the variables that [`ResourceServer::from_env`] reads. Returns `None`
/// if neither is set, and no variable has the prefix `OAUTH_`. An incomplete configuration is an
/// error. A misspelt variable also has the prefix, so it is reported and never replaced by a
/// development issuer.
///
/// # Errors
///
/// Returns an error if both sources are set, if the file cannot be read, or if the configuration is
/// wrong.
pub fn resource_server(path_variable: &str) -> Result<Option<ResourceServer>, Box<dyn Error>> {
    let variable = ResourceServer::environment_variables().find(|name| env::var_os(name).is_some());
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
        (None, _) => Ok(Some(ResourceServer::from_env()?)),
        (Some(path), None) => Ok(Some(from_file(Path::new(&path))?)),
        (Some(_), Some(variable)) => {
            Err(format!("both `{path_variable}` and `{variable}` are set: keep one").into())
        }
    }
}

fn has_prefixed_variable() -> bool {
    env::vars_os().any(|(name, _)| name.as_encoded_bytes().starts_with(PREFIX.as_bytes()))
}

fn from_file(path: &Path) -> Result<ResourceServer, String> {
    let name = path.display();
    let builder: ResourceServerBuilder = configuration_file::read(path)?;
    builder.build().map_err(|error| format!("the configuration file `{name}`: {error}"))
}
