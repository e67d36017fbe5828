//! The state of a check: any state, or the type in `#[check(state = AppState<R>)]`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::{
    Expr, GenericArgument, GenericParam, Generics, PathArguments, Type, TypeArray, TypeParen,
    TypePath, TypeReference, TypeSlice,
};

use crate::check_impl::State;
use crate::errors::Errors;

/// Reports a state without a concrete type, and each generic parameter of the check that the state
/// does not determine. The compiler could not choose the parameter for a state (E0207).
pub(super) fn check(state: Option<&Type>, generics: &Generics, errors: &mut Errors) {
    for lifetime in generics.lifetimes() {
        errors.at(
            lifetime,
            "a check takes its extractors by value and cannot have lifetimes: remove it",
        );
    }
    let parameters = parameters(generics);
    match state {
        None if parameters.is_empty() => {}
        None => {
            let names: Vec<_> = parameters.iter().map(ToString::to_string).collect();
            let names = names.join(", ");
            errors.at(generics, format!("a generic check must name its state, which selects the types: write `#[check(state = AppState<{names}>)]`, or write concrete types"));
        }
        Some(ty @ (Type::ImplTrait(_) | Type::Infer(_))) => {
            errors.at(ty, "the state of a check needs a concrete type: write its name");
        }
        Some(state) => {
            for name in parameters.iter().filter(|name| !determines(state, name)) {
                errors.at(name, format!("the state does not determine `{name}`: name it in the state, as in `state = AppState<{name}>`, or write a concrete type"));
            }
        }
    }
}

/// Reports the type of a loaded value that depends on the state. The handler names the value by the
/// check alone.
pub(super) fn check_value(value: Option<&Type>, generics: &Generics, errors: &mut Errors) {
    let Some(value) = value else { return };
    for name in parameters(generics) {
        if mentions(value.to_token_stream(), name) {
            errors.at(value, format!("a loaded value cannot depend on `{name}`, as the handler takes it by the name of the check: write a concrete type"));
        }
    }
}

/// Returns the names of the type parameters and constant parameters.
fn parameters(generics: &Generics) -> Vec<&Ident> {
    generics
        .params
        .iter()
        .filter_map(|parameter| match parameter {
            GenericParam::Lifetime(_) => None,
            GenericParam::Type(parameter) => Some(&parameter.ident),
            GenericParam::Const(parameter) => Some(&parameter.ident),
        })
        .collect()
}

/// Returns true if a type determines a generic parameter. A projection such as `R::State` does not
/// determine `R`.
fn determines(ty: &Type, name: &Ident) -> bool {
    match ty {
        Type::Path(TypePath { qself: None, path, .. }) => {
            let is_projection = path.segments.len() > 1
                && path.segments.first().is_some_and(|first| first.ident == *name);
            path.is_ident(name)
                || !is_projection
                    && path.segments.iter().any(|segment| match &segment.arguments {
                        PathArguments::AngleBracketed(list) => {
                            list.args.iter().any(|argument| argument_determines(argument, name))
                        }
                        _ => false,
                    })
        }
        Type::Array(TypeArray { elem, len, .. }) => determines(elem, name) || is_name(len, name),
        Type::Group(group) => determines(&group.elem, name),
        Type::Paren(TypeParen { elem, .. })
        | Type::Reference(TypeReference { elem, .. })
        | Type::Slice(TypeSlice { elem, .. }) => determines(elem, name),
        Type::Tuple(tuple) => tuple.elems.iter().any(|elem| determines(elem, name)),
        // The bounds of a trait object determine the types in the brackets of the trait.
        Type::TraitObject(object) => mentions(object.to_token_stream(), name),
        _ => false,
    }
}

fn argument_determines(argument: &GenericArgument, name: &Ident) -> bool {
    match argument {
        GenericArgument::Type(ty) => determines(ty, name),
        GenericArgument::Const(value) => is_name(value, name),
        _ => false,
    }
}

fn is_name(value: &Expr, name: &Ident) -> bool {
    matches!(value, Expr::Path(path) if path.path.is_ident(name))
}

/// Returns true if tokens contain an identifier.
pub(super) fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// Returns the state of the `Check` implementation.
pub(super) fn of_impl(state: Option<&Type>, generics: &Generics) -> State {
    let Some(state) = state else { return State::any() };
    let predicates = generics.where_clause.as_ref().map(|clause| clause.predicates.iter());
    let predicates = predicates.into_iter().flatten();
    State {
        parameters: generics.params.to_token_stream(),
        ty: state.to_token_stream(),
        predicates: quote!(#(#predicates,)*),
    }
}

/// Returns the generic arguments with which the implementation calls the function. The compiler
/// cannot infer a parameter that only the state contains.
pub(super) fn arguments(generics: &Generics) -> Option<TokenStream> {
    let parameters = parameters(generics);
    (!parameters.is_empty()).then(|| quote!(::<#(#parameters),*>))
}
