//! `crate = path`: where the runtime is found.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::parse::Parser as _;
use syn::{Attribute, Meta, Path};

use crate::errors::Errors;
use crate::list::{Entry, Form, entries, tokens};
use crate::suggest;

const EXAMPLE: &str = "crate = ::axum_protected";
const FIX: &str =
    "write `crate = ::axum_protected` or `crate = crate::crate_path::to::axum_protected`";

/// The runtime's path when none is given.
pub(crate) fn default() -> TokenStream {
    quote!(::axum_protected)
}

/// The path in attributes of this name, which say nothing else.
pub(crate) fn of_attributes(
    attributes: &[Attribute],
    name: &str,
    errors: &mut Errors,
) -> TokenStream {
    let mut stated = Vec::new();
    for attribute in attributes {
        if !attribute.path().is_ident(name) {
            continue;
        }
        match &attribute.meta {
            Meta::List(list) if !list.tokens.is_empty() => {
                stated.extend(entries(list.tokens.clone(), EXAMPLE, errors));
            }
            _ => errors.at(attribute, format!("write `#[{name}({EXAMPLE})]`")),
        }
    }
    alone(&stated, errors)
}

/// The path in a list that says nothing else.
pub(crate) fn of_list(list: TokenStream, errors: &mut Errors) -> TokenStream {
    alone(&entries(list, EXAMPLE, errors), errors)
}

fn alone(stated: &[Entry], errors: &mut Errors) -> TokenStream {
    let mut found = None;
    for entry in stated {
        if entry.key != "crate" {
            suggest::unknown(&entry.key, &["crate"], errors);
        } else if found.is_some() {
            errors.at(entry, "`crate` is here twice: remove one");
        } else {
            found = runtime(entry, errors);
        }
    }
    found.unwrap_or_else(default)
}

/// The path of `crate = path`.
pub(crate) fn runtime(entry: &Entry, errors: &mut Errors) -> Option<TokenStream> {
    let Form::Value(value) = &entry.form else {
        errors.at(entry, format!("`crate` needs a path: {FIX}"));
        return None;
    };
    match value.as_slice() {
        [] => errors.at(entry, format!("`crate` needs a path: {FIX}")),
        [TokenTree::Literal(quoted)] => {
            errors.at(quoted, format!("`crate` takes a path without quotes: {FIX}"))
        }
        value => match Path::parse_mod_style.parse2(tokens(value)) {
            Ok(path) if is_absolute(&path) => return Some(path.into_token_stream()),
            Ok(path) => {
                let written = written(&path);
                errors.at(path, format!("a relative path means something else in each module: write `crate = ::{written}` or `crate = crate::{written}`"));
            }
            Err(_) => errors.at(tokens(value), format!("`crate` takes a path: {FIX}")),
        },
    }
    None
}

/// `$crate` arrives from `macro_rules!` under that very name.
fn is_absolute(path: &Path) -> bool {
    let first = path.segments.first();
    path.leading_colon.is_some()
        || first.is_some_and(|first| first.ident == "crate" || first.ident == "$crate")
}

fn written(path: &Path) -> String {
    let relative = |name: &String| name != "self" && name != "super";
    let names: Vec<_> =
        path.segments.iter().map(|segment| segment.ident.to_string()).filter(relative).collect();
    match names.as_slice() {
        [] => "axum_protected".to_owned(),
        names => names.join("::"),
    }
}
