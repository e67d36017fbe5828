//! Errors of a fetch of keys. The log, the health report and the readiness report show these
//! errors. Responses to clients do not contain these errors.

use std::error::Error;
use std::fmt;

use http::{HeaderName, StatusCode};
use reqwest::Url;

use super::http::Description;
use super::key_file::KeyFileError;
use super::set::SetError;
use crate::fetch::{Cause, Stage};
use crate::redaction::without_query;

/// Reason why a fetch failed. `source` leads to the innermost cause.
#[derive(Debug)]
pub(crate) enum FetchError {
    /// An error that names the document that was fetched and its URL, with the number of other
    /// locations of the document that failed too.
    Of(Document, String, usize, Box<Self>),
    /// A request header could not be made.
    Header(HeaderName, String),
    /// No connection was made.
    Connect(Cause),
    /// No connection was made in time.
    SlowConnection,
    /// The connection failed before the response was complete.
    Broken(Cause),
    /// The HTTP client did not send the request, or failed in another way.
    Client(Cause),
    /// No head of a response came in time.
    NoResponse,
    /// The body was not complete in time.
    Incomplete,
    /// The response came from another URL than the requested one.
    OtherUrl,
    /// A redirect, with the host to which it leads.
    Redirect(StatusCode, Option<String>),
    Status(StatusCode),
    TooLarge,
    NotJson(Description),
    /// A 304 response whose validator differs from the validator of the stored document.
    OtherValidator,
    Url,
    NotUtf8,
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

/// Document of an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Document {
    Metadata,
    KeySet,
}

impl FetchError {
    /// Returns the error of an exchange with this URL. The error contains no secrets of the URL.
    pub(super) fn from_exchange(error: &(dyn Error + 'static), url: &Url) -> Self {
        let cause = Cause::of(error, &[url.query().unwrap_or_default()]);
        match Stage::of(error) {
            Stage::SlowConnection => Self::SlowConnection,
            Stage::Connection => Self::Connect(cause),
            Stage::Exchange => Self::Broken(cause),
            Stage::Unknown => Self::Client(cause),
        }
    }

    /// Adds the document and its URL to the error.
    pub(super) fn of(self, document: Document, url: &Url) -> Self {
        Self::Of(document, without_query(url), 0, Box::new(self))
    }

    /// Adds the number of other locations that failed too.
    pub(super) fn with_others(self, others: usize) -> Self {
        match self {
            Self::Of(document, url, _, error) => Self::Of(document, url, others, error),
            other => other,
        }
    }

    pub(super) fn other_issuer(named: Option<&str>) -> Self {
        Self::OtherIssuer(named.unwrap_or_default().chars().take(200).collect())
    }

    pub(super) fn is_about_file(&self) -> bool {
        matches!(self, Self::File(..))
    }

    /// Returns true if this error is about the content of a document, which is more helpful than
    /// another error about a missing document.
    pub(super) fn is_more_helpful(&self, other: &Self) -> bool {
        self.is_about_content() && !other.is_about_content()
    }

    fn is_about_content(&self) -> bool {
        match self {
            Self::Of(_, _, _, error) => error.is_about_content(),
            Self::Header(..)
            | Self::Connect(_)
            | Self::SlowConnection
            | Self::Broken(_)
            | Self::Client(_)
            | Self::NoResponse
            | Self::Incomplete
            | Self::Redirect(..)
            | Self::Status(_)
            | Self::NotJson(_) => false,
            _ => true,
        }
    }

    /// Returns true if the URL does not have the document: a response of the class 4xx, or a complete
    /// response with other content. The statuses 408, 425 and 429 ask for another request later.
    /// Metadata of this issuer with an unusable `jwks_uri` is not a definitive failure.
    pub(super) fn is_definitive(&self) -> bool {
        match self {
            Self::Of(_, _, _, error) => error.is_definitive(),
            Self::Status(status) => {
                status.is_client_error() && !matches!(status.as_u16(), 408 | 425 | 429)
            }
            Self::NotJson(_) | Self::NotUtf8 | Self::NotMetadata | Self::OtherIssuer(_) => true,
            _ => false,
        }
    }

    /// Returns true if no connection was made: the host name, the connection or TLS failed, or a
    /// request header could not be made. In this case, other URLs on the same server would fail too.
    /// A time-out may have another cause, so this function returns false for it.
    pub(super) fn is_connect(&self) -> bool {
        match self {
            Self::Of(_, _, _, error) => error.is_connect(),
            Self::Header(..) | Self::Connect(_) => true,
            _ => false,
        }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Of(document, url, others, _) => {
                write!(formatter, "no {document} from `{url}`")?;
                return match others {
                    0 => Ok(()),
                    1 => formatter.write_str(" (nor from 1 other location)"),
                    _ => write!(formatter, " (nor from {others} other locations)"),
                };
            }
            Self::Header(name, problem) => {
                return write!(
                    formatter,
                    "the request header `{name}` cannot be made of {problem}"
                );
            }
            Self::Connect(_) => "the connection failed",
            Self::SlowConnection => "timed out while connecting",
            Self::Broken(_) => "the connection broke before the response was complete",
            Self::Client(_) => "the request failed",
            Self::NoResponse => "timed out: no response within 5 s",
            Self::Incomplete => "timed out: the response was not complete within 5 s",
            Self::OtherUrl => {
                "the HTTP client returned a response of another URL, so it followed a redirect"
            }
            Self::Redirect(status, host) => {
                let status = status.as_u16();
                formatter.write_str("the response is a redirect, which is not followed")?;
                return match host {
                    Some(host) => write!(formatter, " (status {status}, to the host `{host}`)"),
                    None => write!(formatter, " (status {status})"),
                };
            }
            Self::Status(status) => {
                return write!(formatter, "the response has status {}", status.as_u16());
            }
            Self::TooLarge => "the response is longer than 512 KiB",
            Self::NotJson(description) => {
                return write!(formatter, "the response is {description}");
            }
            Self::OtherValidator => "the response is `304 Not Modified` for a different document",
            Self::Url => "the URL cannot be requested",
            Self::NotUtf8 => "the response is not UTF-8",
            Self::NotMetadata => {
                "the response is not a metadata document: it is not one JSON object with distinct \
                 member names"
            }
            Self::OtherIssuer(named) => {
                return write!(formatter, "the metadata is of another issuer, {named:?}");
            }
            Self::NoJwksUri => "the metadata has no `jwks_uri`",
            Self::JwksUri => {
                "the `jwks_uri` is not an https URL (plain http needs `insecure_http` of the issuer)"
            }
            Self::Panicked => "the fetch panicked",
            Self::Set(error) => return error.fmt(formatter),
            Self::File(path, _) => {
                return write!(formatter, "the key file `{path}` cannot be used");
            }
        };
        formatter.write_str(text)
    }
}

impl Error for FetchError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Of(_, _, _, error) => Some(error),
            Self::Connect(cause) | Self::Broken(cause) | Self::Client(cause) => Some(cause),
            Self::File(_, error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for Document {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Metadata => "metadata",
            Self::KeySet => "key set",
        })
    }
}
