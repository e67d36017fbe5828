//! Detects attributes in the wrong order. `#[debug_handler]` above `#[protected]` would generate
//! code that calls the handler without the guard as an argument, and `#[utoipa::path]` above
//! `#[protected]` would not document the requirement.
//!
//! An attribute cannot see the attributes above it. But `#[debug_handler]` and `#[utoipa::path]`
//! each generate an item with a known name next to the handler. A probe is an item with the same
//! name. If the other attribute stands above `#[protected]`, the probe and the generated item
//! collide, or the name does not resolve to the probe. In both cases the handler does not compile.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Attribute;

use crate::handler::Handler;

/// The names of attributes that cannot be a renamed `#[debug_handler]`.
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

/// The probe that detects the generated item of one other attribute.
struct Trace {
    /// The probe: an item with the name of the generated item.
    item: TokenStream,
    /// A statement that compiles only if the name resolves to the probe.
    assertion: TokenStream,
}

impl Probe {
    /// Creates the probes for a handler.
    pub(crate) fn new(handler: &Handler, runtime: &TokenStream) -> Self {
        let function = handler.function.name();
        let name = |name: String| Ident::new(&name, Span::call_site());
        // `#[debug_handler]` below `#[protected]` is correct, but generates an item with the name
        // of the probe. A handler that may have `#[debug_handler]` below `#[protected]` therefore
        // gets no probe for `#[debug_handler]`.
        let may_be_below = !handler.function.attributes.iter().all(is_harmless);
        let debug_handler = (!may_be_below).then(|| {
            let name = name(format!("__axum_macros_check_{function}_future"));
            Trace {
                item: quote!(const #name: #runtime::__private::Alone = #runtime::__private::Alone;),
                assertion: quote!(#runtime::__private::nothing_above(&#name);),
            }
        });
        let utoipa_path = handler.utoipa_path.is_none().then(|| {
            let name = name(format!("__path_{function}"));
            Trace {
                item: quote!(type #name = #runtime::__private::Undocumented;),
                assertion: quote!(#runtime::__private::not_documented_above::<#name>();),
            }
        });
        Self { traces: debug_handler.into_iter().chain(utoipa_path).collect() }
    }

    /// Returns the generated items of the probes.
    pub(crate) fn items(&self) -> impl Iterator<Item = TokenStream> {
        self.traces.iter().map(|Trace { item, .. }| {
            quote! {
                #[doc(hidden)]
                #[allow(non_upper_case_globals, non_camel_case_types, reason = "the name of an item that another attribute generates")]
                #item
            }
        })
    }

    /// Puts the assertions of the probes before a value, in one block expression. The assertions
    /// are not a separate item, because a separate item would be a further error if the user has
    /// misplaced the function in an `impl`.
    pub(crate) fn prepend_to(&self, value: TokenStream) -> TokenStream {
        if self.traces.is_empty() {
            return value;
        }
        let assertions = self.traces.iter().map(|trace| &trace.assertion);
        quote!({ #(#assertions)* #value })
    }
}

fn is_harmless(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|last| HARMLESS.iter().any(|harmless| last.ident == harmless))
}
