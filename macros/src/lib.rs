//! The attributes and the derive of `axum-protected`. Use them through that crate,
//! which documents them beside the types that they name.

use proc_macro::TokenStream;
use proc_macro2::{Span, TokenStream as Tokens};

use crate::errors::Errors;
use crate::handler::{Attr, Handler};

mod above;
mod args;
mod check;
mod entry;
mod errors;
mod expand;
mod handler;
mod path;
mod requirement;
mod scope_token;
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

/// Finds the resource server in the state of an application. Documented in `axum-protected`.
#[proc_macro_derive(HasResourceServer, attributes(resource_server, has_resource_server))]
pub fn has_resource_server(item: TokenStream) -> TokenStream {
    on_state(item.into()).into()
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

fn on_state(item: Tokens) -> Tokens {
    match state::parse(item) {
        Ok(state) => state::expand(&state),
        Err(error) => error.into_compile_error(),
    }
}

fn checked(item: Tokens, attr: Attr, errors: &mut Errors) -> Option<Handler> {
    let handler = errors.keep(Handler::parse(item, attr))?;
    check::check(&handler, attr, errors);
    Some(handler)
}
