//! Generates the code that passes constants to a check: `check = can(Permission::ItemsRead)`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::{Index, PatType, Path};

use super::{Call, CheckType, State, locals};
use crate::requirement::{Constants, code_text};
use crate::spans::call_at;

/// Returns the name of the type that holds the values for the constants of a check.
pub(super) fn values(check: &Ident) -> Ident {
    format_ident!("__constants_{}", check.unraw(), span = Span::call_site())
}

impl CheckType<'_> {
    /// Returns the code of the type that holds the values for the constants, and of the items that
    /// name the constants to the attributes.
    pub(super) fn declare_constants(&self, call: &Call<'_>) -> TokenStream {
        let Self { runtime, conditions, visibility, ident, .. } = self;
        let values = values(ident);
        let types: Vec<_> = call.constants.iter().map(|constant| &constant.ty).collect();
        let indices = (0..types.len()).map(Index::from);
        let missing = missing_values(call);
        quote! {
            #(#conditions)*
            #[doc(hidden)]
            #[allow(non_camel_case_types, clippy::exhaustive_structs, reason = "holds the values of constants")]
            #visibility struct #values(#(#types),*);
            #(#conditions)*
            #[automatically_derived]
            impl #runtime::check::Constants for #ident {
                type Values = #values;
            }
            #(#conditions)*
            #[automatically_derived]
            #[allow(dead_code, private_interfaces, reason = "used where the check is named")]
            impl #ident {
                #[doc(hidden)]
                #visibility const __MISSING_CONSTANTS: ::core::option::Option<&'static ::core::primitive::str> =
                    ::core::option::Option::Some(#missing);

                #[doc(hidden)]
                #visibility fn __constants(values: (#(#types,)*)) -> #values {
                    #values(#(values.#indices),*)
                }
            }
        }
    }

    /// Returns the code of the type, with a `Check` implementation that calls the check `path` with
    /// constants.
    pub(crate) fn with_constants(
        &self,
        path: &Path,
        constants: &Constants,
        name: &str,
    ) -> TokenStream {
        let Self { runtime, state: State { ty, .. }, .. } = self;
        let [parts, state] = locals();
        let check = quote!(#runtime::check::ConstantCheck<#ty>);
        let rejection = quote!(::core::result::Result<(), #runtime::check::CheckRejection>);
        // Inline constants cannot depend on the request.
        let expressions = constants.values.iter().map(|value| quote!(const { #value }));
        // The compiler reports a wrong number of constants at the list of the constants.
        let span = constants.span.resolved_at(Span::call_site());
        let new = quote_spanned!(span=> __constants((#(#expressions,)*)));
        let body = quote! {
            const NAME: &'static ::core::primitive::str = #name;
            fn check(
                #parts: &mut #runtime::__private::Parts,
                #state: &#ty,
            ) -> impl ::core::future::Future<Output = #rejection> + ::core::marker::Send {
                #[allow(unused_imports, reason = "used only if the check takes no constants")]
                use #runtime::__private::NoConstants as _;
                <#path as #check>::check(<#path>::#new, #parts, #state)
            }
        };
        self.item(&quote!(Check<#ty>), &quote!(#path: #check,), &body)
    }
}

/// Returns the error message for an attribute that names the check without its constants.
fn missing_values(call: &Call<'_>) -> String {
    let text = |PatType { pat, ty, .. }: &PatType| {
        format!("{}: {}", code_text(pat.to_token_stream()), code_text(ty.to_token_stream()))
    };
    let parameters: Vec<_> = call.constants.iter().map(|constant| text(constant)).collect();
    let (name, parameters) = (call.name, parameters.join(", "));
    format!(
        "this check takes constants: write a value for each of `{parameters}`, as in `{name}(...)`"
    )
}

/// Returns a compile-time assertion that the check `path` takes no constants.
pub(crate) fn takes_no_constants(runtime: &TokenStream, path: &Path) -> TokenStream {
    let assertion = call_at(
        &path.to_token_stream(),
        quote!(#runtime::__private::takes_no_constants),
        quote!(<#path>::__MISSING_CONSTANTS),
    );
    quote! {
        {
            #[allow(unused_imports, reason = "used only if the check takes no constants")]
            use #runtime::__private::NoConstants as _;
            #assertion
        }
    }
}
