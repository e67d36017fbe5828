//! Errors of a configuration ([`ConfigError`]) and of a token ([`TokenError`]). The module
//! `refusal` turns these errors into responses to clients.

mod fault;
mod refusal_kind;
mod token_error;

use std::error::Error;
use std::fmt;

pub(crate) use self::fault::{Fault, Step};
pub use self::refusal_kind::RefusalKind;
pub use self::token_error::TokenError;

use crate::problems::Problems;

/// The error of a configuration, which lists all problems of the configuration.
///
/// ```
/// use axum_protected::ResourceServer;
///
/// let error = ResourceServer::builder().build().unwrap_err();
/// assert_eq!(error.problems().count(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(Problems);

impl ConfigError {
    pub(crate) fn unless_empty(problems: Vec<String>) -> Result<(), Self> {
        Problems::from(problems).into_result(Self)
    }

    /// Replaces each problem by the text that `map` returns for it.
    pub(crate) fn map_problems(self, map: impl Fn(&str) -> String) -> Self {
        Self(self.0.iter().map(map).collect::<Vec<_>>().into())
    }

    /// Returns the problems. The text of each problem names the setting and the remedy.
    pub fn problems(&self) -> impl Iterator<Item = &str> {
        self.0.iter()
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the resource server cannot be built: {}", self.0)
    }
}

impl Error for ConfigError {}
