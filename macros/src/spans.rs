//! Spans that make the compiler report errors of generated expressions at the code of the user.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::quote;

/// Returns the code of a call whose errors the compiler reports at the tokens of `location`. The
/// function name gets the span of the first token, and the arguments get the span of the last
/// token.
pub(crate) fn call_at(
    location: &TokenStream,
    function: TokenStream,
    arguments: TokenStream,
) -> TokenStream {
    let mut spans = location.clone().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    let last = spans.last().unwrap_or(first);
    let function: TokenStream = function
        .into_iter()
        .map(|mut token| {
            token.set_span(first.resolved_at(token.span()));
            token
        })
        .collect();
    let mut arguments = Group::new(Delimiter::Parenthesis, arguments);
    arguments.set_span(last.resolved_at(Span::call_site()));
    quote!(#function #arguments)
}
