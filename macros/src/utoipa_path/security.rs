//! What somebody wrote of security by hand in `#[utoipa::path]`, beside an attribute that says it.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::LitStr;

use crate::attribute::Attr;
use crate::errors::Errors;
use crate::list::{arguments, tokens};
use crate::spans::call_at;

const LETS_IN: &str = "this would let in who has no token, whom `#[protected]` refuses: remove `security(...)`, the attribute writes it";

/// `security(...)`.
pub(crate) struct Security {
    written: TokenStream,
    alternatives: Vec<Alternative>,
}

/// One of its members.
struct Alternative {
    written: TokenStream,
    /// How many schemes are named; where none is, nothing is needed.
    schemes: usize,
    scopes: Vec<LitStr>,
    /// Scopes that are no string, and whatever cannot be read.
    unknown: Vec<TokenStream>,
}

impl Security {
    /// Reads what is in the parentheses.
    pub(crate) fn read(written: TokenStream, list: TokenStream) -> Self {
        let members = arguments(list);
        Self { written, alternatives: members.iter().map(|member| alternative(member)).collect() }
    }

    /// Reports what contradicts the attribute, or cannot be compared with it.
    pub(crate) fn check(&self, attr: Attr, errors: &mut Errors) {
        if attr == Attr::Public {
            let needed = self.alternatives.iter().all(|one| !one.is_empty());
            // No alternative at all says in a document what one without schemes says.
            if needed && !self.alternatives.is_empty() {
                errors.at(&self.written, "`#[public]` lets everybody in: remove `security(...)`");
            }
            return;
        }
        if self.alternatives.is_empty() {
            errors.at(&self.written, LETS_IN);
        }
        for alternative in &self.alternatives {
            match alternative.schemes {
                _ if alternative.is_empty() => errors.at(&alternative.written, LETS_IN),
                0 | 1 => {}
                _ => errors.at(&alternative.written, "an access token is one scheme: remove `security(...)`, the attribute writes it"),
            }
            for unknown in &alternative.unknown {
                errors.at(unknown, "this cannot be compared with `#[protected]`: remove `security(...)`, the attribute writes it");
            }
        }
    }

    /// An expression that is an error where the requirement is another.
    pub(crate) fn question(&self, runtime: &TokenStream, requirement: &TokenStream) -> TokenStream {
        let alternatives = self.alternatives.iter().map(|alternative| {
            let scopes = &alternative.scopes;
            quote!(&[#(#scopes),*])
        });
        call_at(
            &self.written,
            quote!(#runtime::__private::agrees),
            quote!(&#requirement, &[#(#alternatives),*]),
        )
    }
}

/// `("name" = ["scope", "scope"], ...)`
fn alternative(member: &[TokenTree]) -> Alternative {
    let mut alternative = Alternative {
        written: tokens(member),
        schemes: 0,
        scopes: Vec::new(),
        unknown: Vec::new(),
    };
    match member {
        [TokenTree::Group(list)] if list.delimiter() == Delimiter::Parenthesis => {
            let schemes = arguments(list.stream());
            alternative.schemes = schemes.len();
            for scheme in schemes {
                match scheme.as_slice() {
                    [TokenTree::Literal(_), TokenTree::Punct(_), TokenTree::Group(scopes)] => {
                        alternative.read(scopes.stream());
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

    fn read(&mut self, scopes: TokenStream) {
        for scope in arguments(scopes) {
            let scope = tokens(&scope);
            match syn::parse2::<LitStr>(scope.clone()) {
                Ok(text) => self.scopes.push(text),
                Err(_) => self.unknown.push(scope.to_token_stream()),
            }
        }
    }
}
