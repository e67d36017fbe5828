//! What the attributes become. Every path is absolute, so that no name of the user's is in the way.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt as _;

use crate::above::Probe;
use crate::args::{Protected, Public};
use crate::handler::{self, Attr, Handler};

/// The handler behind its guard, and its policy.
pub(crate) fn protected(args: &Protected, handler: &Handler) -> TokenStream {
    let Protected {
        runtime,
        requirement,
    } = args;
    let marker = handler.marker(Attr::Protected);
    let name = full_name(handler);
    let requirement = requirement.expression(runtime);
    let probe = Probe::new(handler, runtime);
    let operation = probe.before(quote!(#runtime::Operation::new(#name, #requirement)));
    let policy = quote! {
        impl #runtime::Policy for #marker {
            const OPERATION: #runtime::Operation = #operation;
        }
    };
    guarded(
        handler,
        &quote!(#runtime::Authorized<#marker>),
        &marker,
        &probe,
        &policy,
    )
}

/// The handler with its declaration, and the reason.
pub(crate) fn public(args: &Public, handler: &Handler) -> TokenStream {
    let Public { runtime, reason } = args;
    let marker = handler.marker(Attr::Public);
    let probe = Probe::new(handler, runtime);
    let name = probe.before(full_name(handler));
    let access = quote! {
        impl #runtime::PublicAccess for #marker {
            const HANDLER: &'static ::core::primitive::str = #name;
            const REASON: &'static ::core::primitive::str = #reason;
        }
    };
    guarded(
        handler,
        &quote!(#runtime::Public<#marker>),
        &marker,
        &probe,
        &access,
    )
}

/// The item as it was written, and what is wrong with it.
pub(crate) fn refused(item: TokenStream, error: &syn::Error) -> TokenStream {
    let item = handler::alone(item);
    let error = error.to_compile_error();
    quote!(#item #error)
}

/// The function comes first, as editors colour a name by its first use. The guard has no name, so
/// that `#[tracing::instrument]` records nothing of it.
fn guarded(
    handler: &Handler,
    guard: &TokenStream,
    marker: &Ident,
    probe: &Probe<'_>,
    declaration: &TokenStream,
) -> TokenStream {
    let Handler {
        attributes,
        visibility,
        signature,
        body,
    } = handler;
    let signature = handler::with_first_argument(signature, &quote!(_: #guard));
    let conditions: Vec<_> = handler.conditions().collect();
    let probe = probe.item().map(|item| quote!(#(#conditions)* #item));
    quote! {
        #(#attributes)* #visibility #signature #body
        #(#conditions)*
        #[doc(hidden)]
        #[allow(non_camel_case_types, clippy::exhaustive_enums, reason = "a name for the handler, never a value")]
        #visibility enum #marker {}
        #probe
        #(#conditions)*
        #[automatically_derived]
        #declaration
    }
}

fn full_name(handler: &Handler) -> TokenStream {
    let name = format!("::{}", handler.signature.ident.unraw());
    quote!(::core::concat!(::core::module_path!(), #name))
}
