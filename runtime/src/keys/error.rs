//! Why a fetch brought no keys: for the operator's log and for readiness, never for a caller.

use std::fmt;

use http::StatusCode;

use super::set::SetError;

#[derive(Debug)]
pub(crate) enum FetchError {
    Transport(reqwest::Error),
    Status(StatusCode),
    TooLarge,
    /// A 304 for another document than the one that is held.
    OtherValidator,
    Url,
    NotMetadata,
    /// With what it names instead, for whoever looks for the missing slash.
    OtherIssuer(String),
    NoJwksUri,
    JwksUri,
    Set(SetError),
    Panicked,
}

impl FetchError {
    pub(super) fn from_transport(error: reqwest::Error) -> Self {
        Self::Transport(error.without_url())
    }

    pub(super) fn other_issuer(named: Option<&str>) -> Self {
        Self::OtherIssuer(named.unwrap_or_default().chars().take(200).collect())
    }

    /// Whether a document was there, and wrong: that tells more than that none was.
    pub(super) fn is_about_content(&self) -> bool {
        !matches!(self, Self::Transport(_) | Self::Status(_))
    }

    /// Whether the server was not reached, so that asking it for another path is idle.
    pub(super) fn is_transport(&self) -> bool {
        matches!(self, Self::Transport(_))
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Transport(error) if error.is_timeout() => "no answer in time",
            Self::Transport(error) if error.is_connect() => "no connection",
            Self::Transport(_) => "the exchange broke off",
            Self::Status(status) => return write!(formatter, "status {}", status.as_u16()),
            Self::TooLarge => "the answer is longer than 512 KiB",
            Self::OtherValidator => "not modified, but another document",
            Self::Url => "the address cannot be requested",
            Self::NotMetadata => "the answer is not a metadata document",
            Self::OtherIssuer(named) => {
                return write!(formatter, "the metadata is of another issuer, {named:?}");
            }
            Self::NoJwksUri => "the metadata has no `jwks_uri`",
            Self::JwksUri => "the `jwks_uri` is not https",
            Self::Panicked => "the fetch panicked",
            Self::Set(error) => return error.fmt(formatter),
        };
        formatter.write_str(text)
    }
}

impl std::error::Error for FetchError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(error) => Some(error),
            _ => None,
        }
    }
}
