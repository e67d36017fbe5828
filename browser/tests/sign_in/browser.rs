//! A browser without a screen: it keeps cookies with their attributes and follows no redirect.

use std::collections::BTreeMap;

use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode, Url};

/// A browser with the cookies of one host, that of the application.
#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
    pub(crate) cookies: BTreeMap<String, String>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) fn new() -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { client, cookies: BTreeMap::new() }
    }

    /// Sends a request to the application, with the headers of a navigation from another site.
    pub(crate) async fn get(&mut self, url: &str) -> Answer {
        self.send(Method::GET, url, &[("sec-fetch-dest", "document")]).await
    }

    /// Sends a request to the application.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = self.client.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let cookie = pairs.collect::<Vec<_>>().join("; ");
        if !cookie.is_empty() {
            request = request.header(COOKIE, cookie);
        }
        let answer = Answer::of(request.send().await.unwrap()).await;
        for line in answer.headers.get_all(SET_COOKIE) {
            self.keep(line.to_str().unwrap());
        }
        answer
    }

    /// Signs in as alice on the page of the provider, and returns the address of the callback.
    pub(crate) async fn consent(&self, authorization_url: &str) -> String {
        let page = Answer::of(self.client.get(authorization_url).send().await.unwrap()).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let ticket = page.body.split("name=\"ticket\" value=\"").nth(1).unwrap();
        let ticket = ticket.split('"').next().unwrap();
        let consent = Url::parse(authorization_url).unwrap().join("/consent").unwrap();
        let form = self
            .client
            .post(consent)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(format!("ticket={ticket}&subject=alice"));
        Answer::of(form.send().await.unwrap()).await.location()
    }

    pub(crate) fn names(&self, prefix: &str) -> Vec<&str> {
        self.cookies.keys().map(String::as_str).filter(|name| name.starts_with(prefix)).collect()
    }

    /// Keeps a cookie as browsers do: a name with the prefix `__Host-` needs the attributes, also in
    /// a removal.
    fn keep(&mut self, line: &str) {
        let mut parts = line.split("; ");
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let attributes: Vec<&str> = parts.collect();
        let has = |attribute: &str| attributes.contains(&attribute);
        assert!(name.starts_with("__Host-"), "{line}");
        assert!(has("Path=/") && has("Secure") && has("HttpOnly"), "{line}");
        assert!(attributes.iter().any(|attribute| attribute.starts_with("SameSite=")), "{line}");
        assert!(!attributes.iter().any(|attribute| attribute.starts_with("Domain")), "{line}");
        if has("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

impl Answer {
    async fn of(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, body: response.text().await.unwrap() }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub(crate) fn location(&self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.header(LOCATION.as_str()).to_owned()
    }

    /// Asserts that no cache keeps the answer and no other page learns its address.
    #[track_caller]
    pub(crate) fn assert_private(&self) {
        assert_eq!(self.header(CACHE_CONTROL.as_str()), "no-store");
        assert_eq!(self.header("referrer-policy"), "no-referrer");
        assert!(self.header("content-security-policy").contains("default-src 'none'"));
    }

    /// Asserts that this is a page about a failed sign-in, which repeats nothing of the request.
    #[track_caller]
    pub(crate) fn assert_failure(&self, status: u16, sentence: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        assert!(self.body.contains(sentence), "{}", self.body);
        assert!(self.body.contains("<a href=\"/login\">Try again</a>"), "{}", self.body);
        assert!(!self.body.contains("evil") && !self.body.contains("<script"), "{}", self.body);
        self.assert_private();
    }
}
