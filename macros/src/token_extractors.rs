//! Finds `AccessToken`, `Claims<T>` and `Authorized<P>` among the arguments of a handler, by the
//! last path segment of each type. Checks that the attribute allows these extractors, because
//! OpenAPI documents are generated from the attribute alone.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::{Attribute, FnArg, PathSegment, Signature, Type};

use crate::attribute_kind::Attr;
use crate::errors::Errors;
use crate::function::{Function, attributes};
use crate::spans::call_at;
use crate::type_path::{last_segment, only_argument, type_text};

/// An argument of a handler that reads the access token.
struct TokenExtractor<'a> {
    attributes: &'a [Attribute],
    ty: &'a Type,
    kind: Kind<'a>,
}

enum Kind<'a> {
    /// `Authorized<Policy>`
    Proof(&'a Type),
    /// `AccessToken` or `Claims<T>`
    Token,
    /// `Option<AccessToken>` or `Option<Claims<T>>`
    OptionalToken,
}

/// Reports each extractor that the attribute does not allow, and each `Authorized<P>` that cannot
/// be compared with the attribute.
pub(crate) fn check(signature: &Signature, attr: Attr, errors: &mut Errors) {
    for TokenExtractor { ty, kind, .. } in token_extractors(signature) {
        match (attr, kind) {
            (Attr::Public, Kind::Proof(policy)) => {
                let policy = type_text(policy);
                errors.at(ty, format!("a `#[public]` handler accepts requests without a token: write `#[protected(policy = {policy})]`"));
            }
            (Attr::Public, Kind::Token) => {
                let token = type_text(ty);
                errors.at(ty, format!("a `#[public]` handler accepts requests without a token: take `Option<{token}>`, or write `#[protected]`"));
            }
            (Attr::Protected, Kind::Proof(policy)) if is_parameter(policy, signature) => {
                errors.at(ty, "an attribute cannot require a generic policy: write the name of a policy, as in `Authorized<CanWriteItems>`");
            }
            _ => {}
        }
    }
}

/// Returns true if a public handler may read a token. An argument with `cfg` counts too, although
/// the compiler may remove the argument. OpenAPI documents may then name a token that the handler
/// does not read.
pub(crate) fn reads_optional_token(signature: &Signature) -> bool {
    token_extractors(signature).any(|extractor| matches!(extractor.kind, Kind::OptionalToken))
}

/// Returns true if an argument after the guard also reads the token. An extractor that was imported
/// under another name does not count, and works too, but more slowly.
pub(crate) fn reads_token(signature: &Signature) -> bool {
    token_extractors(signature).next().is_some()
}

/// Counts the arguments of the type `Authorized<P>`. If `Authorized` was imported under another
/// name, the argument does not count, and its checks run again for each request. An argument with
/// `cfg` does not count, because the compiler may remove the argument.
pub(crate) fn proofs(signature: &Signature) -> usize {
    let proofs = token_extractors(signature)
        .filter(|extractor| matches!(extractor.kind, Kind::Proof(_)))
        .filter(|extractor| !extractor.attributes.iter().any(|own| own.path().is_ident("cfg")));
    proofs.count()
}

/// Returns a compile-time assertion for each `Authorized<P>` that the requirement implies the
/// policy `P`.
pub(crate) fn assertions(
    function: &Function,
    runtime: &TokenStream,
    requirement: &TokenStream,
) -> TokenStream {
    let assertions = token_extractors(&function.signature).filter_map(|extractor| {
        let Kind::Proof(policy) = extractor.kind else {
            return None;
        };
        let message = format!(
            "the attribute does not require this policy: add `policy = {}` to it",
            type_text(policy)
        );
        let assertion = call_at(
            &extractor.ty.to_token_stream(),
            quote!(#runtime::__private::proves),
            quote!(&#requirement, &<#policy as #runtime::Policy>::OPERATION, #message),
        );
        let argument_conditions =
            extractor.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
        let conditions = function.conditions().chain(argument_conditions);
        Some(quote!(#(#conditions)* const _: () = #assertion;))
    });
    assertions.collect()
}

fn token_extractors(signature: &Signature) -> impl Iterator<Item = TokenExtractor<'_>> {
    signature.inputs.iter().filter_map(|argument| {
        let FnArg::Typed(typed) = argument else {
            return None;
        };
        let (attributes, ty) = (attributes(argument), &typed.ty);
        Some(TokenExtractor { attributes, ty, kind: kind(ty)? })
    })
}

fn kind(ty: &Type) -> Option<Kind<'_>> {
    let last = last_segment(ty)?;
    if last.ident == "Authorized" {
        return only_argument(last).map(Kind::Proof);
    }
    if is_token(last) {
        return Some(Kind::Token);
    }
    let optional = last_segment(only_argument(last)?)?;
    (last.ident == "Option" && is_token(optional)).then_some(Kind::OptionalToken)
}

fn is_token(last: &PathSegment) -> bool {
    last.ident == "AccessToken" && last.arguments.is_none()
        || last.ident == "Claims" && only_argument(last).is_some()
}

fn is_parameter(ty: &Type, signature: &Signature) -> bool {
    let Type::Path(path) = ty else { return false };
    let mut parameters = signature.generics.type_params();
    parameters.any(|parameter| path.path.is_ident(&parameter.ident))
}
