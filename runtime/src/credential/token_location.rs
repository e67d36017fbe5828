//! The place in which requests present their access token.

use std::fmt;

use http::{HeaderMap, HeaderName};

use super::{Credential, authorization, header, scheme};
use crate::error::Fault;

/// The header in which requests present their access token. No other header is accepted.
#[derive(Debug, Clone, Default)]
pub(crate) enum TokenLocation {
    /// `Authorization`, with the scheme `Bearer` (RFC 6750 section 2.1).
    #[default]
    Bearer,
    /// `Authorization`, with another scheme.
    Scheme(String),
    /// Another header, whose whole value is the token.
    Header(HeaderName),
}

impl TokenLocation {
    /// Extracts the credential from these headers. The caller must validate the credential.
    #[inline]
    pub(crate) fn credential<'a>(&self, headers: &'a HeaderMap) -> Result<Credential<'a>, Fault> {
        match self {
            Self::Bearer => authorization::credential(headers),
            Self::Scheme(scheme) => scheme::credential(headers, scheme),
            Self::Header(name) => header::credential(headers, name),
        }
    }

    /// Returns the scheme of `Authorization`. Returns `None` for a token in another header.
    pub(crate) fn scheme(&self) -> Option<&str> {
        match self {
            Self::Bearer => Some("Bearer"),
            Self::Scheme(scheme) => Some(scheme),
            Self::Header(_) => None,
        }
    }

    /// Returns the scheme of challenges. For a token in another header it is `Bearer`, because a
    /// challenge needs a scheme and the token is a bearer token.
    pub(crate) fn challenge_scheme(&self) -> &str {
        self.scheme().unwrap_or("Bearer")
    }

    pub(crate) fn is_default(&self) -> bool {
        matches!(self, Self::Bearer)
    }
}

/// Writes the location as a request contains it.
impl fmt::Display for TokenLocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bearer => formatter.write_str("Authorization: Bearer <token>"),
            Self::Scheme(scheme) => write!(formatter, "Authorization: {scheme} <token>"),
            Self::Header(name) => write!(formatter, "{name}: <token>"),
        }
    }
}
