//! What a token must satisfy: a tree.

use proc_macro2::TokenStream;
use syn::{LitStr, Path};

mod beside;
mod claim;
mod closure;
mod code;
mod contradiction;
mod excluded;
mod expression;
mod groups;
mod implied;
mod max_age;
mod parse;
mod redundancy;
mod scope;
mod shown;
mod tree;
mod word;

use claim::Claim;
pub(crate) use closure::takes_values;
pub(crate) use code::Code;
pub(crate) use contradiction::check as consistent;
pub(crate) use groups::few_checks;
use max_age::MaxAge;
pub(crate) use parse::{is_key, parse};
pub(crate) use redundancy::check as needed;
#[cfg(test)]
pub(crate) use tree::Atom;
pub(crate) use tree::Tree;
use word::Word;
pub(crate) use word::scope_mistake;

/// A requirement that is right, for the messages.
pub(crate) const EXAMPLE: &str = "scope = \"items:read\"";

/// A requirement and where it stands.
pub(crate) struct Requirement {
    /// Its tokens, to point at.
    pub(crate) written: TokenStream,
    pub(crate) demand: Demand,
}

/// What is demanded.
pub(crate) enum Demand {
    All(Vec<Requirement>),
    Any(Vec<Requirement>),
    Leaf(Leaf),
}

/// A demand that has no parts.
pub(crate) enum Leaf {
    Word(Word, LitStr),
    Declared(Path),
    MaxAge(MaxAge),
    Claim(Claim),
    Code(Code),
}

impl Requirement {
    /// What nobody satisfies: it stands where a mistake was made.
    pub(crate) fn nobody() -> Self {
        Self {
            written: TokenStream::new(),
            demand: Demand::Any(Vec::new()),
        }
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
