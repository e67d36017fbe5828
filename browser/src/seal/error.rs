//! The error of sealing.

use std::fmt;

/// The reason why a text was not sealed.
#[derive(Debug)]
pub(crate) enum SealError {
    /// The operating system gave no random numbers.
    NoRandomness(getrandom::Error),
    /// The text is longer than the cipher can encrypt.
    TooLong,
}

impl fmt::Display for SealError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRandomness(error) => {
                write!(formatter, "the operating system gives no random numbers: {error}")
            }
            Self::TooLong => formatter.write_str("the text is too long for the cipher"),
        }
    }
}
