//! Expands a requirement to `impl Policy`, and to a type for each check in the requirement.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, Visibility};

use crate::check_impl::{Call, CheckType, Outcome, State, takes_no_constants};
use crate::requirement::{Code, Statement};

/// A handler or a type that states a policy.
pub(crate) struct Owner<'a> {
    pub(crate) runtime: &'a TokenStream,
    pub(crate) conditions: Vec<&'a Attribute>,
    pub(crate) visibility: &'a Visibility,
    pub(crate) ident: &'a Ident,
}

impl Owner<'_> {
    /// Returns the code of the `Policy` implementation for the type `marker`, of the types of the
    /// checks, and of the compile-time assertions.
    pub(crate) fn policy(
        &self,
        marker: &Ident,
        Statement { requirement, assertions, .. }: &Statement,
        operation: &TokenStream,
    ) -> TokenStream {
        let Self { runtime, conditions, .. } = self;
        let code = requirement.code();
        let checks = (0..code.len()).map(|index| self.check_name(index));
        let items = (0..).zip(&code).map(|(index, (_, code))| self.item(index, code));
        let assertions = assertions.iter().map(|assertion| {
            quote! {
                #(#conditions)*
                const _: () = #assertion;
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
            #(#assertions)*
        }
    }

    /// Returns the name of the handler or the type in logs: the module path and the identifier.
    pub(crate) fn full_name(&self) -> TokenStream {
        let name = format!("::{}", self.ident.unraw());
        quote!(::core::concat!(::core::module_path!(), #name))
    }

    fn check_name(&self, index: usize) -> Ident {
        let owner = self.ident.unraw();
        format_ident!("__check_{owner}_{index}", span = Span::call_site())
    }

    fn item(&self, index: usize, code: &Code) -> TokenStream {
        let runtime = self.runtime;
        let check_type = CheckType {
            runtime,
            conditions: self.conditions.clone(),
            visibility: self.visibility,
            ident: self.check_name(index),
            state: State::any(),
        };
        match code {
            Code::Check(path) => {
                let delegate = check_type.with_delegate(&quote!(#path));
                let conditions = &self.conditions;
                let assertion = takes_no_constants(runtime, path);
                quote!(#delegate #(#conditions)* const _: () = #assertion;)
            }
            Code::ConstantCheck(path, constants) => {
                check_type.with_constants(path, constants, &code.name())
            }
            Code::Policy(path) => {
                check_type.with_delegate(&quote!(#runtime::__private::Named<#path>))
            }
            Code::Inline(closure) => {
                let callee = &closure.tokens;
                check_type.with_call(&Call {
                    name: &code.name(),
                    constants: Vec::new(),
                    arguments: closure.arguments.iter().collect(),
                    callee: callee.clone(),
                    outcome: Outcome::at(callee.span()),
                })
            }
        }
    }
}
