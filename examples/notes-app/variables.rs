//! Reads environment variables, and collects the problems.

use std::collections::BTreeMap;
use std::ffi::OsString;

/// The variables of the process, and the problems of those that have been read.
pub(crate) struct Variables {
    values: BTreeMap<String, OsString>,
    problems: Vec<String>,
}

impl Variables {
    /// Variables whose names are not Unicode belong to other programs.
    pub(crate) fn new(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let unicode = variables
            .into_iter()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
        Self { values: unicode.collect(), problems: Vec::new() }
    }

    /// Returns the value of a variable, or `None` if it is not set. An empty value is a problem,
    /// because it is the result of a mistake in a script.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let value = self.values.get(name)?;
        let problem = match value.to_str() {
            None => "is not Unicode",
            Some(text) if text.trim().is_empty() => "is empty",
            Some(text) if text.trim() != text => "starts or ends with white space: remove it",
            Some(text) => return Some(text.to_owned()),
        };
        self.report(format!("`{name}` {problem}"));
        None
    }

    /// Returns the value that `read` makes of a variable. An error of `read` is a problem.
    pub(crate) fn read<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.text(name)?;
        read(&text).map_err(|problem| self.report(problem)).ok()
    }

    pub(crate) fn report(&mut self, problem: impl Into<String>) {
        self.problems.push(problem.into());
    }

    /// Returns an error with one line for each problem, if there is one.
    pub(crate) fn result(&self) -> Result<(), String> {
        match self.problems.as_slice() {
            [] => Ok(()),
            problems => Err(format!("the configuration is wrong:\n  {}", problems.join("\n  "))),
        }
    }

    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    pub(crate) fn names_with(&self, prefix: &str) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str).filter(move |name| name.starts_with(prefix))
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (OsString, OsString)> {
        self.values.iter().map(|(name, value)| (OsString::from(name), value.clone()))
    }
}
