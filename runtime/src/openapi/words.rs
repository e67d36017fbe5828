//! What is demanded, as a sentence for people.

use std::time::Duration;

use crate::policy::{Requirement, ScopeEntry};

/// ``scope `a` and (role `b` or check `owns_order`)``, in Markdown.
pub(super) fn words(requirement: &Requirement) -> String {
    match requirement {
        Requirement::All(members) => joined(members, " and ", "a valid token"),
        Requirement::Any(members) => joined(members, " or ", "what nobody has"),
        Requirement::Scope(name) => format!("scope {}", code(name)),
        Requirement::Declared(entry) => declared(entry),
        Requirement::Role(role) => format!("role {}", code(role)),
        Requirement::Claim(path, value) => {
            let path: Vec<_> = path.iter().map(|name| code(name)).collect();
            format!("claim {} = {}", path.join("."), code(&value.to_string()))
        }
        Requirement::Client(client) => format!("client {}", code(client)),
        Requirement::Issuer(issuer) => format!("issuer {}", code(issuer)),
        Requirement::Acr(acr) => format!("authentication context {}", code(acr)),
        Requirement::MaxAge(seconds) => {
            let age = humantime::format_duration(Duration::from_secs(*seconds));
            format!("an authentication not older than {age}")
        }
        Requirement::Check(_, name) => format!("check {}", code(name)),
        Requirement::Named(_, operation) => words(&operation.requirement),
    }
}

fn declared(entry: &ScopeEntry) -> String {
    let broader: Vec<_> = entry.implied_by.iter().map(|scope| code(scope)).collect();
    match broader.as_slice() {
        [] => format!("scope {}", code(entry.name)),
        _ => format!(
            "scope {} (included in {})",
            code(entry.name),
            broader.join(", ")
        ),
    }
}

fn joined(members: &[Requirement], word: &str, none: &str) -> String {
    match members {
        [] => none.to_owned(),
        [only] => words(only),
        _ => {
            let parts = members.iter().map(|member| {
                let part = words(member);
                if member.is_group() {
                    format!("({part})")
                } else {
                    part
                }
            });
            parts.collect::<Vec<_>>().join(word)
        }
    }
}

/// As Markdown shows text literally: with a fence longer than any in it.
pub(super) fn code(text: &str) -> String {
    let longest = text.split(|other| other != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or(0).saturating_add(1));
    if text.starts_with('`') || text.ends_with('`') {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

/// Text that Markdown shows as it is.
pub(super) fn plain(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars() {
        if "\\`*_[]<>#".contains(character) {
            shown.push('\\');
        }
        shown.push(character);
    }
    shown
}
