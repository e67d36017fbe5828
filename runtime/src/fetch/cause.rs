//! Describes the innermost cause of a failed exchange.

use std::error::Error;
use std::fmt;
use std::io;
use std::iter::successors;

#[cfg(feature = "__rustls")]
use super::certificate_error;

/// Longest text of a cause, in characters.
const LIMIT: usize = 300;

/// The innermost cause of an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cause(String);

impl Cause {
    /// Returns the cause of the error. `secrets` are parts of the text that must not be shown, such
    /// as the query of a URL.
    pub(crate) fn of(error: &(dyn Error + 'static), secrets: &[&str]) -> Self {
        let mut text = describe(error);
        for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
            text = text.replace(secret, "(not shown)");
        }
        Self(single_line(&text))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for Cause {}

/// Stage of an exchange at which an error occurred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// No connection was made. Requests for other URLs on the same server would fail too.
    Connection,
    /// The connection was not made in time.
    SlowConnection,
    /// The connection failed later.
    Exchange,
    /// The error does not contain the stage.
    Unknown,
}

impl Stage {
    pub(crate) fn of(error: &(dyn Error + 'static)) -> Self {
        let has = |is: fn(&(dyn Error + 'static)) -> bool| sources(error).any(is);
        if has(is_connect_timeout) {
            Self::SlowConnection
        } else if has(is_connect_error) {
            Self::Connection
        } else if has(|source| source.is::<reqwest::Error>() || source.is::<io::Error>()) {
            Self::Exchange
        } else {
            Self::Unknown
        }
    }
}

fn is_connect_timeout(error: &(dyn Error + 'static)) -> bool {
    let error = error.downcast_ref::<reqwest::Error>();
    error.is_some_and(|error| error.is_connect() && error.is_timeout())
}

fn is_connect_error(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref().is_some_and(reqwest::Error::is_connect)
        || error
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

fn describe(error: &(dyn Error + 'static)) -> String {
    #[cfg(feature = "__rustls")]
    if let Some(text) = sources(error)
        .find_map(|source| source.downcast_ref())
        .and_then(certificate_error::describe)
    {
        return text;
    }
    let innermost = sources(error).last().unwrap_or(error);
    let mut text = innermost.to_string();
    // OpenSSL says only in an outer error why a certificate was not accepted.
    for outer in sources(error) {
        let outer = outer.to_string();
        if outer.len() > text.len() && outer.contains(&text) {
            text = outer;
        }
    }
    if text.contains("certificate verify failed") {
        return format!("the certificate is not accepted: {text}");
    }
    if innermost.is::<io::Error>() { lower_first(&text) } else { text }
}

/// Returns the error and its sources, from the outermost to the innermost.
fn sources<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error: &'a (dyn Error + 'static) = *error;
        // `io::Error::source` skips the error that the `io::Error` was made of.
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        }
    })
    .take(32)
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

/// Returns the text for a log: cut, and with control characters replaced. Errors may contain text
/// of the server, such as the names in its certificate.
fn single_line(text: &str) -> String {
    text.chars().take(LIMIT).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(error: impl Into<Box<dyn Error + Send + Sync>>) -> String {
        Cause::of(&*error.into(), &["key=s3cret"]).to_string()
    }

    #[test]
    fn the_innermost_cause_is_told() {
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(cause(refused()), "connection refused");
        assert_eq!(cause(io::Error::other(io::Error::other(refused()))), "connection refused");
        assert_eq!(Stage::of(&io::Error::other(refused())), Stage::Connection);
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        assert_eq!(Stage::of(&io::Error::other(reset)), Stage::Exchange);
        assert_eq!(Stage::of(&fmt::Error), Stage::Unknown);
    }

    #[test]
    fn the_text_has_no_secret_no_control_character_and_a_limit() {
        let text = cause("cannot fetch https://a.example/keys?key=s3cret\r\n\u{1b}[31m");
        assert!(!text.contains("s3cret") && !text.contains(char::is_control), "{text}");
        assert_eq!(cause("x".repeat(10_000)).len(), LIMIT);
    }
}
