//! The HTTP client of the OAuth clients.

use oauth2::http::Response;
use oauth2::{HttpRequest, HttpResponse};
use reqwest::redirect::Policy;
use reqwest::{Client, Request};

/// Sends a request and reads the whole response. Redirects are not followed.
pub async fn send(request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let response = client()?.execute(Request::try_from(request)?).await?;
    let mut answer = Response::new(Vec::new());
    *answer.status_mut() = response.status();
    *answer.headers_mut() = response.headers().clone();
    *answer.body_mut() = response.bytes().await?.to_vec();
    Ok(answer)
}

pub(crate) fn client() -> Result<Client, reqwest::Error> {
    Client::builder().redirect(Policy::none()).no_proxy().build()
}
