//! Writes requirements as constant expressions.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::Path;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;

use super::claim::Value;
use super::{Claim, Code, DeclaredValue, Demand, Details, Leaf, Requirement};
use crate::spans::call_at;

impl Requirement {
    /// Returns the code of a constant expression for the requirement.
    pub(crate) fn expression(&self, runtime: &TokenStream) -> TokenStream {
        Writer::new(self, runtime).requirement(self)
    }
}

/// A writer for the requirements of one policy. The writer numbers the checks and the named
/// policies in the requirements.
pub(super) struct Writer<'a> {
    pub(super) runtime: &'a TokenStream,
    code: Vec<&'a Code>,
}

impl<'a> Writer<'a> {
    /// Creates the writer for a policy.
    pub(super) fn new(policy: &'a Requirement, runtime: &'a TokenStream) -> Self {
        let code = policy.code().into_iter().map(|(_, code)| code).collect();
        Self { runtime, code }
    }

    /// Returns the code of a constant expression for a requirement of the policy.
    pub(super) fn requirement(&self, requirement: &Requirement) -> TokenStream {
        let runtime = self.runtime;
        let members = |members: &[Requirement]| -> Vec<_> {
            members.iter().map(|member| self.requirement(member)).collect()
        };
        match &requirement.demand {
            Demand::All(all) => {
                let all = members(all);
                quote!(#runtime::policy::Requirement::All(&[#(#all),*]))
            }
            Demand::Any(any) => {
                let any = members(any);
                quote!(#runtime::policy::Requirement::Any(&[#(#any),*]))
            }
            Demand::Leaf(leaf) => self.leaf(leaf),
        }
    }

    fn leaf(&self, leaf: &Leaf) -> TokenStream {
        let runtime = self.runtime;
        let demand = match leaf {
            Leaf::String(demand, string) => {
                let variant = demand.variant();
                quote!(#variant(#string))
            }
            Leaf::Declared(value) => {
                let demand = self.declared(value);
                return quote!(#runtime::policy::Requirement::One(#demand));
            }
            Leaf::MaxAge(age) => {
                let seconds = Literal::u64_unsuffixed(age.seconds);
                quote!(MaxAge(#seconds))
            }
            Leaf::Claim(claim) => self.claim(claim),
            Leaf::Proof(proof) => {
                let variant = proof.variant();
                quote!(Proof(#runtime::Proof::#variant))
            }
            Leaf::Details(details) => self.details(details),
            Leaf::Code(code) => return self.code(code),
        };
        quote!(#runtime::policy::Requirement::One(#runtime::policy::Demand::#demand))
    }

    fn declared(&self, value: &DeclaredValue) -> TokenStream {
        let runtime = self.runtime;
        let DeclaredValue { demand, path, .. } = value;
        // If the path names a value of another type, this span makes the compiler report the error
        // at the path.
        let span = path.span().resolved_at(Span::call_site());
        let (accept, convert) = (demand.accept(), demand.convert());
        let argument = quote_spanned!(span=> &#path);
        let accepted =
            call_at(&path.to_token_stream(), quote!(#runtime::__private::#accept), argument);
        let converted = quote_spanned!(span=> .#convert());
        quote!({
            #[allow(unused_imports, reason = "used only if the type declares no values")]
            use #runtime::__private::Undeclared as _;
            #accepted #converted
        })
    }

    fn claim(&self, claim: &Claim) -> TokenStream {
        let runtime = self.runtime;
        let keys = &claim.keys;
        let value = match &claim.value {
            Value::Text(text) => quote!(Text(#text)),
            Value::Integer(number) => {
                let number = Literal::i64_unsuffixed(*number);
                quote!(Integer(#number))
            }
            Value::Bool(truth) => quote!(Bool(#truth)),
        };
        quote!(Claim(&[#(#keys),*], #runtime::policy::ClaimValue::#value))
    }

    fn details(&self, details: &Details) -> TokenStream {
        let runtime = self.runtime;
        let Details { kind, members } = details;
        let pairs = members.iter().flat_map(|(member, values)| {
            let variant = member.variant();
            values
                .iter()
                .map(move |value| quote!((#runtime::policy::DetailsMember::#variant, #value)))
        });
        quote!(Details(#runtime::policy::DetailsDemand::new(#kind, &[#(#pairs),*])))
    }

    fn code(&self, code: &Code) -> TokenStream {
        let runtime = self.runtime;
        let position = self.code.iter().position(|other| other.is(code));
        let index = position.map(Literal::usize_unsuffixed);
        let name = code.name();
        match code {
            Code::Policy(policy) => {
                let operation = quote!(<#policy as #runtime::Policy>::OPERATION);
                quote!(#runtime::__private::policy(#index, &#operation))
            }
            Code::Check(_) | Code::ConstantCheck(..) | Code::Inline(_) => {
                quote!(#runtime::__private::check(#index, #name))
            }
        }
    }
}

impl Code {
    /// Returns the name of the check or the policy in OpenAPI documents and logs.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Check(path) | Self::Policy(path) => path_name(path),
            Self::ConstantCheck(path, constants) => {
                format!("{}({})", path_name(path), constants.text)
            }
            Self::Inline(_) => "inline check".to_owned(),
        }
    }
}

/// Returns the whole path, because functions in different modules may have the same identifier.
fn path_name(path: &Path) -> String {
    let names = path.segments.iter().map(|segment| segment.ident.unraw().to_string());
    let root = if path.leading_colon.is_some() { "::" } else { "" };
    format!("{root}{}", names.collect::<Vec<_>>().join("::"))
}
