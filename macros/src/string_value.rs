//! Reads an attribute value that is one string.

use proc_macro2::{Delimiter, Ident, TokenTree};
use syn::{Lit, LitStr};

use crate::errors::Errors;
use crate::list::{Entry, Form, tokens};

/// Texts for the error messages about a string value.
pub(crate) struct Hint<'a> {
    /// The text of a valid entry, such as `role = "auditor"`.
    pub(crate) example: &'a str,
    /// The error message for several strings in one value, or `None` if no other form accepts
    /// several strings.
    pub(crate) several: Option<&'a str>,
}

/// Reads the string of `key = "..."`.
pub(crate) fn text(entry: &Entry, hint: &Hint<'_>, errors: &mut Errors) -> Option<LitStr> {
    let Hint { example, .. } = hint;
    let key = &entry.key;
    match &entry.form {
        Form::Value(value) => from_value(key, value, hint, errors),
        Form::List(list) => {
            match syn::parse2::<LitStr>(list.stream()) {
                Ok(text) => errors.at(
                    entry,
                    format!("`{key}` takes its value after `=`: write `{key} = {}`", text.token()),
                ),
                Err(_) => errors.at(entry, several_or(hint)),
            }
            None
        }
        Form::Bare => {
            errors.at(key, format!("`{key}` needs a value: write `{example}`"));
            None
        }
        Form::Other(_) => {
            errors.at(entry, format!("`=` is missing after `{key}`: write `{example}`"));
            None
        }
    }
}

fn from_value(
    key: &Ident,
    value: &[TokenTree],
    hint: &Hint<'_>,
    errors: &mut Errors,
) -> Option<LitStr> {
    let example = hint.example;
    match value {
        [] => errors.at(key, format!("`{key}` needs a value: write `{example}`")),
        [TokenTree::Literal(_)] => return literal(tokens(value), example, errors),
        [TokenTree::Group(list)] if list.delimiter() != Delimiter::Brace => {
            errors.at(list, several_or(hint));
        }
        [TokenTree::Literal(_), TokenTree::Punct(operator), ..]
            if "|&+".contains(operator.as_char()) =>
        {
            errors.at(tokens(value), several_or(hint));
        }
        [TokenTree::Literal(_), stray @ ..] => {
            errors
                .at(tokens(stray), format!("unexpected tokens after the value: write `{example}`"));
        }
        _ => errors.at(tokens(value), format!("the value must be a string: write `{example}`")),
    }
    None
}

/// Reads a literal that must be a string. `example` is the text of a valid entry.
pub(crate) fn literal(
    value: proc_macro2::TokenStream,
    example: &str,
    errors: &mut Errors,
) -> Option<LitStr> {
    match syn::parse2::<Lit>(value.clone()) {
        Ok(Lit::Str(text)) if text.suffix().is_empty() => {
            return require_visible(&text, errors).then_some(text);
        }
        Ok(Lit::Str(text)) => {
            let suffix = text.suffix();
            errors.at(
                value,
                format!("a string cannot have the suffix `{suffix}`: write `{example}`"),
            );
        }
        _ => errors.at(value, format!("the value must be a string: write `{example}`")),
    }
    None
}

/// Reports control characters, and characters that break a line or change the direction of the
/// text, because logs and documents show the string. Returns true if all characters of the string
/// are valid.
pub(crate) fn require_visible(text: &LitStr, errors: &mut Errors) -> bool {
    let invisible = invisible_character(&text.value());
    if let Some(character) = invisible {
        let character = character.escape_default();
        errors.at(
            text,
            format!("the string cannot contain `{character}`: use visible characters on one line"),
        );
    }
    invisible.is_none()
}

/// Finds the first character that is not visible on one line.
pub(crate) fn invisible_character(text: &str) -> Option<char> {
    text.chars().find(|character| {
        character.is_control()
            || matches!(character, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    })
}

fn several_or(hint: &Hint<'_>) -> String {
    match hint.several {
        Some(several) => several.to_owned(),
        None => format!("the value must be one string: write `{}`", hint.example),
    }
}
