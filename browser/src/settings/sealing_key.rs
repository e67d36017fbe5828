//! The keys that seal cookies, as an application writes them.

use std::fmt;
use std::path::PathBuf;

/// A key that seals cookies: 32 random bytes, written as base64url.
///
/// Each of these commands makes one:
///
/// ```sh
/// openssl rand -base64 32 | tr '+/' '-_'
/// head -c 32 /dev/urandom | base64 | tr '+/' '-_'
/// ```
///
/// Keep a key as secret as a password: whoever has it can read and make cookies. The `Debug` output
/// does not contain the key.
#[derive(Clone)]
pub struct SealingKey(pub(crate) KeySource);

#[derive(Clone)]
pub(crate) enum KeySource {
    Text(String),
    File(PathBuf),
}

impl SealingKey {
    /// Creates a key from 32 bytes, written as base64url with or without padding.
    #[must_use]
    pub fn base64url(text: impl Into<String>) -> Self {
        Self(KeySource::Text(text.into()))
    }

    /// Creates a key from a file that contains 32 bytes, written as base64url with or without
    /// padding. Spaces and line breaks around the text do not matter. The backend reads the file
    /// once, when it is built.
    #[must_use]
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(KeySource::File(path.into()))
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            KeySource::Text(_) => formatter.write_str("SealingKey(..)"),
            KeySource::File(path) => formatter.debug_tuple("SealingKey").field(path).finish(),
        }
    }
}
