//! Reads the arguments of `#[check(...)]`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::TokenStreamExt as _;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Token, Type};

use crate::crate_path;
use crate::errors::Errors;
use crate::list::is_punct;

const KEY: &str = "state";

/// The arguments of `#[check(...)]`.
pub(crate) struct Args {
    /// The path of the runtime crate.
    pub(crate) runtime: TokenStream,
    /// The only state with which the check works, or `None` if it works with every state that its
    /// extractors accept.
    pub(crate) state: Option<Type>,
}

impl Args {
    /// Reads `state = AppState<R>` and `crate = path`.
    pub(crate) fn parse(list: TokenStream, errors: &mut Errors) -> Self {
        let mut state = None;
        let mut others = TokenStream::new();
        let read = |input: ParseStream<'_>| {
            while !input.is_empty() {
                if is_state(input) {
                    read_state(input, &mut state, errors)?;
                } else {
                    others.append_all(entry(input)?);
                }
            }
            Ok(())
        };
        if let Err(error) = read.parse2(list) {
            errors.at_span(error.span(), "this is not a type: write `state = AppState`");
        }
        Self { runtime: crate_path::from_list(others, &[KEY, "crate"], errors), state }
    }
}

fn is_state(input: ParseStream<'_>) -> bool {
    input.fork().call(Ident::parse_any).is_ok_and(|key| key == KEY)
}

/// Reads `state = Type` and the comma after it. A type may contain commas outside of groups, so the
/// common grammar of attributes cannot read it.
fn read_state(
    input: ParseStream<'_>,
    state: &mut Option<Type>,
    errors: &mut Errors,
) -> syn::Result<()> {
    let key = input.call(Ident::parse_any)?;
    if input.parse::<Option<Token![=]>>()?.is_none() || input.is_empty() || input.peek(Token![,]) {
        errors.at(key, "`state` needs a type: write `state = AppState`");
        entry(input)?;
        return Ok(());
    }
    let ty = input.parse()?;
    if state.replace(ty).is_some() {
        errors.at(key, "duplicate key `state`: remove one");
    }
    if input.parse::<Option<Token![,]>>()?.is_none() && !input.is_empty() {
        let next: TokenTree = input.fork().parse()?;
        let message = format!("missing comma: write one before `{next}`");
        errors.at(next, message);
    }
    Ok(())
}

/// Reads the tokens up to the next comma, and the comma.
fn entry(input: ParseStream<'_>) -> syn::Result<Vec<TokenTree>> {
    let mut tokens = Vec::new();
    while !input.is_empty() {
        let token = input.parse()?;
        let is_end = is_punct(&token, ',');
        tokens.push(token);
        if is_end {
            break;
        }
    }
    Ok(tokens)
}
