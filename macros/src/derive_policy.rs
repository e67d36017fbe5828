//! `#[derive(Policy)]`: a policy with a name.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Fields, Generics, Item, ItemEnum, Meta, Visibility};

use crate::args::{self, Args};
use crate::errors::Errors;
use crate::expand::with_errors;
use crate::page::Page;
use crate::policy_impl::Owner;
use crate::requirement::Statement;

const NO_REQUIREMENT: &str =
    "the policy has no requirement: write `#[policy(scope = \"items:write\")]`";

const VARIANTS: &str = "a policy has no variants: write a unit struct with `#[derive(Policy)]` and \
    `#[policy(...)]` for each policy";

const MISPLACED: &str = "the requirement of a policy is written above the type, not above a field";

/// A type with `#[derive(Policy)]`, and the requirement of the type.
pub(crate) struct NamedPolicy {
    visibility: Visibility,
    ident: Ident,
    runtime: TokenStream,
    page: Page,
    statement: Statement,
    is_enum: bool,
    pub(crate) mistake: Option<syn::Error>,
}

/// Reads the type under `#[derive(Policy)]`.
pub(crate) fn parse(item: TokenStream) -> syn::Result<NamedPolicy> {
    let mut errors = Errors::default();
    match syn::parse2(item)? {
        Item::Struct(item) => {
            no_policy_on_fields(&item.fields, &mut errors);
            from_parts(&item.attrs, item.vis, item.ident, &item.generics, errors)
        }
        Item::Enum(item) => {
            no_variants(&item, &mut errors);
            let policy = from_parts(&item.attrs, item.vis, item.ident, &item.generics, errors)?;
            Ok(NamedPolicy { is_enum: true, ..policy })
        }
        Item::Union(item) => Err(not_a_type(item.union_token)),
        other => Err(not_a_type(other)),
    }
}

/// Reports the variants of an enum, because all of them would be the same policy. A requirement
/// above a variant would have no effect.
fn no_variants(item: &ItemEnum, errors: &mut Errors) {
    if !item.variants.is_empty() {
        errors.at(&item.variants, VARIANTS);
    }
}

/// Reports a requirement above a field, which would have no effect.
fn no_policy_on_fields(fields: &Fields, errors: &mut Errors) {
    let attributes = fields.iter().flat_map(|field| &field.attrs);
    for misplaced in attributes.filter(|attribute| attribute.path().is_ident("policy")) {
        errors.at(misplaced, MISPLACED);
    }
}

fn not_a_type(found: impl ToTokens) -> syn::Error {
    const FOR_TYPES: &str =
        "`Policy` can only be derived for a struct or an enum, as in `struct CanWriteItems;`";
    syn::Error::new_spanned(found, FOR_TYPES)
}

fn from_parts(
    attributes: &[Attribute],
    visibility: Visibility,
    ident: Ident,
    generics: &Generics,
    mut errors: Errors,
) -> syn::Result<NamedPolicy> {
    if !generics.params.is_empty() {
        errors.at(generics, "a policy cannot be generic: write a type for each policy");
    }
    let mut policies = attributes.iter().filter(|attribute| attribute.path().is_ident("policy"));
    let Args { runtime, page, value } = read(policies.next(), &ident, &mut errors);
    for duplicate in policies {
        errors.at(
            duplicate,
            "`#[policy]` is on this type twice: combine both in one, as in `#[policy(all(...))]`",
        );
    }
    match errors.finish(Some(())).err() {
        // A generic type with a mistake gets no implementation: the implementation would lack the
        // generic parameters, and the compiler would report a further error.
        Some(mistake) if !generics.params.is_empty() => Err(mistake),
        mistake => Ok(NamedPolicy {
            visibility,
            ident,
            runtime,
            page,
            statement: value
                .unwrap_or_else(Statement::unsatisfiable)
                .unsatisfiable_if(mistake.is_some()),
            is_enum: false,
            mistake,
        }),
    }
}

/// Reads `#[policy(...)]`, and reports a policy without a requirement, because its name would hide
/// that any valid token satisfies it.
fn read(
    attribute: Option<&Attribute>,
    ident: &Ident,
    errors: &mut Errors,
) -> Args<Option<Statement>> {
    let tokens = match attribute.map(|attribute| &attribute.meta) {
        Some(Meta::List(list)) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    let args = args::policy(tokens, errors);
    match attribute {
        _ if args.value.is_some() => {}
        Some(attribute) => errors.at(attribute, NO_REQUIREMENT),
        None => errors.at(ident, NO_REQUIREMENT),
    }
    args
}

/// Returns the code of the `Policy` implementation. If the attribute has a mistake, no token
/// satisfies the policy. Code that names the policy then compiles, and the compiler reports only
/// the mistake.
pub(crate) fn expand(policy: NamedPolicy) -> TokenStream {
    let NamedPolicy { visibility, ident, runtime, page, statement, is_enum, mistake } = policy;
    let owner =
        Owner { runtime: &runtime, conditions: Vec::new(), visibility: &visibility, ident: &ident };
    let name = owner.full_name();
    let requirement = statement.requirement.expression(&runtime);
    let operation = quote!(#runtime::policy::Operation::new(#name, #requirement)#page);
    let policy = owner.policy(&ident, &statement, &operation);
    let value = is_enum.then(|| placeholder(&visibility, &ident, &runtime));
    with_errors(quote!(#policy #value), mistake)
}

/// Returns a constant with the name of an enum, because an enum has no value of its own name. If the
/// name is used as a value, as in `protected(CanWriteItems, service)`, the type of the constant
/// leads to a message that says so.
fn placeholder(visibility: &Visibility, ident: &Ident, runtime: &TokenStream) -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[allow(dead_code, non_upper_case_globals, reason = "used only by mistake")]
        #visibility const #ident: #runtime::__private::EnumPolicy<#ident> =
            #runtime::__private::EnumPolicy::NEW;
    }
}
