//! What becomes of a requirement: `impl Policy`, and a type for each check of it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, Visibility};

use crate::check_impl::{Call, Stand};
use crate::requirement::{Code, Stated};

/// What states a policy: a handler or a type.
pub(crate) struct Owner<'a> {
    pub(crate) runtime: &'a TokenStream,
    pub(crate) conditions: Vec<&'a Attribute>,
    pub(crate) visibility: &'a Visibility,
    pub(crate) ident: &'a Ident,
}

impl Owner<'_> {
    /// The policy of a type.
    pub(crate) fn policy(
        &self,
        marker: &Ident,
        Stated { requirement, questions, .. }: &Stated,
        operation: &TokenStream,
    ) -> TokenStream {
        let Self { runtime, conditions, .. } = self;
        let code = requirement.code();
        let checks = (0..code.len()).map(|index| self.check(index));
        let items = (0..).zip(&code).map(|(index, (_, code))| self.item(index, code));
        let questions = questions.iter().map(|question| {
            quote! {
                #(#conditions)*
                const _: () = #question;
            }
        });
        quote! {
            #(#conditions)*
            #[automatically_derived]
            impl #runtime::Policy for #marker {
                type Checks = (#(#checks,)*);
                const OPERATION: #runtime::policy::Operation = #operation;
            }
            #(#items)*
            #(#questions)*
        }
    }

    /// What the log calls the owner.
    pub(crate) fn full_name(&self) -> TokenStream {
        let name = format!("::{}", self.ident.unraw());
        quote!(::core::concat!(::core::module_path!(), #name))
    }

    fn check(&self, index: usize) -> Ident {
        let owner = self.ident.unraw();
        format_ident!("__check_{owner}_{index}", span = Span::call_site())
    }

    fn item(&self, index: usize, code: &Code) -> TokenStream {
        let runtime = self.runtime;
        let stand = Stand {
            runtime,
            conditions: self.conditions.clone(),
            visibility: self.visibility,
            ident: self.check(index),
        };
        match code {
            Code::Check(path) => stand.delegates(&quote!(#path)),
            Code::Policy(path) => stand.delegates(&quote!(#runtime::__private::Named<#path>)),
            Code::Inline(closure) => {
                let written = &closure.written;
                stand.calls(&Call {
                    name: &code.name(),
                    arguments: closure.arguments.iter().collect(),
                    callee: written.clone(),
                    answer: written.span(),
                })
            }
        }
    }
}
