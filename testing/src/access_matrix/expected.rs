//! The response that a request of the access matrix must get.

use axum::http::StatusCode;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::Response;

use axum_protected::__testing::ClaimsVerdict;
use axum_protected::RefusalKind;

#[derive(Clone, Copy)]
pub(super) enum Expected {
    /// A refusal with this status, and with a challenge that contains this text.
    Refused(StatusCode, &'static str),
    /// Any response of the handler.
    Granted,
}

impl Expected {
    /// The expected response to a request with a missing or invalid token.
    pub(super) const UNAUTHORIZED: Self = Self::Refused(StatusCode::UNAUTHORIZED, "");

    /// Returns the expected response for a verdict on claims, or `None` if the claims alone do not
    /// determine the response.
    pub(super) fn of(verdict: ClaimsVerdict) -> Option<Self> {
        let (status, error) = match verdict {
            ClaimsVerdict::Grant => return Some(Self::Granted),
            ClaimsVerdict::Check | ClaimsVerdict::Unknown => return None,
            ClaimsVerdict::InsufficientScope => (StatusCode::FORBIDDEN, "insufficient_scope"),
            ClaimsVerdict::InsufficientUserAuthentication => {
                let error = "insufficient_user_authentication";
                (StatusCode::UNAUTHORIZED, error)
            }
        };
        Some(Self::Refused(status, error))
    }

    /// Returns a text that describes how the response differs from the expected response, or `None`
    /// if the response is as expected.
    pub(super) fn failure(self, response: &Response) -> Option<String> {
        let status = response.status();
        match (self, challenge(response)) {
            (Self::Granted, None) => None,
            // The guard granted the request, but `Claims<T>` could not deserialize the claims.
            (Self::Granted, Some(challenge))
                if challenge.contains(RefusalKind::UnexpectedClaims.description()) =>
            {
                None
            }
            (Self::Granted, Some(_)) => Some(format!("{}, though it is enough", status.as_u16())),
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

/// Returns the challenge of the guard. A challenge with another scheme than `Bearer` may come from
/// the handler.
fn challenge(response: &Response) -> Option<&str> {
    let mut challenges = response
        .headers()
        .get_all(WWW_AUTHENTICATE)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    challenges.find(|challenge| challenge.starts_with("Bearer"))
}
