//! Reads small files that a configuration names.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

/// Reason why a file cannot be read. It contains no part of the file.
#[derive(Debug)]
pub(crate) enum FileError {
    Io(io::Error),
    /// A directory, a pipe or a device. Reading it could block.
    NotAFile,
    /// The file is longer than this limit, in bytes.
    TooLong(u64),
}

impl fmt::Display for FileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(formatter),
            Self::NotAFile => formatter.write_str("it is not a regular file"),
            Self::TooLong(limit) => write!(formatter, "it is longer than {} KiB", limit / 1024),
        }
    }
}

/// File that is read several times. Each reading opens the path anew, so that it sees a file that
/// was renamed to this path and a symbolic link that was replaced.
#[derive(Debug, Clone)]
pub(crate) struct BoundedFile {
    path: Arc<Path>,
    limit: u64,
    /// Locked while a thread reads the file. A file system that does not answer then blocks one
    /// thread and not one more for each reading.
    reading: Arc<Mutex<()>>,
}

impl BoundedFile {
    /// Creates a file of at most `limit` bytes.
    pub(crate) fn new(path: impl Into<Arc<Path>>, limit: u64) -> Self {
        Self { path: path.into(), limit, reading: Arc::default() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the file on a thread that may block. The caller sets a limit of time.
    pub(crate) async fn read(&self) -> Result<Vec<u8>, FileError> {
        let lock = Arc::clone(&self.reading).lock_owned().await;
        let (path, limit) = (Arc::clone(&self.path), self.limit);
        let reading = spawn_blocking(move || {
            let _lock = lock;
            read(&path, limit)
        });
        reading.await.map_err(|error| FileError::Io(error.into()))?
    }
}

/// Reads a file with a secret, and parses its content. The error is a sentence about the file, for
/// which `parse` returns the predicate. It names the file only if there is one: otherwise the path
/// may be the secret itself, written into the wrong setting. This function blocks.
pub(crate) fn read_secret<T>(
    path: &Path,
    limit: u64,
    parse: impl FnOnce(&[u8]) -> Result<T, String>,
) -> Result<T, String> {
    read(path, limit)
        .map_err(|error| format!("cannot be read: {error}"))
        .and_then(|content| parse(&content))
        .map_err(|problem| {
            let name = if path.exists() { format!(" `{}`", path.display()) } else { String::new() };
            format!("the file{name} {problem}")
        })
}

/// Reads a regular file of at most `limit` bytes. This function blocks.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    // Opening a pipe would wait for its writer.
    if !path.metadata().map_err(FileError::Io)?.is_file() {
        return Err(FileError::NotAFile);
    }
    let mut content = Vec::new();
    let length = File::open(path)
        .and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut content))
        .map_err(FileError::Io)?;
    if u64::try_from(length).is_ok_and(|length| length > limit) {
        return Err(FileError::TooLong(limit));
    }
    Ok(content)
}
