//! `#[derive(Scopes)]`: the scopes of an API as an enum.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{LitStr, Visibility};

use crate::crate_path;
use crate::declared_enum::Kind;
use crate::errors::Errors;
use crate::expand::with_errors;

mod graph;
mod scope;

use graph::Graph;
use scope::Scope;

const SCOPES: Kind =
    Kind { derive: "Scopes", noun: "scope", example: "#[scope(\"items:read\")] ItemsRead" };

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
    let item = SCOPES.parse(item)?;
    let mut errors = Errors::default();
    let runtime = crate_path::from_attributes(&item.attrs, "scopes", &mut errors);
    SCOPES.check(&item, &mut errors);
    let scopes: Vec<_> =
        item.variants.iter().map(|variant| Scope::parse(variant, &mut errors)).collect();
    let names: Vec<_> = scopes.iter().map(|scope| (&scope.variant, scope.name.as_ref())).collect();
    SCOPES.require_unique(&names, &mut errors);
    let graph = Graph::new(&scopes, &mut errors);
    match errors.finish(Some(graph)) {
        // A generic enum with a mistake gets no implementation: the implementation would lack the
        // generic parameters, and the compiler would report a further error.
        Err(error) if !item.generics.params.is_empty() => Err(error),
        graph => Ok(Vocabulary { runtime, visibility: item.vis, ident: item.ident, scopes, graph }),
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

/// Returns the code of the `Scopes` implementation, and of the constant functions `__entry` and
/// `__scope_demand`. Constants call these functions, because constants cannot call a trait method.
fn implementation(vocabulary: &Vocabulary, entry: &TokenStream, all: &TokenStream) -> TokenStream {
    let Vocabulary { runtime, visibility, ident, .. } = vocabulary;
    quote! {
        #[automatically_derived]
        impl #ident {
            #[doc(hidden)]
            #visibility const fn __entry(&self) -> #runtime::policy::ScopeEntry {
                #entry
            }
            #[doc(hidden)]
            #visibility const fn __scope_demand(&self) -> #runtime::policy::Demand {
                #runtime::policy::Demand::Declared(self.__entry())
            }
        }
        #[automatically_derived]
        impl #runtime::__private::ScopeValue for #ident {}
        #[automatically_derived]
        impl #runtime::Scopes for #ident {
            const ALL: &'static [#runtime::policy::ScopeEntry] = &[#all];
            fn entry(&self) -> #runtime::policy::ScopeEntry {
                self.__entry()
            }
        }
    }
}
