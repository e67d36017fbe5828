//! What a token must satisfy: a tree.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use crate::entry::{Entry, Form, entries};
use crate::errors::Errors;
use crate::text::{Wanted, text};
use crate::{scope_token, suggest};

/// A requirement that is right, for the messages.
pub(crate) const EXAMPLE: &str = "scope = \"items:read\"";

/// Hostile input must not exhaust the compiler's stack.
const MAX_DEPTH: usize = 16;

const SCOPE: Wanted = Wanted {
    example: EXAMPLE,
    several: Some(
        "one `scope` names one scope: write `all(scope = \"a\", scope = \"b\")` or `any(scope = \"a\", scope = \"b\")`",
    ),
};

/// What a token must satisfy.
pub(crate) enum Requirement {
    All(Vec<Self>),
    Any(Vec<Self>),
    Scope(LitStr),
}

impl Requirement {
    /// The tree as a constant expression.
    pub(crate) fn expression(&self, runtime: &TokenStream) -> TokenStream {
        let members = |members: &[Self]| -> Vec<_> {
            members
                .iter()
                .map(|member| member.expression(runtime))
                .collect()
        };
        match self {
            Self::All(all) => {
                let all = members(all);
                quote!(#runtime::Requirement::All(&[#(#all),*]))
            }
            Self::Any(any) => {
                let any = members(any);
                quote!(#runtime::Requirement::Any(&[#(#any),*]))
            }
            Self::Scope(scope) => quote!(#runtime::Requirement::Scope(#scope)),
        }
    }
}

/// Reads one requirement; `depth` counts the groups around it.
pub(crate) fn parse(entry: &Entry, depth: usize, errors: &mut Errors) -> Option<Requirement> {
    match entry.key.to_string().as_str() {
        "scope" => scope(entry, errors).map(Requirement::Scope),
        "all" => group(entry, depth, errors).map(Requirement::All),
        "any" => group(entry, depth, errors).map(Requirement::Any),
        "crate" => {
            errors.at(
                entry,
                "`crate` belongs to the whole attribute: move it out of the group",
            );
            None
        }
        _ => {
            let keys: &[_] = if depth == 0 {
                &["scope", "all", "any", "crate"]
            } else {
                &["scope", "all", "any"]
            };
            suggest::unknown(&entry.key, keys, errors);
            None
        }
    }
}

fn scope(entry: &Entry, errors: &mut Errors) -> Option<LitStr> {
    let scope = text(entry, &SCOPE, errors)?;
    match scope_token::mistake(&scope) {
        Some(mistake) => {
            errors.at(scope, mistake);
            None
        }
        None => Some(scope),
    }
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
    let entries = entries(list.stream(), EXAMPLE, errors);
    let members: Vec<_> = entries
        .iter()
        .filter_map(|entry| parse(entry, depth + 1, errors))
        .collect();
    no_scope_again(&members, errors);
    Some(members)
}

fn no_scope_again(members: &[Requirement], errors: &mut Errors) {
    let mut seen = HashSet::new();
    for member in members {
        if let Requirement::Scope(scope) = member
            && !seen.insert(scope.value())
        {
            errors.at(
                scope,
                format!("`{}` is in this group already: remove one", scope.value()),
            );
        }
    }
}
