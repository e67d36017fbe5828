//! Tells whether an attribute stands above that must stand below: `#[debug_handler]`, which would
//! call the handler without the guard, and `#[utoipa::path]`, whose operation would not say who may
//! call it.
//!
//! An attribute never sees what is above it. But both leave an item beside the handler: one of the
//! same name collides with it, and what is found under that name is not ours.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Attribute;

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
pub(crate) struct Probe {
    traces: Vec<Trace>,
}

/// What an attribute above has left, if it was there.
struct Trace {
    /// Our item of the same name.
    item: TokenStream,
    /// Compiles if that is what is found under the name.
    question: TokenStream,
}

impl Probe {
    /// The probes for a handler.
    pub(crate) fn new(handler: &Handler, runtime: &TokenStream) -> Self {
        let function = handler.function.name();
        let name = |name: String| Ident::new(&name, Span::call_site());
        // Below it is right, and leaves the same function.
        let may_be_below = !handler.function.attributes.iter().all(is_harmless);
        let debug_handler = (!may_be_below).then(|| {
            let name = name(format!("__axum_macros_check_{function}_future"));
            Trace {
                item: quote!(const #name: #runtime::__private::Alone = #runtime::__private::Alone;),
                question: quote!(#runtime::__private::nothing_above(&#name);),
            }
        });
        let utoipa_path = handler.documented.is_none().then(|| {
            let name = name(format!("__path_{function}"));
            Trace {
                item: quote!(type #name = #runtime::__private::Undocumented;),
                question: quote!(#runtime::__private::not_documented_above::<#name>();),
            }
        });
        Self { traces: debug_handler.into_iter().chain(utoipa_path).collect() }
    }

    /// The items that collide with what was left.
    pub(crate) fn items(&self) -> impl Iterator<Item = TokenStream> {
        self.traces.iter().map(|Trace { item, .. }| {
            quote! {
                #[doc(hidden)]
                #[allow(non_upper_case_globals, non_camel_case_types, reason = "named after what another attribute writes")]
                #item
            }
        })
    }

    /// The value, if the items are the only ones of their names. This is no item of its own, as that
    /// would be one more error where the function is misplaced in an `impl`.
    pub(crate) fn before(&self, value: TokenStream) -> TokenStream {
        if self.traces.is_empty() {
            return value;
        }
        let questions = self.traces.iter().map(|trace| &trace.question);
        quote!({ #(#questions)* #value })
    }
}

fn is_harmless(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|last| HARMLESS.iter().any(|harmless| last.ident == harmless))
}
