//! Where the compiler shows what it finds in our expressions.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::quote;

/// A call that the compiler shows as these tokens: from the first, where its name is, to the last,
/// where its arguments are.
pub(crate) fn call_at(
    written: &TokenStream,
    function: TokenStream,
    arguments: TokenStream,
) -> TokenStream {
    let mut spans = written.clone().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    let last = spans.last().unwrap_or(first);
    let function = function.into_iter().map(|mut token| {
        token.set_span(first.resolved_at(token.span()));
        token
    });
    let mut arguments = Group::new(Delimiter::Parenthesis, arguments);
    arguments.set_span(last.resolved_at(Span::call_site()));
    let function: TokenStream = function.collect();
    quote!(#function #arguments)
}
