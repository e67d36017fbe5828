//! Errors of a fetch of keys. The log, the health report and the readiness report show these
//! errors. Responses to clients do not contain these errors.

use std::fmt;

use http::StatusCode;

use super::key_file_error::KeyFileError;
use super::set_error::SetError;

#[derive(Debug)]
pub(crate) enum FetchError {
    Transport(reqwest::Error),
    Status(StatusCode),
    TooLarge,
    /// A 304 response whose validator differs from the validator of the stored document.
    OtherValidator,
    Url,
    NotMetadata,
    /// The metadata names another issuer. The field is the `issuer` in the metadata, cut to 200
    /// characters. A common cause of this error is a missing slash in the configured issuer.
    OtherIssuer(String),
    NoJwksUri,
    JwksUri,
    Set(SetError),
    /// A key file that cannot be used, with its path.
    File(String, KeyFileError),
    Panicked,
}

impl FetchError {
    pub(super) fn from_transport(error: reqwest::Error) -> Self {
        Self::Transport(error.without_url())
    }

    pub(super) fn other_issuer(named: Option<&str>) -> Self {
        Self::OtherIssuer(named.unwrap_or_default().chars().take(200).collect())
    }

    pub(super) fn is_about_file(&self) -> bool {
        matches!(self, Self::File(..))
    }

    /// Returns true if the content of a document is wrong. An error about content is more helpful
    /// than an error about a missing document.
    pub(super) fn is_about_content(&self) -> bool {
        !matches!(self, Self::Transport(_) | Self::Status(_))
    }

    /// Returns true if no connection was made: the host name, the connection or TLS failed. In this
    /// case, other URLs on the same server would fail too. A time-out may have another cause, so this
    /// function returns false for it.
    pub(super) fn is_connect(&self) -> bool {
        matches!(self, Self::Transport(error) if error.is_connect() && !error.is_timeout())
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Transport(error) if error.is_timeout() => "no response in time",
            Self::Transport(error) if error.is_connect() => "the connection failed",
            Self::Transport(_) => "the connection broke before the response was complete",
            Self::Status(status) => {
                return write!(formatter, "the response has status {}", status.as_u16());
            }
            Self::TooLarge => "the response is longer than 512 KiB",
            Self::OtherValidator => "the response is `304 Not Modified` for a different document",
            Self::Url => "the URL cannot be requested",
            Self::NotMetadata => "the response is not a metadata document",
            Self::OtherIssuer(named) => {
                return write!(formatter, "the metadata is of another issuer, {named:?}");
            }
            Self::NoJwksUri => "the metadata has no `jwks_uri`",
            Self::JwksUri => "the `jwks_uri` is not an https URL",
            Self::Panicked => "the fetch panicked",
            Self::Set(error) => return error.fmt(formatter),
            Self::File(path, error) => {
                return write!(formatter, "the key file `{path}` cannot be used: {error}");
            }
        };
        formatter.write_str(text)
    }
}

impl std::error::Error for FetchError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(error) => Some(error),
            Self::File(_, error) => Some(error),
            _ => None,
        }
    }
}
