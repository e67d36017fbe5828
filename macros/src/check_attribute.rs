//! `#[check]`: a function that says whether a request may go on.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::{FnArg, ReturnType, Safety, Type};

use crate::attribute::Attr;
use crate::check_impl::{Call, Stand};
use crate::errors::Errors;
use crate::function::{self, Function};
use crate::handler_rules;
use crate::requirement::takes_values;

/// Reports everything about the function that cannot work.
pub(crate) fn check(check: &Function, errors: &mut Errors) {
    let signature = &check.signature;
    handler_rules::free(signature, Attr::Check, errors);
    handler_rules::alone(&check.attributes, Attr::Check, errors);
    let (keyword, name) = (&signature.fn_token, &signature.ident);
    let at = quote!(#keyword #name);
    if signature.asyncness.is_none() {
        errors.at(&at, format!("a check is `async`: write `async fn {name}`"));
    }
    if let ReturnType::Default = signature.output {
        errors.at(at, "a check says yes or no: return `bool` or `Result<(), Denied>`");
    }
    if let Safety::Unsafe(keyword) = signature.safety {
        errors.at(keyword, "a check is a safe function: remove `unsafe`");
    }
    if !signature.generics.params.is_empty() {
        errors.at(
            &signature.generics,
            "a check has no parameters, as nothing chooses them: write the types",
        );
    }
    takes_values(types(check), errors);
    for argument in &signature.inputs {
        for attribute in function::attributes(argument) {
            if attribute.path().is_ident("cfg") {
                errors.at(attribute, "whether this argument is there is not known here: write the function twice, with `cfg` on each");
            }
        }
    }
}

fn types(check: &Function) -> impl Iterator<Item = &Type> {
    let arguments = check.signature.inputs.iter();
    arguments.filter_map(|argument| match argument {
        FnArg::Typed(typed) => Some(&*typed.ty),
        FnArg::Receiver(_) => None,
    })
}

/// The function as it was written, and a type of its name that runs it.
pub(crate) fn expand(runtime: &TokenStream, check: &Function) -> TokenStream {
    let Function { attributes, visibility, signature, body } = check;
    let running = stand(runtime, check).calls(&Call {
        name: &check.name(),
        arguments: types(check).collect(),
        callee: signature.ident.to_token_stream(),
        answer: answer(&signature.output),
    });
    quote! {
        #(#attributes)* #visibility #signature #body
        #running
    }
}

fn stand<'a>(runtime: &'a TokenStream, check: &'a Function) -> Stand<'a> {
    // No span of the function's, as editors would colour the function as a type.
    let mut ident = check.signature.ident.clone();
    ident.set_span(Span::call_site());
    Stand {
        runtime,
        conditions: check.conditions().collect(),
        visibility: &check.visibility,
        ident,
    }
}

/// A type that says no, where the function is no check yet: what names it is not wrong.
pub(crate) fn instead(runtime: &TokenStream, check: &Function) -> Option<TokenStream> {
    // An `impl` has no place for a type.
    if !handler_rules::is_free(&check.signature) {
        return None;
    }
    Some(stand(runtime, check).calls(&Call {
        name: &check.name(),
        arguments: Vec::new(),
        callee: quote!(async || false),
        answer: Span::call_site(),
    }))
}

fn answer(output: &ReturnType) -> Span {
    match output {
        ReturnType::Type(_, ty) => ty.span(),
        ReturnType::Default => output.span(),
    }
}
