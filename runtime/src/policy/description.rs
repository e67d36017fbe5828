//! The description of a demand, from which lines, sentences and JSON are made.

use std::fmt;

use super::claim_value::ClaimValue;
use super::display::word;
use super::scopes::ScopeEntry;

/// The label of a demand for a recent authentication in a line. Snapshots recognise the demand by it.
pub(super) const WITHIN: &str = "authenticated within";

/// A demand, described for people and for machines.
#[derive(Clone, Copy)]
pub(crate) struct Description {
    /// The key in JSON.
    #[cfg_attr(not(feature = "openapi"), expect(dead_code, reason = "for documents"))]
    pub(crate) key: &'static str,
    /// The words before the value in a line; empty if the value is clear without them.
    pub(crate) label: &'static str,
    /// The words before the value in a sentence.
    #[cfg_attr(not(feature = "openapi"), expect(dead_code, reason = "for documents"))]
    pub(crate) noun: &'static str,
    pub(crate) value: Value,
}

/// The value of a demand.
#[derive(Clone, Copy)]
pub(crate) enum Value {
    Text(&'static str),
    /// A scope and the scopes that include it.
    Scope(ScopeEntry),
    /// The path of member names to a claim, and the value of the claim.
    Claim(&'static [&'static str], ClaimValue),
    Seconds(u64),
}

impl Description {
    pub(super) const fn text(key: &'static str, value: &'static str) -> Self {
        Self::new(key, Value::Text(value))
    }

    pub(super) const fn scope(key: &'static str, entry: ScopeEntry) -> Self {
        Self::new(key, Value::Scope(entry))
    }

    pub(super) const fn claim(
        key: &'static str,
        path: &'static [&'static str],
        value: ClaimValue,
    ) -> Self {
        Self::new(key, Value::Claim(path, value))
    }

    pub(super) const fn seconds(key: &'static str, seconds: u64) -> Self {
        Self::new(key, Value::Seconds(seconds))
    }

    /// Uses the key as label and noun.
    const fn new(key: &'static str, value: Value) -> Self {
        Self { key, label: key, noun: key, value }
    }
}

/// Writes a line: `role auditor`.
impl fmt::Display for Description {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.label.is_empty() {
            write!(formatter, "{} ", self.label)?;
        }
        match self.value {
            Value::Text(text) => formatter.write_str(&word(text)),
            Value::Scope(entry) => formatter.write_str(&word(entry.name)),
            Value::Claim(path, value) => write!(formatter, "{} = {value}", dotted(path)),
            Value::Seconds(seconds) => write!(formatter, "{seconds} s"),
        }
    }
}

/// The path to a claim, with dots between the names. A name that contains a dot is quoted.
fn dotted(path: &[&str]) -> String {
    path.iter()
        .map(|name| if name.contains('.') { format!("{name:?}") } else { word(name) })
        .collect::<Vec<_>>()
        .join(".")
}

/// Parses the seconds of a line that demands a recent authentication.
#[cfg(feature = "router")]
pub(crate) fn max_age(line: &str) -> Option<u64> {
    let age = line.strip_prefix(WITHIN)?.strip_prefix(' ')?;
    age.strip_suffix(" s")?.parse().ok()
}
