//! A value that is one string.

use proc_macro2::{Delimiter, Ident, TokenTree};
use syn::{Lit, LitStr};

use crate::errors::Errors;
use crate::list::{Entry, Form, tokens};

/// How the string of a key is written, for the messages.
pub(crate) struct Hint<'a> {
    /// An entry that would be right.
    pub(crate) example: &'a str,
    /// What to write for several strings, where that makes sense.
    pub(crate) several: Option<&'a str>,
}

/// The string of `key = "..."`.
pub(crate) fn text(entry: &Entry, wanted: &Hint<'_>, errors: &mut Errors) -> Option<LitStr> {
    let Hint { example, .. } = wanted;
    let key = &entry.key;
    match &entry.form {
        Form::Value(value) => from_value(key, value, wanted, errors),
        Form::List(list) => {
            match syn::parse2::<LitStr>(list.stream()) {
                Ok(text) => errors.at(entry, format!("write `{key} = {}`", text.token())),
                Err(_) => errors.at(entry, several_or(wanted)),
            }
            None
        }
        Form::Bare => {
            errors.at(key, format!("`{key}` needs a value: write `{example}`"));
            None
        }
        Form::Other(_) => {
            errors.at(entry, format!("write `=` after `{key}`: `{example}`"));
            None
        }
    }
}

fn from_value(
    key: &Ident,
    value: &[TokenTree],
    wanted: &Hint<'_>,
    errors: &mut Errors,
) -> Option<LitStr> {
    let example = wanted.example;
    match value {
        [] => errors.at(key, format!("`{key}` needs a value: write `{example}`")),
        [TokenTree::Literal(_)] => return literal(tokens(value), example, errors),
        [TokenTree::Group(list)] if list.delimiter() != Delimiter::Brace => {
            errors.at(list, several_or(wanted));
        }
        [TokenTree::Literal(_), TokenTree::Punct(join), ..] if "|&+".contains(join.as_char()) => {
            errors.at(tokens(value), several_or(wanted));
        }
        [TokenTree::Literal(_), stray @ ..] => {
            errors.at(tokens(stray), format!("nothing may follow the value: write `{example}`"));
        }
        _ => errors.at(tokens(value), format!("write a string: `{example}`")),
    }
    None
}

fn literal(value: proc_macro2::TokenStream, example: &str, errors: &mut Errors) -> Option<LitStr> {
    match syn::parse2::<Lit>(value.clone()) {
        Ok(Lit::Str(text)) if text.suffix().is_empty() => {
            return is_visible(&text, errors).then_some(text);
        }
        Ok(Lit::Str(text)) => {
            let suffix = text.suffix();
            errors.at(value, format!("remove the suffix `{suffix}`: write `{example}`"));
        }
        _ => errors.at(value, format!("write a string: `{example}`")),
    }
    None
}

/// Whether a string has nothing that would break a line of what is shown to people, or turn it
/// around.
pub(crate) fn is_visible(text: &LitStr, errors: &mut Errors) -> bool {
    let value = text.value();
    let odd = value.chars().find(|character| {
        character.is_control()
            || matches!(character, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    });
    if let Some(odd) = odd {
        let odd = odd.escape_default();
        errors.at(
            text,
            format!(
                "a string of an attribute has no `{odd}`: write it in one line, of what can be seen"
            ),
        );
    }
    odd.is_none()
}

fn several_or(wanted: &Hint<'_>) -> String {
    match wanted.several {
        Some(several) => several.to_owned(),
        None => format!("write one string: `{}`", wanted.example),
    }
}
