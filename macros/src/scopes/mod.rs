//! `#[derive(Scopes)]`: the scopes of an API as an enum.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Fields, Item, ItemEnum, LitStr, Variant, Visibility};

use crate::crate_path;
use crate::errors::Errors;
use crate::expand::beside;

mod graph;
mod scope;

use graph::Graph;
use scope::Scope;

/// The scopes of an API.
pub(crate) struct Vocabulary {
    runtime: TokenStream,
    visibility: Visibility,
    ident: Ident,
    scopes: Vec<Scope>,
    pub(crate) graph: syn::Result<Graph>,
}

/// Reads the enum under the derive.
pub(crate) fn parse(item: TokenStream) -> syn::Result<Vocabulary> {
    const FOR_ENUMS: &str =
        "`Scopes` can be derived for an enum only, with one variant for each scope";
    match syn::parse2(item)? {
        Item::Enum(item) => from_enum(item),
        Item::Struct(item) => Err(syn::Error::new_spanned(item.struct_token, FOR_ENUMS)),
        Item::Union(item) => Err(syn::Error::new_spanned(item.union_token, FOR_ENUMS)),
        other => Err(syn::Error::new_spanned(other, FOR_ENUMS)),
    }
}

fn from_enum(item: ItemEnum) -> syn::Result<Vocabulary> {
    let mut errors = Errors::default();
    let runtime = crate_path::of_attributes(&item.attrs, "scopes", &mut errors);
    if !item.generics.params.is_empty() {
        errors.at(&item.generics, "scopes have no parameters: remove them from the enum");
    }
    if item.variants.is_empty() {
        errors.at(&item.ident, "these are no scopes: write a variant for each, as in `#[scope(\"items:read\")] ItemsRead`");
    }
    for variant in &item.variants {
        unit(variant, &mut errors);
    }
    let scopes: Vec<_> =
        item.variants.iter().map(|variant| Scope::parse(variant, &mut errors)).collect();
    different(&scopes, &mut errors);
    let graph = Graph::new(&scopes, &mut errors);
    match errors.finish(Some(graph)) {
        // What names such an enum names its parameters as well.
        Err(error) if !item.generics.params.is_empty() => Err(error),
        graph => Ok(Vocabulary { runtime, visibility: item.vis, ident: item.ident, scopes, graph }),
    }
}

fn unit(variant: &Variant, errors: &mut Errors) {
    if !matches!(variant.fields, Fields::Unit) {
        let name = &variant.ident;
        errors.at(&variant.fields, format!("a scope has no fields: write `{name}` alone"));
    }
}

fn different(scopes: &[Scope], errors: &mut Errors) {
    let named = |scope: &Scope| scope.name.as_ref().map(LitStr::value);
    for (index, scope) in scopes.iter().enumerate() {
        let Some(name) = &scope.name else { continue };
        let again = (0..)
            .zip(scopes)
            .find(|(other, scope)| *other != index && named(scope) == Some(name.value()));
        if let Some((_, again)) = again {
            let (value, other) = (name.value(), &again.variant);
            errors.at(
                name,
                format!("`{value}` is the scope of `{other}` as well: name another, or remove one"),
            );
        }
    }
}

/// The implementation. Where something is wrong the scopes are others, of which none implies
/// another, and what names them is not wrong.
pub(crate) fn expand(vocabulary: &Vocabulary) -> TokenStream {
    match &vocabulary.graph {
        Ok(graph) => right(vocabulary, graph),
        Err(mistake) => beside(instead(vocabulary), [mistake.clone()]),
    }
}

fn right(vocabulary: &Vocabulary, graph: &Graph) -> TokenStream {
    let Vocabulary { runtime, scopes, .. } = vocabulary;
    let variants: Vec<_> = scopes.iter().map(|scope| &scope.variant).collect();
    let entries = (0..).zip(scopes).map(|(index, scope)| {
        let (name, description) = (&scope.name, &scope.description);
        let description = LitStr::new(description, Span::call_site());
        let broader = graph.implying(index);
        let broader = (0..)
            .zip(scopes)
            .filter(|(index, _)| broader.contains(index))
            .map(|(_, scope)| &scope.name);
        quote!(#runtime::policy::ScopeEntry::new(#name, #description, &[#(#broader),*]))
    });
    let entry = quote!(match self { #(Self::#variants => #entries,)* });
    implementation(vocabulary, &entry, &quote!(#(Self::#variants.__entry()),*))
}

fn instead(vocabulary: &Vocabulary) -> TokenStream {
    let Vocabulary { runtime, scopes, .. } = vocabulary;
    let variants = scopes.iter().map(|scope| &scope.variant);
    let names = variants.clone().map(Ident::to_string);
    // A variant may have fields, and there may be none.
    let entry = quote! {
        match *self { #(Self::#variants { .. } => #runtime::policy::ScopeEntry::new(#names, "", &[]),)* }
    };
    implementation(vocabulary, &entry, &TokenStream::new())
}

/// The trait, and what makes an entry in a constant, where no method of a trait can.
fn implementation(vocabulary: &Vocabulary, entry: &TokenStream, all: &TokenStream) -> TokenStream {
    let Vocabulary { runtime, visibility, ident, .. } = vocabulary;
    quote! {
        #[automatically_derived]
        impl #ident {
            #[doc(hidden)]
            #visibility const fn __entry(&self) -> #runtime::policy::ScopeEntry {
                #entry
            }
        }
        #[automatically_derived]
        impl #runtime::Scopes for #ident {
            const ALL: &'static [#runtime::policy::ScopeEntry] = &[#all];
            fn entry(&self) -> #runtime::policy::ScopeEntry {
                self.__entry()
            }
        }
    }
}
