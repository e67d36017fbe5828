//! The attributes and the derive of `axum-protected`. Use them through that crate,
//! which documents them beside the types that they name.

use proc_macro::TokenStream;
use proc_macro2::{Span, TokenStream as Tokens};
use quote::quote;
use syn::LitStr;

use crate::args::Args;
use crate::errors::Errors;
use crate::handler::{Attr, Handler};
use crate::requirement::Requirement;

mod above;
mod args;
mod check_fn;
mod chunk;
mod entry;
mod errors;
mod expand;
mod function;
mod handler;
mod named_policy;
mod openapi;
mod path;
mod policy;
mod requirement;
mod routes;
mod running;
mod scopes;
mod security;
mod state;
mod suggest;
mod taken;
mod text;

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

fn on_protected(args: Tokens, item: Tokens, written: Option<&str>) -> Tokens {
    let mut errors = Errors::default();
    let Args { runtime, said } = args::protected(args, written, &mut errors);
    let (requirement, mistake) = errors.finish_or(Some(said), Requirement::nobody);
    let expand = |handler: &_| expand::protected(&runtime, &requirement, handler);
    on_handler(item, Attr::Protected, mistake, expand)
}

fn on_public(args: Tokens, item: Tokens) -> Tokens {
    let mut errors = Errors::default();
    let Args { runtime, said } = args::public(args, &mut errors);
    let nothing = || LitStr::new("", Span::call_site());
    let (reason, mistake) = errors.finish_or(said, nothing);
    let expand = |handler: &_| expand::public(&runtime, &reason, handler);
    on_handler(item, Attr::Public, mistake, expand)
}

/// A handler of which the attribute alone is wrong is declared nevertheless: otherwise every route
/// to it would be an error as well.
fn on_handler(
    item: Tokens,
    attr: Attr,
    mistake: Option<syn::Error>,
    expand: impl FnOnce(&Handler) -> Tokens,
) -> Tokens {
    let mut errors = Errors::default();
    let handler = errors.keep(Handler::parse(item.clone(), attr));
    if let Some(handler) = &handler {
        function::check(handler, attr, &mut errors);
    }
    match errors.finish(handler) {
        Ok(handler) => expand::beside(expand(&handler), mistake),
        Err(error) => expand::beside(handler::alone(item), mistake.into_iter().chain([error])),
    }
}

fn on_check(args: Tokens, item: Tokens) -> Tokens {
    let mut errors = Errors::default();
    let runtime = path::of_list(args, &mut errors);
    let function = errors.keep(Handler::parse(item.clone(), Attr::Check));
    if let Some(function) = &function {
        check_fn::check(function, &mut errors);
    }
    let instead = function
        .as_ref()
        .and_then(|function| check_fn::instead(&runtime, function));
    match errors.finish(function) {
        Ok(function) => check_fn::expand(&runtime, &function),
        Err(error) => {
            let item = handler::alone(item);
            expand::beside(quote!(#item #instead), [error])
        }
    }
}

fn on_state(item: Tokens) -> Tokens {
    match state::parse(item) {
        Ok(state) => state::expand(&state),
        Err(error) => error.into_compile_error(),
    }
}

fn on_scopes(item: Tokens) -> Tokens {
    match scopes::parse(item) {
        Ok(scopes) => scopes::expand(&scopes),
        Err(error) => error.into_compile_error(),
    }
}

fn on_policy(item: Tokens) -> Tokens {
    match named_policy::parse(item) {
        Ok(policy) => named_policy::expand(policy),
        Err(error) => error.into_compile_error(),
    }
}
