//! Parses requirements.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens as _;

use super::string_demand::{STRING_DEMANDS, StringDemand};
use super::{
    Claim, Code, DeclaredValue, Demand, Details, EXAMPLE, Leaf, MaxAge, Proof, Requirement,
    declared_value,
};
use crate::errors::Errors;
use crate::list::{Entry, Form, entries};
use crate::{page, suggest};

/// The largest nesting depth of groups. The limit prevents that an input exhausts the stack of the
/// compiler.
const MAX_DEPTH: usize = 16;

/// The type of a function that reads a requirement from an entry. The `usize` is the number of
/// groups around the entry.
type Reader = fn(&Entry, usize, &mut Errors) -> Option<Demand>;

/// The keys of requirements that are not in [`STRING_DEMANDS`], and the readers of these
/// requirements.
const OTHERS: [(&str, Reader); 8] = [
    ("claim", |entry, _, errors| {
        Claim::parse(entry, errors).map(|claim| Demand::Leaf(Leaf::Claim(claim)))
    }),
    ("max_age", |entry, _, errors| {
        MaxAge::parse(entry, errors).map(|age| Demand::Leaf(Leaf::MaxAge(age)))
    }),
    ("proof", |entry, _, errors| {
        Proof::parse(entry, errors).map(|proof| Demand::Leaf(Leaf::Proof(proof)))
    }),
    ("details", |entry, _, errors| {
        Details::parse(entry, errors).map(|details| Demand::Leaf(Leaf::Details(details)))
    }),
    ("check", |entry, _, errors| {
        Code::check(entry, errors).map(|code| Demand::Leaf(Leaf::Code(code)))
    }),
    ("policy", |entry, _, errors| {
        Code::policy(entry, errors).map(|code| Demand::Leaf(Leaf::Code(code)))
    }),
    ("all", |entry, depth, errors| group(entry, depth, errors).map(Demand::All)),
    ("any", |entry, depth, errors| group(entry, depth, errors).map(Demand::Any)),
];

/// Returns the keys of all requirements.
fn keys() -> impl Iterator<Item = &'static str> {
    let strings = STRING_DEMANDS.iter().map(|demand| demand.key);
    strings.chain(OTHERS.iter().map(|(key, _)| *key))
}

/// Returns true if a key is the key of a requirement.
pub(crate) fn is_key(key: &Ident) -> bool {
    keys().any(|requirement| key == requirement)
}

/// Reads one requirement. `depth` is the number of groups around the requirement.
pub(crate) fn parse(entry: &Entry, depth: usize, errors: &mut Errors) -> Option<Requirement> {
    Some(Requirement { tokens: entry.to_token_stream(), demand: demand(entry, depth, errors)? })
}

fn demand(entry: &Entry, depth: usize, errors: &mut Errors) -> Option<Demand> {
    let key = entry.key.to_string();
    if let Some(demand) = StringDemand::of_key(&key) {
        return string(demand, entry, errors).map(Demand::Leaf);
    }
    let Some((_, read)) = OTHERS.iter().find(|(other, _)| *other == key) else {
        unknown(entry, depth, errors);
        return None;
    };
    read(entry, depth, errors)
}

fn string(demand: &'static StringDemand, entry: &Entry, errors: &mut Errors) -> Option<Leaf> {
    if let Some(declared) = &demand.declared
        && let Some(path) = declared_value::path(entry)
    {
        return DeclaredValue::parse(demand, declared, path, errors).map(Leaf::Declared);
    }
    let string = demand.parse(entry, errors)?;
    Some(Leaf::String(demand, string))
}

fn unknown(entry: &Entry, depth: usize, errors: &mut Errors) {
    let of_attribute = ["crate", page::KEY];
    if let Some(key) = of_attribute.iter().find(|key| entry.key == *key) {
        errors
            .at(entry, format!("`{key}` belongs to the whole attribute: move it out of the group"));
        return;
    }
    let known: Vec<_> = keys().chain(of_attribute.into_iter().filter(|_| depth == 0)).collect();
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
        errors.at(entry, format!("groups are nested deeper than {MAX_DEPTH} levels: flatten them"));
        return None;
    }
    if list.stream().is_empty() {
        errors.at(entry, format!("`{key}()` is empty: {fix}"));
        return None;
    }
    members(list.stream(), depth + 1, errors)
}

/// Reads the members of a group. Returns `None` if a member has a mistake, because an incomplete
/// group could make another requirement look redundant.
fn members(list: TokenStream, depth: usize, errors: &mut Errors) -> Option<Vec<Requirement>> {
    let parsed: Vec<_> =
        entries(list, EXAMPLE, errors).iter().map(|entry| parse(entry, depth, errors)).collect();
    let members: Vec<_> = parsed.into_iter().collect::<Option<_>>()?;
    (!members.is_empty()).then_some(members)
}
