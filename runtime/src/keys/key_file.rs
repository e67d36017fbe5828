//! Reads an issuer's keys from a file: a JWK set or public keys in PEM.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::error::FetchError;
use super::fetch_schedule::{FetchCause, Pace};
use super::http::{FETCH_TIMEOUT, RESPONSE_LIMIT};
use super::key_file_error::KeyFileError;
use super::pem;
use super::set::KeySet;
use super::source::{Fetched, FetchedKeys, KeySource};
use crate::algorithm::Algorithm;

/// Key source that reads a file. It opens the path anew each time, so that it sees a file that was
/// renamed to this path and a symbolic link that was replaced.
#[derive(Debug, Clone)]
pub(crate) struct KeyFile {
    path: Arc<Path>,
    allowed: Vec<Algorithm>,
    /// Content of the file whose keys this value returned last. `None` if it returned no keys yet:
    /// a clone of the first value starts each fetch task, and the file may have changed since.
    content: Option<Vec<u8>>,
    /// Locked while a thread reads the file. A file system that does not answer then blocks one
    /// thread and not one more for each attempt.
    reading: Arc<Mutex<()>>,
}

impl KeyFile {
    /// Reads the file for the first time. This function blocks.
    pub(crate) fn open(path: &Path, allowed: &[Algorithm]) -> Result<(Self, KeySet), KeyFileError> {
        let set = parse(&read(path)?, allowed)?;
        let (path, allowed) = (path.into(), allowed.to_vec());
        Ok((Self { path, allowed, content: None, reading: Arc::default() }, set))
    }

    async fn look(&mut self) -> Result<FetchedKeys, KeyFileError> {
        let lock = Arc::clone(&self.reading).try_lock_owned().map_err(|_| KeyFileError::Silent)?;
        let path = Arc::clone(&self.path);
        let reading = spawn_blocking(move || {
            let _lock = lock;
            read(&path)
        });
        let content = match timeout(FETCH_TIMEOUT, reading).await {
            Ok(Ok(content)) => content?,
            Ok(Err(_)) | Err(_) => return Err(KeyFileError::Silent),
        };
        if self.content.as_ref() == Some(&content) {
            return Ok(FetchedKeys::new(None, None));
        }
        let set = parse(&content, &self.allowed)?;
        self.content = Some(content);
        Ok(FetchedKeys::new(Some(set), None))
    }
}

impl KeySource for KeyFile {
    fn pace(&self) -> Pace {
        Pace::File
    }

    async fn fetch(&mut self, _: FetchCause) -> Fetched {
        let path = self.path.display().to_string();
        self.look().await.map_err(|error| FetchError::File(path, error))
    }
}

/// Reads a file of at most 512 KiB.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, KeyFileError> {
    // Opening a pipe would wait for its writer.
    if !fs::metadata(path).map_err(KeyFileError::Io)?.is_file() {
        return Err(KeyFileError::NotAFile);
    }
    let limit = u64::try_from(RESPONSE_LIMIT).unwrap_or(u64::MAX);
    let mut content = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut content))
        .map_err(KeyFileError::Io)?;
    if content.len() > RESPONSE_LIMIT { Err(KeyFileError::TooLarge) } else { Ok(content) }
}

/// Parses the content of a key file. Its first character tells a JWK set from PEM.
pub(super) fn parse(content: &[u8], allowed: &[Algorithm]) -> Result<KeySet, KeyFileError> {
    if content.trim_ascii_start().starts_with(b"{") {
        return KeySet::parse(content, allowed).map_err(KeyFileError::Set);
    }
    let text = str::from_utf8(content).ok().filter(|text| pem::is_pem(text));
    KeySet::from_pem(text.ok_or(KeyFileError::Format)?, allowed).map_err(KeyFileError::PublicKey)
}
