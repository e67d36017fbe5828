//! What is tried on a route, and what has to come of it.

use axum_core::response::Response;
use http::StatusCode;
use http::header::WWW_AUTHENTICATE;

use super::grant::{self, Grant};
use crate::router::Access;
use crate::testing::TokenBuilder;

/// A request to a route, and what is to come back.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) token: Option<String>,
    pub(super) in_query: bool,
    pub(super) expected: Expected,
}

#[derive(Clone, Copy)]
pub(super) enum Expected {
    /// A refusal with this status.
    Refused(StatusCode),
    /// Whatever the handler answers.
    LetThrough,
}

impl Expected {
    /// What is wrong with an answer, if anything is.
    pub(super) fn failure(self, response: &Response) -> Option<String> {
        let status = response.status();
        let challenged = response.headers().contains_key(WWW_AUTHENTICATE);
        match self {
            Self::Refused(expected) if status == expected && challenged => None,
            Self::LetThrough if !challenged => None,
            Self::Refused(expected) => {
                let challenged = if challenged {
                    ""
                } else {
                    " without a challenge"
                };
                Some(format!(
                    "{} instead of {}{challenged}",
                    status.as_u16(),
                    expected.as_u16()
                ))
            }
            Self::LetThrough => Some(format!("{}, though it is enough", status.as_u16())),
        }
    }
}

/// What to try on a route with this access, with variations of this token.
pub(super) fn cases(access: &Access, token: &TokenBuilder) -> Vec<Case> {
    let case = |name: &str, token: Option<String>, expected| Case {
        name: name.to_owned(),
        token,
        in_query: false,
        expected,
    };
    let Access::Protected(operation) = access else {
        return vec![case("no token", None, Expected::LetThrough)];
    };
    let grant = Grant::of(&operation.requirement);
    let good = || grant.on(token.clone());
    let refused = Expected::Refused(StatusCode::UNAUTHORIZED);
    let mut cases = vec![
        case("no token", None, refused),
        case("garbage", Some("a.b.c".to_owned()), refused),
        case("an expired token", Some(good().expired().sign()), refused),
        case(
            "another issuer",
            Some(good().claim("iss", "https://other.invalid").sign()),
            refused,
        ),
        case(
            "another audience",
            Some(good().claim("aud", "other").sign()),
            refused,
        ),
        case(
            "another type",
            Some(good().header("typ", "dpop+jwt").sign()),
            refused,
        ),
        Case {
            in_query: true,
            ..case("the token in the query", Some(good().sign()), refused)
        },
    ];
    // Where a check is an alternative, what is left may be enough: nobody can tell from here.
    let decisive = !grant::has_checked_alternative(&operation.requirement);
    for scope in grant.needed().filter(|_| decisive) {
        let without = good().scope(&grant.scopes_but(scope));
        let forbidden = Expected::Refused(StatusCode::FORBIDDEN);
        cases.push(case(
            &format!("without `{scope}`"),
            Some(without.sign()),
            forbidden,
        ));
    }
    if grant.is_all {
        cases.push(case(
            "exactly enough",
            Some(good().sign()),
            Expected::LetThrough,
        ));
    }
    cases
}
