//! Conversion of a requirement to text for people.

use std::time::Duration;

use crate::policy::description::{Description, Value};
use crate::policy::display::{Phrase, join};
use crate::policy::{DetailsDemand, Fold, Requirement, ScopeEntry};

/// Returns a requirement as Markdown text: ``scope `a` and (role `b` or check `owns_order`)``.
pub(super) fn words(requirement: &Requirement) -> String {
    let phrase = requirement.fold(&Fold {
        one: &|leaf| Phrase::one(words_of(leaf.demand.description())),
        all: &|members| join(members, " and ", "a valid token"),
        any: &|members| join(members, " or ", "something that no token has"),
    });
    phrase.text
}

fn words_of(description: Description) -> String {
    let noun = description.noun;
    let value = match description.value {
        Value::Text(text) | Value::Check(text) => code(text),
        Value::Scope(entry) => scope(&entry),
        Value::Claim(path, value) => {
            let path: Vec<_> = path.iter().map(|name| code(name)).collect();
            format!("{} = {}", path.join("."), code(&value.to_string()))
        }
        Value::Seconds(seconds) => {
            humantime::format_duration(Duration::from_secs(seconds)).to_string()
        }
        Value::Details(details) => details_words(&details),
    };
    format!("{noun} {value}")
}

/// Returns the demanded type and values: `` `a` with actions `b`, `c` and identifier `d` ``.
fn details_words(details: &DetailsDemand) -> String {
    let members: Vec<_> = details
        .members()
        .map(|(member, values)| {
            let values: Vec<_> = values.into_iter().map(code).collect();
            format!("{} {}", member.name(), values.join(", "))
        })
        .collect();
    match members.as_slice() {
        [] => code(details.kind()),
        members => format!("{} with {}", code(details.kind()), members.join(" and ")),
    }
}

fn scope(entry: &ScopeEntry) -> String {
    let broader: Vec<_> = entry.implied_by.iter().map(|scope| code(scope)).collect();
    match broader.as_slice() {
        [] => code(entry.name),
        _ => format!("{} (included in {})", code(entry.name), broader.join(", ")),
    }
}

/// Returns a text as a Markdown code span. The delimiter of the span has more backticks than any
/// sequence of backticks in the text.
pub(super) fn code(text: &str) -> String {
    let longest = text.split(|other| other != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or(0).saturating_add(1));
    if text.starts_with('`') || text.ends_with('`') {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

/// Escapes the characters of a text that are special in Markdown.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if "\\`*_[]<>#".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
