//! User and password at a server.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

/// Longest file with a password, in bytes.
const LIMIT: u64 = 16 * 1024;

/// User and password of `AUTH`. The `Debug` output does not contain the password.
#[derive(Debug, Clone, Default)]
pub(crate) struct Credentials {
    pub(crate) username: Option<String>,
    pub(crate) password: Option<Password>,
}

/// The origin of a password.
#[derive(Clone)]
pub(crate) enum Password {
    Text(String),
    File(PasswordFile),
}

/// File with a password. It is read for each new connection, so that the password may change.
#[derive(Clone)]
pub(crate) struct PasswordFile {
    path: Arc<Path>,
    /// Locked while a thread reads the file. A file system that does not answer then blocks one
    /// thread and not one more for each connection.
    reading: Arc<Mutex<()>>,
}

impl Password {
    /// Returns the password. The error is a sentence about the file.
    pub(crate) async fn read(&self) -> Result<String, String> {
        match self {
            Self::Text(password) => Ok(password.clone()),
            Self::File(file) => file.read().await,
        }
    }
}

impl PasswordFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path: path.into(), reading: Arc::default() }
    }

    async fn read(&self) -> Result<String, String> {
        let lock = Arc::clone(&self.reading).lock_owned().await;
        let path = Arc::clone(&self.path);
        let reading = spawn_blocking(move || {
            let _lock = lock;
            read_password(&path)
        });
        reading.await.map_err(|error| error.to_string())?
    }
}

/// Reads a password from a file. White space at the end is ignored. The error is a sentence about the
/// file. This function blocks.
pub(crate) fn read_password(path: &Path) -> Result<String, String> {
    let content = read_file(path, LIMIT)?;
    let text = str::from_utf8(&content).map_err(|_| describe(path, "is not UTF-8"))?.trim_end();
    if text.is_empty() { Err(describe(path, "is empty")) } else { Ok(text.to_owned()) }
}

/// Reads a regular file of at most `limit` bytes. The error is a sentence about the file. This
/// function blocks.
pub(crate) fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let cannot_be_read = |error| describe(path, &format!("cannot be read: {error}"));
    // Opening a pipe would wait for its writer.
    if !path.metadata().map_err(cannot_be_read)?.is_file() {
        return Err(describe(path, "is not a regular file"));
    }
    let mut content = Vec::new();
    let length = File::open(path)
        .and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut content))
        .map_err(cannot_be_read)?;
    if u64::try_from(length).is_ok_and(|length| length > limit) {
        return Err(describe(path, &format!("is longer than {} KiB", limit / 1024)));
    }
    Ok(content)
}

/// Writes a sentence about a file. It names the file only if there is one: otherwise the path may be
/// the secret itself, written into the wrong setting.
fn describe(path: &Path, predicate: &str) -> String {
    let name = if path.exists() { format!(" `{}`", path.display()) } else { String::new() };
    format!("the file{name} {predicate}")
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => formatter.write_str("Text(..)"),
            Self::File(_) => formatter.write_str("File(..)"),
        }
    }
}
