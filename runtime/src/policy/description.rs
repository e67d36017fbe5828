//! The description of a demand. Other modules make lines of text, sentences and JSON from it.

use std::fmt;

use super::claim_value::ClaimValue;
use super::details_demand::DetailsDemand;
use super::display::{check_name, word};
use super::scopes::ScopeEntry;

/// The label of a `Demand::MaxAge` in a line of text. The comparison of snapshots recognises a
/// `Demand::MaxAge` by this label.
pub(super) const WITHIN: &str = "authenticated within";

/// The description of a demand for people and for machines.
#[derive(Clone, Copy)]
pub(crate) struct Description {
    /// The member name of the demand in the JSON of `x-access`.
    #[cfg_attr(not(feature = "openapi"), expect(dead_code, reason = "for documents"))]
    pub(crate) key: &'static str,
    /// The words before the value in a line of text. The label is empty if readers understand the
    /// value without these words.
    pub(crate) label: &'static str,
    /// The words before the value in a sentence.
    #[cfg_attr(not(feature = "openapi"), expect(dead_code, reason = "for documents"))]
    pub(crate) noun: &'static str,
    pub(crate) value: Value,
}

/// The value of a demand in its [`Description`].
#[derive(Clone, Copy)]
pub(crate) enum Value {
    Text(&'static str),
    /// The name of a check, and the values of its constants.
    Check(&'static str),
    /// A scope and the scopes that imply it.
    Scope(ScopeEntry),
    /// The path of member names to a claim, and the demanded value.
    Claim(&'static [&'static str], ClaimValue),
    Seconds(u64),
    Details(DetailsDemand),
}

impl Description {
    pub(super) const fn text(key: &'static str, value: &'static str) -> Self {
        Self::new(key, Value::Text(value))
    }

    pub(super) const fn check(key: &'static str, name: &'static str) -> Self {
        Self::new(key, Value::Check(name))
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

    pub(super) const fn details(key: &'static str, details: DetailsDemand) -> Self {
        Self::new(key, Value::Details(details))
    }

    /// Creates a description whose `label` and `noun` equal its `key`.
    const fn new(key: &'static str, value: Value) -> Self {
        Self { key, label: key, noun: key, value }
    }
}

/// Writes the demand as a line of text: `role auditor`.
impl fmt::Display for Description {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.label.is_empty() {
            write!(formatter, "{} ", self.label)?;
        }
        match self.value {
            Value::Text(text) => formatter.write_str(&word(text)),
            Value::Check(name) => formatter.write_str(&check_name(name)),
            Value::Scope(entry) => formatter.write_str(&word(entry.name)),
            Value::Claim(path, value) => write!(formatter, "{} = {value}", dotted(path)),
            Value::Seconds(seconds) => write!(formatter, "{seconds} s"),
            Value::Details(details) => details.fmt(formatter),
        }
    }
}

/// Joins the member names of the path to a claim with dots. Quotes each member name that contains a
/// dot.
fn dotted(path: &[&str]) -> String {
    path.iter()
        .map(|name| if name.contains('.') { format!("{name:?}") } else { word(name) })
        .collect::<Vec<_>>()
        .join(".")
}

/// Parses the number of seconds from the line of text of a `Demand::MaxAge`. Returns `None` for the
/// line of another kind of demand.
#[cfg(feature = "router")]
pub(crate) fn max_age(line: &str) -> Option<u64> {
    let age = line.strip_prefix(WITHIN)?.strip_prefix(' ')?;
    age.strip_suffix(" s")?.parse().ok()
}
