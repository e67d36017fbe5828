//! Generates `impl Check`, which calls the user's function or closure for a request.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Attribute, Type, Visibility};

use crate::check_outcome::Outcome;

/// A generated type that implements `Check`.
pub(crate) struct CheckType<'a> {
    pub(crate) runtime: &'a TokenStream,
    pub(crate) conditions: Vec<&'a Attribute>,
    pub(crate) visibility: &'a Visibility,
    pub(crate) ident: Ident,
}

/// The call to the user's code in the `Check` implementation.
pub(crate) struct Call<'a> {
    /// The name of the check in OpenAPI documents and logs.
    pub(crate) name: &'a str,
    /// The types of the extractors that `callee` takes as arguments.
    pub(crate) arguments: Vec<&'a Type>,
    /// The function or the closure to call.
    pub(crate) callee: TokenStream,
    /// The return type of `callee`.
    pub(crate) outcome: Outcome<'a>,
}

impl CheckType<'_> {
    /// Returns the code of the type, with a `Check` implementation that extracts the arguments and
    /// makes the call.
    pub(crate) fn with_call(&self, call: &Call<'_>) -> TokenStream {
        let runtime = self.runtime;
        let Call { name, arguments, callee, outcome } = call;
        let [parts, state] = locals();
        let extractors: Vec<_> = (0..arguments.len())
            .map(|index| format_ident!("__{index}", span = Span::mixed_site()))
            .collect();
        let check = Ident::new("__check", outcome.span.resolved_at(Span::mixed_site()));
        let returned = quote_spanned! {outcome.span.resolved_at(Span::call_site())=>
            #check(#(#extractors),*).await
        };
        let decision = outcome.decision(runtime, [&parts, &state], &returned);
        let lasting = outcome.is_loading().then(|| quote!(__S: 'static,));
        let bounds = quote!(#lasting #(#arguments: #runtime::__private::FromRequestParts<__S>,)*);
        // `callee` is bound to a variable first, because clippy warns about an async closure that
        // is called immediately.
        let body = quote! {
            const NAME: &'static ::core::primitive::str = #name;
            async fn check(
                #parts: &mut #runtime::__private::Parts,
                #state: &__S,
            ) -> ::core::result::Result<(), #runtime::check::CheckRejection> {
                #(let #extractors = #runtime::__private::extract::<#arguments, __S>(#parts, #state).await?;)*
                let #check = #callee;
                #decision
            }
        };
        let item = self.item(&bounds, &body);
        let Self { conditions, ident, .. } = self;
        match outcome.implementation(runtime, ident) {
            Some(implementation) => quote!(#item #(#conditions)* #implementation),
            None => item,
        }
    }

    /// Returns the code of the type, with a `Check` implementation that calls another check.
    /// `Policy::Checks` cannot name the other check, because the other check may be less visible
    /// than the policy.
    pub(crate) fn with_delegate(&self, other: &TokenStream) -> TokenStream {
        let runtime = self.runtime;
        let [parts, state] = locals();
        let bounds = quote!(#other: #runtime::check::Check<__S>,);
        let other = quote!(<#other as #runtime::check::Check<__S>>);
        let rejection = quote!(::core::result::Result<(), #runtime::check::CheckRejection>);
        // The generated function is not an `async fn`, because an `async fn` would wrap the future
        // of the other check in a second future.
        let body = quote! {
            const NAME: &'static ::core::primitive::str = #other::NAME;
            fn check(
                #parts: &mut #runtime::__private::Parts,
                #state: &__S,
            ) -> impl ::core::future::Future<Output = #rejection> + ::core::marker::Send {
                #other::check(#parts, #state)
            }
        };
        self.item(&bounds, &body)
    }

    fn item(&self, bounds: &TokenStream, body: &TokenStream) -> TokenStream {
        let Self { runtime, conditions, visibility, ident } = self;
        quote! {
            #(#conditions)*
            #[doc(hidden)]
            #[allow(non_camel_case_types, clippy::exhaustive_enums, reason = "names the check and is never constructed")]
            #visibility enum #ident {}
            #(#conditions)*
            #[automatically_derived]
            impl<__S> #runtime::check::Check<__S> for #ident
            where
                __S: ::core::marker::Send + ::core::marker::Sync,
                #bounds
            {
                #body
            }
        }
    }
}

/// Returns the names of the variables for the request and the state. Macro hygiene hides both
/// variables from the user's code.
fn locals() -> [Ident; 2] {
    ["__parts", "__state"].map(|name| Ident::new(name, Span::mixed_site()))
}
