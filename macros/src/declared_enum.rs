//! The rules for an enum whose variants declare values, such as scopes or roles.

use proc_macro2::{Ident, TokenStream};
use syn::{Fields, Item, ItemEnum, LitStr};

use crate::errors::Errors;

/// The words for a kind of declared values in error messages.
pub(crate) struct Kind {
    /// The name of the derive.
    pub(crate) derive: &'static str,
    /// The word for one value.
    pub(crate) noun: &'static str,
    /// A variant that declares a value.
    pub(crate) example: &'static str,
}

impl Kind {
    /// Reads the enum under the derive.
    pub(crate) fn parse(&self, item: TokenStream) -> syn::Result<ItemEnum> {
        let Self { derive, noun, .. } = self;
        let for_enums =
            format!("`{derive}` can only be derived for an enum, with one variant for each {noun}");
        match syn::parse2(item)? {
            Item::Enum(item) => Ok(item),
            Item::Struct(item) => Err(syn::Error::new_spanned(item.struct_token, for_enums)),
            Item::Union(item) => Err(syn::Error::new_spanned(item.union_token, for_enums)),
            other => Err(syn::Error::new_spanned(other, for_enums)),
        }
    }

    /// Reports parameters of the enum, fields of its variants, and an enum without variants.
    pub(crate) fn check(&self, item: &ItemEnum, errors: &mut Errors) {
        let Self { noun, example, .. } = self;
        if !item.generics.params.is_empty() {
            errors.at(
                &item.generics,
                format!("an enum of {noun}s cannot be generic: remove its parameters"),
            );
        }
        if item.variants.is_empty() {
            errors.at(
                &item.ident,
                format!("the enum has no {noun}s: write a variant for each, as in `{example}`"),
            );
        }
        for variant in &item.variants {
            if !matches!(variant.fields, Fields::Unit) {
                let name = &variant.ident;
                errors.at(
                    &variant.fields,
                    format!("a {noun} cannot have fields: write `{name}` alone"),
                );
            }
        }
    }

    /// Reports each value that two variants declare.
    pub(crate) fn require_unique(&self, names: &[(&Ident, Option<&LitStr>)], errors: &mut Errors) {
        let noun = self.noun;
        for (variant, name) in names {
            let Some(name) = name else { continue };
            let value = name.value();
            let duplicate = names.iter().find(|(other, name)| {
                other != variant && name.map(LitStr::value).as_ref() == Some(&value)
            });
            if let Some((other, _)) = duplicate {
                errors.at(
                    name,
                    format!("`{value}` is also the {noun} of `{other}`: rename or remove one"),
                );
            }
        }
    }
}
