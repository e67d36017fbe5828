//! Generates the end of a check: the outcome of the user's function becomes the decision of the
//! check, and a loaded value is passed on to the handler.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{ReturnType, Type};

use crate::type_path::{first_type_argument, last_segment};

/// The return type of a check.
pub(crate) struct Outcome<'a> {
    /// The span at which the compiler reports a wrong return type.
    pub(super) span: Span,
    /// The type of the value for the handler, if the code loads one.
    value: Option<&'a Type>,
}

impl<'a> Outcome<'a> {
    /// Creates the outcome of a function with this return type. A function loads a value if its
    /// return type is written `Option<Loaded<T>>` or `Result<Loaded<T>, E>`.
    pub(crate) fn of_function(output: &'a ReturnType) -> Self {
        match output {
            ReturnType::Type(_, ty) => Self { span: ty.span(), value: loaded(ty) },
            ReturnType::Default => Self::at(output.span()),
        }
    }

    /// Creates the outcome of code that loads no value.
    pub(crate) fn at(span: Span) -> Self {
        Self { span, value: None }
    }

    /// Returns the type of the value for the handler, if the code loads one.
    pub(crate) fn value(&self) -> Option<&'a Type> {
        self.value
    }

    /// Returns the expression of the decision. `outcome` is the expression of the return value.
    pub(super) fn decision(
        &self,
        runtime: &TokenStream,
        [parts, state]: [&Ident; 2],
        outcome: &TokenStream,
        has_constants: bool,
    ) -> TokenStream {
        let span = self.span.resolved_at(Span::call_site());
        if self.value.is_some() {
            // All of the path gets the span, so that the compiler reports errors there.
            let pass_on: TokenStream = quote!(#runtime::__private::pass_on::<Self, _, _>)
                .into_iter()
                .map(|mut token| {
                    token.set_span(self.span.resolved_at(token.span()));
                    token
                })
                .collect();
            quote_spanned!(span=> #pass_on(#parts, #state, #outcome, #has_constants))
        } else {
            quote_spanned!(span=> #runtime::check::CheckOutcome::into_result(#outcome))
        }
    }

    /// Returns the implementation of `LoadingCheck` for the check, if it loads a value.
    pub(super) fn implementation(
        &self,
        runtime: &TokenStream,
        check: &Ident,
    ) -> Option<TokenStream> {
        let value = self.value?;
        Some(quote! {
            #[automatically_derived]
            impl #runtime::check::LoadingCheck for #check {
                type Value = #value;
            }
        })
    }
}

/// Returns the type `T` of `Option<Loaded<T>>` or `Result<Loaded<T>, E>`.
fn loaded(output: &Type) -> Option<&Type> {
    let outer =
        last_segment(output).filter(|outer| outer.ident == "Option" || outer.ident == "Result")?;
    let inner =
        last_segment(first_type_argument(outer)?).filter(|inner| inner.ident == "Loaded")?;
    first_type_argument(inner)
}
