//! Generates `impl Check`, which calls the user's function or closure for a request.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Attribute, Index, PatType, Type, Visibility};

mod constant_check;
mod outcome;

pub(crate) use self::constant_check::takes_no_constants;
pub(crate) use self::outcome::Outcome;

/// A generated type that implements `Check`.
pub(crate) struct CheckType<'a> {
    pub(crate) runtime: &'a TokenStream,
    pub(crate) conditions: Vec<&'a Attribute>,
    pub(crate) visibility: &'a Visibility,
    pub(crate) ident: Ident,
    pub(crate) state: State,
}

/// The state for which a type implements `Check`.
pub(crate) struct State {
    /// The generic parameters of the implementation.
    pub(crate) parameters: TokenStream,
    pub(crate) ty: TokenStream,
    /// The predicates that the user has written for the parameters, each followed by a comma.
    pub(crate) predicates: TokenStream,
}

impl State {
    /// Returns a state that is a generic parameter.
    pub(crate) fn any() -> Self {
        Self { parameters: quote!(__S), ty: quote!(__S), predicates: TokenStream::new() }
    }
}

/// The call to the user's code in the `Check` implementation.
pub(crate) struct Call<'a> {
    /// The name of the check in OpenAPI documents and logs.
    pub(crate) name: &'a str,
    /// The parameters of `callee` that are marked `#[constant]`, which are the first arguments.
    pub(crate) constants: Vec<&'a PatType>,
    /// The types of the extractors that `callee` takes as arguments.
    pub(crate) arguments: Vec<&'a Type>,
    /// The function or the closure to call.
    pub(crate) callee: TokenStream,
    /// The return type of `callee`.
    pub(crate) outcome: Outcome<'a>,
}

impl CheckType<'_> {
    /// Returns the code of the type, with a `Check` implementation that extracts the arguments and
    /// makes the call. If the call has constants, the type implements `ConstantCheck` instead.
    pub(crate) fn with_call(&self, call: &Call<'_>) -> TokenStream {
        let Self { runtime, state: State { ty, .. }, .. } = self;
        let arguments = &call.arguments;
        let lasting = call.outcome.value().map(|_| quote!(#ty: 'static,));
        let bounds = quote!(#lasting #(#arguments: #runtime::__private::FromRequestParts<#ty>,)*);
        let loading = self.loading(call);
        if call.constants.is_empty() {
            let name = call.name;
            let check = self.check_function(call, None);
            let body = quote! {
                const NAME: &'static ::core::primitive::str = #name;
                #check
            };
            let item = self.item(&quote!(Check<#ty>), &bounds, &body);
            quote!(#item #loading)
        } else {
            let values = constant_check::values(&self.ident);
            let check = self.check_function(call, Some(&values));
            let item = self.item(&quote!(ConstantCheck<#ty>), &bounds, &check);
            let declaration = self.declare_constants(call);
            quote!(#item #declaration #loading)
        }
    }

    /// Returns the function of the implementation. `values` is the type that holds the values for
    /// the constants, if the call has any.
    fn check_function(&self, call: &Call<'_>, values: Option<&Ident>) -> TokenStream {
        let Self { runtime, state: State { ty, .. }, .. } = self;
        let [parts, state] = locals();
        let value = Ident::new("__values", Span::mixed_site());
        let parameter = values.map(|values| quote!(#value: #values,));
        let members = (0..call.constants.len()).map(Index::from);
        let constants: Vec<_> = members.map(|index| quote!(#value.#index)).collect();
        let body = self.call(call, &constants);
        quote! {
            async fn check(
                #parameter
                #parts: &mut #runtime::__private::Parts,
                #state: &#ty,
            ) -> ::core::result::Result<(), #runtime::check::CheckRejection> {
                #body
            }
        }
    }

    /// Returns the body of the function that extracts the arguments and makes the call.
    fn call(&self, call: &Call<'_>, constants: &[TokenStream]) -> TokenStream {
        let Self { runtime, state: State { ty, .. }, .. } = self;
        let Call { arguments, callee, outcome, .. } = call;
        let [parts, state] = locals();
        let extractors: Vec<_> = (0..arguments.len())
            .map(|index| format_ident!("__{index}", span = Span::mixed_site()))
            .collect();
        let check = Ident::new("__check", outcome.span.resolved_at(Span::mixed_site()));
        let returned = quote_spanned! {outcome.span.resolved_at(Span::call_site())=>
            #check(#(#constants,)* #(#extractors),*).await
        };
        let has_constants = !constants.is_empty();
        let decision = outcome.decision(runtime, [&parts, &state], &returned, has_constants);
        // `callee` is bound to a variable first, because clippy warns about an async closure that
        // is called immediately.
        quote! {
            #(let #extractors = #runtime::__private::extract::<#arguments, #ty>(#parts, #state).await?;)*
            let #check = #callee;
            #decision
        }
    }

    /// Returns the code of the trait that names the type of the loaded value.
    fn loading(&self, call: &Call<'_>) -> Option<TokenStream> {
        let conditions = &self.conditions;
        let implementation = call.outcome.implementation(self.runtime, &self.ident)?;
        Some(quote!(#(#conditions)* #implementation))
    }

    /// Returns the code of the type, with a `Check` implementation that calls another check.
    /// `Policy::Checks` cannot name the other check, because the other check may be less visible
    /// than the policy.
    pub(crate) fn with_delegate(&self, other: &TokenStream) -> TokenStream {
        let runtime = self.runtime;
        let ty = &self.state.ty;
        let [parts, state] = locals();
        let bounds = quote!(#other: #runtime::check::Check<#ty>,);
        let other = quote!(<#other as #runtime::check::Check<#ty>>);
        let rejection = quote!(::core::result::Result<(), #runtime::check::CheckRejection>);
        // The generated function is not an `async fn`, because an `async fn` would wrap the future
        // of the other check in a second future.
        let body = quote! {
            const NAME: &'static ::core::primitive::str = #other::NAME;
            fn check(
                #parts: &mut #runtime::__private::Parts,
                #state: &#ty,
            ) -> impl ::core::future::Future<Output = #rejection> + ::core::marker::Send {
                #other::check(#parts, #state)
            }
        };
        self.item(&quote!(Check<#ty>), &bounds, &body)
    }

    /// Returns the code of the type, with an implementation of a trait of the module `check`.
    fn item(&self, name: &TokenStream, bounds: &TokenStream, body: &TokenStream) -> TokenStream {
        let Self { runtime, conditions, visibility, ident, state } = self;
        let State { parameters, ty, predicates } = state;
        quote! {
            #(#conditions)*
            #[doc(hidden)]
            #[allow(non_camel_case_types, clippy::exhaustive_enums, reason = "names the check and is never constructed")]
            #visibility enum #ident {}
            #(#conditions)*
            #[automatically_derived]
            impl<#parameters> #runtime::check::#name for #ident
            where
                #ty: ::core::marker::Send + ::core::marker::Sync,
                #bounds
                #predicates
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
