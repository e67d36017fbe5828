//! Tells whether `#[debug_handler]` stands above. There it calls the handler without the guard, and
//! the compiler would only say that an argument is missing.
//!
//! An attribute never sees what is above it. But `#[debug_handler]` leaves a function beside the
//! handler: an item of the same name collides with it, and what is found under that name is not ours.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Attribute;
use syn::ext::IdentExt as _;

use crate::handler::Handler;

/// Attributes that are certainly not `#[debug_handler]` under another name.
const HARMLESS: &[&str] = &[
    "allow",
    "cfg",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "inline",
    "instrument",
    "must_use",
    "path",
    "warn",
];

/// A probe for one handler; empty where `#[debug_handler]` may be below, as there it is right and
/// leaves the same function.
pub(crate) struct Probe<'a> {
    left_behind: Option<Ident>,
    runtime: &'a TokenStream,
}

impl<'a> Probe<'a> {
    /// The probe for a handler.
    pub(crate) fn new(handler: &Handler, runtime: &'a TokenStream) -> Self {
        let function = handler.signature.ident.unraw();
        let name = || {
            let span = Span::call_site();
            format_ident!("__axum_macros_check_{function}_future", span = span)
        };
        Self {
            left_behind: handler.attributes.iter().all(is_harmless).then(name),
            runtime,
        }
    }

    /// The item that collides with what `#[debug_handler]` left.
    pub(crate) fn item(&self) -> Option<TokenStream> {
        let Self {
            left_behind,
            runtime,
        } = self;
        let left_behind = left_behind.as_ref()?;
        Some(quote! {
            #[doc(hidden)]
            #[allow(non_upper_case_globals, reason = "named after what `#[debug_handler]` writes")]
            const #left_behind: #runtime::__private::Alone = #runtime::__private::Alone;
        })
    }

    /// The value, if the item is the only one of its name. This is no item of its own, as that would
    /// be one more error where the function is misplaced in an `impl`.
    pub(crate) fn before(&self, value: TokenStream) -> TokenStream {
        let Self {
            left_behind,
            runtime,
        } = self;
        match left_behind {
            Some(left_behind) => {
                quote!({ #runtime::__private::nothing_above(&#left_behind); #value })
            }
            None => value,
        }
    }
}

fn is_harmless(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|last| HARMLESS.iter().any(|harmless| last.ident == harmless))
}
