//! The attributes and the derive of `axum-protected`. Use them through that crate,
//! which documents them beside the types that they name.

use proc_macro::TokenStream;
use proc_macro2::{Span, TokenStream as Tokens};

use crate::errors::Errors;
use crate::handler::{Attr, Handler};

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
mod state;
mod suggest;
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
    routes
        .unwrap_or_else(|error| error.into_compile_error())
        .into()
}

fn on_protected(args: Tokens, item: Tokens, written: Option<&str>) -> Tokens {
    let mut errors = Errors::default();
    let args = args::protected(args, written, &mut errors);
    let handler = checked(item.clone(), Attr::Protected, &mut errors);
    match errors.finish(handler.map(|handler| (args, handler))) {
        Ok((args, handler)) => expand::protected(&args, &handler),
        Err(error) => expand::refused(item, &error),
    }
}

fn on_public(args: Tokens, item: Tokens) -> Tokens {
    let mut errors = Errors::default();
    let args = args::public(args, &mut errors);
    let handler = checked(item.clone(), Attr::Public, &mut errors);
    match errors.finish(args.zip(handler)) {
        Ok((args, handler)) => expand::public(&args, &handler),
        Err(error) => expand::refused(item, &error),
    }
}

fn on_check(args: Tokens, item: Tokens) -> Tokens {
    let mut errors = Errors::default();
    let runtime = path::of_list(args, &mut errors);
    let function = errors.keep(Handler::parse(item.clone(), Attr::Check));
    if let Some(function) = &function {
        check_fn::check(function, &mut errors);
    }
    match errors.finish(function) {
        Ok(function) => check_fn::expand(&runtime, &function),
        Err(error) => expand::refused(item, &error),
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
        Ok(policy) => named_policy::expand(&policy),
        Err(error) => error.into_compile_error(),
    }
}

fn checked(item: Tokens, attr: Attr, errors: &mut Errors) -> Option<Handler> {
    let handler = errors.keep(Handler::parse(item, attr))?;
    function::check(&handler, attr, errors);
    Some(handler)
}
