//! `#[check]`: a function that accepts or refuses a request.

mod args;
mod constants;
mod state;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Attribute, FnArg, ReturnType, Safety, Type};

use crate::attribute_kind::Attr;
use crate::check_impl::{Call, CheckType, Outcome};
use crate::errors::Errors;
use crate::function::{self, Function};
use crate::handler_rules;
use crate::requirement::check_extractors;

pub(crate) use self::args::Args;

/// Reports each mistake in a function with `#[check]`.
pub(crate) fn check(args: &Args, check: &Function, errors: &mut Errors) {
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
    state::check(args.state.as_ref(), &signature.generics, errors);
    constants::check(signature, errors);
    state::check_value(
        Outcome::of_function(&signature.output).value(),
        &signature.generics,
        errors,
    );
    check_extractors(extractors(check), errors);
    for argument in &signature.inputs {
        for attribute in function::attributes(argument) {
            if attribute.path().is_ident("cfg") {
                errors.at(attribute, "an argument of a check cannot have `cfg`: write the function twice, each with its own `cfg`");
            }
        }
    }
}

/// Returns the types of the arguments that the check extracts from the request.
fn extractors(check: &Function) -> impl Iterator<Item = &Type> {
    check.signature.inputs.iter().filter(|argument| !constants::is_constant(argument)).filter_map(
        |argument| match argument {
            FnArg::Typed(typed) => Some(&*typed.ty),
            FnArg::Receiver(_) => None,
        },
    )
}

/// Returns the function without the attributes `#[constant]`, and a type of the same name whose
/// `Check` implementation calls the function.
pub(crate) fn expand(args: &Args, check: &Function) -> TokenStream {
    let function = without_constant_attributes(check, check.attributes.iter());
    let name = &check.signature.ident;
    let parameters = state::arguments(&check.signature.generics);
    let check_type = check_type(args, check).with_call(&Call {
        name: &check.name(),
        constants: constants::of(&check.signature),
        arguments: extractors(check).collect(),
        callee: quote!(#name #parameters),
        outcome: Outcome::of_function(&check.signature.output),
    });
    quote!(#function #check_type)
}

/// Returns a function with a mistake without the attributes of this crate, because each of them
/// would report a further error. Adds a check that refuses every request, so that code that names
/// the check compiles and the compiler reports only the mistake.
pub(crate) fn expand_with_mistake(args: &Args, check: &Function) -> TokenStream {
    let others = check.attributes.iter().filter(|attribute| Attr::of(attribute).is_none());
    let function = without_constant_attributes(check, others);
    // A function with a receiver or with `Self` stands in an `impl`, which cannot contain a type.
    if !handler_rules::is_free_function(&check.signature) {
        return function;
    }
    let args = Args { runtime: args.runtime.clone(), state: None };
    let are_valid = constants::are_valid(&check.signature);
    let constants = if are_valid { constants::of(&check.signature) } else { Vec::new() };
    let ignored = constants.iter().map(|_| quote!(_));
    let call = Call {
        name: &check.name(),
        callee: quote!(async |#(#ignored),*| false),
        constants,
        arguments: Vec::new(),
        outcome: Outcome::at(Span::call_site()),
    };
    let check_type = check_type(&args, check).with_call(&call);
    quote!(#function #check_type)
}

fn without_constant_attributes<'a>(
    check: &Function,
    attributes: impl Iterator<Item = &'a Attribute>,
) -> TokenStream {
    let Function { visibility, signature, body, .. } = check;
    let signature = constants::without_attributes(signature);
    quote!(#(#attributes)* #visibility #signature #body)
}

fn check_type<'a>(args: &'a Args, check: &'a Function) -> CheckType<'a> {
    // The type does not get the span of the function name, because editors would then colour the
    // function as a type.
    let mut ident = check.signature.ident.clone();
    ident.set_span(Span::call_site());
    CheckType {
        runtime: &args.runtime,
        conditions: check.conditions().collect(),
        visibility: &check.visibility,
        ident,
        state: state::of_impl(args.state.as_ref(), &check.signature.generics),
    }
}
