//! The problems of variables, which the builder reports with all others.

use std::collections::BTreeSet;

use super::misspelling::Misspelling;
use super::table::{table_names, with_variable_names};
use crate::error::ConfigError;
use crate::telemetry;

/// The problems of the variables from which a builder was created, and the names of all variables.
#[derive(Clone)]
pub(in crate::server) struct EnvironmentReport {
    names: BTreeSet<String>,
    problems: Vec<String>,
    /// The names of further variables that the program itself reads.
    program_names: Vec<&'static str>,
}

impl EnvironmentReport {
    pub(super) fn new(names: BTreeSet<String>, problems: Vec<String>) -> Self {
        Self { names, problems, program_names: Vec::new() }
    }

    pub(super) fn add_known(&mut self, names: impl IntoIterator<Item = &'static str>) {
        self.program_names.extend(names);
    }

    /// Returns the problems of the variables.
    pub(in crate::server) fn problems(&self) -> Vec<String> {
        let missing = self.misspellings().filter(|found| {
            self.program_names.contains(&found.known)
                && !self.names.contains(found.known)
                && found.is_certain()
        });
        self.problems.iter().cloned().chain(missing.map(|found| found.problem())).collect()
    }

    /// Names the variables in the problems of a configuration, instead of the fields.
    pub(in crate::server) fn with_variable_names(error: ConfigError) -> ConfigError {
        error.map_problems(with_variable_names)
    }

    /// Logs a warning for each misspelt variable.
    pub(in crate::server) fn log_misspellings(&self) {
        for Misspelling { written, known } in self.misspellings() {
            telemetry::variable_misspelt(written, known);
        }
    }

    /// A name that is known is never a misspelling of another one.
    fn misspellings(&self) -> impl Iterator<Item = Misspelling<'_>> {
        let known = || table_names().chain(self.program_names.iter().copied());
        self.names
            .iter()
            .filter(move |name| !self.program_names.contains(&name.as_str()))
            .filter_map(move |name| Misspelling::of(name, known()))
    }
}
