//! `scope = ...` with a declared scope, by its path.

use proc_macro2::TokenTree;
use syn::Path;
use syn::parse::Parser as _;

use super::EXAMPLE;
use crate::errors::Errors;
use crate::list::{Entry, Form, tokens};

/// The key of scopes.
pub(super) const KEY: &str = "scope";

/// The value of an entry that is no literal.
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
        errors.at(path, format!("`{name}` is no declared scope: write `scope = \"{name}\"`, or the variant's path as in `scope = Scope::ItemsRead`"));
        return None;
    }
    Some(path)
}

/// What to write instead of an expression.
fn not_a_path(value: &[TokenTree]) -> String {
    let is = |token: &TokenTree, wanted: &str| matches!(token, TokenTree::Punct(punct) if wanted.contains(punct.as_char()));
    let (first, rest) = value.split_at_checked(1).unwrap_or_default();
    let joined_by = |joint: &str| rest.iter().any(|token| is(token, joint));
    let several = |key| {
        format!("one `scope` names one scope: write `{key}(scope = Scope::A, scope = Scope::B)`")
    };
    match first {
        [equals] if is(equals, "=") => format!("write one `=`: `{EXAMPLE}`"),
        _ if joined_by("|") => several("any"),
        _ if joined_by("&+") => several("all"),
        _ => format!(
            "write a string, or the path of a declared scope: `{EXAMPLE}` or `scope = Scope::ItemsRead`"
        ),
    }
}
