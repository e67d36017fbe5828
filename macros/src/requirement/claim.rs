//! `claim("path" = value)`: the required value of a claim.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Lit, LitInt, LitStr, Token};

use crate::errors::Errors;
use crate::list::{Entry, Form, flatten, is_punct, tokens};
use crate::string_value::require_visible;

const EXAMPLE: &str = "claim(\"tenant\" = \"acme\")";

/// The prefixes of claim names that are URIs. A claim name that is a URI is a single key, even
/// if it contains dots. URIs as claim names avoid collisions (RFC 7519 section 4.2).
const URIS: [&str; 3] = ["https://", "http://", "urn:"];

/// A claim and its required value.
pub(crate) struct Claim {
    /// The name of the claim, if the user has written the name as one string.
    pub(crate) name: Option<LitStr>,
    /// The keys of the nested JSON objects, from the outermost object to the innermost.
    pub(crate) keys: Vec<LitStr>,
    pub(crate) value: Value,
}

/// The value to compare a claim with.
#[derive(Clone)]
pub(crate) enum Value {
    Text(LitStr),
    Integer(i64),
    Bool(bool),
}

impl Claim {
    /// Reads the entry `claim("path" = value)`.
    pub(crate) fn parse(entry: &Entry, errors: &mut Errors) -> Option<Self> {
        let Form::List(list) = &entry.form else {
            errors.at(
                entry,
                format!("`claim` takes a name and a value in parentheses: write `{EXAMPLE}`"),
            );
            return None;
        };
        let list = flatten(list.stream());
        let (key, rest) = match list.as_slice() {
            [] => {
                errors.at(entry, format!("`claim()` is empty: write `{EXAMPLE}`"));
                return None;
            }
            [key, rest @ ..] => (key, rest),
        };
        let name = name(key, errors);
        let value = value(key, rest, errors);
        let (name, keys) = name?;
        Some(Self { name, keys, value: value? })
    }
}

type Name = (Option<LitStr>, Vec<LitStr>);

fn name(key: &TokenTree, errors: &mut Errors) -> Option<Name> {
    if let TokenTree::Group(keys) = key
        && keys.delimiter() == Delimiter::Bracket
    {
        return listed_keys(keys, errors).map(|keys| (None, keys));
    }
    let Ok(name) = syn::parse2::<LitStr>(TokenStream::from(key.clone())) else {
        errors.at(key, format!("the name of a claim must be a string: write `{EXAMPLE}`"));
        return None;
    };
    if !require_visible(&name, errors) {
        return None;
    }
    split(&name, errors).map(|keys| (Some(name), keys))
}

fn split(name: &LitStr, errors: &mut Errors) -> Option<Vec<LitStr>> {
    let value = name.value();
    if value.trim().is_empty() {
        errors.at(name, format!("the name of the claim is empty: write `{EXAMPLE}`"));
        return None;
    }
    if URIS.iter().any(|uri| value.starts_with(uri)) {
        return Some(vec![name.clone()]);
    }
    if value.contains('.') && value.contains([':', '/']) {
        errors.at(name, format!("a dot separates nested names, but `{value}` looks like one name: write `claim([{}] = ...)`, or list nested names as in `claim([\"a\", \"b\"] = ...)`", name.token()));
        return None;
    }
    let keys: Vec<_> = value.split('.').collect();
    if keys.iter().any(|key| key.trim().is_empty()) {
        errors.at(name, "a dot separates nested names, and one of them is empty: remove the dot, or write a name that contains dots as `claim([\"a.b\"] = \"c\")`");
        return None;
    }
    Some(keys.into_iter().map(|key| LitStr::new(key, name.span())).collect())
}

fn listed_keys(keys: &Group, errors: &mut Errors) -> Option<Vec<LitStr>> {
    const FIX: &str = "write `claim([\"https://example.com/roles\", \"a.b\"] = \"c\")`";
    let Ok(list) = Punctuated::<LitStr, Token![,]>::parse_terminated.parse2(keys.stream()) else {
        errors.at(keys, format!("nested names must be strings: {FIX}"));
        return None;
    };
    let names: Vec<_> = list.into_iter().collect();
    if names.is_empty() {
        errors.at(keys, format!("the list of names is empty: {FIX}"));
    }
    let mut is_valid = !names.is_empty();
    for empty in names.iter().filter(|name| name.value().trim().is_empty()) {
        errors.at(empty, format!("this name is empty: {FIX}"));
        is_valid = false;
    }
    for name in &names {
        is_valid &= require_visible(name, errors);
    }
    is_valid.then_some(names)
}

fn value(key: &TokenTree, rest: &[TokenTree], errors: &mut Errors) -> Option<Value> {
    let comma = rest.iter().position(|token| is_punct(token, ','));
    let (first, others) = rest.split_at_checked(comma.unwrap_or(rest.len())).unwrap_or((rest, &[]));
    if let [_, another @ ..] = others
        && !another.is_empty()
    {
        errors.at(tokens(another), "`claim` compares one claim: write `all(claim(\"a\" = 1), claim(\"b\" = 2))` or `any(...)`");
        return None;
    }
    match first {
        [] => errors.at(key, format!("the value of the claim is missing: write `{EXAMPLE}`")),
        [equals] if is_punct(equals, '=') => {
            errors.at(key, format!("the value of the claim is missing: write `{EXAMPLE}`"));
        }
        [equals, second, ..] if is_punct(equals, '=') && is_punct(second, '=') => {
            errors.at(second, format!("a claim is compared with a single `=`: write `{EXAMPLE}`"));
        }
        [equals, value @ ..] if is_punct(equals, '=') => return literal(value, errors),
        other => errors
            .at(tokens(other), format!("a claim can only be compared with `=`: write `{EXAMPLE}`")),
    }
    None
}

fn literal(value: &[TokenTree], errors: &mut Errors) -> Option<Value> {
    let all = tokens(value);
    let (negative, digits) = match value {
        [TokenTree::Punct(minus), digits] if minus.as_char() == '-' => (true, digits),
        [only] => (false, only),
        _ => return invalid_value(&all, errors),
    };
    match syn::parse2::<Lit>(TokenStream::from(digits.clone())) {
        Ok(Lit::Int(number)) if number.suffix().is_empty() => {
            integer(&number, negative, &all, errors)
        }
        Ok(Lit::Str(text)) if !negative && text.suffix().is_empty() => {
            require_visible(&text, errors).then_some(Value::Text(text))
        }
        Ok(Lit::Bool(truth)) if !negative => Some(Value::Bool(truth.value())),
        Ok(Lit::Float(_)) => {
            errors.at(
                all,
                "a claim cannot be compared with a fraction, as parsers round differently: write a whole number, a string or a boolean",
            );
            None
        }
        Ok(Lit::Int(number)) => {
            let suffix = number.suffix();
            errors.at(&number, format!("a number cannot have a suffix: remove `{suffix}`"));
            None
        }
        _ => invalid_value(&all, errors),
    }
}

fn invalid_value(value: &TokenStream, errors: &mut Errors) -> Option<Value> {
    errors.at(value, "the value must be one string, whole number or boolean: for alternatives write `any(claim(\"a\" = 1), claim(\"a\" = 2))`");
    None
}

fn integer(
    number: &LitInt,
    negative: bool,
    value: &TokenStream,
    errors: &mut Errors,
) -> Option<Value> {
    let sign = if negative { "-" } else { "" };
    let Ok(number) = format!("{sign}{}", number.base10_digits()).parse() else {
        errors.at(value, "this number does not fit in 64 bits: compare a string instead");
        return None;
    };
    Some(Value::Integer(number))
}
