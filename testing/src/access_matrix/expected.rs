//! The result that a request of the access matrix must have.

use axum::http::StatusCode;

use super::outcome::Outcome;
use axum_protected::__testing::ClaimsVerdict;
use axum_protected::RefusalKind;

#[derive(Clone, Copy)]
pub(super) enum Expected {
    /// A refusal of one of these kinds by the guard. Messages name the first kind.
    Refused(&'static [RefusalKind]),
    /// Any response that is not a refusal by the guard.
    Granted,
}

/// The comparison of an outcome with the expected result.
pub(super) enum Comparison {
    Equal,
    /// The outcome does not show the decision of the guard, for this reason.
    Unclear(String),
    Different(String),
}

/// The refusals with which a guard denies a valid token.
const DENIALS: &[RefusalKind] = &[
    RefusalKind::Denied,
    RefusalKind::InsufficientScope,
    RefusalKind::InsufficientAuthentication,
    RefusalKind::ProofRequired,
];

/// The statuses of a guard's refusals.
const STATUSES: [u16; 4] = [400, 401, 403, 503];

impl Expected {
    /// A refusal of a valid token by the policy or by a check.
    pub(super) const DENIED: Self = Self::Refused(DENIALS);

    /// Returns the expected result for a verdict on claims, or `None` if the claims alone do not
    /// determine the result.
    pub(super) fn of(verdict: ClaimsVerdict) -> Option<Self> {
        Some(match verdict {
            ClaimsVerdict::Grant => Self::Granted,
            ClaimsVerdict::Check | ClaimsVerdict::Unknown => return None,
            ClaimsVerdict::InsufficientScope => Self::Refused(&[RefusalKind::InsufficientScope]),
            ClaimsVerdict::ProofRequired => Self::Refused(&[RefusalKind::ProofRequired]),
            ClaimsVerdict::InsufficientUserAuthentication => {
                Self::Refused(&[RefusalKind::InsufficientAuthentication])
            }
        })
    }

    pub(super) fn compare(self, outcome: &Outcome) -> Comparison {
        match (self, outcome) {
            (Self::Granted, Outcome::Response { status, refusal }) => granted(*status, *refusal),
            (Self::Refused(kinds), Outcome::Response { status, refusal }) => {
                refused(kinds, *status, *refusal)
            }
            // A handler that panics or waits was reached, but so may be a layer before the guard.
            (Self::Granted, _) => Comparison::Unclear(outcome.to_string()),
            (Self::Refused(kinds), _) => {
                Comparison::Different(format!("{outcome}, instead of {}", refusal(kinds)))
            }
        }
    }
}

fn granted(status: StatusCode, kind: Option<RefusalKind>) -> Comparison {
    match kind {
        // The guard granted the request, but `Claims<T>` could not deserialize the claims.
        Some(RefusalKind::UnexpectedClaims | RefusalKind::ClaimsType) => Comparison::Equal,
        Some(kind) => {
            let (status, code, remedy) = (status.as_u16(), kind.code(), remedy(kind));
            Comparison::Different(format!("{status} (`{code}`), though it is enough{remedy}"))
        }
        None if status == StatusCode::TOO_MANY_REQUESTS => {
            Comparison::Unclear("429, perhaps of a layer before the guard".to_owned())
        }
        None => Comparison::Equal,
    }
}

/// Returns what the test lacks, if the guard refused a request of the access matrix for its proof.
fn remedy(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::ProofRequired => {
            ": the access matrix sends DPoP proofs only after `public_url(...)`"
        }
        RefusalKind::UnboundToken => {
            ": the access matrix binds only the tokens for routes that demand `proof = ...`"
        }
        RefusalKind::UseDpopNonce => {
            ": the access matrix has no nonces, so test the routes with a server that needs none"
        }
        _ => "",
    }
}

fn refused(kinds: &[RefusalKind], status: StatusCode, kind: Option<RefusalKind>) -> Comparison {
    let number = status.as_u16();
    Comparison::Different(match kind {
        // The guard of a group may ask its check before the policy of the route is judged.
        Some(RefusalKind::Denied) if matches!(kinds, [first] if DENIALS.contains(first)) => {
            let reason = "a check refused first; choose a `subject` that it accepts";
            return Comparison::Unclear(format!("{number} (`denied`): {reason}"));
        }
        Some(kind) if !kinds.contains(&kind) => {
            format!("{number} (`{}`) instead of {}", kind.code(), refusal(kinds))
        }
        // The handler has not run, but the client believes that it has.
        Some(kind) if status.is_success() => {
            format!("the refusal `{}` reaches the client as {number}", kind.code())
        }
        Some(_) => return Comparison::Equal,
        None if STATUSES.contains(&number) => format!(
            "{number} without the mark of the guard instead of {}: a handler or a layer responded, \
             or a layer replaced the guard's response without its extensions",
            refusal(kinds)
        ),
        None => format!("{number} instead of {}", refusal(kinds)),
    })
}

fn refusal(kinds: &[RefusalKind]) -> String {
    let code = kinds.first().map_or("denied", |kind| kind.code());
    format!("the refusal `{code}`")
}
