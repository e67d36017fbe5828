//! The parameters of a check that are marked `#[constant]`. The attribute that names the check
//! states their values.

use quote::ToTokens as _;
use syn::{Attribute, FnArg, Meta, PatType, Signature, Type};

use crate::errors::Errors;
use crate::function;

const CONSTANT: &str = "constant";

/// Returns true if an argument is marked `#[constant]`.
pub(super) fn is_constant(argument: &FnArg) -> bool {
    function::attributes(argument).iter().any(is_mark)
}

fn is_mark(attribute: &Attribute) -> bool {
    attribute.path().is_ident(CONSTANT)
}

/// Reports each constant that follows an extractor or has a type that a constant cannot have.
pub(super) fn check(signature: &Signature, errors: &mut Errors) {
    let mut is_after_extractor = false;
    for argument in &signature.inputs {
        let marks: Vec<_> = function::attributes(argument).iter().filter(|a| is_mark(a)).collect();
        let (FnArg::Typed(typed), [mark, others @ ..]) = (argument, marks.as_slice()) else {
            is_after_extractor = true;
            continue;
        };
        if let Meta::List(_) | Meta::NameValue(_) = mark.meta {
            errors.at(mark, "`#[constant]` takes no arguments: write `#[constant]` before the parameter, and its value where the check is named");
        }
        for other in others {
            errors.at(other, "`#[constant]` is on this parameter twice: remove one");
        }
        if is_after_extractor {
            errors.at(typed, "the constants of a check must come first: move this parameter before the extractors");
        }
        check_type(&typed.ty, signature, errors);
    }
}

fn check_type(ty: &Type, signature: &Signature, errors: &mut Errors) {
    match ty {
        Type::Reference(reference)
            if reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static") =>
        {
            errors.at(ty, "a constant can only borrow static data: write `&'static`");
        }
        Type::ImplTrait(_) | Type::Infer(_) => {
            errors.at(ty, "a constant needs a concrete type: write its name");
        }
        _ => {}
    }
    for parameter in signature.generics.type_params() {
        if super::state::mentions(ty.to_token_stream(), &parameter.ident) {
            errors.at(ty, format!("the type of a constant cannot depend on `{}`, as the state is not known where the check is named: write a concrete type", parameter.ident));
        }
    }
}

/// Returns true if [`check`] reports no mistake.
pub(super) fn are_valid(signature: &Signature) -> bool {
    let mut errors = Errors::default();
    check(signature, &mut errors);
    errors.finish(Some(())).is_ok()
}

/// Returns the parameters that are marked `#[constant]`.
pub(super) fn of(signature: &Signature) -> Vec<&PatType> {
    let constants = signature.inputs.iter().filter(|argument| is_constant(argument));
    constants
        .filter_map(|argument| match argument {
            FnArg::Typed(typed) => Some(typed),
            FnArg::Receiver(_) => None,
        })
        .collect()
}

/// Returns the signature without the attributes `#[constant]`, which the compiler does not know.
pub(super) fn without_attributes(signature: &Signature) -> Signature {
    let mut signature = signature.clone();
    for argument in &mut signature.inputs {
        if let FnArg::Typed(typed) = argument {
            typed.attrs.retain(|attribute| !is_mark(attribute));
        }
    }
    signature
}
