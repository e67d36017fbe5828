//! Reads the value of a request header from a file.

use std::path::PathBuf;

use http::HeaderValue;

use crate::bounded_file::BoundedFile;

/// Largest accepted size of a file, in bytes.
const LIMIT: u64 = 64 * 1024;

/// File that contains the value of a header.
#[derive(Debug, Clone)]
pub(crate) struct HeaderFile {
    file: BoundedFile,
    /// Text before the content of the file.
    prefix: String,
}

impl HeaderFile {
    pub(crate) fn new(path: PathBuf, prefix: String) -> Self {
        Self { file: BoundedFile::new(path, LIMIT), prefix }
    }

    /// Reads the value. White space at the end of the file is ignored. The error never contains the
    /// content of the file.
    pub(crate) async fn read(&self) -> Result<HeaderValue, String> {
        let content = self.file.read().await.map_err(|error| error.to_string());
        content
            .and_then(|content| value(&self.prefix, content.trim_ascii_end()))
            .map_err(|problem| format!("the file `{}`: {problem}", self.file.path().display()))
    }
}

fn value(prefix: &str, content: &[u8]) -> Result<HeaderValue, String> {
    if content.is_empty() {
        return Err("it is empty".to_owned());
    }
    let mut value =
        HeaderValue::from_bytes(&[prefix.as_bytes(), content].concat()).map_err(|_| {
            "it has a line break or another character that a header cannot have".to_owned()
        })?;
    value.set_sensitive(true);
    Ok(value)
}
