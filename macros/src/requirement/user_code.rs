//! `check = ...` and `policy = ...`: what runs the user's own code.

use proc_macro2::TokenTree;
use quote::ToTokens as _;
use syn::Path;
use syn::parse::Parser as _;

use super::closure::Closure;
use crate::errors::Errors;
use crate::list::begins_closure;
use crate::list::{Entry, Form, tokens};

const CHECK: &str = "check = owns_order";
const POLICY: &str = "policy = CanWriteItems";

/// The user's own code in a policy.
pub(crate) enum Code {
    /// A function with `#[check]`, or a type that implements `Check`.
    Check(Path),
    /// A closure.
    Inline(Closure),
    /// A type that implements `Policy`.
    Policy(Path),
}

impl Code {
    /// Reads `check = ...`.
    pub(crate) fn check(entry: &Entry, errors: &mut Errors) -> Option<Self> {
        let value = value(entry, CHECK, errors)?;
        if begins_closure(value) {
            return Closure::parse(value, errors).map(Self::Inline);
        }
        path(value, "the function's path", CHECK, errors).map(Self::Check)
    }

    /// Reads `policy = ...`.
    pub(crate) fn policy(entry: &Entry, errors: &mut Errors) -> Option<Self> {
        let value = value(entry, POLICY, errors)?;
        path(value, "the type's path", POLICY, errors).map(Self::Policy)
    }

    /// Whether both are certainly the same code, so that it need run once only.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let text = |path: &Path| path.to_token_stream().to_string();
        match (self, other) {
            (Self::Check(this), Self::Check(other)) | (Self::Policy(this), Self::Policy(other)) => {
                text(this) == text(other)
            }
            _ => std::ptr::eq(self, other),
        }
    }
}

fn value<'a>(entry: &'a Entry, example: &str, errors: &mut Errors) -> Option<&'a [TokenTree]> {
    let key = &entry.key;
    match &entry.form {
        Form::Value(value) if !value.is_empty() => return Some(value),
        Form::Value(_) | Form::Bare => {
            errors.at(key, format!("`{key}` needs a value: write `{example}`"));
        }
        Form::List(_) | Form::Other(_) => {
            errors.at(entry, format!("write `=` after `{key}`: `{example}`"));
        }
    }
    None
}

fn path(value: &[TokenTree], what: &str, example: &str, errors: &mut Errors) -> Option<Path> {
    let mistake = match value {
        [TokenTree::Literal(_)] => format!("write {what} without quotes: `{example}`"),
        [TokenTree::Group(_), ..] => format!("write {what} alone: `{example}`"),
        _ => match Path::parse_mod_style.parse2(tokens(value)) {
            Ok(path) => return Some(path),
            Err(_) => format!("write {what} and nothing else: `{example}`"),
        },
    };
    errors.at(tokens(value), mistake);
    None
}
