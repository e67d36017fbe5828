//! The rules for the function under `#[protected]` or `#[public]`. Some of the rules apply to a
//! function under `#[check]` too.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::{Attribute, FnArg, ReturnType, Signature, Type};

use crate::attribute_kind::Attr;
use crate::errors::Errors;
use crate::function::{MAX_EXTRACTORS, attributes};
use crate::handler::Handler;
use crate::{checked_extractors, token_extractors};

/// Reports each rule that the handler breaks.
pub(crate) fn check(handler: &Handler, attr: Attr, errors: &mut Errors) {
    let Handler { function, utoipa_path } = handler;
    require_free_function(&function.signature, attr, errors);
    require_future(&function.signature, errors);
    limit_extractors(&function.signature, errors);
    reject_references(&function.signature, errors);
    token_extractors::check(&function.signature, attr, errors);
    checked_extractors::check(&function.signature, attr, errors);
    reject_further_attributes(&function.attributes, attr, errors);
    if let Some(security) = utoipa_path.as_ref().and_then(|path| path.security.as_ref()) {
        security.check(attr, errors);
    }
}

/// Reports a receiver, or each `Self` in the signature. A receiver and `Self` are valid only in an
/// `impl`.
pub(crate) fn require_free_function(signature: &Signature, attr: Attr, errors: &mut Errors) {
    let name = attr.name();
    if let Some(receiver) = signature.receiver() {
        errors.at(receiver, format!("`#[{name}]` goes on a free function: move it out of the `impl` and take the state with an extractor"));
        return;
    }
    for token in self_types(signature.to_token_stream()) {
        errors.at(token, format!("`#[{name}]` goes on a free function, which has no `Self`: write the name of the type"));
    }
}

/// Returns true if the signature contains neither a receiver nor `Self`.
pub(crate) fn is_free_function(signature: &Signature) -> bool {
    signature.receiver().is_none() && self_types(signature.to_token_stream()).is_empty()
}

fn self_types(tokens: TokenStream) -> Vec<TokenTree> {
    let mut found = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => found.extend(self_types(group.stream())),
            TokenTree::Ident(ident) if ident == "Self" => found.push(ident.into()),
            _ => {}
        }
    }
    found
}

fn require_future(signature: &Signature, errors: &mut Errors) {
    if signature.asyncness.is_none() && matches!(signature.output, ReturnType::Default) {
        let (keyword, name) = (&signature.fn_token, &signature.ident);
        errors.at(
            quote!(#keyword #name),
            format!("a handler must be `async` or return `impl Future`: write `async fn {name}`"),
        );
    }
}

fn limit_extractors(signature: &Signature, errors: &mut Errors) {
    // Arguments with `cfg` do not count towards the limit, because the compiler may remove
    // arguments with `cfg` later.
    let is_unconditional = |argument: &&FnArg| {
        !attributes(argument).iter().any(|attribute| attribute.path().is_ident("cfg"))
    };
    if let Some(extractor) = signature.inputs.iter().filter(is_unconditional).nth(MAX_EXTRACTORS) {
        errors.at(extractor, format!("a handler takes at most {MAX_EXTRACTORS} extractors: combine some in a tuple, as in `(a, b): (A, B)`"));
    }
}

fn reject_references(signature: &Signature, errors: &mut Errors) {
    for argument in &signature.inputs {
        if let FnArg::Typed(typed) = argument
            && let Type::Reference(reference) = &*typed.ty
        {
            errors.at(reference, "a handler must take its extractors by value: remove the `&`");
        }
    }
}

/// Reports every further attribute of this crate on a function that already has the attribute
/// `attr`.
pub(crate) fn reject_further_attributes(attributes: &[Attribute], attr: Attr, errors: &mut Errors) {
    for attribute in attributes {
        match Attr::of(attribute) {
            Some(Attr::Check) if attr == Attr::Check => errors.at(attribute, "`#[check]` is on this function twice: remove one"),
            Some(other) if attr == Attr::Check || other == Attr::Check => errors.at(attribute, "a check is not a handler: remove one attribute, and name the check in `#[protected(check = ...)]`"),
            Some(Attr::Protected) if attr == Attr::Protected => errors.at(attribute, "`#[protected]` is on this function twice: combine both in one, as in `#[protected(all(...))]`"),
            Some(Attr::Public) if attr == Attr::Public => errors.at(attribute, "`#[public]` is on this function twice: remove one"),
            Some(_) => errors.at(attribute, "a handler cannot be both `#[protected]` and `#[public]`: remove one"),
            None => {}
        }
    }
}
