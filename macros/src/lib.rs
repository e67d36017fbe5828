//! The attributes and derives of `axum-protected`. Use the attributes and derives through
//! `axum-protected`, which documents them.

use proc_macro::TokenStream;
use proc_macro2::Span;

use crate::entry_points::{
    on_check, on_policy, on_protected, on_public, on_roles, on_scopes, on_state,
};

mod args;
mod attribute_kind;
mod check_attribute;
mod check_impl;
mod checked_extractors;
mod crate_path;
mod declared_enum;
mod derive_has_resource_server;
mod derive_policy;
mod entry_points;
mod errors;
mod expand;
mod function;
mod handler;
mod handler_rules;
mod list;
mod page;
mod placement;
mod policy_impl;
mod requirement;
mod roles;
mod routes;
mod scopes;
mod spans;
mod string_value;
mod suggest;
mod token_extractors;
mod type_path;
mod utoipa_path;

#[cfg(test)]
mod tests;

/// Protects a handler and states the requirement for the access token.
/// `axum-protected` documents this attribute.
#[proc_macro_attribute]
pub fn protected(args: TokenStream, item: TokenStream) -> TokenStream {
    let source = Span::call_site().source_text();
    on_protected(args.into(), item.into(), source.as_deref()).into()
}

/// Declares a handler as public and states the reason.
/// `axum-protected` documents this attribute.
#[proc_macro_attribute]
pub fn public(args: TokenStream, item: TokenStream) -> TokenStream {
    on_public(args.into(), item.into()).into()
}

/// Turns a function into a check for `#[protected(check = ...)]`.
/// `axum-protected` documents this attribute.
#[proc_macro_attribute]
pub fn check(args: TokenStream, item: TokenStream) -> TokenStream {
    on_check(args.into(), item.into()).into()
}

/// Finds the resource server in the state of an application.
/// `axum-protected` documents this derive.
#[proc_macro_derive(HasResourceServer, attributes(resource_server, has_resource_server))]
pub fn has_resource_server(item: TokenStream) -> TokenStream {
    on_state(item.into()).into()
}

/// Declares the scopes of an API. `axum-protected` documents this derive.
#[proc_macro_derive(Scopes, attributes(scope, scopes))]
pub fn scopes(item: TokenStream) -> TokenStream {
    on_scopes(item.into()).into()
}

/// Declares the roles of an API. `axum-protected` documents this derive.
#[proc_macro_derive(Roles, attributes(role, roles))]
pub fn roles(item: TokenStream) -> TokenStream {
    on_roles(item.into()).into()
}

/// Declares a named policy. `axum-protected` documents this derive.
#[proc_macro_derive(Policy, attributes(policy))]
pub fn policy(item: TokenStream) -> TokenStream {
    on_policy(item.into()).into()
}

/// Collects handlers together with their OpenAPI operations.
/// `axum-protected` documents this macro.
#[proc_macro]
pub fn routes(handlers: TokenStream) -> TokenStream {
    let routes = routes::expand(handlers.into());
    routes.unwrap_or_else(syn::Error::into_compile_error).into()
}
