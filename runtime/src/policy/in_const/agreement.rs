//! Whether what somebody wrote of security by hand is what a requirement demands of scopes, decided
//! while a program is compiled.

use crate::policy::comparison::{contains_text, every, some};
use crate::policy::demand::Parts;
use crate::policy::requirement::Requirement;

/// So many alternatives are compared, and so many scopes are left out at once.
const LIMIT: usize = 8;

/// Compiles where these sets of scopes, any of which suffices, are what the requirement demands.
/// What else it demands a document cannot say, so that it counts as satisfied.
///
/// # Panics
///
/// Otherwise, which is an error at the caller where this is called in a constant.
#[track_caller]
pub const fn agrees(requirement: &Requirement, written: &[&[&str]]) {
    // The number in this message is the limit.
    assert!(
        written.len() <= LIMIT,
        "more than 8 alternatives are not compared: remove this `security(...)`, the attribute writes it"
    );
    assert!(
        each_suffices(requirement, written),
        "this `security(...)` lets in whom the attribute above refuses: remove it, the attribute writes it"
    );
    assert!(
        !suffices_without(requirement, written, &[""; LIMIT], 0),
        "this `security(...)` does not name what the attribute above lets in: remove it, the attribute writes it"
    );
}

/// The scopes of a token that is thought of.
#[derive(Clone, Copy)]
enum Token<'a> {
    With(&'a [&'a str]),
    /// Every scope there is but these.
    Without(&'a [&'a str]),
}

const fn each_suffices(requirement: &Requirement, written: &[&[&str]]) -> bool {
    every!(scopes in written => is_satisfied(requirement, Token::With(scopes)))
}

/// Whether a token can satisfy the requirement that lacks something of each set.
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
