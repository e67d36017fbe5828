//! What a token must satisfy: a tree.

use proc_macro2::TokenStream;
use syn::{LitStr, Path};

mod claim;
mod closure;
mod const_expr;
mod contradiction;
mod display;
mod groups;
mod max_age;
mod parse;
mod questions;
mod redundancy;
mod scope;
mod string_demand;
mod user_code;

use claim::Claim;
pub(crate) use closure::takes_values;
pub(crate) use groups::few_checks;
use max_age::MaxAge;
pub(crate) use parse::{is_key, parse};
#[cfg(test)]
pub(crate) use string_demand::STRING_DEMANDS;
use string_demand::StringDemand;
pub(crate) use string_demand::scope_mistake;
pub(crate) use user_code::Code;

/// A requirement that is right, for the messages.
pub(crate) const EXAMPLE: &str = "scope = \"items:read\"";

/// A requirement and where it stands.
pub(crate) struct Requirement {
    /// Its tokens, to point at.
    pub(crate) written: TokenStream,
    pub(crate) demand: Demand,
}

/// A requirement, and the questions that its constants ask the compiler about it.
pub(crate) struct Stated {
    pub(crate) requirement: Requirement,
    pub(crate) questions: Vec<TokenStream>,
    /// Every member could be read.
    pub(crate) is_whole: bool,
}

/// What is demanded.
pub(crate) enum Demand {
    All(Vec<Requirement>),
    Any(Vec<Requirement>),
    Leaf(Leaf),
}

/// A demand that has no parts.
pub(crate) enum Leaf {
    String(&'static StringDemand, LitStr),
    Declared(Path),
    MaxAge(MaxAge),
    Claim(Claim),
    Code(Code),
}

impl Stated {
    /// The requirement of nobody, where nothing is stated.
    pub(crate) fn nothing() -> Self {
        Self { requirement: Requirement::nobody(), questions: Vec::new(), is_whole: true }
    }

    /// Keeps only the questions where a mistake was made, so that one build shows every mistake.
    /// Nobody satisfies the requirement then.
    pub(crate) fn unless(self, is_wrong: bool) -> Self {
        if is_wrong { Self { requirement: Requirement::nobody(), ..self } } else { self }
    }
}

impl Requirement {
    /// What nobody satisfies: it stands where a mistake was made.
    pub(crate) fn nobody() -> Self {
        Self { written: TokenStream::new(), demand: Demand::Any(Vec::new()) }
    }

    /// All of these; of one it is that one.
    pub(crate) fn all(mut members: Vec<Self>) -> Self {
        match (members.pop(), members.is_empty()) {
            (Some(only), true) => only,
            (last, _) => Self {
                written: TokenStream::new(),
                demand: Demand::All(members.into_iter().chain(last).collect()),
            },
        }
    }
}
