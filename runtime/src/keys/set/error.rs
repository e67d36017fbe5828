//! Reasons for rejecting a whole key set.

use std::fmt;

use super::remark::Remark;

/// Reason for rejecting a whole key set. The keys of the last successful fetch remain in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SetError {
    Malformed(Malformation),
    TooManyKeys,
    NoUsableKey(Vec<Remark>),
}

/// Reason why a document is not a JWK set. It contains nothing of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Malformation {
    ByteOrderMark,
    NotUtf8,
    NotJson,
    NotObject,
    NoKeys,
    /// A JWK without a set around it.
    SingleKey,
    KeysNotArray,
    /// Two parsers could use different keys.
    KeysTwice,
}

impl fmt::Display for SetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(reason) => write!(formatter, "not a JWK set: {reason}"),
            Self::TooManyKeys => formatter.write_str("the JWK set has more than 100 keys"),
            Self::NoUsableKey(remarks) => {
                formatter.write_str("the JWK set has no usable key")?;
                let mut remarks = remarks.iter().take(8);
                remarks.try_for_each(|remark| write!(formatter, ", {remark}"))
            }
        }
    }
}

impl fmt::Display for Malformation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ByteOrderMark => "it begins with a byte order mark",
            Self::NotUtf8 => "it is not UTF-8",
            Self::NotJson => "it is not valid JSON",
            Self::NotObject => "it is not an object",
            Self::NoKeys => "it has no member `keys`",
            Self::SingleKey => "it is a single JWK: write it as `{\"keys\": [...]}`",
            Self::KeysNotArray => "its `keys` is not an array",
            Self::KeysTwice => "it has the member `keys` twice",
        })
    }
}
