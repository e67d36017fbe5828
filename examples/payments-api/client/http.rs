//! Sends requests, and prints each request and its response.

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Request, StatusCode, Url};
use serde::de::DeserializeOwned;

use super::Error;
use super::print;

/// The media type of a form.
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) struct Http(reqwest::Client);

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Http {
    pub(crate) fn new() -> Result<Self, Error> {
        // No request of a client may follow a redirect: its credentials are for one server. Both
        // servers are on loopback, where no proxy is.
        let client = reqwest::Client::builder();
        let client = client.redirect(reqwest::redirect::Policy::none()).no_proxy().build()?;
        Ok(Self(client))
    }

    pub(crate) async fn send(&self, request: Request) -> Result<Answer, Error> {
        print::request(&request);
        let answer = self.send_quietly(request).await?;
        print::answer(&answer);
        Ok(answer)
    }

    pub(crate) async fn send_quietly(&self, request: Request) -> Result<Answer, Error> {
        let response = self.0.execute(request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Answer { status, headers, body: response.text().await? })
    }
}

impl Answer {
    /// Returns the content of a successful response.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        if !self.status.is_success() {
            return Err(format!("the response is {}: {}", self.status, self.body).into());
        }
        Ok(serde_json::from_str(&self.body)?)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Returns a request with a form as its body (RFC 6749 appendix B).
pub(crate) fn form(url: Url, fields: &[(&str, &str)]) -> Request {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    with_body(Request::new(Method::POST, url), FORM, body)
}

/// Returns the request with a body.
pub(crate) fn with_body(mut request: Request, kind: &'static str, body: String) -> Request {
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    *request.body_mut() = Some(body.into());
    request
}
