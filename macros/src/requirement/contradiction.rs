//! Requirements that no token can satisfy together.

use proc_macro2::TokenStream;
use quote::quote;

use super::const_expr::Writer;
use super::groups::Connective;
use super::{Demand, Leaf, Requirement};
use crate::spans::call_at;

/// Writes an expression for each requirement of a conjunction, and for each case of one, that
/// another member may exclude. The expression is an error if it does.
pub(super) fn questions(policy: &Requirement, writer: &Writer<'_>) -> Vec<TokenStream> {
    let demanded = policy.demanded();
    let questions = demanded.iter().filter_map(|member| member.question(writer));
    questions.collect()
}

/// A member of a conjunction, or a case of one.
struct Demanded<'a> {
    requirement: &'a Requirement,
    /// Of a case the member that it belongs to. Where that cannot hold either, its cases are not
    /// reported.
    case_of: Option<&'a Requirement>,
    /// The other members of the conjunction.
    others: Vec<&'a Requirement>,
}

impl Requirement {
    fn demanded(&self) -> Vec<Demanded<'_>> {
        let mut found = Vec::new();
        for group in self.groups() {
            if group.joint == Connective::Any {
                continue;
            }
            for member in &group.members {
                let others = group.members.iter().copied();
                let others = others.filter(|other| !std::ptr::eq(*other, *member));
                let others: Vec<_> = others.collect();
                found.push(Demanded { requirement: member, case_of: None, others: others.clone() });
                cases(member, &others, &mut found);
            }
        }
        found
    }
}

fn cases<'a>(member: &'a Requirement, others: &[&'a Requirement], found: &mut Vec<Demanded<'a>>) {
    for part in member.joined(Connective::All) {
        let Demand::Any(_) = part.demand else {
            continue;
        };
        for case in part.joined(Connective::Any) {
            found.push(Demanded {
                requirement: case,
                case_of: Some(member),
                others: others.to_vec(),
            });
            cases(case, others, found);
        }
    }
}

impl Demanded<'_> {
    fn question(&self, writer: &Writer<'_>) -> Option<TokenStream> {
        let others = self.others.iter();
        let others = others.filter(|other| self.requirement.may_exclude(other));
        let others: Vec<_> = others
            .map(|other| {
                let message = self.message(other);
                let other = writer.requirement(other);
                quote!((&#other, #message))
            })
            .collect();
        if others.is_empty() {
            return None;
        }
        let runtime = writer.runtime;
        let demanded = writer.requirement(self.requirement);
        let case_of = self.case_of.map_or_else(
            || quote!(::core::option::Option::None),
            |member| {
                let member = writer.requirement(member);
                quote!(::core::option::Option::Some(&#member))
            },
        );
        Some(call_at(
            &self.requirement.written,
            quote!(#runtime::__private::possible),
            quote!(&#demanded, #case_of, &[#(#others),*]),
        ))
    }

    /// The message where it cannot hold beside another.
    fn message(&self, other: &Requirement) -> String {
        let requirement = self.requirement;
        if self.case_of.is_some() {
            return format!("`{requirement}` cannot hold beside `{other}`: remove it");
        }
        let fix = alternatives(requirement, other).unwrap_or_else(|| "remove one".to_owned());
        format!("`{requirement}` and `{other}` cannot both hold: {fix}")
    }
}

/// The fix for strings: somebody may have meant that one of them suffices.
fn alternatives(member: &Requirement, other: &Requirement) -> Option<String> {
    let cases = [member.joined(Connective::Any), other.joined(Connective::Any)].concat();
    let is_string = |case: &&Requirement| matches!(case.demand, Demand::Leaf(Leaf::String(..)));
    let shown: Vec<_> = cases.iter().map(ToString::to_string).collect();
    let any = format!("write `any({})`", shown.join(", "));
    cases.iter().all(is_string).then_some(any)
}
