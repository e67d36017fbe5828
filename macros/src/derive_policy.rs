//! `#[derive(Policy)]`: a policy with a name.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Generics, Item, Meta, Visibility};

use crate::args::{self, Args};
use crate::errors::Errors;
use crate::expand::beside;
use crate::policy_impl::Owner;
use crate::requirement::Stated;

const STATE_IT: &str =
    "`#[policy(...)]` states what it demands: write `#[policy(scope = \"items:write\")]`";

/// A type and what it demands.
pub(crate) struct NamedPolicy {
    visibility: Visibility,
    ident: Ident,
    runtime: TokenStream,
    stated: Stated,
    pub(crate) mistake: Option<syn::Error>,
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
        errors.at(generics, "a policy has no parameters: write a type for each policy");
    }
    let is_ours = |attribute: &&Attribute| attribute.path().is_ident("policy");
    let mut stated = attributes.iter().filter(is_ours);
    let Args { runtime, said } = demanded(stated.next(), &ident, &mut errors);
    for again in stated {
        errors.at(
            again,
            "`#[policy]` is on this type twice: join both in one, as in `#[policy(all(...))]`",
        );
    }
    match errors.finish(Some(())).err() {
        // What names such a type names its parameters as well.
        Some(mistake) if !generics.params.is_empty() => Err(mistake),
        mistake => Ok(NamedPolicy {
            visibility,
            ident,
            runtime,
            stated: said.unwrap_or_else(Stated::nothing).unless(mistake.is_some()),
            mistake,
        }),
    }
}

/// A name for any valid token would only hide that nothing more is demanded.
fn demanded(
    attribute: Option<&Attribute>,
    ident: &Ident,
    errors: &mut Errors,
) -> Args<Option<Stated>> {
    let tokens = match attribute.map(|attribute| &attribute.meta) {
        Some(Meta::List(list)) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    let args = args::policy(tokens, errors);
    match attribute {
        _ if args.said.is_some() => {}
        Some(attribute) => errors.at(attribute, STATE_IT),
        None => errors.at(ident, STATE_IT),
    }
    args
}

/// The implementation. Where the attribute is wrong nobody satisfies it, and what names the policy
/// is not wrong.
pub(crate) fn expand(policy: NamedPolicy) -> TokenStream {
    let NamedPolicy { visibility, ident, runtime, stated, mistake } = policy;
    let owner =
        Owner { runtime: &runtime, conditions: Vec::new(), visibility: &visibility, ident: &ident };
    let name = owner.full_name();
    let demanded = stated.requirement.expression(&runtime);
    let operation = quote!(#runtime::policy::Operation::new(#name, #demanded));
    let policy = owner.policy(&ident, &stated, &operation);
    beside(policy, mistake)
}
