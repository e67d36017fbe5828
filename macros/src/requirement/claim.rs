//! `claim("path" = value)`: what a claim of the token must be.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Lit, LitInt, LitStr, Token};

use crate::errors::Errors;
use crate::list::{Entry, Form, flat, tokens};
use crate::string_value::is_visible;

const EXAMPLE: &str = "claim(\"tenant\" = \"acme\")";

/// Names that are one key, dots and all: claims are named by URIs so as not to collide (RFC 7519
/// section 4.2).
const URIS: [&str; 3] = ["https://", "http://", "urn:"];

/// A claim and its value.
pub(crate) struct Claim {
    /// As one string, if it was written so.
    pub(crate) name: Option<LitStr>,
    /// The key in each object on the way.
    pub(crate) keys: Vec<LitStr>,
    pub(crate) value: Value,
}

/// What a claim is compared with.
#[derive(Clone)]
pub(crate) enum Value {
    Text(LitStr),
    Integer(i64),
    Bool(bool),
}

impl Claim {
    /// Reads `claim("path" = value)`.
    pub(crate) fn parse(entry: &Entry, errors: &mut Errors) -> Option<Self> {
        let Form::List(list) = &entry.form else {
            errors.at(
                entry,
                format!("`claim` takes a name and a value in parentheses: write `{EXAMPLE}`"),
            );
            return None;
        };
        let list = flat(list.stream());
        let (key, rest) = match list.as_slice() {
            [] => {
                errors.at(entry, format!("`claim()` compares nothing: write `{EXAMPLE}`"));
                return None;
            }
            [key, rest @ ..] => (key, rest),
        };
        let name = name(key, errors);
        let value = compared(key, rest, errors);
        let (name, keys) = name?;
        Some(Self { name, keys, value: value? })
    }
}

type Name = (Option<LitStr>, Vec<LitStr>);

fn name(key: &TokenTree, errors: &mut Errors) -> Option<Name> {
    if let TokenTree::Group(keys) = key
        && keys.delimiter() == Delimiter::Bracket
    {
        return key_by_key(keys, errors).map(|keys| (None, keys));
    }
    let Ok(name) = syn::parse2::<LitStr>(TokenStream::from(key.clone())) else {
        errors.at(key, format!("the name of a claim is a string: write `{EXAMPLE}`"));
        return None;
    };
    if !is_visible(&name, errors) {
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
        errors.at(name, format!("a dot parts two names, and `{value}` looks like one: write `claim([{}] = ...)`, or name by name as in `claim([\"a\", \"b\"] = ...)`", name.token()));
        return None;
    }
    let keys: Vec<_> = value.split('.').collect();
    if keys.iter().any(|key| key.trim().is_empty()) {
        errors.at(name, "a dot parts two names, and one of them is empty: remove the dot, or write a name that has dots as `claim([\"a.b\"] = \"c\")`");
        return None;
    }
    let keys = keys.into_iter();
    Some(keys.map(|key| LitStr::new(key, name.span())).collect())
}

fn key_by_key(keys: &Group, errors: &mut Errors) -> Option<Vec<LitStr>> {
    const FIX: &str = "write `claim([\"https://example.com/roles\", \"a.b\"] = \"c\")`";
    let names = Punctuated::<LitStr, Token![,]>::parse_terminated.parse2(keys.stream());
    let Ok(names) = names else {
        errors.at(keys, format!("the names on the way are strings: {FIX}"));
        return None;
    };
    let names: Vec<_> = names.into_iter().collect();
    if names.is_empty() {
        errors.at(keys, format!("these are no names: {FIX}"));
    }
    let mut right = !names.is_empty();
    for empty in names.iter().filter(|name| name.value().trim().is_empty()) {
        errors.at(empty, format!("this name is empty: {FIX}"));
        right = false;
    }
    for name in &names {
        right &= is_visible(name, errors);
    }
    right.then_some(names)
}

fn compared(key: &TokenTree, rest: &[TokenTree], errors: &mut Errors) -> Option<Value> {
    let is = |token: &TokenTree, wanted| matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted);
    let comma = rest.iter().position(|token| is(token, ','));
    let (first, others) = rest.split_at_checked(comma.unwrap_or(rest.len())).unwrap_or((rest, &[]));
    if let [_, another @ ..] = others
        && !another.is_empty()
    {
        errors.at(tokens(another), "one `claim` compares one claim: write `all(claim(\"a\" = 1), claim(\"b\" = 2))` or `any(...)`");
        return None;
    }
    match first {
        [] => errors.at(key, format!("a claim is compared with a value: write `{EXAMPLE}`")),
        [equals] if is(equals, '=') => {
            errors.at(key, format!("a claim is compared with a value: write `{EXAMPLE}`"))
        }
        [equals, again, ..] if is(equals, '=') && is(again, '=') => {
            errors.at(again, format!("write one `=`: `{EXAMPLE}`"));
        }
        [equals, value @ ..] if is(equals, '=') => return literal(value, errors),
        other => {
            errors.at(tokens(other), format!("a claim is equal to a value: write `{EXAMPLE}`"))
        }
    }
    None
}

fn literal(value: &[TokenTree], errors: &mut Errors) -> Option<Value> {
    let written = tokens(value);
    let (negative, digits) = match value {
        [TokenTree::Punct(minus), digits] if minus.as_char() == '-' => (true, digits),
        [only] => (false, only),
        _ => return refused(&written, errors),
    };
    match syn::parse2::<Lit>(TokenStream::from(digits.clone())) {
        Ok(Lit::Int(number)) if number.suffix().is_empty() => {
            integer(&number, negative, &written, errors)
        }
        Ok(Lit::Str(text)) if !negative && text.suffix().is_empty() => {
            is_visible(&text, errors).then_some(Value::Text(text))
        }
        Ok(Lit::Bool(truth)) if !negative => Some(Value::Bool(truth.value())),
        Ok(Lit::Float(_)) => {
            errors.at(
                written,
                "compare whole numbers, strings or booleans: no two parsers agree on the last digit of a fraction",
            );
            None
        }
        Ok(Lit::Int(number)) => {
            let suffix = number.suffix();
            errors.at(&number, format!("remove the suffix `{suffix}`"));
            None
        }
        _ => refused(&written, errors),
    }
}

fn refused(written: &TokenStream, errors: &mut Errors) -> Option<Value> {
    errors.at(written, "compare with one string, whole number or boolean; for one of several write `any(claim(\"a\" = 1), claim(\"a\" = 2))`");
    None
}

fn integer(
    number: &LitInt,
    negative: bool,
    written: &TokenStream,
    errors: &mut Errors,
) -> Option<Value> {
    let sign = if negative { "-" } else { "" };
    let Ok(number) = format!("{sign}{}", number.base10_digits()).parse() else {
        errors.at(written, "this number has more than 64 bits: compare a string instead");
        return None;
    };
    Some(Value::Integer(number))
}
