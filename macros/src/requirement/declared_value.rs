//! Reads `scope = ...` and `role = ...` with the path of a declared value.

use proc_macro2::TokenTree;
use syn::Path;
use syn::parse::Parser as _;

use super::string_demand::{DeclaredDemand, StringDemand};
use crate::errors::Errors;
use crate::list::{Entry, Form, is_punct, tokens};

/// A value that is declared elsewhere: a variant of an enum, or a constant.
pub(crate) struct DeclaredValue {
    pub(super) key: &'static str,
    pub(super) demand: &'static DeclaredDemand,
    pub(super) path: Path,
}

/// Returns the value of an entry if the value starts like a path. Returns `None` for a literal.
pub(super) fn path(entry: &Entry) -> Option<&[TokenTree]> {
    match &entry.form {
        Form::Value(value) => match value.as_slice() {
            [TokenTree::Ident(_) | TokenTree::Punct(_), ..] => Some(value),
            _ => None,
        },
        _ => None,
    }
}

impl DeclaredValue {
    /// Reads the path of a declared value.
    pub(super) fn parse(
        string: &'static StringDemand,
        demand: &'static DeclaredDemand,
        value: &[TokenTree],
        errors: &mut Errors,
    ) -> Option<Self> {
        let Ok(path) = Path::parse_mod_style.parse2(tokens(value)) else {
            errors.at(tokens(value), not_a_path(string, demand, value));
            return None;
        };
        let key = string.key;
        if let Some(name) = path.get_ident().map(ToString::to_string)
            && name.starts_with(char::is_lowercase)
        {
            let example = demand.example;
            errors.at(path, format!("`{name}` is not a declared {key}: write `{key} = \"{name}\"`, or the variant's path as in `{key} = {example}`"));
            return None;
        }
        Some(Self { key, demand, path })
    }
}

/// Returns the error message for a value that is not a path.
fn not_a_path(string: &StringDemand, demand: &DeclaredDemand, value: &[TokenTree]) -> String {
    let StringDemand { key, example, .. } = string;
    let DeclaredDemand { kind, example: path, .. } = demand;
    let is_any =
        |token: &TokenTree, operators: &str| operators.chars().any(|sign| is_punct(token, sign));
    let (first, rest) = value.split_at_checked(1).unwrap_or_default();
    let contains = |operators: &str| rest.iter().any(|token| is_any(token, operators));
    let several = |group| {
        format!("`{key}` takes one {key}: write `{group}({key} = {kind}::A, {key} = {kind}::B)`")
    };
    match first {
        [equals] if is_punct(equals, '=') => {
            format!("`{key}` takes a single `=`: write `{example}`")
        }
        _ if contains("|") => several("any"),
        _ if contains("&+") => several("all"),
        _ => format!(
            "the value must be a string or the path of a declared {key}: write `{example}` or `{key} = {path}`"
        ),
    }
}
