//! Reads `crate = path`, the path of the runtime crate.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::parse::Parser as _;
use syn::{Attribute, Meta, Path};

use crate::errors::Errors;
use crate::list::{Entry, Form, entries, tokens};
use crate::suggest;

const EXAMPLE: &str = "crate = ::axum_protected";
const FIX: &str = "write `crate = ::axum_protected` or `crate = crate::path::to::axum_protected`";

/// Returns the path of the runtime crate for an attribute without `crate = path`.
pub(crate) fn default() -> TokenStream {
    quote!(::axum_protected)
}

/// Reads the path of the runtime crate from the attributes with this name, which accept only the
/// key `crate`.
pub(crate) fn from_attributes(
    attributes: &[Attribute],
    name: &str,
    errors: &mut Errors,
) -> TokenStream {
    let mut path_entries = Vec::new();
    for attribute in attributes {
        if !attribute.path().is_ident(name) {
            continue;
        }
        match &attribute.meta {
            Meta::List(list) if !list.tokens.is_empty() => {
                path_entries.extend(entries(list.tokens.clone(), EXAMPLE, errors));
            }
            _ => errors
                .at(attribute, format!("`#[{name}]` needs a path: write `#[{name}({EXAMPLE})]`")),
        }
    }
    single_path(&path_entries, &["crate"], errors)
}

/// Reads the path of the runtime crate from a list without other entries. `known` are the keys that
/// the attribute accepts.
pub(crate) fn from_list(list: TokenStream, known: &[&str], errors: &mut Errors) -> TokenStream {
    single_path(&entries(list, EXAMPLE, errors), known, errors)
}

fn single_path(entries: &[Entry], known: &[&str], errors: &mut Errors) -> TokenStream {
    let mut path = None;
    for entry in entries {
        if entry.key != "crate" {
            suggest::unknown(&entry.key, known, errors);
        } else if path.is_some() {
            errors.at(entry, "duplicate key `crate`: remove one");
        } else {
            path = runtime(entry, errors);
        }
    }
    path.unwrap_or_else(default)
}

/// Reads the path of the runtime crate from the entry `crate = path`.
pub(crate) fn runtime(entry: &Entry, errors: &mut Errors) -> Option<TokenStream> {
    let Form::Value(value) = &entry.form else {
        errors.at(entry, format!("`crate` needs a path: {FIX}"));
        return None;
    };
    match value.as_slice() {
        [] => errors.at(entry, format!("`crate` needs a path: {FIX}")),
        [TokenTree::Literal(quoted)] => {
            errors.at(quoted, format!("`crate` takes a path without quotes: {FIX}"));
        }
        value => match Path::parse_mod_style.parse2(tokens(value)) {
            Ok(path) if is_absolute(&path) => return Some(path.into_token_stream()),
            Ok(path) => {
                let names = relative_names(&path);
                errors.at(path, format!("a relative path resolves differently in each module: write `crate = ::{names}` or `crate = crate::{names}`"));
            }
            Err(_) => errors.at(tokens(value), format!("`crate` takes a path: {FIX}")),
        },
    }
    None
}

/// Returns true if a path starts with `::`, `crate` or `$crate`. `macro_rules!` passes `$crate` to
/// an attribute as an identifier with this name.
fn is_absolute(path: &Path) -> bool {
    let first = path.segments.first();
    path.leading_colon.is_some()
        || first.is_some_and(|first| first.ident == "crate" || first.ident == "$crate")
}

fn relative_names(path: &Path) -> String {
    let names: Vec<_> = path
        .segments
        .iter()
        .map(|segment| segment.ident.to_string())
        .filter(|name| name != "self" && name != "super")
        .collect();
    match names.as_slice() {
        [] => "axum_protected".to_owned(),
        names => names.join("::"),
    }
}
