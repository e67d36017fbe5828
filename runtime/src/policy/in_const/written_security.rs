//! Compile-time check that a hand-written `security(...)` of `#[utoipa::path]` matches the scopes
//! that the attribute `#[protected]` demands.

use crate::policy::const_equality::{contains_text, every, some};
use crate::policy::demand::Parts;
use crate::policy::requirement::Requirement;

/// The largest number of alternatives in a `security(...)` that [`agrees`] compares.
/// `suffices_without` leaves out one scope of each alternative, so it leaves out at most this many
/// scopes together.
const LIMIT: usize = 8;

/// Asserts that a token satisfies the requirement if and only if the token has all scopes of at
/// least one set in `written`. Demands of other kinds than scopes count as satisfied, because
/// `security` cannot express them.
///
/// # Panics
///
/// Panics if the requirement and `written` do not match. In a constant the panic is a compile error
/// at the caller.
#[track_caller]
pub const fn agrees(requirement: &Requirement, written: &[&[&str]]) {
    // The number in this message must equal `LIMIT`.
    assert!(
        written.len() <= LIMIT,
        "`security(...)` has more than 8 alternatives, too many to compare: remove it, the attribute writes it"
    );
    assert!(
        each_suffices(requirement, written),
        "this `security(...)` admits tokens that the attribute above refuses: remove it, the attribute writes it"
    );
    assert!(
        !suffices_without(requirement, written, &[""; LIMIT], 0),
        "this `security(...)` does not list all scopes that the attribute above accepts: remove it, the attribute writes it"
    );
}

/// The scopes of a hypothetical token.
#[derive(Clone, Copy)]
enum Token<'a> {
    With(&'a [&'a str]),
    /// A token that has every possible scope except these.
    Without(&'a [&'a str]),
}

const fn each_suffices(requirement: &Requirement, written: &[&[&str]]) -> bool {
    every!(scopes in written => is_satisfied(requirement, Token::With(scopes)))
}

/// Returns true if a token that lacks one scope of each set in `written` can satisfy the
/// requirement.
const fn suffices_without(
    requirement: &Requirement,
    written: &[&[&str]],
    missing: &[&str; LIMIT],
    count: usize,
) -> bool {
    let [first, rest @ ..] = written else {
        return is_satisfied(requirement, Token::Without(missing));
    };
    let mut scopes = *first;
    while let [scope, others @ ..] = scopes {
        let mut more = *missing;
        if let Some(place) = more.split_at_mut(count).1.first_mut() {
            *place = scope;
        }
        if suffices_without(requirement, rest, &more, count.saturating_add(1)) {
            return true;
        }
        scopes = others;
    }
    false
}

const fn is_satisfied(requirement: &Requirement, token: Token<'_>) -> bool {
    match requirement {
        Requirement::All(members) => every!(member in *members => is_satisfied(member, token)),
        Requirement::Any(members) => some!(member in *members => is_satisfied(member, token)),
        Requirement::One(demand) => match demand.parts() {
            Parts { policy: Some(policy), .. } => {
                is_satisfied(&policy.operation.requirement, token)
            }
            Parts { scope: Some(entry), .. } => {
                token.has(entry.name) || some!(scope in entry.implied_by => token.has(scope))
            }
            _ => true,
        },
    }
}

impl Token<'_> {
    const fn has(self, scope: &str) -> bool {
        match self {
            Self::With(scopes) => contains_text(scope, scopes),
            Self::Without(scopes) => !contains_text(scope, scopes),
        }
    }
}
