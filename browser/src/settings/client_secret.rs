//! The secret of the client at the provider.

use std::fmt;
use std::path::PathBuf;

/// The origin of the client's secret. The `Debug` output does not contain the secret.
#[derive(Clone)]
pub(crate) enum ClientSecret {
    Text(String),
    File(PathBuf),
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => formatter.write_str("Text(..)"),
            Self::File(path) => formatter.debug_tuple("File").field(path).finish(),
        }
    }
}
