//! One exchange with the poll endpoint.

use std::time::{Duration, SystemTime};

use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue, StatusCode};
use reqwest::Url;

use crate::error_chain::ErrorChain;
use crate::keys::{Client, ExchangeLimits, FetchError, HeaderFile};
use crate::redaction::without_query;
use crate::security_event::poll::{self, LONG_POLL, PollAnswer, Replies};

/// Endpoint that the server polls.
pub(in crate::server) struct PollEndpoint {
    pub(in crate::server) url: Url,
    pub(in crate::server) authorization: Option<PollAuthorization>,
    pub(in crate::server) client: Client,
}

/// Value of the header `Authorization`.
pub(in crate::server) enum PollAuthorization {
    Text(HeaderValue),
    /// A file that is read for each request.
    File(HeaderFile),
}

/// Reason why a request has no usable answer. The texts contain no secret and no claim.
pub(super) enum ExchangeError {
    /// The connection ended without an answer. If the transmitter held the request, it may just have
    /// had no event.
    NoAnswer(String),
    TooLong(String),
    /// The transmitter does not accept the credentials of this server.
    Unauthorized(String),
    /// The transmitter does not accept the content of the request.
    BadRequest(String),
    Failed(String, Option<Duration>),
}

impl PollEndpoint {
    /// Sends one request. If `is_long_poll` is true, the transmitter may hold it.
    pub(super) async fn ask(
        &self,
        replies: &Replies,
        max_events: usize,
        is_long_poll: bool,
        now: SystemTime,
    ) -> Result<PollAnswer, ExchangeError> {
        let authorization = match &self.authorization {
            None => None,
            Some(PollAuthorization::Text(value)) => Some(value.clone()),
            Some(PollAuthorization::File(file)) => {
                let read = file.read().await;
                Some(read.map_err(|problem| ExchangeError::Failed(problem, None))?)
            }
        };
        let headers = poll::headers(authorization);
        let body = poll::body(replies, max_events, is_long_poll).into();
        let limits = if is_long_poll {
            ExchangeLimits::long_poll(LONG_POLL)
        } else {
            ExchangeLimits::default()
        };
        let posted = self.client.post_within(limits, &self.url, headers, body).await;
        let posted = posted.map_err(|error| self.failure(&error))?;
        if posted.status != StatusCode::OK {
            return Err(self.bad_status(posted.status, &posted.headers, now));
        }
        PollAnswer::read(&posted.body, max_events)
            .map_err(|problem| ExchangeError::Failed(self.about(&problem.to_string()), None))
    }

    fn failure(&self, error: &FetchError) -> ExchangeError {
        let text = self.about(&ErrorChain(error).to_string());
        match error {
            FetchError::NoResponse | FetchError::Broken(_) => ExchangeError::NoAnswer(text),
            FetchError::TooLarge => ExchangeError::TooLong(text),
            _ => ExchangeError::Failed(text, None),
        }
    }

    fn bad_status(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        now: SystemTime,
    ) -> ExchangeError {
        let text = self.about(&format!("the response has status {}", status.as_u16()));
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ExchangeError::Unauthorized(text),
            StatusCode::BAD_REQUEST
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNPROCESSABLE_ENTITY => ExchangeError::BadRequest(text),
            StatusCode::REQUEST_TIMEOUT | StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => {
                ExchangeError::NoAnswer(text)
            }
            _ => ExchangeError::Failed(text, retry_after(headers, now)),
        }
    }

    fn about(&self, problem: &str) -> String {
        format!("no events from `{}`: {problem}", without_query(&self.url))
    }
}

/// Reads `Retry-After`, which is a number of seconds or a date (RFC 9110 section 10.2.3).
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    httpdate::parse_http_date(value).ok()?.duration_since(now).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        for (value, expected) in [
            ("0", Some(0)),
            ("120", Some(120)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", None),
            ("-1", None),
            ("+1", None),
            ("1.5", None),
            ("", None),
            ("soon", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
            let read = retry_after(&headers, now).map(|wait| wait.as_secs());
            assert_eq!(read, expected, "{value}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
