//! The grammar of the arguments of all attributes: `key = value` and `key(list)`, separated by
//! commas.

mod chunk;

pub(crate) use self::chunk::{begins_closure, is_punct};

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt as _};

use self::chunk::{chunk, closure_body, is_closure};
use crate::errors::Errors;

/// An entry of a list of attribute arguments.
pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) form: Form,
}

/// The tokens after the key of an entry.
pub(crate) enum Form {
    /// `key`
    Bare,
    /// `key = value`; the value is not parsed and may be empty
    Value(Vec<TokenTree>),
    /// `key(list)`
    List(Group),
    /// `key` followed by any other tokens
    Other(Vec<TokenTree>),
}

impl ToTokens for Entry {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.key.to_tokens(tokens);
        match &self.form {
            Form::Bare => {}
            Form::Value(rest) | Form::Other(rest) => tokens.append_all(rest),
            Form::List(list) => list.to_tokens(tokens),
        }
    }
}

/// Reads the entries of a list. `example` is the text of a valid entry, which error messages show.
pub(crate) fn entries(list: TokenStream, example: &str, errors: &mut Errors) -> Vec<Entry> {
    let tokens = flatten_outside_closures(list, errors);
    let mut rest = tokens.as_slice();
    let mut entries = Vec::new();
    while !rest.is_empty() {
        let (chunk, after) = chunk(rest);
        match (chunk, after) {
            ([], [comma, ..]) => errors.at(
                comma,
                format!("nothing precedes this comma: remove it, or write `{example}` before it"),
            ),
            _ => entries.extend(entry(chunk, example, errors)),
        }
        rest = match after {
            [TokenTree::Punct(comma), after @ ..] if comma.as_char() == ',' => after,
            [next, ..] => {
                errors.at(next, format!("missing comma: write one before `{next}`"));
                after
            }
            [] => after,
        };
    }
    entries
}

fn entry(chunk: &[TokenTree], example: &str, errors: &mut Errors) -> Option<Entry> {
    let (key, rest) = match chunk {
        [TokenTree::Ident(key), rest @ ..] => (key.clone(), rest),
        [TokenTree::Literal(bare)] if bare.to_string().starts_with('"') => {
            let key = example.split(' ').next().unwrap_or(example);
            errors.at(bare, format!("the key is missing: write `{key} = {bare}`"));
            return None;
        }
        other => {
            errors.at(tokens(other), format!("expected a key: write `{example}`"));
            return None;
        }
    };
    let form = match rest {
        [] => Form::Bare,
        [TokenTree::Punct(equals), value @ ..] if equals.as_char() == '=' => {
            Form::Value(value.to_vec())
        }
        [TokenTree::Group(list), stray @ ..] if list.delimiter() == Delimiter::Parenthesis => {
            if !stray.is_empty() {
                errors.at(
                    tokens(stray),
                    format!("unexpected tokens after `{key}(...)`: write a comma"),
                );
            }
            Form::List(without_empty_groups(list))
        }
        other => Form::Other(other.to_vec()),
    };
    Some(Entry { key, form })
}

/// Returns an empty list if the tokens of a list are empty substitutions of `macro_rules!`, and
/// otherwise the unchanged list.
fn without_empty_groups(list: &Group) -> Group {
    if !flatten(list.stream()).is_empty() {
        return list.clone();
    }
    let mut empty = Group::new(list.delimiter(), TokenStream::new());
    empty.set_span(list.span());
    empty
}

/// Unwraps the groups without delimiters that `macro_rules!` puts around substituted fragments.
pub(crate) fn flatten(list: TokenStream) -> Vec<TokenTree> {
    let mut tokens = Vec::new();
    for token in list {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                tokens.extend(flatten(group.stream()));
            }
            other => tokens.push(other),
        }
    }
    tokens
}

/// Unwraps the groups without delimiters, except in the bodies of closures, where a group marks the
/// extent of an expression. A group that contains a closure marks the extent of the closure. This
/// function reports the tokens between the end of such a group and the next comma, because the
/// tokens would otherwise become part of the closure body.
fn flatten_outside_closures(list: TokenStream, errors: &mut Errors) -> Vec<TokenTree> {
    let mut flattened = Vec::new();
    let mut entry = Vec::new();
    let mut is_complete = false;
    let mut stray = Vec::new();
    let mut open = vec![list.into_iter()];
    while let Some(tokens) = open.last_mut() {
        match tokens.next() {
            Some(token) if is_complete && !is_punct(&token, ',') => stray.push(token),
            Some(TokenTree::Group(group))
                if group.delimiter() == Delimiter::None && closure_body(&entry).is_none() =>
            {
                open.push(group.stream().into_iter());
            }
            Some(token) => {
                // Commas between the arguments of a closure do not end the entry.
                let is_end = is_punct(&token, ',')
                    && (!is_closure(&entry) || closure_body(&entry).is_some());
                entry.push(token);
                if is_end {
                    flattened.append(&mut entry);
                    is_complete = false;
                }
            }
            None => {
                open.pop();
                is_complete |= closure_body(&entry).is_some();
            }
        }
    }
    if !stray.is_empty() {
        errors.at(
            tokens(&stray),
            "a substituted closure must be the whole value: write a comma after it, or move this into the closure",
        );
    }
    flattened.append(&mut entry);
    flattened
}

/// Returns the tokens of a slice as a `TokenStream`.
pub(crate) fn tokens(slice: &[TokenTree]) -> TokenStream {
    slice.iter().cloned().collect()
}

/// Splits the arguments of another crate's attribute, such as `#[utoipa::path]`, at the commas.
pub(crate) fn arguments(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    flatten(tokens)
        .split(|token| is_punct(token, ','))
        .filter(|argument| !argument.is_empty())
        .map(<[TokenTree]>::to_vec)
        .collect()
}
