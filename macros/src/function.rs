//! The function under an attribute of this crate. The macros do not parse the body of the function.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{Attribute, FnArg, Signature, Token, Visibility, token};

use crate::attribute_kind::Attr;

/// The largest number of extractors in the signature of a handler or a check. axum allows 16
/// arguments, and the guard is one argument.
pub(crate) const MAX_EXTRACTORS: usize = 15;

/// A function with a body.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    pub(crate) body: TokenStream,
}

impl Function {
    /// Reads the function under the attribute `attr`.
    pub(crate) fn parse(item: TokenStream, attr: Attr) -> syn::Result<Self> {
        let parse = |input: ParseStream<'_>| {
            let attributes = input.call(Attribute::parse_outer)?;
            let visibility = input.parse()?;
            if !is_function(&input.fork()) {
                return Err(misplaced(&input.parse()?, attr));
            }
            let signature: Signature = input.parse()?;
            if !input.peek(token::Brace) {
                return Err(misplaced(&signature.into_token_stream(), attr));
            }
            Ok(Self { attributes, visibility, signature, body: input.parse()? })
        };
        parse.parse2(item)
    }

    /// Returns the name of the generated type that carries the policy. The name does not get the
    /// span of the function name, because editors would then colour the function as a type.
    pub(crate) fn marker(&self, attr: Attr) -> Ident {
        let function = self.signature.ident.unraw();
        format_ident!("__{}_{function}", attr.name(), span = Span::call_site())
    }

    /// Returns the name of the function without `r#`.
    pub(crate) fn name(&self) -> String {
        self.signature.ident.unraw().to_string()
    }

    /// Returns the `cfg` attributes of the function.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"))
    }
}

/// Returns the attributes of an argument.
pub(crate) fn attributes(argument: &FnArg) -> &[Attribute] {
    match argument {
        FnArg::Receiver(receiver) => &receiver.attrs,
        FnArg::Typed(typed) => &typed.attrs,
    }
}

/// Returns the signature with an additional first argument. Every other part of the signature stays
/// unchanged.
pub(crate) fn with_first_argument(signature: &Signature, first: &TokenStream) -> TokenStream {
    let Signature {
        constness,
        asyncness,
        safety,
        abi,
        fn_token,
        ident,
        generics,
        paren_token,
        inputs,
        variadic,
        output,
    } = signature;
    let where_clause = &generics.where_clause;
    let mut arguments = TokenStream::new();
    paren_token.surround(&mut arguments, |arguments| {
        quote!(#first, #inputs #variadic).to_tokens(arguments);
    });
    quote!(#constness #asyncness #safety #abi #fn_token #ident #generics #arguments #output #where_clause)
}

fn is_function(input: ParseStream<'_>) -> bool {
    let modifier = |input: ParseStream<'_>| -> syn::Result<()> {
        if input.peek(Token![const]) || input.peek(Token![async]) || input.peek(Token![unsafe]) {
            Ident::parse_any(input).map(drop)
        } else {
            syn::Abi::parse(input).map(drop)
        }
    };
    while !input.peek(Token![fn]) {
        if modifier(input).is_err() {
            return false;
        }
    }
    true
}

fn misplaced(item: &TokenStream, attr: Attr) -> syn::Error {
    let (name, noun) = (attr.name(), attr.noun());
    let first = item.clone().into_iter().next().map_or_else(TokenStream::new, TokenStream::from);
    syn::Error::new_spanned(
        first,
        format!("`#[{name}]` goes on a free function with a body: move it to a {noun}"),
    )
}

/// Removes the remaining attributes of this crate from an item with a mistake, because each
/// remaining attribute would report the same mistake again.
pub(crate) fn without_own_attributes(item: TokenStream) -> TokenStream {
    let parse = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        let mut output = TokenStream::new();
        for attribute in attributes.iter().filter(|attribute| Attr::of(attribute).is_none()) {
            attribute.to_tokens(&mut output);
        }
        output.extend(input.parse::<TokenStream>()?);
        Ok(output)
    };
    parse.parse2(item.clone()).unwrap_or(item)
}
