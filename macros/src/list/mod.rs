//! What every attribute here is made of: `key = value` and `key(list)`, joined by commas.

mod chunk;

pub(crate) use self::chunk::begins_closure;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt as _};

use self::chunk::{chunk, closure_body, is_closure, is_punct};
use crate::errors::Errors;

/// One entry of a list.
pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) form: Form,
}

/// What follows the key.
pub(crate) enum Form {
    /// `key`
    Bare,
    /// `key = value`; the value is not read yet and may be empty
    Value(Vec<TokenTree>),
    /// `key(list)`
    List(Group),
    /// `key` and something that starts neither
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

/// Reads a list; `example` is an entry that would be right.
pub(crate) fn entries(list: TokenStream, example: &str, errors: &mut Errors) -> Vec<Entry> {
    let tokens = flat_but_closures(list);
    let mut rest = tokens.as_slice();
    let mut entries = Vec::new();
    while !rest.is_empty() {
        let (chunk, after) = chunk(rest);
        match (chunk, after) {
            ([], [comma, ..]) => errors
                .at(comma, format!("write `{example}` before this comma, or remove the comma")),
            _ => entries.extend(entry(chunk, example, errors)),
        }
        rest = match after {
            [TokenTree::Punct(comma), after @ ..] if comma.as_char() == ',' => after,
            [next, ..] => {
                errors.at(next, format!("write a comma before `{next}`"));
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
            errors.at(bare, format!("write `{key} = {bare}`"));
            return None;
        }
        other => {
            errors.at(tokens(other), format!("write a key here, such as `{example}`"));
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
                    format!("write a comma after `{key}(...)` and nothing else"),
                );
            }
            Form::List(normalised(list))
        }
        other => Form::Other(other.to_vec()),
    };
    Some(Entry { key, form })
}

/// The list, without tokens where all that `macro_rules!` has substituted is empty.
fn normalised(list: &Group) -> Group {
    if !flat(list.stream()).is_empty() {
        return list.clone();
    }
    let mut empty = Group::new(list.delimiter(), TokenStream::new());
    empty.set_span(list.span());
    empty
}

/// `macro_rules!` wraps what it substitutes in groups without delimiters.
pub(crate) fn flat(list: TokenStream) -> Vec<TokenTree> {
    let mut tokens = Vec::new();
    for token in list {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                tokens.extend(flat(group.stream()));
            }
            other => tokens.push(other),
        }
    }
    tokens
}

/// Unwraps what `macro_rules!` has substituted, except in the bodies of closures: there a group says
/// where an expression ends.
fn flat_but_closures(list: TokenStream) -> Vec<TokenTree> {
    let mut ended = Vec::new();
    let mut entry = Vec::new();
    let mut open = vec![list.into_iter()];
    while let Some(tokens) = open.last_mut() {
        match tokens.next() {
            Some(TokenTree::Group(group))
                if group.delimiter() == Delimiter::None && closure_body(&entry).is_none() =>
            {
                open.push(group.stream().into_iter());
            }
            Some(token) => {
                // The arguments of a closure have commas of their own.
                let is_end = is_punct(&token, ',')
                    && (!is_closure(&entry) || closure_body(&entry).is_some());
                entry.push(token);
                if is_end {
                    ended.append(&mut entry);
                }
            }
            None => {
                open.pop();
            }
        }
    }
    ended.append(&mut entry);
    ended
}

/// The tokens as a stream, to point at.
pub(crate) fn tokens(slice: &[TokenTree]) -> TokenStream {
    slice.iter().cloned().collect()
}

/// The arguments of another attribute: the tokens between the commas.
pub(crate) fn arguments(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let tokens = flat(tokens);
    let arguments =
        tokens.split(|token| is_punct(token, ',')).filter(|argument| !argument.is_empty());
    arguments.map(<[TokenTree]>::to_vec).collect()
}
