//! Reads requirements.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens as _;

use super::{Claim, Code, Demand, EXAMPLE, Leaf, MaxAge, Requirement, Word, scope};
use crate::entry::{Entry, Form, entries};
use crate::errors::Errors;
use crate::suggest;

/// Hostile input must not exhaust the compiler's stack.
const MAX_DEPTH: usize = 16;

/// The keys of requirements.
const KEYS: [&str; 11] = [
    "scope", "role", "claim", "client", "issuer", "acr", "max_age", "check", "policy", "all", "any",
];

/// Whether a key states a requirement.
pub(crate) fn is_key(key: &Ident) -> bool {
    KEYS.iter().any(|known| key == known)
}

/// Reads one requirement; `depth` counts the groups around it.
pub(crate) fn parse(entry: &Entry, depth: usize, errors: &mut Errors) -> Option<Requirement> {
    Some(Requirement {
        written: entry.to_token_stream(),
        demand: demand(entry, depth, errors)?,
    })
}

fn demand(entry: &Entry, depth: usize, errors: &mut Errors) -> Option<Demand> {
    let word = |word: Word, errors: &mut Errors| {
        let text = word.parse(entry, errors)?;
        Some(Leaf::Word(word, text))
    };
    let leaf = match entry.key.to_string().as_str() {
        "all" => return group(entry, depth, errors).map(Demand::All),
        "any" => return group(entry, depth, errors).map(Demand::Any),
        "scope" => scope::parse(entry, errors),
        "role" => word(Word::Role, errors),
        "client" => word(Word::Client, errors),
        "issuer" => word(Word::Issuer, errors),
        "acr" => word(Word::Acr, errors),
        "max_age" => MaxAge::parse(entry, errors).map(Leaf::MaxAge),
        "claim" => Claim::parse(entry, errors).map(Leaf::Claim),
        "check" => Code::check(entry, errors).map(Leaf::Code),
        "policy" => Code::policy(entry, errors).map(Leaf::Code),
        _ => {
            unknown(entry, depth, errors);
            None
        }
    };
    leaf.map(Demand::Leaf)
}

fn unknown(entry: &Entry, depth: usize, errors: &mut Errors) {
    if entry.key == "crate" {
        errors.at(
            entry,
            "`crate` belongs to the whole attribute: move it out of the group",
        );
        return;
    }
    let of_attribute = (depth == 0).then_some("crate");
    let known: Vec<_> = KEYS.into_iter().chain(of_attribute).collect();
    suggest::unknown(&entry.key, &known, errors);
}

fn group(entry: &Entry, depth: usize, errors: &mut Errors) -> Option<Vec<Requirement>> {
    let key = &entry.key;
    let fix = format!("write `{key}(scope = \"a\", scope = \"b\")`");
    let Form::List(list) = &entry.form else {
        errors.at(entry, format!("`{key}` takes a list in parentheses: {fix}"));
        return None;
    };
    if depth == MAX_DEPTH {
        errors.at(
            entry,
            format!("groups nest deeper than {MAX_DEPTH}: flatten them"),
        );
        return None;
    }
    if list.stream().is_empty() {
        errors.at(entry, format!("`{key}()` states no requirement: {fix}"));
        return None;
    }
    members(list.stream(), depth + 1, errors)
}

/// Nothing of a group where one is wrong, as what it lacks could make another look redundant.
fn members(list: TokenStream, depth: usize, errors: &mut Errors) -> Option<Vec<Requirement>> {
    let members: Vec<_> = entries(list, EXAMPLE, errors)
        .iter()
        .map(|entry| parse(entry, depth, errors))
        .collect();
    let members: Vec<_> = members.into_iter().collect::<Option<_>>()?;
    (!members.is_empty()).then_some(members)
}
