//! One exchange with the endpoint.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use super::Introspector;
use crate::clock::Clock;
use crate::error_chain::ErrorChain;
use crate::introspection::{
    self, Answer, Expected, JWT_MEDIA_TYPE, Unusable, accepts_type, content,
};
use crate::redaction::without_query;
use crate::server::trusted_issuer::TrustedIssuer;
use crate::token::{Compact, Header};

/// The reason why a question has no answer. It contains no secret and no claim.
pub(super) enum CallError {
    /// The endpoint does not accept the credentials of this server.
    Refused(String),
    Failed(String),
}

impl CallError {
    pub(super) fn cause(&self) -> &str {
        match self {
            Self::Refused(cause) | Self::Failed(cause) => cause,
        }
    }
}

impl From<Unusable> for CallError {
    fn from(unusable: Unusable) -> Self {
        let text = unusable.to_string();
        if unusable.is_refused_client() { Self::Refused(text) } else { Self::Failed(text) }
    }
}

impl From<String> for CallError {
    fn from(text: String) -> Self {
        Self::Failed(text)
    }
}

impl Introspector {
    /// Asks the endpoint about a token. The caller sets a limit of time.
    pub(super) async fn call(
        &self,
        issuer: &TrustedIssuer,
        clock: &dyn Clock,
        token: &str,
    ) -> Result<Answer, CallError> {
        let settings = &self.settings;
        let url = settings.endpoint.url().await?;
        let authorization = settings.credentials.authorization(clock.now()).await?;
        let is_jwt = settings.jwt_audience.is_some();
        let headers = introspection::headers(&authorization, is_jwt);
        let body = introspection::body(token, &authorization).into();
        let posted = self.client.post(&url, headers, body).await.map_err(|error| {
            format!("no answer from `{}`: {}", without_query(&url), ErrorChain(&error))
        })?;
        if posted.status != StatusCode::OK {
            return Err(Unusable::Status(posted.status).into());
        }
        match &settings.jwt_audience {
            None => Ok(Answer::read(&posted.body)?),
            Some(client_id) => {
                if !has_jwt_type(&posted.headers) {
                    return Err(Unusable::Jwt("is not of the type that RFC 9701 demands").into());
                }
                issuer.read_jwt_answer(&posted.body, client_id, clock).await
            }
        }
    }
}

impl TrustedIssuer {
    /// Verifies an answer that is a JWT (RFC 9701 section 5). Plain JSON is never read.
    async fn read_jwt_answer(
        &self,
        body: &[u8],
        client_id: &str,
        clock: &dyn Clock,
    ) -> Result<Answer, CallError> {
        let not_jwt = || Unusable::Jwt("is not a signed JWT of three parts");
        let text = str::from_utf8(body).map_err(|_| not_jwt())?;
        let token = Compact::parse(text).map_err(|_| not_jwt())?;
        let algorithms = self.asymmetric_algorithms();
        let header =
            Header::read_as(token.header.root(), &algorithms, accepts_type).map_err(|fault| {
                format!("the answer is a JWT that cannot be used: {}", fault.rule())
            })?;
        let expected = Expected {
            issuer: &self.identifier,
            client_id,
            now: clock.now(),
            leeway: self.rules.leeway,
        };
        let answer = content(&token.claims, &expected)?;
        let verified = self.verify_signature(&header, &token).await;
        verified.map_err(|error| format!("the answer is a JWT that cannot be used: {error}"))?;
        Ok(answer)
    }
}

/// Returns true if the response has exactly one `Content-Type`, which is that of a JWT answer.
/// Parameters have no meaning.
fn has_jwt_type(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let only = values.next().filter(|_| values.next().is_none());
    let text = only.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = text.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case(JWT_MEDIA_TYPE)
}
