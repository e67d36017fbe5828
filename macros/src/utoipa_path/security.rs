//! Checks a hand-written `security(...)` in `#[utoipa::path]` against the attribute.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::LitStr;

use crate::attribute_kind::Attr;
use crate::errors::Errors;
use crate::list::{arguments, tokens};
use crate::spans::call_at;

const WITHOUT_TOKEN: &str = "this documents access without a token, which `#[protected]` refuses: remove `security(...)`, the attribute generates it";

/// The argument `security(...)` of `#[utoipa::path]`.
pub(crate) struct Security {
    tokens: TokenStream,
    alternatives: Vec<Alternative>,
}

/// A member of `security(...)`. A request needs to satisfy only one of the members.
struct Alternative {
    tokens: TokenStream,
    /// The number of security schemes. Zero schemes mean access without a token.
    schemes: usize,
    scopes: Vec<LitStr>,
    /// The tokens of scopes that are not string literals, and other tokens that this crate cannot
    /// read.
    unknown: Vec<TokenStream>,
}

impl Security {
    /// Reads the list in the parentheses of `security(...)`. `tokens` is the whole argument.
    pub(crate) fn read(tokens: TokenStream, list: TokenStream) -> Self {
        let members = arguments(list);
        Self { tokens, alternatives: members.iter().map(|member| alternative(member)).collect() }
    }

    /// Reports parts of `security(...)` that contradict the attribute or that cannot be compared
    /// with the attribute.
    pub(crate) fn check(&self, attr: Attr, errors: &mut Errors) {
        if attr == Attr::Public {
            let needs_token = self.alternatives.iter().all(|one| !one.is_empty());
            // In OpenAPI an empty `security(...)` means the same as an alternative without schemes.
            if needs_token && !self.alternatives.is_empty() {
                errors.at(
                    &self.tokens,
                    "a `#[public]` handler needs no token: remove `security(...)`",
                );
            }
            return;
        }
        if self.alternatives.is_empty() {
            errors.at(&self.tokens, WITHOUT_TOKEN);
        }
        for alternative in &self.alternatives {
            match alternative.schemes {
                _ if alternative.is_empty() => errors.at(&alternative.tokens, WITHOUT_TOKEN),
                0 | 1 => {}
                _ => errors.at(&alternative.tokens, "an access token is a single security scheme: remove `security(...)`, the attribute generates it"),
            }
            for unknown in &alternative.unknown {
                errors.at(unknown, "this cannot be compared with `#[protected]`: remove `security(...)`, the attribute generates it");
            }
        }
    }

    /// Returns the code of an expression that does not compile if `security(...)` differs from the
    /// requirement.
    pub(crate) fn assertion(
        &self,
        runtime: &TokenStream,
        requirement: &TokenStream,
    ) -> TokenStream {
        let alternatives = self.alternatives.iter().map(|alternative| {
            let scopes = &alternative.scopes;
            quote!(&[#(#scopes),*])
        });
        call_at(
            &self.tokens,
            quote!(#runtime::__private::agrees),
            quote!(&#requirement, &[#(#alternatives),*]),
        )
    }
}

/// Reads the alternative `("name" = ["scope", "scope"], ...)`.
fn alternative(member: &[TokenTree]) -> Alternative {
    let mut alternative =
        Alternative { tokens: tokens(member), schemes: 0, scopes: Vec::new(), unknown: Vec::new() };
    match member {
        [TokenTree::Group(list)] if list.delimiter() == Delimiter::Parenthesis => {
            let schemes = arguments(list.stream());
            alternative.schemes = schemes.len();
            for scheme in schemes {
                match scheme.as_slice() {
                    [TokenTree::Literal(_), TokenTree::Punct(_), TokenTree::Group(scopes)] => {
                        alternative.read_scopes(scopes.stream());
                    }
                    other => alternative.unknown.push(tokens(other)),
                }
            }
        }
        other => alternative.unknown.push(tokens(other)),
    }
    alternative
}

impl Alternative {
    fn is_empty(&self) -> bool {
        self.schemes == 0 && self.unknown.is_empty()
    }

    fn read_scopes(&mut self, scopes: TokenStream) {
        for scope in arguments(scopes) {
            let scope = tokens(&scope);
            match syn::parse2::<LitStr>(scope.clone()) {
                Ok(text) => self.scopes.push(text),
                Err(_) => self.unknown.push(scope.to_token_stream()),
            }
        }
    }
}
