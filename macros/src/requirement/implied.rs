//! Redundancy that the attribute cannot see: a declared scope or a named policy is only a path
//! here. What they stand for is known to the compiler, which is asked in constants.

use proc_macro2::TokenStream;
use quote::quote;

use super::expression::Writer;
use super::groups::{Group, Joint};
use super::{Code, Demand, Leaf, Requirement, Word, excluded, redundancy};
use crate::spans::call_at;

impl Requirement {
    /// For each requirement that another may make pointless or impossible, unknown to the
    /// attribute, an expression that is an error if so.
    pub(crate) fn questions(&self, runtime: &TokenStream) -> Vec<TokenStream> {
        let writer = Writer::new(self, runtime);
        let mut questions = Vec::new();
        for group in self.groups() {
            for (index, member) in group.members.iter().enumerate() {
                questions.extend(question(&group, index, member, &writer));
            }
        }
        questions.extend(excluded::questions(self, &writer));
        questions
    }

    /// Whether any of its leaves is wanted.
    pub(super) fn has(&self, wanted: fn(&Leaf) -> bool) -> bool {
        match &self.demand {
            Demand::All(members) | Demand::Any(members) => {
                members.iter().any(|member| member.has(wanted))
            }
            Demand::Leaf(leaf) => wanted(leaf),
        }
    }
}

fn question(
    group: &Group<'_>,
    index: usize,
    member: &Requirement,
    writer: &Writer<'_>,
) -> Option<TokenStream> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (other_index, other) in group.members.iter().enumerate() {
        if other_index == index || !(hides(member, other) || hides(other, member)) {
            continue;
        }
        let side = if other_index < index {
            &mut before
        } else {
            &mut after
        };
        let message = redundancy::message(group.joint, member, other);
        let other = writer.requirement(other);
        side.push(quote!((&#other, #message)));
    }
    if before.is_empty() && after.is_empty() {
        return None;
    }
    let runtime = writer.runtime;
    let joint = match group.joint {
        Joint::All => quote!(All),
        Joint::Any => quote!(Any),
    };
    let demanded = writer.requirement(member);
    Some(call_at(
        &member.written,
        quote!(#runtime::__private::needed),
        quote!(#runtime::__private::Joint::#joint, &#demanded, &[#(#before),*], &[#(#after),*]),
    ))
}

/// Whether one stands for what only the compiler knows, which the other may be about. Of a check
/// nothing says anything.
fn hides(one: &Requirement, other: &Requirement) -> bool {
    let is_policy = |leaf: &Leaf| matches!(leaf, Leaf::Code(Code::Policy(_)));
    let is_comparable = |leaf: &Leaf| !matches!(leaf, Leaf::Code(Code::Check(_) | Code::Inline(_)));
    let is_declared = |leaf: &Leaf| matches!(leaf, Leaf::Declared(_));
    let is_scope = |leaf: &Leaf| matches!(leaf, Leaf::Declared(_) | Leaf::Word(Word::Scope, _));
    one.has(is_policy) && other.has(is_comparable) || one.has(is_declared) && other.has(is_scope)
}
