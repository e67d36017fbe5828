//! What has to come back.

use axum::http::StatusCode;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::Response;

use axum_protected::__testing::ClaimsVerdict;
use axum_protected::RefusalKind;

#[derive(Clone, Copy)]
pub(super) enum Expected {
    /// A refusal with this status and this in its challenge.
    Refused(StatusCode, &'static str),
    /// Whatever the handler answers.
    LetThrough,
}

impl Expected {
    /// The token is no good.
    pub(super) const UNAUTHORIZED: Self = Self::Refused(StatusCode::UNAUTHORIZED, "");

    /// `None` where the claims do not decide.
    pub(super) fn of(verdict: ClaimsVerdict) -> Option<Self> {
        let (status, error) = match verdict {
            ClaimsVerdict::Grant => return Some(Self::LetThrough),
            ClaimsVerdict::Check | ClaimsVerdict::Unknown => return None,
            ClaimsVerdict::InsufficientScope => (StatusCode::FORBIDDEN, "insufficient_scope"),
            ClaimsVerdict::InsufficientUserAuthentication => {
                let error = "insufficient_user_authentication";
                (StatusCode::UNAUTHORIZED, error)
            }
        };
        Some(Self::Refused(status, error))
    }

    /// What is wrong with an answer, if anything is.
    pub(super) fn failure(self, response: &Response) -> Option<String> {
        let status = response.status();
        match (self, challenge(response)) {
            (Self::LetThrough, None) => None,
            // The guard let it through; it is the handler that cannot read these claims.
            (Self::LetThrough, Some(challenge))
                if challenge.contains(RefusalKind::UnexpectedClaims.description()) =>
            {
                None
            }
            (Self::LetThrough, Some(_)) => {
                Some(format!("{}, though it is enough", status.as_u16()))
            }
            (Self::Refused(expected, error), Some(challenge))
                if status == expected && challenge.contains(error) =>
            {
                None
            }
            (Self::Refused(expected, error), challenge) => {
                let (status, expected) = (status.as_u16(), expected.as_u16());
                let without = match challenge {
                    None => " without a challenge".to_owned(),
                    Some(_) if status == expected => format!(" without `{error}`"),
                    Some(_) => String::new(),
                };
                Some(format!("{status} instead of {expected}{without}"))
            }
        }
    }
}

/// That of a guard: a handler may ask for credentials of another scheme.
fn challenge(response: &Response) -> Option<&str> {
    let mut challenges = response
        .headers()
        .get_all(WWW_AUTHENTICATE)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    challenges.find(|challenge| challenge.starts_with("Bearer"))
}
