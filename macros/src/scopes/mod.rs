//! `#[derive(Scopes)]`: the scopes of an API as an enum.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Fields, Item, ItemEnum, LitStr, Variant, Visibility};

use crate::crate_path;
use crate::errors::Errors;
use crate::expand::with_errors;

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

/// Reads the enum under `#[derive(Scopes)]`.
pub(crate) fn parse(item: TokenStream) -> syn::Result<Vocabulary> {
    const FOR_ENUMS: &str =
        "`Scopes` can only be derived for an enum, with one variant for each scope";
    match syn::parse2(item)? {
        Item::Enum(item) => from_enum(item),
        Item::Struct(item) => Err(syn::Error::new_spanned(item.struct_token, FOR_ENUMS)),
        Item::Union(item) => Err(syn::Error::new_spanned(item.union_token, FOR_ENUMS)),
        other => Err(syn::Error::new_spanned(other, FOR_ENUMS)),
    }
}

fn from_enum(item: ItemEnum) -> syn::Result<Vocabulary> {
    let mut errors = Errors::default();
    let runtime = crate_path::from_attributes(&item.attrs, "scopes", &mut errors);
    if !item.generics.params.is_empty() {
        errors.at(&item.generics, "an enum of scopes cannot be generic: remove its parameters");
    }
    if item.variants.is_empty() {
        errors.at(&item.ident, "the enum has no scopes: write a variant for each, as in `#[scope(\"items:read\")] ItemsRead`");
    }
    for variant in &item.variants {
        require_unit_variant(variant, &mut errors);
    }
    let scopes: Vec<_> =
        item.variants.iter().map(|variant| Scope::parse(variant, &mut errors)).collect();
    require_unique_names(&scopes, &mut errors);
    let graph = Graph::new(&scopes, &mut errors);
    match errors.finish(Some(graph)) {
        // A generic enum with a mistake gets no implementation: the implementation would lack the
        // generic parameters, and the compiler would report a further error.
        Err(error) if !item.generics.params.is_empty() => Err(error),
        graph => Ok(Vocabulary { runtime, visibility: item.vis, ident: item.ident, scopes, graph }),
    }
}

fn require_unit_variant(variant: &Variant, errors: &mut Errors) {
    if !matches!(variant.fields, Fields::Unit) {
        let name = &variant.ident;
        errors.at(&variant.fields, format!("a scope cannot have fields: write `{name}` alone"));
    }
}

fn require_unique_names(scopes: &[Scope], errors: &mut Errors) {
    for (index, scope) in scopes.iter().enumerate() {
        let Some(name) = &scope.name else { continue };
        let duplicate = (0..).zip(scopes).find(|(other, scope)| {
            *other != index && scope.name.as_ref().map(LitStr::value) == Some(name.value())
        });
        if let Some((_, duplicate)) = duplicate {
            let (value, other) = (name.value(), &duplicate.variant);
            errors.at(
                name,
                format!("`{value}` is also the scope of `{other}`: rename or remove one"),
            );
        }
    }
}

/// Returns the code of the `Scopes` implementation. After a mistake the implementation contains
/// placeholder scopes without implications. Code that names the variants then compiles, and the
/// compiler reports only the mistake.
pub(crate) fn expand(vocabulary: &Vocabulary) -> TokenStream {
    match &vocabulary.graph {
        Ok(graph) => scopes_impl(vocabulary, graph),
        Err(mistake) => with_errors(placeholder_impl(vocabulary), [mistake.clone()]),
    }
}

fn scopes_impl(vocabulary: &Vocabulary, graph: &Graph) -> TokenStream {
    let Vocabulary { runtime, scopes, .. } = vocabulary;
    let variants: Vec<_> = scopes.iter().map(|scope| &scope.variant).collect();
    let entries = (0..).zip(scopes).map(|(index, scope)| {
        let (name, description) = (&scope.name, &scope.description);
        let description = LitStr::new(description, Span::call_site());
        let indices = graph.broader_scopes(index);
        let broader = (0..)
            .zip(scopes)
            .filter(|(index, _)| indices.contains(index))
            .map(|(_, scope)| &scope.name);
        quote!(#runtime::policy::ScopeEntry::new(#name, #description, &[#(#broader),*]))
    });
    let entry = quote!(match self { #(Self::#variants => #entries,)* });
    implementation(vocabulary, &entry, &quote!(#(Self::#variants.__entry()),*))
}

fn placeholder_impl(vocabulary: &Vocabulary) -> TokenStream {
    let Vocabulary { runtime, scopes, .. } = vocabulary;
    let variants = scopes.iter().map(|scope| &scope.variant);
    let names = variants.clone().map(Ident::to_string);
    // After a mistake a variant may have fields, and the enum may have no variants.
    let entry = quote! {
        match *self { #(Self::#variants { .. } => #runtime::policy::ScopeEntry::new(#names, "", &[]),)* }
    };
    implementation(vocabulary, &entry, &TokenStream::new())
}

/// Returns the code of the `Scopes` implementation, and of the `const fn` `__entry`. Constants call
/// `__entry`, because constants cannot call a trait method.
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
