//! `#[check]`: a function that accepts or refuses a request.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::{FnArg, ReturnType, Safety, Type};

use crate::attribute_kind::Attr;
use crate::check_impl::{Call, CheckType};
use crate::check_outcome::Outcome;
use crate::errors::Errors;
use crate::function::{self, Function};
use crate::handler_rules;
use crate::requirement::check_extractors;

/// Reports each mistake in a function with `#[check]`.
pub(crate) fn check(check: &Function, errors: &mut Errors) {
    let signature = &check.signature;
    handler_rules::require_free_function(signature, Attr::Check, errors);
    handler_rules::reject_further_attributes(&check.attributes, Attr::Check, errors);
    let (keyword, name) = (&signature.fn_token, &signature.ident);
    let head = quote!(#keyword #name);
    if signature.asyncness.is_none() {
        errors.at(&head, format!("a check must be `async`: write `async fn {name}`"));
    }
    if let ReturnType::Default = signature.output {
        errors.at(head, "a check must return its decision: return `bool` or `Result<(), Denied>`");
    }
    if let Safety::Unsafe(keyword) = signature.safety {
        errors.at(keyword, "a check cannot be unsafe: remove `unsafe`");
    }
    if !signature.generics.params.is_empty() {
        errors.at(&signature.generics, "a check cannot be generic: write concrete types");
    }
    check_extractors(argument_types(check), errors);
    for argument in &signature.inputs {
        for attribute in function::attributes(argument) {
            if attribute.path().is_ident("cfg") {
                errors.at(attribute, "an argument of a check cannot have `cfg`: write the function twice, each with its own `cfg`");
            }
        }
    }
}

fn argument_types(check: &Function) -> impl Iterator<Item = &Type> {
    check.signature.inputs.iter().filter_map(|argument| match argument {
        FnArg::Typed(typed) => Some(&*typed.ty),
        FnArg::Receiver(_) => None,
    })
}

/// Returns the unchanged function, and a type of the same name whose `Check` implementation calls
/// the function.
pub(crate) fn expand(runtime: &TokenStream, check: &Function) -> TokenStream {
    let Function { attributes, visibility, signature, body } = check;
    let check_type = check_type(runtime, check).with_call(&Call {
        name: &check.name(),
        arguments: argument_types(check).collect(),
        callee: signature.ident.to_token_stream(),
        outcome: Outcome::of_function(&signature.output),
    });
    quote! {
        #(#attributes)* #visibility #signature #body
        #check_type
    }
}

fn check_type<'a>(runtime: &'a TokenStream, check: &'a Function) -> CheckType<'a> {
    // The type does not get the span of the function name, because editors would then colour the
    // function as a type.
    let mut ident = check.signature.ident.clone();
    ident.set_span(Span::call_site());
    CheckType {
        runtime,
        conditions: check.conditions().collect(),
        visibility: &check.visibility,
        ident,
    }
}

/// Returns the code of a check that refuses every request. This check replaces a function with a
/// mistake, so that code that names the check compiles and the compiler reports only the mistake.
pub(crate) fn placeholder(runtime: &TokenStream, check: &Function) -> Option<TokenStream> {
    // A function with a receiver or with `Self` stands in an `impl`, which cannot contain a type.
    if !handler_rules::is_free_function(&check.signature) {
        return None;
    }
    Some(check_type(runtime, check).with_call(&Call {
        name: &check.name(),
        arguments: Vec::new(),
        callee: quote!(async || false),
        outcome: Outcome::at(Span::call_site()),
    }))
}
