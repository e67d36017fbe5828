//! Reads the value of a request header from a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use http::HeaderValue;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

use crate::bounded_file;

/// Largest accepted size of a file, in bytes.
const LIMIT: u64 = 64 * 1024;

/// File that contains the value of a header.
#[derive(Debug, Clone)]
pub(super) struct HeaderFile {
    path: Arc<Path>,
    /// Text before the content of the file.
    prefix: String,
    /// Locked while a thread reads the file. A file system that does not answer then blocks one
    /// thread and not one more for each fetch.
    reading: Arc<Mutex<()>>,
}

impl HeaderFile {
    pub(super) fn new(path: PathBuf, prefix: String) -> Self {
        Self { path: path.into(), prefix, reading: Arc::default() }
    }

    /// Reads the value. White space at the end of the file is ignored. The error never contains the
    /// content of the file.
    pub(super) async fn read(&self) -> Result<HeaderValue, String> {
        let content = self.content().await;
        content
            .and_then(|content| value(&self.prefix, content.trim_ascii_end()))
            .map_err(|problem| format!("the file `{}`: {problem}", self.path.display()))
    }

    async fn content(&self) -> Result<Vec<u8>, String> {
        let lock = Arc::clone(&self.reading).lock_owned().await;
        let path = Arc::clone(&self.path);
        let reading = spawn_blocking(move || {
            let _lock = lock;
            bounded_file::read(&path, LIMIT)
        });
        reading.await.map_err(|error| error.to_string())?
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
