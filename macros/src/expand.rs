//! What the attributes become. Every path is absolute, so that no name of the user's is in the way.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::LitStr;

use crate::attribute::Attr;
use crate::function::{Function, with_first_argument};
use crate::handler::Handler;
use crate::placement::Probe;
use crate::policy_impl::Owner;
use crate::requirement::Stated;
use crate::token_extractors;

/// The handler behind its guard, and its policy.
pub(crate) fn protected(runtime: &TokenStream, stated: &Stated, handler: &Handler) -> TokenStream {
    let function = &handler.function;
    let marker = function.marker(Attr::Protected);
    let probe = Probe::new(handler, runtime);
    let owner = owner(function, runtime);
    let name = owner.full_name();
    let demanded = stated.requirement.expression(runtime);
    let reading =
        token_extractors::reads_token(&function.signature).then(|| quote!(.reading_token()));
    let operation = quote!(#runtime::policy::Operation::of_handler(#name, #demanded)#reading);
    let operation = probe.before(operation);
    let policy = owner.policy(&marker, stated, &operation);
    let guard = quote!(#runtime::Authorized<#marker>);
    let access =
        quote!(#runtime::router::Access::Protected(<#marker as #runtime::Policy>::OPERATION));
    let documented = documented(handler, runtime, &access);
    let demanded = quote!(<#marker as #runtime::Policy>::OPERATION.requirement);
    let question = question(handler, runtime, &demanded);
    let proofs = token_extractors::questions(function, runtime, &demanded);
    guarded(function, &guard, &marker, &probe, &quote!(#policy #documented #question #proofs))
}

/// The handler with its declaration, and the reason.
pub(crate) fn public(runtime: &TokenStream, reason: &LitStr, handler: &Handler) -> TokenStream {
    let function = &handler.function;
    let marker = function.marker(Attr::Public);
    let probe = Probe::new(handler, runtime);
    let owner = owner(function, runtime);
    let name = owner.full_name();
    let reading =
        token_extractors::reads_token_if_any(&function.signature).then(|| quote!(.reading_token()));
    let operation = quote!(#runtime::policy::PublicOperation::new(#name, #reason)#reading);
    let operation = probe.before(operation);
    let conditions = &owner.conditions;
    let access = quote! {
        #(#conditions)*
        #[automatically_derived]
        impl #runtime::policy::PublicAccess for #marker {
            const OPERATION: #runtime::policy::PublicOperation = #operation;
        }
    };
    let guard = quote!(#runtime::extract::Public<#marker>);
    let declared = quote!(#runtime::router::Access::Public(<#marker as #runtime::policy::PublicAccess>::OPERATION));
    let documented = documented(handler, runtime, &declared);
    guarded(function, &guard, &marker, &probe, &quote!(#access #documented))
}

fn documented(
    handler: &Handler,
    runtime: &TokenStream,
    access: &TokenStream,
) -> Option<TokenStream> {
    let documented = handler.documented.as_ref()?;
    Some(documented.expand(runtime, &handler.function, access))
}

/// Whether what was written of security by hand is what is demanded.
fn question(
    handler: &Handler,
    runtime: &TokenStream,
    demanded: &TokenStream,
) -> Option<TokenStream> {
    let security = handler.documented.as_ref()?.security.as_ref()?;
    let question = security.question(runtime, demanded);
    let conditions = handler.function.conditions();
    Some(quote!(#(#conditions)* const _: () = #question;))
}

fn owner<'a>(function: &'a Function, runtime: &'a TokenStream) -> Owner<'a> {
    Owner {
        runtime,
        conditions: function.conditions().collect(),
        visibility: &function.visibility,
        ident: &function.signature.ident,
    }
}

/// Items, and what is wrong.
pub(crate) fn beside(
    mut items: TokenStream,
    mistakes: impl IntoIterator<Item = syn::Error>,
) -> TokenStream {
    items.extend(mistakes.into_iter().map(syn::Error::into_compile_error));
    items
}

/// The function comes first, as editors colour a name by its first use. The guard has no name, so
/// that `#[tracing::instrument]` records nothing of it.
fn guarded(
    function: &Function,
    guard: &TokenStream,
    marker: &Ident,
    probe: &Probe,
    declaration: &TokenStream,
) -> TokenStream {
    let Function { attributes, visibility, signature, body } = function;
    let signature = with_first_argument(signature, &quote!(_: #guard));
    let conditions: Vec<_> = function.conditions().collect();
    let probes = probe.items().map(|item| quote!(#(#conditions)* #item));
    quote! {
        #(#attributes)* #visibility #signature #body
        #(#conditions)*
        #[doc(hidden)]
        #[allow(non_camel_case_types, clippy::exhaustive_enums, reason = "a name for the handler, never a value")]
        #visibility enum #marker {}
        #(#probes)*
        #declaration
    }
}
