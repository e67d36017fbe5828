//! Expands `#[protected]` and `#[public]`. Every generated path is absolute, so that no name in the
//! user's code shadows the path.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::LitStr;

use crate::attribute_kind::Attr;
use crate::function::{Function, with_first_argument};
use crate::handler::Handler;
use crate::page::Page;
use crate::placement::Probe;
use crate::policy_impl::Owner;
use crate::requirement::Statement;
use crate::{checked_extractors, token_extractors};

/// Returns the code of the handler with its guard as the first argument, and the code of the
/// handler's policy.
pub(crate) fn protected(
    runtime: &TokenStream,
    statement: &Statement,
    page: Page,
    handler: &Handler,
) -> TokenStream {
    let function = &handler.function;
    let marker = function.marker(Attr::Protected);
    let probe = Probe::new(handler, runtime);
    let owner = owner(function, runtime);
    let name = owner.full_name();
    let requirement = statement.requirement.expression(runtime);
    let reading =
        token_extractors::reads_token(&function.signature).then(|| quote!(.reading_token()));
    let proofs = token_extractors::proofs(&function.signature);
    let taking = (proofs > 0).then(|| quote!(.taking_proofs(#proofs)));
    let values = checked_extractors::count(&function.signature);
    let loading = (values > 0).then(|| quote!(.taking_values(#values)));
    let operation = quote!(#runtime::policy::Operation::of_handler(#name, #requirement)#reading #taking #loading #page);
    let policy = owner.policy(&marker, statement, &probe.prepend_to(operation));
    let guard = quote!(#runtime::Authorized<#marker>);
    let access =
        quote!(#runtime::router::Access::Protected(<#marker as #runtime::Policy>::OPERATION));
    let documentation = documentation(handler, runtime, &access);
    let requirement = quote!(<#marker as #runtime::Policy>::OPERATION.requirement);
    let security = security_assertion(handler, runtime, &requirement);
    let proofs = token_extractors::assertions(function, runtime, &requirement);
    let values = checked_extractors::assertions(function, statement, runtime, &requirement);
    let declaration = quote!(#policy #documentation #security #proofs #values);
    guarded(function, &guard, &marker, &probe, &declaration)
}

/// Returns the code of the handler with `Public` as the first argument, and a `PublicAccess`
/// implementation that contains the reason.
pub(crate) fn public(
    runtime: &TokenStream,
    reason: &LitStr,
    page: Page,
    handler: &Handler,
) -> TokenStream {
    let function = &handler.function;
    let marker = function.marker(Attr::Public);
    let probe = Probe::new(handler, runtime);
    let owner = owner(function, runtime);
    let name = owner.full_name();
    let reading = token_extractors::reads_optional_token(&function.signature)
        .then(|| quote!(.reading_token()));
    let operation = quote!(#runtime::policy::PublicOperation::new(#name, #reason)#reading #page);
    let operation = probe.prepend_to(operation);
    let conditions = &owner.conditions;
    let policy = quote! {
        #(#conditions)*
        #[automatically_derived]
        impl #runtime::policy::PublicAccess for #marker {
            const OPERATION: #runtime::policy::PublicOperation = #operation;
        }
    };
    let guard = quote!(#runtime::extract::Public<#marker>);
    let access = quote!(#runtime::router::Access::Public(<#marker as #runtime::policy::PublicAccess>::OPERATION));
    let documentation = documentation(handler, runtime, &access);
    guarded(function, &guard, &marker, &probe, &quote!(#policy #documentation))
}

fn documentation(
    handler: &Handler,
    runtime: &TokenStream,
    access: &TokenStream,
) -> Option<TokenStream> {
    let utoipa_path = handler.utoipa_path.as_ref()?;
    Some(utoipa_path.expand(runtime, &handler.function, access))
}

/// Returns a compile-time assertion that a hand-written `security(...)` matches the requirement.
fn security_assertion(
    handler: &Handler,
    runtime: &TokenStream,
    requirement: &TokenStream,
) -> Option<TokenStream> {
    let security = handler.utoipa_path.as_ref()?.security.as_ref()?;
    let assertion = security.assertion(runtime, requirement);
    let conditions = handler.function.conditions();
    Some(quote!(#(#conditions)* const _: () = #assertion;))
}

fn owner<'a>(function: &'a Function, runtime: &'a TokenStream) -> Owner<'a> {
    Owner {
        runtime,
        conditions: function.conditions().collect(),
        visibility: &function.visibility,
        ident: &function.signature.ident,
    }
}

/// Appends the mistakes to the items as `compile_error!` calls.
pub(crate) fn with_errors(
    mut items: TokenStream,
    mistakes: impl IntoIterator<Item = syn::Error>,
) -> TokenStream {
    items.extend(mistakes.into_iter().map(syn::Error::into_compile_error));
    items
}

/// Returns the function with the guard as its first argument, followed by the generated items. The
/// function precedes the generated items, because editors colour a name by its first use. The
/// argument for the guard has no name, so that `#[tracing::instrument]` does not record the guard.
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
        #[allow(non_camel_case_types, clippy::exhaustive_enums, reason = "names the handler and is never constructed")]
        #visibility enum #marker {}
        #(#probes)*
        #declaration
    }
}
