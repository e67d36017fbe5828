//! The attributes and the derive of `axum-protected`. Use them through that crate,
//! which documents them beside the types that they name.

use proc_macro::TokenStream;
use proc_macro2::Span;

use crate::entry_points::{on_check, on_policy, on_protected, on_public, on_scopes, on_state};

mod args;
mod attribute;
mod check_attribute;
mod check_impl;
mod crate_path;
mod derive_has_resource_server;
mod derive_policy;
mod entry_points;
mod errors;
mod expand;
mod function;
mod handler;
mod handler_rules;
mod list;
mod placement;
mod policy_impl;
mod requirement;
mod routes;
mod scopes;
mod spans;
mod string_value;
mod suggest;
mod token_extractors;
mod utoipa_path;

#[cfg(test)]
mod tests;

/// States what the access token of a caller must satisfy. Documented in `axum-protected`.
#[proc_macro_attribute]
pub fn protected(args: TokenStream, item: TokenStream) -> TokenStream {
    let written = Span::call_site().source_text();
    on_protected(args.into(), item.into(), written.as_deref()).into()
}

/// States why anyone may call a handler. Documented in `axum-protected`.
#[proc_macro_attribute]
pub fn public(args: TokenStream, item: TokenStream) -> TokenStream {
    on_public(args.into(), item.into()).into()
}

/// Makes a function one that `#[protected(check = ...)]` can name. Documented in `axum-protected`.
#[proc_macro_attribute]
pub fn check(args: TokenStream, item: TokenStream) -> TokenStream {
    on_check(args.into(), item.into()).into()
}

/// Finds the resource server in the state of an application. Documented in `axum-protected`.
#[proc_macro_derive(HasResourceServer, attributes(resource_server, has_resource_server))]
pub fn has_resource_server(item: TokenStream) -> TokenStream {
    on_state(item.into()).into()
}

/// Declares the scopes of an API. Documented in `axum-protected`.
#[proc_macro_derive(Scopes, attributes(scope, scopes))]
pub fn scopes(item: TokenStream) -> TokenStream {
    on_scopes(item.into()).into()
}

/// Gives a policy a name. Documented in `axum-protected`.
#[proc_macro_derive(Policy, attributes(policy))]
pub fn policy(item: TokenStream) -> TokenStream {
    on_policy(item.into()).into()
}

/// Handlers with their operations. Documented in `axum-protected`.
#[proc_macro]
pub fn routes(handlers: TokenStream) -> TokenStream {
    let routes = routes::expand(handlers.into());
    routes.unwrap_or_else(syn::Error::into_compile_error).into()
}
