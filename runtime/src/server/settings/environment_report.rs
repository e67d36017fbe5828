//! The problems of variables, which the builder reports with all others.

use std::collections::BTreeSet;

use super::misspelling::Misspelling;
use crate::error::ConfigError;
use crate::telemetry;

/// The problems of the variables from which a builder was created, and the names of all variables.
#[derive(Clone)]
pub(in crate::server) struct EnvironmentReport {
    /// The names of all variables.
    pub(super) names: BTreeSet<String>,
    pub(super) problems: Vec<String>,
    /// The names of the variables that the builder reads.
    pub(super) known_names: Vec<&'static str>,
    /// Names the variables in a problem of the configuration, instead of its fields.
    pub(super) with_variable_names: fn(&str) -> String,
    /// The names of further variables that the program itself reads.
    pub(super) program_names: Vec<&'static str>,
}

impl EnvironmentReport {
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
    pub(in crate::server) fn name_variables(&self, error: ConfigError) -> ConfigError {
        error.map_problems(self.with_variable_names)
    }

    /// Logs a warning for each misspelt variable.
    pub(in crate::server) fn log_misspellings(&self) {
        for Misspelling { written, known } in self.misspellings() {
            telemetry::variable_misspelt(written, known);
        }
    }

    /// A name that is known is never a misspelling of another one.
    fn misspellings(&self) -> impl Iterator<Item = Misspelling<'_>> {
        let known = || self.known_names.iter().chain(&self.program_names).copied();
        self.names
            .iter()
            .filter(move |name| !self.program_names.contains(&name.as_str()))
            .filter_map(move |name| Misspelling::of(name, known()))
    }
}
