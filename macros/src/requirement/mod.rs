//! The parsed requirements of attributes. A requirement is a tree of groups and demands.

use proc_macro2::TokenStream;
use syn::LitStr;

mod alternatives;
mod assertions;
mod check_or_policy;
mod claim;
mod closure;
mod code_text;
mod const_expr;
mod constants;
mod contradiction;
mod declared_value;
mod details;
mod display;
mod groups;
mod max_age;
mod parse;
mod proof;
mod redundancy;
mod string_demand;

pub(crate) use check_or_policy::Code;
use claim::Claim;
pub(crate) use closure::check_extractors;
pub(crate) use code_text::code_text;
pub(crate) use constants::Constants;
use declared_value::DeclaredValue;
use details::Details;
pub(crate) use groups::limit_checks;
use max_age::MaxAge;
pub(crate) use parse::{is_key, parse};
use proof::Proof;
#[cfg(test)]
pub(crate) use string_demand::STRING_DEMANDS;
use string_demand::StringDemand;
pub(crate) use string_demand::scope_mistake;

/// The text of a valid requirement, as an example in error messages.
pub(crate) const EXAMPLE: &str = "scope = \"items:read\"";

/// A requirement and its place in the source.
pub(crate) struct Requirement {
    /// The tokens of the requirement. Errors are reported at these tokens.
    pub(crate) tokens: TokenStream,
    pub(crate) demand: Demand,
}

/// The requirement of an attribute, and the compile-time assertions about it.
pub(crate) struct Statement {
    pub(crate) requirement: Requirement,
    pub(crate) assertions: Vec<TokenStream>,
    /// True if the macro has parsed every member without a mistake.
    pub(crate) is_complete: bool,
}

/// The content of a requirement: a group of requirements, or a single demand.
pub(crate) enum Demand {
    All(Vec<Requirement>),
    Any(Vec<Requirement>),
    Leaf(Leaf),
}

/// A single demand, which contains no other requirement.
pub(crate) enum Leaf {
    String(&'static StringDemand, LitStr),
    Declared(DeclaredValue),
    MaxAge(MaxAge),
    Claim(Claim),
    Proof(Proof),
    Details(Details),
    Code(Code),
}

impl Statement {
    /// Returns a statement that no token satisfies.
    pub(crate) fn unsatisfiable() -> Self {
        Self {
            requirement: Requirement::unsatisfiable(),
            assertions: Vec::new(),
            is_complete: true,
        }
    }

    /// Replaces the requirement with [`Requirement::unsatisfiable`] if `is_wrong` is true. The
    /// compile-time assertions stay unchanged, so that one build shows every mistake.
    pub(crate) fn unsatisfiable_if(self, is_wrong: bool) -> Self {
        if is_wrong { Self { requirement: Requirement::unsatisfiable(), ..self } } else { self }
    }
}

impl Requirement {
    /// Returns a requirement that no token satisfies. This requirement replaces a requirement with
    /// a mistake.
    pub(crate) fn unsatisfiable() -> Self {
        Self { tokens: TokenStream::new(), demand: Demand::Any(Vec::new()) }
    }

    /// Returns the conjunction of the members, or the only member unchanged.
    pub(crate) fn all(mut members: Vec<Self>) -> Self {
        match (members.pop(), members.is_empty()) {
            (Some(only), true) => only,
            (last, _) => Self {
                tokens: TokenStream::new(),
                demand: Demand::All(members.into_iter().chain(last).collect()),
            },
        }
    }
}
