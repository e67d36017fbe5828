//! Tells whether an attribute stands above that must stand below: `#[debug_handler]`, which would
//! call the handler without the guard, and `#[utoipa::path]`, whose operation would not say who may
//! call it.
//!
//! An attribute never sees what is above it. But both leave an item beside the handler: one of the
//! same name collides with it, and what is found under that name is not ours.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
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

/// The probes for one handler.
pub(crate) struct Probe<'a> {
    runtime: &'a TokenStream,
    traces: Vec<Trace>,
}

/// What an attribute above has left, if it was there.
struct Trace {
    name: Ident,
    /// The type of our item of that name.
    ours: Ident,
    /// The function that takes that type only.
    only: Ident,
}

impl<'a> Probe<'a> {
    /// The probes for a handler.
    pub(crate) fn new(handler: &Handler, runtime: &'a TokenStream) -> Self {
        let function = handler.signature.ident.unraw();
        // Below it is right, and leaves the same function.
        let may_be_below = !handler.attributes.iter().all(is_harmless);
        let debug_handler = (!may_be_below).then(|| {
            let name = format!("__axum_macros_check_{function}_future");
            Trace::new(&name, "Alone", "nothing_above")
        });
        let utoipa_path = handler.documented.is_none().then(|| {
            let name = format!("__path_{function}");
            Trace::new(&name, "Undocumented", "not_documented_above")
        });
        Self {
            runtime,
            traces: debug_handler.into_iter().chain(utoipa_path).collect(),
        }
    }

    /// The items that collide with what was left.
    pub(crate) fn items(&self) -> impl Iterator<Item = TokenStream> {
        let runtime = self.runtime;
        self.traces.iter().map(move |Trace { name, ours, .. }| {
            quote! {
                #[doc(hidden)]
                #[allow(non_upper_case_globals, reason = "named after what another attribute writes")]
                const #name: #runtime::__private::#ours = #runtime::__private::#ours;
            }
        })
    }

    /// The value, if the items are the only ones of their names. This is no item of its own, as that
    /// would be one more error where the function is misplaced in an `impl`.
    pub(crate) fn before(&self, value: TokenStream) -> TokenStream {
        if self.traces.is_empty() {
            return value;
        }
        let runtime = self.runtime;
        let questions = self
            .traces
            .iter()
            .map(|Trace { name, only, .. }| quote!(#runtime::__private::#only(&#name);));
        quote!({ #(#questions)* #value })
    }
}

impl Trace {
    fn new(name: &str, ours: &str, only: &str) -> Self {
        let [name, ours, only] = [name, ours, only].map(|name| Ident::new(name, Span::call_site()));
        Self { name, ours, only }
    }
}

fn is_harmless(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|last| HARMLESS.iter().any(|harmless| last.ident == harmless))
}
