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
    pub(crate) fn decision(
        &self,
        runtime: &TokenStream,
        [parts, state]: [&Ident; 2],
        outcome: &TokenStream,
        has_constants: bool,
    ) -> TokenStream {
        let span = self.span.resolved_at(Span::call_site());
        if self.value.is_some() {
            let pass_on = quote_spanned!(span=> #runtime::__private::pass_on::<Self, _, _>);
            quote_spanned!(span=> #pass_on(#parts, #state, #outcome, #has_constants))
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
    let (outer, inner) = name_and_argument(output)?;
    let (name, value) = name_and_argument(inner?)?;
    ((outer == "Option" || outer == "Result") && name == "Loaded").then_some(value)?
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
