//! Generates the end of a check: the outcome of the user's function becomes the decision of the
//! check, and a loaded value is passed on to the handler.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{GenericArgument, PathArguments, ReturnType, Type};

/// The return type of a check.
pub(crate) struct Outcome<'a> {
    /// The span at which the compiler reports a wrong return type.
    pub(crate) span: Span,
    /// The return type, if it contains a value for the handler.
    loading: Option<&'a Type>,
}

impl<'a> Outcome<'a> {
    /// Creates the outcome of a function with this return type. A function loads a value if its
    /// return type is written `Option<Loaded<T>>` or `Result<Loaded<T>, E>`.
    pub(crate) fn of_function(output: &'a ReturnType) -> Self {
        match output {
            ReturnType::Type(_, ty) => {
                Self { span: ty.span(), loading: Some(&**ty).filter(|ty| is_loading(ty)) }
            }
            ReturnType::Default => Self::at(output.span()),
        }
    }

    /// Creates the outcome of code that loads no value.
    pub(crate) fn at(span: Span) -> Self {
        Self { span, loading: None }
    }

    /// Returns true if the function loads a value.
    pub(crate) fn is_loading(&self) -> bool {
        self.loading.is_some()
    }

    /// Returns the expression of the decision. `outcome` is the expression of the return value.
    pub(crate) fn decision(
        &self,
        runtime: &TokenStream,
        [parts, state]: [&Ident; 2],
        outcome: &TokenStream,
    ) -> TokenStream {
        let span = self.span.resolved_at(Span::call_site());
        if self.is_loading() {
            let pass_on = quote_spanned!(span=> #runtime::__private::pass_on::<Self, _, _>);
            quote_spanned!(span=> #pass_on(#parts, #state, #outcome))
        } else {
            quote_spanned!(span=> #runtime::check::CheckOutcome::into_result(#outcome))
        }
    }

    /// Returns the implementation of `LoadingCheck` for the check, if it loads a value.
    pub(crate) fn implementation(
        &self,
        runtime: &TokenStream,
        check: &Ident,
    ) -> Option<TokenStream> {
        let ty = self.loading?;
        let span = self.span.resolved_at(Span::call_site());
        let value = quote_spanned!(span=> <#ty as #runtime::check::LoadingOutcome>::Value);
        Some(quote! {
            #[automatically_derived]
            impl #runtime::check::LoadingCheck for #check {
                type Value = #value;
            }
        })
    }
}

fn is_loading(output: &Type) -> bool {
    let Some((outer, Some(inner))) = name_and_argument(output) else {
        return false;
    };
    (outer == "Option" || outer == "Result")
        && name_and_argument(inner).is_some_and(|(name, _)| name == "Loaded")
}

/// Returns the last segment of a type's path, and the first type argument of that segment.
fn name_and_argument(ty: &Type) -> Option<(String, Option<&Type>)> {
    match ty {
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            let argument = match &last.arguments {
                PathArguments::AngleBracketed(list) => list.args.iter().find_map(|one| match one {
                    GenericArgument::Type(ty) => Some(ty),
                    _ => None,
                }),
                _ => None,
            };
            Some((last.ident.to_string(), argument))
        }
        // `macro_rules!` wraps a substituted type in a group without delimiters.
        Type::Group(group) => name_and_argument(&group.elem),
        Type::Paren(parentheses) => name_and_argument(&parentheses.elem),
        _ => None,
    }
}
