//! Reads the values inside `details`: one string, or `all(...)` of strings.

use proc_macro2::{Delimiter, Group, TokenTree};
use syn::LitStr;

use crate::errors::Errors;
use crate::list::{Entry, Form, flatten, is_punct, tokens};
use crate::string_value::{Hint, literal, text};

const ALTERNATIVES: &str =
    "write the alternatives outside, as in `any(details(...), details(...))`";

/// Reads the value of a member that has one string.
pub(super) fn single(
    entry: &Entry,
    key: &str,
    example: &str,
    errors: &mut Errors,
) -> Option<LitStr> {
    let several = format!("`{key}` takes one string: {ALTERNATIVES}");
    if let Some(group) = group_of(entry) {
        errors.at(tokens(group), several);
        return None;
    }
    let string = text(entry, &Hint { example, several: Some(&several) }, errors)?;
    require_text(&string, key, example, errors).then_some(string)
}

/// Reads the value of a member that has an array of strings.
pub(super) fn several(
    entry: &Entry,
    key: &str,
    example: &str,
    errors: &mut Errors,
) -> Option<Vec<LitStr>> {
    let several = format!(
        "`{key}` takes one string or `all(...)` of strings: write `{key} = all(\"a\", \"b\")`, or {ALTERNATIVES}"
    );
    match group_of(entry) {
        Some([TokenTree::Ident(all), TokenTree::Group(list)])
            if all == "all" && list.delimiter() == Delimiter::Parenthesis =>
        {
            strings(list, key, example, errors)
        }
        Some(other) => {
            errors.at(tokens(other), several);
            None
        }
        None => {
            let string = text(entry, &Hint { example, several: Some(&several) }, errors)?;
            require_text(&string, key, example, errors).then(|| vec![string])
        }
    }
}

/// Returns the value of an entry if the value is a word and a group, such as `all(...)`.
fn group_of(entry: &Entry) -> Option<&[TokenTree]> {
    match &entry.form {
        Form::Value(value) => match value.as_slice() {
            [TokenTree::Ident(_), TokenTree::Group(_)] => Some(value),
            _ => None,
        },
        _ => None,
    }
}

/// Reads the strings of `all(...)`. Returns `None` if one of them has a mistake.
fn strings(list: &Group, key: &str, example: &str, errors: &mut Errors) -> Option<Vec<LitStr>> {
    let tokens = flatten(list.stream());
    if tokens.is_empty() {
        errors.at(list, format!("`all()` is empty: write `{key} = all(\"a\", \"b\")`"));
        return None;
    }
    let mut written: Vec<_> = tokens.split(|token| is_punct(token, ',')).collect();
    written.pop_if(|last| last.is_empty());
    let mut values: Vec<LitStr> = Vec::new();
    let mut is_valid = true;
    for argument in written {
        let Some(string) = string(argument, list, key, errors) else {
            is_valid = false;
            continue;
        };
        if !require_text(&string, key, example, errors) {
            is_valid = false;
        } else if values.iter().any(|value| value.value() == string.value()) {
            errors.at(&string, format!("`{}` is already in `{key}`: remove it", string.token()));
            is_valid = false;
        } else {
            values.push(string);
        }
    }
    is_valid.then_some(values)
}

/// Reads one string of `all(...)`.
fn string(argument: &[TokenTree], list: &Group, key: &str, errors: &mut Errors) -> Option<LitStr> {
    let example = format!("{key} = all(\"a\", \"b\")");
    match argument {
        [] => {
            errors.at(list, format!("nothing precedes a comma here: write `{example}`"));
            None
        }
        [TokenTree::Literal(_)] => literal(tokens(argument), &example, errors),
        [TokenTree::Literal(_), operator, ..]
            if "|&+".chars().any(|sign| is_punct(operator, sign)) =>
        {
            errors.at(
                tokens(argument),
                format!("`all(...)` takes strings and commas: write `{example}`"),
            );
            None
        }
        [TokenTree::Literal(_), next, ..] => {
            errors.at(next, format!("missing comma: write one before `{next}`"));
            None
        }
        _ => {
            errors.at(
                tokens(argument),
                format!("`all(...)` takes only strings here: write `{example}`"),
            );
            None
        }
    }
}

fn require_text(string: &LitStr, key: &str, example: &str, errors: &mut Errors) -> bool {
    let has_text = !string.value().trim().is_empty();
    if !has_text {
        errors.at(string, format!("the value of `{key}` is empty: write `{example}`"));
    }
    has_text
}
