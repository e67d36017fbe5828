//! The response to a request that is refused.
//!
//! A refusal consists of a status, a challenge for each accepted scheme (RFC 6750 section 3, RFC 9449
//! section 7) and a problem document (RFC 9457). The text of a refusal comes from the program and its
//! configuration, never from the request.

mod challenge;
mod challenges;
mod cors;
mod mark;
mod negotiation;
mod refusals;
mod response;
mod response_cache;
mod status;
mod used_scheme;

use std::error::Error;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use axum_core::response::{IntoResponse, Response};
use http::header::VARY;
use http::{HeaderValue, StatusCode};

pub(crate) use self::challenge::{ChallengeSettings, DpopChallenge};
#[cfg(feature = "__testing")]
pub(crate) use self::mark::refusal_kind;
pub(crate) use self::refusals::{RefusalBody, Refusals};

use self::mark::with_mark;
use self::negotiation::Negotiation;
use self::response::{complete, problem, with_nonce};
use self::response_cache::Text;
use self::status::status;
use crate::error::{RefusalKind, TokenError};

/// The response to a request that is refused.
///
/// | cause | status | `error` of the challenge | `code` |
/// |---|---|---|---|
/// | no credentials, or another scheme | 401 | | `missing_token` |
/// | malformed or repeated credentials | 400 | `invalid_request` | `invalid_request` |
/// | a page of another origin caused a request with a cookie | 403 | no challenge | `cross_site_request` |
/// | the session of the browser has ended | 401 | `invalid_token` | `session_ended` |
/// | the session cannot be read | 503, `Retry-After` | no challenge | `session_unavailable` |
/// | token not valid | 401 | `invalid_token` | [`RefusalKind::code`] |
/// | DPoP proof missing or not valid | 401 | `invalid_dpop_proof` | `invalid_dpop_proof` |
/// | DPoP proof without a current nonce | 401, `DPoP-Nonce` | `use_dpop_nonce` | `use_dpop_nonce` |
/// | the policy demands a proof of possession that the token lacks | 401 | `invalid_token` | `proof_required` |
/// | token valid, policy not satisfied | 403 | `insufficient_scope` | `insufficient_scope` |
/// | the token has authorization details that no policy demands | 403 | `insufficient_scope` | `undemanded_details` |
/// | authenticated too weakly or too long ago | 401 | `insufficient_user_authentication` | `insufficient_user_authentication` |
/// | the application's check denied the request | 403 | `insufficient_scope` | `denied` |
/// | keys not available | 503, `Retry-After` | no challenge | `keys_unavailable` |
/// | the issuer cannot be asked about the token | 503, `Retry-After` | no challenge | `introspection_unavailable` |
/// | used DPoP proofs cannot be remembered | 503, `Retry-After` | no challenge | `proofs_unavailable` |
/// | the server may lack revocations | 503, `Retry-After` | no challenge | `revocations_unavailable` |
/// | API key not valid | 401 | `invalid_token` | `unknown_api_key`, `expired_api_key`, `revoked_token` |
/// | look-up of API keys failed | 503, `Retry-After` | no challenge | `api_keys_unavailable` |
/// | the handler's claims type fits no token | 500 | no challenge | `claims_type` |
/// | the value of a check is missing for the handler | 500 | no challenge | `value_not_loaded` |
///
/// The challenge of a 403 names scopes if the same token with these scopes added would satisfy the
/// policy, or if only a check would remain to be decided. It names all scopes of one alternative of
/// the policy, including scopes that the token already has.
///
/// A server with [`dpop`](crate::ResourceServerBuilder::dpop) has two challenges in field lines of
/// their own: `Bearer`, then `DPoP` with the accepted algorithms in `algs`. Only the challenge of the
/// scheme that the request used has an `error` (RFC 9449 section 7.2); a request with several
/// `Authorization` lines gets it in both. If only tokens with a proof suffice, `DPoP` is the only
/// challenge.
///
/// If a check returns its own response, the client receives that response with its status. The kind
/// of such a refusal is [`Denied`](RefusalKind::Denied).
///
/// `Refusal` implements [`std::error::Error`], so an application's own error can contain it:
///
/// ```
/// use axum_protected::Refusal;
///
/// #[derive(Debug)]
/// enum AppError {
///     Refused(Refusal),
/// }
///
/// impl From<Refusal> for AppError {
///     fn from(refusal: Refusal) -> Self {
///         Self::Refused(refusal)
///     }
/// }
/// ```
pub struct Refusal(Box<Content>);

struct Content {
    error: TokenError,
    status: StatusCode,
    /// The nonce that the client needs for its next proof (RFC 9449 section 9).
    nonce: Option<HeaderValue>,
    answer: Answer,
}

enum Answer {
    Text(Text, Option<Box<CustomBody>>),
    /// The response of a check. A `Response` is not `Sync`. The mutex makes `Refusal` `Sync`, as
    /// error types should be.
    Response(Mutex<Response>),
}

/// The application's function for the body, and the parts of the request that it may see.
struct CustomBody {
    body: RefusalBody,
    negotiation: Negotiation,
}

impl Refusal {
    fn new(
        error: TokenError,
        text: Text,
        nonce: Option<HeaderValue>,
        body: Option<Box<CustomBody>>,
    ) -> Self {
        let status = status(error.kind());
        Self(Box::new(Content { error, status, nonce, answer: Answer::Text(text, body) }))
    }

    /// Creates a refusal that contains the response that a check returned.
    fn of_check(response: Response) -> Self {
        Self(Box::new(Content {
            error: RefusalKind::Denied.into(),
            status: response.status(),
            nonce: None,
            answer: Answer::Response(Mutex::new(response)),
        }))
    }

    /// Returns the HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// Returns the stable `code` of the problem document.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind().code()
    }

    /// Returns the `detail` of the problem document: one sentence that contains nothing from the
    /// request.
    #[must_use]
    pub fn detail(&self) -> &'static str {
        self.kind().description()
    }

    /// Returns the kind of the refusal, which states the rule that the request failed.
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        self.0.error.kind()
    }

    /// Builds the body and its headers by the application's function, or as the problem document.
    fn body(&self) -> Response {
        match &self.0.answer {
            Answer::Text(text, None) => problem(text),
            Answer::Text(text, Some(custom)) => {
                let mut response = (custom.body.0)(self).unwrap_or_else(|| problem(text));
                // The function may have used both headers (RFC 9110 section 12.5.5).
                let vary = HeaderValue::from_static("accept, accept-language");
                response.headers_mut().append(VARY, vary);
                response
            }
            Answer::Response(_) => Response::default(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = self.body();
        let kind = self.kind();
        let Content { error, status, nonce, answer } = *self.0;
        let response = match answer {
            Answer::Text(text, _) => {
                let response = complete(body, status, &error, text.challenges);
                with_nonce(response, nonce)
            }
            Answer::Response(response) => {
                response.into_inner().unwrap_or_else(PoisonError::into_inner)
            }
        };
        with_mark(response, kind)
    }
}

impl Error for Refusal {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0.error)
    }
}

/// Writes the status and the detail, for example `401 Unauthorized: the access token has expired`.
impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.status(), self.detail())
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Refusal")
            .field("status", &self.status())
            .field("code", &self.code())
            .finish_non_exhaustive()
    }
}
