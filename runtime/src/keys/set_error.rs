//! Reasons for rejecting a whole key set.

use std::fmt;

use super::remark::Remark;

/// Reason for rejecting a whole key set. The keys of the last successful fetch remain in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SetError {
    Malformed,
    TooManyKeys,
    NoUsableKey(Vec<Remark>),
}

impl fmt::Display for SetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => formatter.write_str("not a JWK set"),
            Self::TooManyKeys => formatter.write_str("the JWK set has more than 100 keys"),
            Self::NoUsableKey(remarks) => {
                formatter.write_str("the JWK set has no usable key")?;
                let mut remarks = remarks.iter().take(8);
                remarks.try_for_each(|remark| write!(formatter, ", {remark}"))
            }
        }
    }
}
