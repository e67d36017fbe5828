//! What a handler takes of the token besides its guard, known by the last segment of a type, and
//! whether its attribute says as much: what documents say comes from the attribute alone.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, FnArg, GenericArgument, PathArguments, PathSegment, Signature, Type};

use crate::attribute::Attr;
use crate::errors::Errors;
use crate::function::{Function, attributes};
use crate::spans::call_at;

/// An argument that takes something of the token.
struct Taken<'a> {
    attributes: &'a [Attribute],
    written: &'a Type,
    what: What<'a>,
}

enum What<'a> {
    /// `Authorized<Policy>`
    Proof(&'a Type),
    /// `AccessToken` or `Claims<T>`
    Token,
    /// `Option<AccessToken>` or `Option<Claims<T>>`
    TokenIfAny,
}

/// Reports what the attribute does not allow, or nobody could compare with it.
pub(crate) fn check(signature: &Signature, attr: Attr, errors: &mut Errors) {
    for Taken { written, what, .. } in taken(signature) {
        let shown = shown(written);
        match (attr, what) {
            (Attr::Public, What::Proof(policy)) => {
                let policy = self::shown(policy);
                errors.at(written, format!("`#[public]` lets in who has no token: write `#[protected(policy = {policy})]`"));
            }
            (Attr::Public, What::Token) => errors.at(written, format!("`#[public]` lets in who has no token: take `Option<{shown}>`, or write `#[protected]`")),
            (Attr::Protected, What::Proof(policy)) if is_parameter(policy, signature) => {
                errors.at(written, "no attribute demands what a parameter stands for: write the name of a policy, as in `Authorized<CanWriteItems>`");
            }
            _ => {}
        }
    }
}

/// Whether who has a token may be told apart. That an argument with `cfg` is there is not known
/// here, and to say that a token may be read is not wrong without it.
pub(crate) fn reads_token_if_any(signature: &Signature) -> bool {
    taken(signature).any(|taken| matches!(taken.what, What::TokenIfAny))
}

/// Tells whether arguments behind the guard read the token too. An argument that cannot be told by
/// its type is served all the same, more slowly.
pub(crate) fn reads_token(signature: &Signature) -> bool {
    taken(signature).next().is_some()
}

/// Items that are errors where an argument proves what is not demanded.
pub(crate) fn questions(
    function: &Function,
    runtime: &TokenStream,
    demanded: &TokenStream,
) -> TokenStream {
    let questions = taken(&function.signature).filter_map(|taken| {
        let What::Proof(policy) = taken.what else {
            return None;
        };
        let message = format!(
            "the attribute does not demand what this proof is of: add `policy = {}` to it",
            shown(policy)
        );
        let question = call_at(
            &taken.written.to_token_stream(),
            quote!(#runtime::__private::proves),
            quote!(&#demanded, &<#policy as #runtime::Policy>::OPERATION, #message),
        );
        let own = taken.attributes.iter();
        let own = own.filter(|attribute| attribute.path().is_ident("cfg"));
        let conditions = function.conditions().chain(own);
        Some(quote!(#(#conditions)* const _: () = #question;))
    });
    questions.collect()
}

fn taken(signature: &Signature) -> impl Iterator<Item = Taken<'_>> {
    signature.inputs.iter().filter_map(|argument| {
        let FnArg::Typed(typed) = argument else {
            return None;
        };
        Some(Taken { attributes: attributes(argument), written: &typed.ty, what: what(&typed.ty)? })
    })
}

fn what(ty: &Type) -> Option<What<'_>> {
    let last = last_segment(ty)?;
    if last.ident == "Authorized" {
        return only_argument(last).map(What::Proof);
    }
    if is_token(last) {
        return Some(What::Token);
    }
    let optional = last_segment(only_argument(last)?)?;
    (last.ident == "Option" && is_token(optional)).then_some(What::TokenIfAny)
}

fn is_token(last: &PathSegment) -> bool {
    last.ident == "AccessToken" && last.arguments.is_none()
        || last.ident == "Claims" && only_argument(last).is_some()
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        // `macro_rules!` wraps what it substitutes.
        Type::Group(group) => last_segment(&group.elem),
        Type::Paren(parentheses) => last_segment(&parentheses.elem),
        _ => None,
    }
}

fn only_argument(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(list) = &segment.arguments else {
        return None;
    };
    let mut arguments = list.args.iter();
    match (arguments.next(), arguments.next()) {
        (Some(GenericArgument::Type(only)), None) => Some(only),
        _ => None,
    }
}

fn is_parameter(ty: &Type, signature: &Signature) -> bool {
    let Type::Path(path) = ty else { return false };
    let mut parameters = signature.generics.type_params();
    parameters.any(|parameter| path.path.is_ident(&parameter.ident))
}

fn shown(ty: &Type) -> String {
    ty.to_token_stream().to_string().replace(' ', "")
}
