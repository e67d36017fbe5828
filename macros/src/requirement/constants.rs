//! The constants of `check = can(Permission::ItemsRead)`.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Expr, Token};

use super::closure::parenthesise;
use super::code_text::{code_text, is_same_in_each_crate};
use crate::errors::Errors;
use crate::string_value::invisible_character;

/// The values that an attribute states for the constants of a check.
pub(crate) struct Constants {
    /// The expressions of the values, with parentheses around substituted expressions.
    pub(crate) values: Vec<TokenStream>,
    /// The span of the list in parentheses.
    pub(crate) span: Span,
    /// The values as a list, in a form that does not depend on white space.
    pub(crate) text: String,
}

impl Constants {
    /// Reads the list of values in parentheses.
    pub(super) fn parse(list: &Group, errors: &mut Errors) -> Option<Self> {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(expressions) = parser.parse2(list.stream()) else {
            errors.at(list, "the constants of a check must be expressions: write `check = can(Permission::ItemsRead)`");
            return None;
        };
        if expressions.is_empty() {
            errors.at(list, "the list of constants is empty: write the name of the check alone, as in `check = owns_order`");
            return None;
        }
        let values: Vec<_> = expressions.iter().map(value).collect();
        let texts: Vec<_> = values.iter().cloned().map(code_text).collect();
        let text = texts.join(", ");
        if let Some(character) = invisible_character(&text) {
            let character = character.escape_default();
            errors.at(list, format!("tables and logs show these constants, which cannot contain `{character}`: give the value a name with `const`"));
            return None;
        }
        Some(Self { values, span: list.span(), text })
    }

    /// Returns true if both lists certainly have the same values.
    pub(super) fn are(&self, other: &Self) -> bool {
        self.text == other.text
            && self.values.iter().all(|value| is_same_in_each_crate(value.clone()))
    }
}

/// Returns the tokens of a value. A value that is one substituted expression needs no parentheses.
fn value(mut expression: &Expr) -> TokenStream {
    while let Expr::Group(group) = expression {
        expression = &group.expr;
    }
    with_parentheses(expression.to_token_stream())
}

fn with_parentheses(tokens: TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match parenthesise(&token) {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), with_parentheses(group.stream()));
                inner.set_span(group.span());
                inner.into()
            }
            other => other,
        })
        .collect()
}
