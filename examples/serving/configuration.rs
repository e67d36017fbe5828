//! The configured resource server: from a file or from environment variables.

use std::env::{self, VarError};
use std::error::Error;
use std::path::Path;

use axum_protected::{ResourceServer, ResourceServerBuilder};

use crate::configuration_file;

/// Builds the resource server from the file whose path is in the environment variable
/// `path_variable`, or from the variables that [`ResourceServer::from_env`] reads. Returns `None`
/// if neither is set. An incomplete configuration is an error.
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
        (None, None) => Ok(None),
        (None, Some(_)) => Ok(Some(ResourceServer::from_env()?)),
        (Some(path), None) => Ok(Some(from_file(Path::new(&path))?)),
        (Some(_), Some(variable)) => {
            Err(format!("both `{path_variable}` and `{variable}` are set: keep one").into())
        }
    }
}

fn from_file(path: &Path) -> Result<ResourceServer, String> {
    let name = path.display();
    let builder: ResourceServerBuilder = configuration_file::read(path)?;
    builder.build().map_err(|error| format!("the configuration file `{name}`: {error}"))
}
