//! Contradictions that the attribute cannot see: what a named policy demands is known to the
//! compiler, which is asked in constants.

use proc_macro2::TokenStream;
use quote::quote;

use super::beside::Beside;
use super::expression::Writer;
use super::{Code, Leaf, Requirement};
use crate::spans::call_at;

/// For each requirement that another may exclude, unknown to the attribute, an expression that is
/// an error if so.
pub(super) fn questions(policy: &Requirement, writer: &Writer<'_>) -> Vec<TokenStream> {
    let besides = policy.besides();
    let questions = besides.iter().filter_map(|beside| question(beside, writer));
    questions.collect()
}

fn question(beside: &Beside<'_>, writer: &Writer<'_>) -> Option<TokenStream> {
    let member = beside.member;
    let others = beside
        .others
        .iter()
        .filter(|other| hides(member, other) || hides(other, member));
    let others: Vec<_> = others
        .map(|other| {
            let message = beside.message(other);
            let other = writer.requirement(other);
            quote!((&#other, #message))
        })
        .collect();
    if others.is_empty() {
        return None;
    }
    let runtime = writer.runtime;
    let demanded = writer.requirement(member);
    let within = beside.within.map_or_else(
        || quote!(::core::option::Option::None),
        |within| {
            let within = writer.requirement(within);
            quote!(::core::option::Option::Some(&#within))
        },
    );
    Some(call_at(
        &member.written,
        quote!(#runtime::__private::possible),
        quote!(&#demanded, #within, &[#(#others),*]),
    ))
}

/// Whether one stands for what only the compiler knows, which the other may exclude.
fn hides(one: &Requirement, other: &Requirement) -> bool {
    let is_policy = |leaf: &Leaf| matches!(leaf, Leaf::Code(Code::Policy(_)));
    let may_exclude = |leaf: &Leaf| match leaf {
        Leaf::Word(word, _) => word.is_single(),
        Leaf::Code(code) => matches!(code, Code::Policy(_)),
        _ => false,
    };
    one.has(is_policy) && other.has(may_exclude)
}
