//! What is written into a neighbouring `#[utoipa::path]`: its operation goes through ours, which
//! says in the document what the guard enforces.

mod security;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, MetaList, Token};

use crate::function::Function;
use crate::list::{arguments, tokens};
use crate::utoipa_path::security::Security;

/// `#[utoipa::path(...)]` below, by which utoipa writes its own words of the operation.
pub(crate) struct Documented {
    /// The condition of `cfg_attr`, under which it is there.
    condition: Option<Meta>,
    /// Whose operation it is for others.
    target: Option<Ident>,
    /// Whose operation it is for utoipa.
    inner: Ident,
    /// What was written of security by hand.
    pub(crate) security: Option<Security>,
}

impl Documented {
    /// Finds the attribute and lets utoipa write for a type of ours.
    pub(crate) fn take_over(function: &mut Function) -> Option<Self> {
        let name = function.name();
        let inner = format_ident!("__documented_{name}", span = Span::call_site());
        let mut attributes = function.attributes.iter_mut();
        attributes.find_map(|attribute| take_over(attribute, &inner))
    }

    /// The operation for others: utoipa's, with what the access adds.
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
        // Without a target utoipa would make the type.
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

fn take_over(attribute: &mut Attribute, inner: &Ident) -> Option<Documented> {
    match &mut attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg_attr") => {
            let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
            let mut metas = parser.parse2(list.tokens.clone()).ok()?;
            let condition = metas.first()?.clone();
            let mut below = metas.iter_mut().skip(1);
            let mut found = below.find_map(|meta| take_over_list(meta, inner))?;
            list.tokens = metas.into_token_stream();
            found.condition = Some(condition);
            Some(found)
        }
        meta => take_over_list(meta, inner),
    }
}

fn take_over_list(meta: &mut Meta, inner: &Ident) -> Option<Documented> {
    let Meta::List(list) = meta else { return None };
    let name = list.path.segments.last()?;
    // The builtin attribute of this name has no list. By another name, which an import may give it,
    // nothing of utoipa's would collide with ours where the operation is for another type.
    let is_utoipa = name.ident == "path" || {
        let mut arguments = arguments(list.tokens.clone()).into_iter();
        arguments.any(|argument| target(&argument).is_some())
    };
    is_utoipa.then(|| rewritten(list, inner))
}

/// `impl_for = Type`
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

/// Gives utoipa another type for its own.
fn rewritten(list: &mut MetaList, inner: &Ident) -> Documented {
    let mut found =
        Documented { condition: None, target: None, inner: inner.clone(), security: None };
    let mut kept = TokenStream::new();
    for argument in arguments(list.tokens.clone()) {
        if let Some(target) = target(&argument) {
            found.target = Some(target.clone());
            continue;
        }
        if let [TokenTree::Ident(key), TokenTree::Group(security)] = argument.as_slice()
            && key == "security"
        {
            let written = tokens(&argument);
            found.security = Some(Security::read(written, security.stream()));
        }
        kept.extend(argument);
        kept.extend(quote!(,));
    }
    list.tokens = quote!(#kept impl_for = #inner);
    found
}
