//! Reads `check = ...` and `policy = ...`, the demands that a function, a closure or a type of the
//! user decides.

use proc_macro2::{Delimiter, TokenTree};
use quote::ToTokens as _;
use syn::Path;
use syn::parse::Parser as _;

use super::closure::Closure;
use super::code_text::is_same_in_each_crate;
use super::constants::Constants;
use crate::errors::Errors;
use crate::list::{Entry, Form, begins_closure, tokens};

const CHECK: &str = "check = owns_order";
const POLICY: &str = "policy = CanWriteItems";

/// The user's code in a policy.
pub(crate) enum Code {
    /// The path of a function with `#[check]`, or of a type that implements `Check`.
    Check(Path),
    /// The path of a function with `#[check]`, and the values of its constants.
    ConstantCheck(Path, Constants),
    /// A check that is a closure.
    Inline(Closure),
    /// The path of a type that implements `Policy`.
    Policy(Path),
}

impl Code {
    /// Reads `check = ...`.
    pub(crate) fn check(entry: &Entry, errors: &mut Errors) -> Option<Self> {
        let value = value(entry, CHECK, errors)?;
        if begins_closure(value) {
            return Closure::parse(value, errors).map(Self::Inline);
        }
        if let [name @ .., TokenTree::Group(list)] = value
            && list.delimiter() == Delimiter::Parenthesis
            && let Some(TokenTree::Ident(_)) = name.last()
        {
            let constants = Constants::parse(list, errors);
            let path = path(name, "the path of a function", CHECK, errors)?;
            return Some(Self::ConstantCheck(path, constants?));
        }
        path(value, "the path of a function", CHECK, errors).map(Self::Check)
    }

    /// Reads `policy = ...`.
    pub(crate) fn policy(entry: &Entry, errors: &mut Errors) -> Option<Self> {
        let value = value(entry, POLICY, errors)?;
        path(value, "the path of a type", POLICY, errors).map(Self::Policy)
    }

    /// Returns the path of the check, unless the check is a closure.
    pub(super) fn function(&self) -> Option<&Path> {
        match self {
            Self::Check(path) | Self::ConstantCheck(path, _) => Some(path),
            Self::Inline(_) | Self::Policy(_) => None,
        }
    }

    /// Returns true if both values certainly name the same check or policy. The guard then runs the
    /// check or the policy only once.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Check(this), Self::Check(other)) | (Self::Policy(this), Self::Policy(other))
                if is_same_in_each_crate(this.to_token_stream()) =>
            {
                text(this) == text(other)
            }
            (Self::ConstantCheck(this, constants), Self::ConstantCheck(other, other_constants))
                if is_same_in_each_crate(this.to_token_stream()) =>
            {
                text(this) == text(other) && constants.are(other_constants)
            }
            _ => std::ptr::eq(self, other),
        }
    }
}

fn text(path: &Path) -> String {
    path.to_token_stream().to_string()
}

fn value<'a>(entry: &'a Entry, example: &str, errors: &mut Errors) -> Option<&'a [TokenTree]> {
    let key = &entry.key;
    match &entry.form {
        Form::Value(value) if !value.is_empty() => return Some(value),
        Form::Value(_) | Form::Bare => {
            errors.at(key, format!("`{key}` needs a value: write `{example}`"));
        }
        Form::List(_) | Form::Other(_) => {
            errors.at(entry, format!("`=` is missing after `{key}`: write `{example}`"));
        }
    }
    None
}

fn path(value: &[TokenTree], noun: &str, example: &str, errors: &mut Errors) -> Option<Path> {
    let mistake = match value {
        [TokenTree::Literal(_)] => {
            format!("the value must be {noun} without quotes: write `{example}`")
        }
        [TokenTree::Group(_), ..] => {
            format!("the value must be {noun} and nothing else: write `{example}`")
        }
        _ => match Path::parse_mod_style.parse2(tokens(value)) {
            Ok(path) => return Some(path),
            Err(_) => format!("the value must be {noun} and nothing else: write `{example}`"),
        },
    };
    errors.at(tokens(value), mistake);
    None
}
