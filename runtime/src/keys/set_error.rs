//! Reasons for skipping a member of a JWK set, and for rejecting a whole set.

use std::fmt;

use super::jwk::Unusable;

/// Unusable member of a JWK set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LeftAside {
    /// The `kid` of the unusable JWK, escaped and cut for the log.
    pub(crate) kid: String,
    pub(crate) reason: Unusable,
}

impl fmt::Display for LeftAside {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the key {}: {}", self.kid, self.reason)
    }
}

/// Reason for rejecting a whole JWK set. The keys of the last successful fetch remain in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SetError {
    Malformed,
    TooManyKeys,
    NoUsableKey(Vec<LeftAside>),
}

impl fmt::Display for SetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => formatter.write_str("not a JWK set"),
            Self::TooManyKeys => formatter.write_str("the JWK set has more than 100 keys"),
            Self::NoUsableKey(members) => {
                formatter.write_str("the JWK set has no usable key")?;
                let mut members = members.iter().take(8);
                members.try_for_each(|member| write!(formatter, ", {member}"))
            }
        }
    }
}
