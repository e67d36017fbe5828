//! The environment variables from which a configuration is read.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

use super::table::table_names;
use super::variable::{Need, Variable};
use crate::server::settings::misspelling::Misspelling;

/// The environment variables whose names are Unicode. The names in the table are Unicode, so other
/// variables have no meaning here.
pub(super) struct Environment(BTreeMap<String, OsString>);

impl Environment {
    pub(super) fn new<N: Into<OsString>, V: Into<OsString>>(
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let variables = variables.into_iter().filter_map(|(name, value)| {
            let name = name.into().into_string().ok()?;
            Some((name, value.into()))
        });
        Self(variables.collect())
    }

    /// Returns the value of a variable, or `None` if the variable is not set. An empty value and a
    /// value that is not Unicode are errors.
    pub(super) fn value(&self, name: &str) -> Option<Result<&str, String>> {
        let value = self.0.get(name)?;
        Some(match value.to_str() {
            None => Err("is not Unicode".to_owned()),
            Some(text) if text.trim().is_empty() => Err("is empty".to_owned()),
            Some(text) => Ok(text),
        })
    }

    /// Returns the problems of a variable that is not set: misspellings of its name or, if there
    /// are none, its absence if it is required.
    pub(super) fn problems_of_missing(&self, variable: &Variable) -> Vec<String> {
        let name = variable.name;
        let is_required = match variable.need {
            Need::Required => true,
            Need::RequiredWithout(other) => !self.0.contains_key(other),
            Need::Optional => false,
        };
        let mut problems: Vec<_> = self
            .0
            .keys()
            .filter_map(|written| Misspelling::of(written, table_names()))
            .filter(|found| found.known == name && (is_required || found.is_certain()))
            .map(|found| found.problem())
            .collect();
        if problems.is_empty() && is_required {
            problems.push(format!("the environment variable `{name}` is not set"));
        }
        problems
    }

    /// Returns the names of all variables.
    pub(super) fn into_names(self) -> BTreeSet<String> {
        self.0.into_keys().collect()
    }
}
