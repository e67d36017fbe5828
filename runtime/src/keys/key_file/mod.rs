//! Reads an issuer's keys from a file: a JWK set or public keys in PEM.

mod error;

use std::path::Path;

use tokio::time::timeout;

pub(crate) use self::error::KeyFileError;

use crate::algorithm::Algorithm;
use crate::bounded_file::{self, BoundedFile};
use crate::json;
use crate::keys::error::FetchError;
use crate::keys::fetch_schedule::{FetchCause, Pace};
use crate::keys::http::FETCH_TIMEOUT;
use crate::keys::set::KeySet;
use crate::keys::source::{Fetched, FetchedKeys, KeySource};
use crate::pem::is_pem;

/// Largest accepted size of a key file, in bytes. It is that of a key set on the network.
const LIMIT: u64 = 512 * 1024;

/// Key source that reads a file.
#[derive(Debug, Clone)]
pub(crate) struct KeyFile {
    file: BoundedFile,
    allowed: Vec<Algorithm>,
    /// Content of the file whose keys this value returned last. `None` if it returned no keys yet:
    /// a clone of the first value starts each fetch task, and the file may have changed since.
    content: Option<Vec<u8>>,
}

impl KeyFile {
    /// Reads the file for the first time. This function blocks.
    pub(crate) fn open(path: &Path, allowed: &[Algorithm]) -> Result<(Self, KeySet), KeyFileError> {
        let content = bounded_file::read(path, LIMIT).map_err(KeyFileError::File)?;
        let set = parse(&content, allowed)?;
        let file = BoundedFile::new(path, LIMIT);
        Ok((Self { file, allowed: allowed.to_vec(), content: None }, set))
    }

    async fn look(&mut self) -> Result<FetchedKeys, KeyFileError> {
        let content = timeout(FETCH_TIMEOUT, self.file.read())
            .await
            .map_err(|_| KeyFileError::Silent)?
            .map_err(KeyFileError::File)?;
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
        let path = self.file.path().display().to_string();
        self.look().await.map_err(|error| FetchError::File(path, error))
    }
}

/// Parses the content of a key file. Its first character tells a JWK set from PEM.
pub(super) fn parse(content: &[u8], allowed: &[Algorithm]) -> Result<KeySet, KeyFileError> {
    if content.trim_ascii_start().starts_with(b"{") {
        return KeySet::parse(content, allowed).map_err(KeyFileError::Set);
    }
    if json::has_byte_order_mark(content) {
        return Err(KeyFileError::ByteOrderMark);
    }
    let text = str::from_utf8(content).map_err(|_| KeyFileError::NotUtf8)?;
    if !is_pem(text) {
        return Err(KeyFileError::Format);
    }
    KeySet::from_pem(text, allowed).map_err(KeyFileError::PublicKey)
}
