//! Errors of a file with keys.

use std::fmt;
use std::io;

use super::public_key_error::PublicKeyError;
use super::set_error::SetError;

/// Reason why the keys of a file cannot be used.
#[derive(Debug)]
pub(crate) enum KeyFileError {
    Io(io::Error),
    /// A directory, a pipe or a device. Reading it could block.
    NotAFile,
    TooLarge,
    /// The file system did not answer in time.
    Silent,
    /// Neither a JSON object nor PEM.
    Format,
    Set(SetError),
    PublicKey(PublicKeyError),
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Io(error) => return error.fmt(formatter),
            Self::Set(error) => return error.fmt(formatter),
            Self::PublicKey(error) => return error.fmt(formatter),
            Self::NotAFile => "it is not a regular file",
            Self::TooLarge => "it is longer than 512 KiB",
            Self::Silent => "it could not be read in time",
            Self::Format => "it is neither a JWK set nor a public key in PEM",
        };
        formatter.write_str(text)
    }
}

/// The text is that of the inner error, so `source` does not return the inner error again.
impl std::error::Error for KeyFileError {}
