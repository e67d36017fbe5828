//! Expands `routes!` to a list of handlers, each with the operation type that utoipa generates next
//! to the handler.

use proc_macro2::{Group, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Path, PathArguments, Token};

/// Expands `[runtime] handler, handler` to `DocumentedRoutes`.
pub(crate) fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    let parse = |input: ParseStream<'_>| {
        let runtime: Group = input.parse()?;
        let handlers = Punctuated::<Path, Token![,]>::parse_terminated(input)?;
        Ok((runtime.stream(), handlers))
    };
    let (runtime, handlers) = parse.parse2(input)?;
    if handlers.is_empty() {
        return Err(syn::Error::new(
            Span::call_site(),
            "`routes!` has no handler: write `routes!(list_items)`",
        ));
    }
    let handlers = handlers.iter().map(|handler| {
        let operation = operation(handler);
        quote!(.with::<#operation, _, _, _>(#handler))
    });
    Ok(quote!(#runtime::router::DocumentedRoutes::none() #(#handlers)*))
}

/// Returns the path of the operation type that utoipa generates for a handler.
fn operation(handler: &Path) -> Path {
    let mut operation = handler.clone();
    if let Some(last) = operation.segments.last_mut() {
        last.ident = format_ident!("__path_{}", last.ident.unraw(), span = last.ident.span());
        last.arguments = PathArguments::None;
    }
    operation
}
