//! `#[derive(Policy)]`: a policy with a name.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Generics, Item, Meta, Visibility};

use crate::args::{self, Protected};
use crate::errors::Errors;
use crate::policy::Owner;

const STATE_IT: &str =
    "`#[policy(...)]` states what it demands: write `#[policy(scope = \"items:write\")]`";

/// A type and what it demands.
pub(crate) struct NamedPolicy {
    visibility: Visibility,
    ident: Ident,
    args: Protected,
}

/// Reads the type under the derive.
pub(crate) fn parse(item: TokenStream) -> syn::Result<NamedPolicy> {
    match syn::parse2(item)? {
        Item::Struct(item) => from_parts(&item.attrs, item.vis, item.ident, &item.generics),
        Item::Enum(item) => from_parts(&item.attrs, item.vis, item.ident, &item.generics),
        Item::Union(item) => Err(not_a_type(item.union_token)),
        other => Err(not_a_type(other)),
    }
}

fn not_a_type(found: impl ToTokens) -> syn::Error {
    const FOR_TYPES: &str =
        "`Policy` can be derived for a struct or an enum only, as in `struct CanWriteItems;`";
    syn::Error::new_spanned(found, FOR_TYPES)
}

fn from_parts(
    attributes: &[Attribute],
    visibility: Visibility,
    ident: Ident,
    generics: &Generics,
) -> syn::Result<NamedPolicy> {
    let mut errors = Errors::default();
    if !generics.params.is_empty() {
        errors.at(
            generics,
            "a policy has no parameters: write a type for each policy",
        );
    }
    let is_ours = |attribute: &&Attribute| attribute.path().is_ident("policy");
    let mut stated = attributes.iter().filter(is_ours);
    let args = if let Some(first) = stated.next() {
        demanded(first, &mut errors)
    } else {
        errors.at(&ident, STATE_IT);
        None
    };
    for again in stated {
        errors.at(
            again,
            "`#[policy]` is on this type twice: join both in one, as in `#[policy(all(...))]`",
        );
    }
    errors.finish(args.map(|args| NamedPolicy {
        visibility,
        ident,
        args,
    }))
}

/// A name for any valid token would only hide that nothing more is demanded.
fn demanded(attribute: &Attribute, errors: &mut Errors) -> Option<Protected> {
    let tokens = match &attribute.meta {
        Meta::List(list) if !list.tokens.is_empty() => list.tokens.clone(),
        _ => {
            errors.at(attribute, STATE_IT);
            return None;
        }
    };
    let args = args::policy(tokens, errors);
    if args.is_none() {
        errors.at(attribute, STATE_IT);
    }
    args
}

/// The implementation.
pub(crate) fn expand(policy: &NamedPolicy) -> TokenStream {
    let NamedPolicy {
        visibility,
        ident,
        args: Protected {
            runtime,
            requirement,
        },
    } = policy;
    let owner = Owner {
        runtime,
        conditions: Vec::new(),
        visibility,
        ident,
    };
    let name = owner.full_name();
    let demanded = requirement.expression(runtime);
    let operation = quote!(#runtime::Operation::new(#name, #demanded));
    owner.policy(ident, requirement, &operation)
}
