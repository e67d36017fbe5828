//! An environment variable.

use super::draft::Draft;

/// An environment variable that sets one field of the configuration.
pub(super) struct Variable {
    pub(super) name: &'static str,
    /// The field of a configuration file with the same meaning. Problems of a configuration quote
    /// the names of fields.
    pub(super) field: &'static str,
    /// The first words of problems that do not quote the name of the field.
    pub(super) subject: &'static str,
    pub(super) need: Need,
    /// Sets the field to the value in a text. The error says the problem with the text.
    pub(super) set: fn(&mut Draft, &str) -> Result<(), String>,
}

pub(super) enum Need {
    Required,
    /// Required if this other variable is not set.
    RequiredWithout(&'static str),
    Optional,
}
