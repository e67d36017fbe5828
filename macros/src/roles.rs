//! `#[derive(Roles)]`: the roles of an API as an enum.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Attribute, LitStr, Meta, Variant, Visibility};

use crate::crate_path;
use crate::declared_enum::Kind;
use crate::errors::Errors;
use crate::expand::with_errors;
use crate::string_value::require_visible;

const ROLES: Kind = Kind { derive: "Roles", noun: "role", example: "#[role(\"admin\")] Admin" };

/// An enum of roles.
pub(crate) struct RoleEnum {
    runtime: TokenStream,
    visibility: Visibility,
    ident: Ident,
    roles: Vec<Role>,
    pub(crate) mistake: Option<syn::Error>,
}

/// The role that one variant declares.
struct Role {
    variant: Ident,
    name: Option<LitStr>,
}

/// Reads the enum under `#[derive(Roles)]`.
pub(crate) fn parse(item: TokenStream) -> syn::Result<RoleEnum> {
    let item = ROLES.parse(item)?;
    let mut errors = Errors::default();
    let runtime = crate_path::from_attributes(&item.attrs, "roles", &mut errors);
    ROLES.check(&item, &mut errors);
    let roles: Vec<_> =
        item.variants.iter().map(|variant| Role::parse(variant, &mut errors)).collect();
    let names: Vec<_> = roles.iter().map(|role| (&role.variant, role.name.as_ref())).collect();
    ROLES.require_unique(&names, &mut errors);
    match errors.finish(Some(())).err() {
        // A generic enum with a mistake gets no implementation: the implementation would lack the
        // generic parameters, and the compiler would report a further error.
        Some(mistake) if !item.generics.params.is_empty() => Err(mistake),
        mistake => {
            Ok(RoleEnum { runtime, visibility: item.vis, ident: item.ident, roles, mistake })
        }
    }
}

impl Role {
    fn parse(variant: &Variant, errors: &mut Errors) -> Self {
        let ident = &variant.ident;
        let mut attributes =
            variant.attrs.iter().filter(|attribute| attribute.path().is_ident("role"));
        let first = attributes.next();
        if first.is_none() {
            errors.at(
                ident,
                format!("variant `{ident}` has no role: write `#[role(\"admin\")]` above it"),
            );
        }
        for duplicate in attributes {
            errors.at(
                duplicate,
                format!("variant `{ident}` has two roles: write a variant for each"),
            );
        }
        Self { variant: ident.clone(), name: first.and_then(|first| name(first, errors)) }
    }
}

fn name(attribute: &Attribute, errors: &mut Errors) -> Option<LitStr> {
    let Meta::List(list) = &attribute.meta else {
        errors.at(attribute, "the role must be in parentheses: write `#[role(\"admin\")]`");
        return None;
    };
    let Ok(name) = list.parse_args::<LitStr>() else {
        errors.at(attribute, "a variant declares one role as a string: write `#[role(\"admin\")]`");
        return None;
    };
    if name.value().trim().is_empty() {
        errors.at(name, "the role is empty: write its name, as in `#[role(\"admin\")]`");
        return None;
    }
    require_visible(&name, errors).then_some(name)
}

/// Returns the code of the `Roles` implementation, and of the `const fn` `__role_demand`. Constants
/// call `__role_demand`, because constants cannot call a trait method. After a mistake each role is
/// the name of its variant, so that code that names the variants compiles and the compiler reports
/// only the mistake.
pub(crate) fn expand(declaration: RoleEnum) -> TokenStream {
    let RoleEnum { runtime, visibility, ident, roles, mistake } = declaration;
    let variants: Vec<_> = roles.iter().map(|role| &role.variant).collect();
    let names: Vec<_> = roles
        .iter()
        .map(|Role { variant, name }| {
            name.clone().unwrap_or_else(|| LitStr::new(&variant.to_string(), variant.span()))
        })
        .collect();
    // After a mistake a variant may have fields, and the enum may have no variants.
    let implementation = quote! {
        #[automatically_derived]
        impl #ident {
            #[doc(hidden)]
            #visibility const fn __role_demand(&self) -> #runtime::policy::Demand {
                match *self { #(Self::#variants { .. } => #runtime::policy::Demand::Role(#names),)* }
            }
        }
        #[automatically_derived]
        impl #runtime::Roles for #ident {
            const ALL: &'static [&'static ::core::primitive::str] = &[#(#names),*];
            fn name(&self) -> &'static ::core::primitive::str {
                match *self { #(Self::#variants { .. } => #names,)* }
            }
        }
    };
    with_errors(implementation, mistake)
}
