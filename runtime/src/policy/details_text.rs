//! The line of text of a demand for authorization details, and its reader. The comparison of
//! snapshots knows demands only as lines.

#[cfg(feature = "router")]
use std::collections::BTreeSet;
use std::fmt;

use super::details_demand::DetailsDemand;
use super::display::word;

/// The words before the demand in a line of text.
pub(super) const LABEL: &str = "details";

/// Writes the type and the demanded values: `payment_initiation (actions "initiate", "status";
/// identifier "14")`.
impl fmt::Display for DetailsDemand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&word(self.kind()))?;
        let members: Vec<_> = self
            .members()
            .map(|(member, values)| {
                let values: Vec<_> = values.iter().map(|value| format!("{value:?}")).collect();
                format!("{} {}", member.name(), values.join(", "))
            })
            .collect();
        if members.is_empty() { Ok(()) } else { write!(formatter, " ({})", members.join("; ")) }
    }
}

/// The line of text of a demand for authorization details. The type and the values are in their
/// quoted form.
#[cfg(feature = "router")]
pub(crate) struct DetailsLine<'a> {
    kind: &'a str,
    /// The demanded values, each with the name of its member.
    values: BTreeSet<(&'a str, &'a str)>,
}

#[cfg(feature = "router")]
impl<'a> DetailsLine<'a> {
    /// Reads a line. Returns `None` for the line of another kind of demand.
    pub(crate) fn read(line: &'a str) -> Option<Self> {
        let text = line.strip_prefix(LABEL)?.strip_prefix(' ')?;
        let (kind, rest) =
            quoted(text).or_else(|| Some(text.split_at(text.find(' ')?))).unwrap_or((text, ""));
        let mut values = BTreeSet::new();
        if rest.is_empty() {
            return Some(Self { kind, values });
        }
        let mut members = rest.strip_prefix(" (")?;
        loop {
            let (member, mut rest) = members.split_once(' ')?;
            loop {
                let (value, after) = quoted(rest)?;
                values.insert((member, value));
                match after.strip_prefix(", ") {
                    Some(next) => rest = next,
                    None => break rest = after,
                }
            }
            match rest.strip_prefix("; ") {
                Some(next) => members = next,
                None if rest == ")" => return Some(Self { kind, values }),
                None => return None,
            }
        }
    }

    /// Returns true if each object that satisfies this demand also satisfies the other demand.
    pub(crate) fn implies(&self, other: &Self) -> bool {
        self.kind == other.kind && other.values.is_subset(&self.values)
    }
}

/// Splits a text after the quoted string with which it begins.
#[cfg(feature = "router")]
fn quoted(text: &str) -> Option<(&str, &str)> {
    let mut is_escaped = false;
    let inside = text.strip_prefix('"')?;
    let length = inside.find(|character| {
        let ends = character == '"' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        ends
    })?;
    text.split_at_checked(length.checked_add(2)?)
}

#[cfg(all(test, feature = "router"))]
mod tests {
    use super::*;
    use crate::policy::Demand;
    use crate::policy::DetailsMember::{Actions, Identifier, Locations};

    const DEMANDS: &[DetailsDemand] = &[
        DetailsDemand::new("a", &[]),
        DetailsDemand::new("a b", &[]),
        DetailsDemand::new("a", &[(Actions, "x")]),
        DetailsDemand::new("a", &[(Actions, "x\", \"y")]),
        DetailsDemand::new("a", &[(Actions, "y"), (Actions, "x")]),
        DetailsDemand::new("a", &[(Actions, "x"), (Identifier, "\\"), (Actions, "y")]),
        DetailsDemand::new("a", &[(Identifier, "x"), (Locations, ") (; \\\"")]),
        DetailsDemand::new("\"a\" (actions \"x\")", &[]),
    ];

    #[test]
    fn lines_have_the_relations_of_their_demands() {
        let line = |demand: &DetailsDemand| Demand::Details(*demand).description().to_string();
        for one in DEMANDS {
            for other in DEMANDS {
                let (this, that) = (line(one), line(other));
                let [this, that] = [&this, &that].map(|line| DetailsLine::read(line).unwrap());
                assert_eq!(this.implies(&that), one.implies(other), "{one} | {other}");
            }
        }
    }

    #[test]
    fn other_lines_are_no_demands_for_details() {
        for line in [
            "details",
            "role details",
            "details a (",
            "details a (actions)",
            "detailsa",
            "details a (actions \"x\") ",
        ] {
            assert!(DetailsLine::read(line).is_none(), "{line}");
        }
    }
}
