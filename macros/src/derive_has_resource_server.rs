//! `#[derive(HasResourceServer)]`: finds the field that holds the resource server.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Field, Generics, Item, ItemStruct, Member, Meta, Type};

use crate::crate_path;
use crate::errors::Errors;

/// The application state's struct under `#[derive(HasResourceServer)]`, and its field that holds
/// the resource server.
pub(crate) struct State {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) field: Member,
    pub(crate) holder: Type,
}

/// Reads the struct under `#[derive(HasResourceServer)]`.
pub(crate) fn parse(item: TokenStream) -> syn::Result<State> {
    const FOR_STRUCTS: &str =
        "`HasResourceServer` can only be derived for a struct: write the `impl` by hand";
    match syn::parse2(item)? {
        Item::Struct(item) => from_struct(item),
        Item::Enum(item) => Err(syn::Error::new_spanned(item.enum_token, FOR_STRUCTS)),
        Item::Union(item) => Err(syn::Error::new_spanned(item.union_token, FOR_STRUCTS)),
        other => Err(syn::Error::new_spanned(other, FOR_STRUCTS)),
    }
}

fn from_struct(item: ItemStruct) -> syn::Result<State> {
    let mut errors = Errors::default();
    let runtime = crate_path::from_attributes(&item.attrs, "has_resource_server", &mut errors);
    let field = field(&item, &mut errors);
    let ItemStruct { ident, generics, .. } = item;
    errors.finish(field.map(|(field, holder)| State { runtime, ident, generics, field, holder }))
}

fn field(item: &ItemStruct, errors: &mut Errors) -> Option<(Member, Type)> {
    let ident = &item.ident;
    let mut marked = Vec::new();
    let mut servers = Vec::new();
    for (member, field) in item.fields.members().zip(&item.fields) {
        if is_marked(field, errors) {
            marked.push((member, field));
        } else if is_server(&field.ty) {
            servers.push((member, field));
        }
    }
    match (marked.as_slice(), servers.as_slice()) {
        ([(member, field)], _) | ([], [(member, field)]) => return Some((member.clone(), field.ty.clone())),
        ([], []) => errors.at(ident, format!("`{ident}` has no field of type `ResourceServer`: add one, or mark the field that holds it with `#[resource_server]`")),
        ([], several) => {
            for (_, field) in several {
                errors.at(&field.ty, "more than one `ResourceServer`: mark the one to use with `#[resource_server]`");
            }
        }
        (several, _) => {
            for (_, field) in several {
                errors.at(&field.ty, "more than one field is marked with `#[resource_server]`: mark one only");
            }
        }
    }
    None
}

fn is_marked(field: &Field, errors: &mut Errors) -> bool {
    let marks: Vec<_> = field
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("resource_server"))
        .collect();
    for mark in &marks {
        if !matches!(mark.meta, Meta::Path(_)) {
            errors.at(mark, "`#[resource_server]` takes no arguments: remove them");
        }
    }
    for again in marks.iter().skip(1) {
        errors.at(again, "`#[resource_server]` is on this field twice: remove one");
    }
    !marks.is_empty()
}

fn is_server(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => {
            path.path.segments.last().is_some_and(|last| last.ident == "ResourceServer")
        }
        Type::Group(group) => is_server(&group.elem),
        Type::Paren(paren) => is_server(&paren.elem),
        _ => false,
    }
}

/// Returns the code of the `HasResourceServer` implementation.
pub(crate) fn expand(state: &State) -> TokenStream {
    let State { runtime, ident, generics, field, holder } = state;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    // If the type of the field lacks `HasResourceServer`, this span makes the compiler report the
    // error at the type.
    let span = holder.span().resolved_at(Span::call_site());
    let getter = quote_spanned!(span=> <#holder as #runtime::HasResourceServer>::resource_server);
    quote! {
        #[automatically_derived]
        impl #impl_generics #runtime::HasResourceServer for #ident #type_generics #where_clause {
            fn resource_server(&self) -> &#runtime::ResourceServer {
                #getter(&self.#field)
            }
        }
    }
}
