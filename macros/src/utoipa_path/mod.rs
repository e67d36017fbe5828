//! Rewrites `#[utoipa::path]` on a handler. utoipa then implements the OpenAPI operation for a
//! hidden type, and this crate generates a visible type whose operation adds the `security` that
//! the guard enforces.

mod security;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, MetaList, Token};

use crate::function::Function;
use crate::list::{arguments, tokens};
use crate::utoipa_path::security::Security;

/// A `#[utoipa::path(...)]` below `#[protected]` or `#[public]`.
pub(crate) struct UtoipaPath {
    /// The condition of the `cfg_attr` around `#[utoipa::path]`.
    condition: Option<Meta>,
    /// The type of the visible operation, from `impl_for`.
    target: Option<Ident>,
    /// The hidden type, for which utoipa implements the operation.
    inner: Ident,
    /// The hand-written argument `security(...)`, if the user wrote one.
    pub(crate) security: Option<Security>,
}

impl UtoipaPath {
    /// Finds `#[utoipa::path]` on the function and redirects the attribute to the hidden type.
    pub(crate) fn take_over(function: &mut Function) -> Option<Self> {
        let name = function.name();
        let inner = format_ident!("__documented_{name}", span = Span::call_site());
        function.attributes.iter_mut().find_map(|attribute| take_over(attribute, &inner))
    }

    /// Returns the code of the visible operation: the operation that utoipa generates, with
    /// `security` added.
    pub(crate) fn expand(
        &self,
        runtime: &TokenStream,
        function: &Function,
        access: &TokenStream,
    ) -> TokenStream {
        let name = function.name();
        let path = format_ident!("__path_{name}", span = Span::call_site());
        let (inner, conditions) = (&self.inner, function.conditions());
        let condition = self.condition.as_ref().map(|meta| quote!(#[cfg(#meta)]));
        // Without `impl_for` utoipa would generate the visible type, so `document!` must generate
        // the visible type.
        let (new, target) = match &self.target {
            Some(target) => (None, target),
            None => (Some(quote!(new)), &path),
        };
        quote! {
            #(#conditions)*
            #condition
            #runtime::__private::document! { #new #target #inner #access }
        }
    }
}

fn take_over(attribute: &mut Attribute, inner: &Ident) -> Option<UtoipaPath> {
    match &mut attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg_attr") => {
            let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
            let mut metas = parser.parse2(list.tokens.clone()).ok()?;
            let condition = metas.first()?.clone();
            let mut utoipa_path =
                metas.iter_mut().skip(1).find_map(|meta| take_over_list(meta, inner))?;
            list.tokens = metas.into_token_stream();
            utoipa_path.condition = Some(condition);
            Some(utoipa_path)
        }
        meta => take_over_list(meta, inner),
    }
}

fn take_over_list(meta: &mut Meta, inner: &Ident) -> Option<UtoipaPath> {
    let Meta::List(list) = meta else { return None };
    let name = list.path.segments.last()?;
    // The builtin `#[path = ...]` has no list. A renamed `#[utoipa::path]` is recognised by
    // `impl_for`, because `placement` cannot detect an attribute whose generated type has another
    // name.
    let is_utoipa = name.ident == "path"
        || arguments(list.tokens.clone()).iter().any(|argument| target(argument).is_some());
    is_utoipa.then(|| rewrite(list, inner))
}

/// Reads `impl_for = Type`.
fn target(argument: &[TokenTree]) -> Option<&Ident> {
    match argument {
        [TokenTree::Ident(key), TokenTree::Punct(equals), TokenTree::Ident(target)]
            if key == "impl_for" && equals.as_char() == '=' =>
        {
            Some(target)
        }
        _ => None,
    }
}

/// Redirects the arguments of `#[utoipa::path]` to the hidden type.
fn rewrite(list: &mut MetaList, inner: &Ident) -> UtoipaPath {
    let mut utoipa_path =
        UtoipaPath { condition: None, target: None, inner: inner.clone(), security: None };
    let mut other_arguments = TokenStream::new();
    for argument in arguments(list.tokens.clone()) {
        if let Some(target) = target(&argument) {
            utoipa_path.target = Some(target.clone());
            continue;
        }
        if let [TokenTree::Ident(key), TokenTree::Group(security)] = argument.as_slice()
            && key == "security"
        {
            utoipa_path.security = Some(Security::read(tokens(&argument), security.stream()));
        }
        other_arguments.extend(argument);
        other_arguments.extend(quote!(,));
    }
    list.tokens = quote!(#other_arguments impl_for = #inner);
    utoipa_path
}
