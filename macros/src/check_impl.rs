//! `impl Check`: how a request runs the user's code.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Attribute, Type, Visibility};

/// The type that stands for a check.
pub(crate) struct Stand<'a> {
    pub(crate) runtime: &'a TokenStream,
    pub(crate) conditions: Vec<&'a Attribute>,
    pub(crate) visibility: &'a Visibility,
    pub(crate) ident: Ident,
}

/// What it runs.
pub(crate) struct Call<'a> {
    /// What documents and logs call it.
    pub(crate) name: &'a str,
    /// The types to extract.
    pub(crate) arguments: Vec<&'a Type>,
    /// A function or a closure.
    pub(crate) callee: TokenStream,
    /// Where an answer that is none should be reported.
    pub(crate) answer: Span,
}

impl Stand<'_> {
    /// The type, which extracts the arguments and makes the call.
    pub(crate) fn calls(&self, call: &Call<'_>) -> TokenStream {
        let runtime = self.runtime;
        let Call { name, arguments, callee, answer } = call;
        let [parts, state] = locals();
        let extracted: Vec<_> = (0..arguments.len())
            .map(|index| format_ident!("__{index}", span = Span::mixed_site()))
            .collect();
        let check = Ident::new("__check", answer.resolved_at(Span::mixed_site()));
        let answered = quote_spanned! {answer.resolved_at(Span::call_site())=>
            #runtime::check::CheckOutcome::into_result(#check(#(#extracted),*).await)
        };
        let demands = quote!(#(#arguments: #runtime::__private::FromRequestParts<__S>,)*);
        // As a value first: clippy says of what is only called that it need not be async.
        let body = quote! {
            const NAME: &'static ::core::primitive::str = #name;
            async fn check(
                #parts: &mut #runtime::__private::Parts,
                #state: &__S,
            ) -> ::core::result::Result<(), #runtime::check::CheckRejection> {
                #(let #extracted = #runtime::__private::extract::<#arguments, __S>(#parts, #state).await?;)*
                let #check = #callee;
                #answered
            }
        };
        self.item(&demands, &body)
    }

    /// The type, which does what another does. That one may be less visible than the policy, which
    /// could not name it.
    pub(crate) fn delegates(&self, other: &TokenStream) -> TokenStream {
        let runtime = self.runtime;
        let [parts, state] = locals();
        let demands = quote!(#other: #runtime::check::Check<__S>,);
        let other = quote!(<#other as #runtime::check::Check<__S>>);
        let rejection = quote!(::core::result::Result<(), #runtime::check::CheckRejection>);
        // Not `async`: the other's future needs none around it.
        let body = quote! {
            const NAME: &'static ::core::primitive::str = #other::NAME;
            fn check(
                #parts: &mut #runtime::__private::Parts,
                #state: &__S,
            ) -> impl ::core::future::Future<Output = #rejection> + ::core::marker::Send {
                #other::check(#parts, #state)
            }
        };
        self.item(&demands, &body)
    }

    fn item(&self, demands: &TokenStream, body: &TokenStream) -> TokenStream {
        let Self { runtime, conditions, visibility, ident } = self;
        quote! {
            #(#conditions)*
            #[doc(hidden)]
            #[allow(non_camel_case_types, clippy::exhaustive_enums, reason = "a name for the check, never a value")]
            #visibility enum #ident {}
            #(#conditions)*
            #[automatically_derived]
            impl<__S> #runtime::check::Check<__S> for #ident
            where
                __S: ::core::marker::Send + ::core::marker::Sync,
                #demands
            {
                #body
            }
        }
    }
}

/// The request and the state, under names that no code of the user's sees.
fn locals() -> [Ident; 2] {
    ["__parts", "__state"].map(|name| Ident::new(name, Span::mixed_site()))
}
