//! Reads `scope = ...` with the path of a declared scope.

use proc_macro2::TokenTree;
use syn::Path;
use syn::parse::Parser as _;

use super::EXAMPLE;
use crate::errors::Errors;
use crate::list::{Entry, Form, is_punct, tokens};

/// The key of a requirement for a scope.
pub(super) const KEY: &str = "scope";

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

/// Reads the path of a declared scope.
pub(super) fn declared(value: &[TokenTree], errors: &mut Errors) -> Option<Path> {
    let Ok(path) = Path::parse_mod_style.parse2(tokens(value)) else {
        errors.at(tokens(value), not_a_path(value));
        return None;
    };
    if let Some(name) = path.get_ident().map(ToString::to_string)
        && name.starts_with(char::is_lowercase)
    {
        errors.at(path, format!("`{name}` is not a declared scope: write `scope = \"{name}\"`, or the variant's path as in `scope = Scope::ItemsRead`"));
        return None;
    }
    Some(path)
}

/// Returns the error message for a value that is not a path.
fn not_a_path(value: &[TokenTree]) -> String {
    let is_any =
        |token: &TokenTree, operators: &str| operators.chars().any(|sign| is_punct(token, sign));
    let (first, rest) = value.split_at_checked(1).unwrap_or_default();
    let contains = |operators: &str| rest.iter().any(|token| is_any(token, operators));
    let several =
        |key| format!("`scope` takes one scope: write `{key}(scope = Scope::A, scope = Scope::B)`");
    match first {
        [equals] if is_punct(equals, '=') => {
            format!("`scope` takes a single `=`: write `{EXAMPLE}`")
        }
        _ if contains("|") => several("any"),
        _ if contains("&+") => several("all"),
        _ => format!(
            "the value must be a string or the path of a declared scope: write `{EXAMPLE}` or `scope = Scope::ItemsRead`"
        ),
    }
}
