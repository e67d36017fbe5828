//! Compile-time assertions against redundant requirements. A requirement is redundant if the policy
//! without it would grant the same requests.

use proc_macro2::TokenStream;
use quote::quote;

use super::Requirement;
use super::const_expr::Writer;
use super::groups::{Connective, Group};
use crate::spans::call_at;

/// Returns the code of a compile-time assertion for each member of a group that another member of
/// the group may make redundant. The assertion does not compile if another member makes this member
/// redundant.
pub(super) fn assertions(policy: &Requirement, writer: &Writer<'_>) -> Vec<TokenStream> {
    let mut assertions = Vec::new();
    for group in policy.groups() {
        for (index, member) in group.members.iter().enumerate() {
            assertions.extend(assertion(&group, index, member, writer));
        }
    }
    assertions
}

fn assertion(
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
        let message = message(group.connective, member, other);
        let other = writer.requirement(other);
        side.push(quote!((&#other, #message)));
    }
    if before.is_empty() && after.is_empty() {
        return None;
    }
    let runtime = writer.runtime;
    let connective = match group.connective {
        Connective::All => quote!(All),
        Connective::Any => quote!(Any),
    };
    let requirement = writer.requirement(member);
    Some(call_at(
        &member.tokens,
        quote!(#runtime::__private::needed),
        quote!(#runtime::__private::Connective::#connective, &#requirement, &[#(#before),*], &[#(#after),*]),
    ))
}

/// Returns the error message for a member that another requirement makes redundant.
fn message(connective: Connective, member: &Requirement, other: &Requirement) -> String {
    let (member, other) = (member.to_string(), other.to_string());
    if member == other {
        return format!("`{member}` is redundant, as it is already stated before: remove it");
    }
    let reason = match connective {
        Connective::All => "requires it",
        Connective::Any => "suffices",
    };
    format!("`{member}` is redundant, as `{other}` already {reason}: remove it")
}
