//! The value of a request header, from a configuration.

use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;

/// Source of the value of a request header. The value may be a credential, so `Debug` does not
/// write it.
#[derive(Clone, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "expected the text of the header, or `{ file = \"...\" }` with an optional `prefix`"
)]
pub(in crate::server) enum HeaderSource {
    Text(String),
    /// A file that is read anew for each fetch, with a text that is put before its content.
    File {
        file: PathBuf,
        #[serde(default)]
        prefix: String,
    },
}

impl fmt::Debug for HeaderSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => formatter.write_str("Text(..)"),
            Self::File { file, .. } => formatter.debug_tuple("File").field(file).finish(),
        }
    }
}
