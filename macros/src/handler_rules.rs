//! The rules for the function under an attribute, most of them for handlers.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, FnArg, ReturnType, Signature, Type};

use crate::attribute::Attr;
use crate::errors::Errors;
use crate::function::{MAX_EXTRACTORS, attributes};
use crate::handler::Handler;
use crate::token_extractors;

/// Reports everything about the function that cannot work.
pub(crate) fn check(handler: &Handler, attr: Attr, errors: &mut Errors) {
    let Handler { function, documented } = handler;
    free(&function.signature, attr, errors);
    answers_later(&function.signature, errors);
    few_extractors(&function.signature, errors);
    takes_values(&function.signature, errors);
    token_extractors::check(&function.signature, attr, errors);
    alone(&function.attributes, attr, errors);
    let documented = documented.as_ref();
    if let Some(security) = documented.and_then(|documented| documented.security.as_ref()) {
        security.check(attr, errors);
    }
}

/// Reports what has a place in an `impl` only.
pub(crate) fn free(signature: &Signature, attr: Attr, errors: &mut Errors) {
    let name = attr.name();
    if let Some(receiver) = signature.receiver() {
        errors.at(receiver, format!("`#[{name}]` goes on a free function: move it out of the `impl` and take the state with an extractor"));
        return;
    }
    for token in occurrences(signature.to_token_stream()) {
        errors.at(token, format!("`#[{name}]` goes on a free function, where `Self` means nothing: write the type's name"));
    }
}

/// Whether it certainly has no place in an `impl` only.
pub(crate) fn is_free(signature: &Signature) -> bool {
    signature.receiver().is_none() && occurrences(signature.to_token_stream()).is_empty()
}

fn occurrences(tokens: TokenStream) -> Vec<TokenTree> {
    let mut found = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => found.extend(occurrences(group.stream())),
            TokenTree::Ident(ident) if ident == "Self" => found.push(ident.into()),
            _ => {}
        }
    }
    found
}

fn answers_later(signature: &Signature, errors: &mut Errors) {
    if signature.asyncness.is_none() && matches!(signature.output, ReturnType::Default) {
        let (keyword, name) = (&signature.fn_token, &signature.ident);
        let found = [keyword.to_token_stream(), name.to_token_stream()];
        let found: TokenStream = found.into_iter().collect();
        errors.at(
            found,
            format!("a handler is `async` or returns `impl Future`: write `async fn {name}`"),
        );
    }
}

fn few_extractors(signature: &Signature, errors: &mut Errors) {
    // Whether an argument with `cfg` will be there is not known yet.
    let certain = |argument: &&FnArg| {
        !attributes(argument).iter().any(|attribute| attribute.path().is_ident("cfg"))
    };
    if let Some(extractor) = signature.inputs.iter().filter(certain).nth(MAX_EXTRACTORS) {
        errors.at(extractor, format!("a handler has {MAX_EXTRACTORS} extractors at most: join some in a tuple, as in `(a, b): (A, B)`"));
    }
}

fn takes_values(signature: &Signature, errors: &mut Errors) {
    for argument in &signature.inputs {
        if let FnArg::Typed(typed) = argument
            && let Type::Reference(reference) = &*typed.ty
        {
            errors.at(reference, "a handler takes its extractors by value: remove the `&`");
        }
    }
}

/// Reports further attributes of ours.
pub(crate) fn alone(attributes: &[Attribute], attr: Attr, errors: &mut Errors) {
    for attribute in attributes {
        match Attr::of(attribute) {
            Some(Attr::Check) if attr == Attr::Check => errors.at(attribute, "`#[check]` is on this function twice: remove one"),
            Some(other) if attr == Attr::Check || other == Attr::Check => errors.at(attribute, "a check is no handler: remove one attribute, and name the check in `#[protected(check = ...)]`"),
            Some(Attr::Protected) if attr == Attr::Protected => errors.at(attribute, "`#[protected]` is on this function twice: join both in one, as in `#[protected(all(...))]`"),
            Some(Attr::Public) if attr == Attr::Public => errors.at(attribute, "`#[public]` is on this function twice: remove one"),
            Some(_) => errors.at(attribute, "a handler is `#[protected]` or `#[public]`, never both: remove one"),
            None => {}
        }
    }
}
