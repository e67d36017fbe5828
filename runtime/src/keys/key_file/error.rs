//! Errors of a file with keys.

use std::fmt;

use crate::bounded_file::FileError;
use crate::keys::public_key::PublicKeyError;
use crate::keys::set::SetError;

/// Reason why the keys of a file cannot be used.
#[derive(Debug)]
pub(crate) enum KeyFileError {
    File(FileError),
    /// The file system did not answer in time.
    Silent,
    ByteOrderMark,
    NotUtf8,
    /// Neither a JSON object nor PEM.
    Format,
    Set(SetError),
    PublicKey(PublicKeyError),
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::File(error) => return error.fmt(formatter),
            Self::Set(error) => return error.fmt(formatter),
            Self::PublicKey(error) => return error.fmt(formatter),
            Self::Silent => "it could not be read in time",
            Self::ByteOrderMark => "it begins with a byte order mark: save it as UTF-8 without one",
            Self::NotUtf8 => "it is not UTF-8",
            Self::Format => "it is neither a JWK set nor a public key in PEM",
        };
        formatter.write_str(text)
    }
}

/// The text is that of the inner error, so `source` does not return the inner error again.
impl std::error::Error for KeyFileError {}
