//! Each attribute and derive from its tokens to those that stand in their place: parse, check, expand.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::LitStr;

use crate::args::{self, Args};
use crate::attribute::Attr;
use crate::errors::Errors;
use crate::function::{self, Function};
use crate::handler::Handler;
use crate::{
    check_attribute, crate_path, derive_has_resource_server, derive_policy, expand, handler_rules,
    scopes,
};

pub(crate) fn on_protected(
    args: TokenStream,
    item: TokenStream,
    written: Option<&str>,
) -> TokenStream {
    let mut errors = Errors::default();
    let Args { runtime, said } = args::protected(args, written, &mut errors);
    let mistake = errors.finish(said.is_whole.then_some(())).err();
    let stated = said.unless(mistake.is_some());
    let expand = |handler: &_| expand::protected(&runtime, &stated, handler);
    on_handler(item, Attr::Protected, mistake, expand)
}

pub(crate) fn on_public(args: TokenStream, item: TokenStream) -> TokenStream {
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
    item: TokenStream,
    attr: Attr,
    mistake: Option<syn::Error>,
    expand: impl FnOnce(&Handler) -> TokenStream,
) -> TokenStream {
    let mut errors = Errors::default();
    let handler = errors.keep(Handler::parse(item.clone(), attr));
    if let Some(handler) = &handler {
        handler_rules::check(handler, attr, &mut errors);
    }
    match errors.finish(handler) {
        Ok(handler) => expand::beside(expand(&handler), mistake),
        Err(error) => expand::beside(function::alone(item), mistake.into_iter().chain([error])),
    }
}

pub(crate) fn on_check(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let runtime = crate_path::of_list(args, &mut errors);
    let function = errors.keep(Function::parse(item.clone(), Attr::Check));
    if let Some(function) = &function {
        check_attribute::check(function, &mut errors);
    }
    let instead =
        function.as_ref().and_then(|function| check_attribute::instead(&runtime, function));
    match errors.finish(function) {
        Ok(function) => check_attribute::expand(&runtime, &function),
        Err(error) => {
            let item = function::alone(item);
            expand::beside(quote!(#item #instead), [error])
        }
    }
}

pub(crate) fn on_state(item: TokenStream) -> TokenStream {
    match derive_has_resource_server::parse(item) {
        Ok(state) => derive_has_resource_server::expand(&state),
        Err(error) => error.into_compile_error(),
    }
}

pub(crate) fn on_scopes(item: TokenStream) -> TokenStream {
    match scopes::parse(item) {
        Ok(scopes) => scopes::expand(&scopes),
        Err(error) => error.into_compile_error(),
    }
}

pub(crate) fn on_policy(item: TokenStream) -> TokenStream {
    match derive_policy::parse(item) {
        Ok(policy) => derive_policy::expand(policy),
        Err(error) => error.into_compile_error(),
    }
}
