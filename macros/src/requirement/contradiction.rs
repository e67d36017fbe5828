//! Compile-time assertions against requirements that no token can satisfy together.

use proc_macro2::TokenStream;
use quote::quote;

use super::const_expr::Writer;
use super::groups::Connective;
use super::{Demand, Leaf, Requirement};
use crate::spans::call_at;

/// Returns the code of a compile-time assertion for each `Conjunct` that another member of the
/// conjunction may exclude. The assertion does not compile if another member excludes the
/// `Conjunct`.
pub(super) fn assertions(policy: &Requirement, writer: &Writer<'_>) -> Vec<TokenStream> {
    policy.conjuncts().iter().filter_map(|conjunct| conjunct.assertion(writer)).collect()
}

/// A member of a conjunction, or one alternative inside a member.
struct Conjunct<'a> {
    requirement: &'a Requirement,
    /// The member that contains `requirement` as an alternative, or `None` if `requirement` is
    /// itself a member. If the whole member is impossible, only the member is reported, and not
    /// each of its alternatives.
    case_of: Option<&'a Requirement>,
    /// The other members of the conjunction.
    others: Vec<&'a Requirement>,
}

impl Requirement {
    fn conjuncts(&self) -> Vec<Conjunct<'_>> {
        let mut found = Vec::new();
        for group in self.groups() {
            if group.connective == Connective::Any {
                continue;
            }
            for member in &group.members {
                let others: Vec<_> = group
                    .members
                    .iter()
                    .copied()
                    .filter(|other| !std::ptr::eq(*other, *member))
                    .collect();
                found.push(Conjunct { requirement: member, case_of: None, others: others.clone() });
                cases(member, &others, &mut found);
            }
        }
        found
    }
}

fn cases<'a>(member: &'a Requirement, others: &[&'a Requirement], found: &mut Vec<Conjunct<'a>>) {
    for part in member.members_of(Connective::All) {
        let Demand::Any(_) = part.demand else {
            continue;
        };
        for case in part.members_of(Connective::Any) {
            found.push(Conjunct {
                requirement: case,
                case_of: Some(member),
                others: others.to_vec(),
            });
            cases(case, others, found);
        }
    }
}

impl Conjunct<'_> {
    fn assertion(&self, writer: &Writer<'_>) -> Option<TokenStream> {
        let others: Vec<_> = self
            .others
            .iter()
            .filter(|other| self.requirement.may_exclude(other))
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
        let requirement = writer.requirement(self.requirement);
        let case_of = self.case_of.map_or_else(
            || quote!(::core::option::Option::None),
            |member| {
                let member = writer.requirement(member);
                quote!(::core::option::Option::Some(&#member))
            },
        );
        Some(call_at(
            &self.requirement.tokens,
            quote!(#runtime::__private::possible),
            quote!(&#requirement, #case_of, &[#(#others),*]),
        ))
    }

    /// Returns the error message for a `Conjunct` that no token can satisfy together with another
    /// member.
    fn message(&self, other: &Requirement) -> String {
        let requirement = self.requirement;
        if self.case_of.is_some() {
            return format!("`{requirement}` cannot hold together with `{other}`: remove it");
        }
        let fix = alternatives(requirement, other).unwrap_or_else(|| "remove one".to_owned());
        format!("`{requirement}` and `{other}` cannot both hold: {fix}")
    }
}

/// Returns the fix `any(...)` for requirements that consist of string demands, because the user may
/// have meant alternatives. Returns `None` for other requirements.
fn alternatives(member: &Requirement, other: &Requirement) -> Option<String> {
    let cases = [member.members_of(Connective::Any), other.members_of(Connective::Any)].concat();
    let texts: Vec<_> = cases.iter().map(ToString::to_string).collect();
    cases
        .iter()
        .all(|case| matches!(case.demand, Demand::Leaf(Leaf::String(..))))
        .then(|| format!("write `any({})`", texts.join(", ")))
}
