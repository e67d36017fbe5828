//! Requirements that could be left out without a change, which nobody means.

use proc_macro2::TokenStream;
use quote::quote;

use super::Requirement;
use super::const_expr::Writer;
use super::groups::{Connective, Group};
use crate::spans::call_at;

/// Writes an expression for each requirement that another of its group may make pointless. The
/// expression is an error if it does.
pub(super) fn questions(policy: &Requirement, writer: &Writer<'_>) -> Vec<TokenStream> {
    let mut questions = Vec::new();
    for group in policy.groups() {
        for (index, member) in group.members.iter().enumerate() {
            questions.extend(question(&group, index, member, writer));
        }
    }
    questions
}

fn question(
    group: &Group<'_>,
    index: usize,
    member: &Requirement,
    writer: &Writer<'_>,
) -> Option<TokenStream> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (other_index, other) in group.members.iter().enumerate() {
        if other_index == index || !member.may_imply(other) {
            continue;
        }
        let side = if other_index < index { &mut before } else { &mut after };
        let message = message(group.joint, member, other);
        let other = writer.requirement(other);
        side.push(quote!((&#other, #message)));
    }
    if before.is_empty() && after.is_empty() {
        return None;
    }
    let runtime = writer.runtime;
    let joint = match group.joint {
        Connective::All => quote!(All),
        Connective::Any => quote!(Any),
    };
    let demanded = writer.requirement(member);
    Some(call_at(
        &member.written,
        quote!(#runtime::__private::needed),
        quote!(#runtime::__private::Connective::#joint, &#demanded, &[#(#before),*], &[#(#after),*]),
    ))
}

/// The message where another makes a member pointless.
fn message(joint: Connective, member: &Requirement, other: &Requirement) -> String {
    let (written, other) = (member.to_string(), other.to_string());
    let other =
        if written == other { "the same before it".to_owned() } else { format!("`{other}`") };
    let says = match joint {
        Connective::All => "demands it",
        Connective::Any => "suffices",
    };
    format!("`{written}` is redundant here: {other} already {says}, remove it")
}
