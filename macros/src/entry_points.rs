//! The entry points of the attributes and derives. Each function parses, checks and expands the
//! tokens of one attribute or derive.

use proc_macro2::{Span, TokenStream};
use syn::LitStr;

use crate::args::{self, Args};
use crate::attribute_kind::Attr;
use crate::errors::Errors;
use crate::function::{self, Function};
use crate::handler::Handler;
use crate::{
    check_attribute, derive_has_resource_server, derive_policy, expand, handler_rules, roles,
    scopes,
};

pub(crate) fn on_protected(
    args: TokenStream,
    item: TokenStream,
    source: Option<&str>,
) -> TokenStream {
    let mut errors = Errors::default();
    let Args { runtime, page, value } = args::protected(args, source, &mut errors);
    let mistake = errors.finish(value.is_complete.then_some(())).err();
    let statement = value.unsatisfiable_if(mistake.is_some());
    on_handler(item, Attr::Protected, mistake, |handler| {
        expand::protected(&runtime, &statement, page, handler)
    })
}

pub(crate) fn on_public(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let Args { runtime, page, value } = args::public(args, &mut errors);
    let (reason, mistake) = errors.finish_or(value, || LitStr::new("", Span::call_site()));
    on_handler(item, Attr::Public, mistake, |handler| {
        expand::public(&runtime, &reason, page, handler)
    })
}

/// Expands a handler, even if the arguments of its attribute have a mistake. Without the expansion
/// the compiler would report a further error at every route to the handler.
fn on_handler(
    item: TokenStream,
    attr: Attr,
    mistake: Option<syn::Error>,
    expand: impl FnOnce(&Handler) -> TokenStream,
) -> TokenStream {
    let mut errors = Errors::default();
    let handler = errors.collect(Handler::parse(item.clone(), attr));
    if let Some(handler) = &handler {
        handler_rules::check(handler, attr, &mut errors);
    }
    match errors.finish(handler) {
        Ok(handler) => expand::with_errors(expand(&handler), mistake),
        Err(error) => expand::with_errors(
            function::without_own_attributes(item),
            mistake.into_iter().chain([error]),
        ),
    }
}

pub(crate) fn on_check(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let args = check_attribute::Args::parse(args, &mut errors);
    let function = errors.collect(Function::parse(item.clone(), Attr::Check));
    if let Some(function) = &function {
        check_attribute::check(&args, function, &mut errors);
    }
    let unchanged = function.as_ref().map_or_else(
        || function::without_own_attributes(item),
        |function| check_attribute::expand_with_mistake(&args, function),
    );
    match errors.finish(function) {
        Ok(function) => check_attribute::expand(&args, &function),
        Err(error) => expand::with_errors(unchanged, [error]),
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

pub(crate) fn on_roles(item: TokenStream) -> TokenStream {
    match roles::parse(item) {
        Ok(roles) => roles::expand(roles),
        Err(error) => error.into_compile_error(),
    }
}

pub(crate) fn on_policy(item: TokenStream) -> TokenStream {
    match derive_policy::parse(item) {
        Ok(policy) => derive_policy::expand(policy),
        Err(error) => error.into_compile_error(),
    }
}
