//! A client that sends what a browser would send: the cookies of the application, and the headers of
//! Fetch Metadata.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use reqwest::header::{HeaderMap, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Url};
use serde_json::Value;

/// The status, the address, the headers and the complete body of a response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Returns the code of a problem document.
    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Returns the ticket from the hidden field of the provider's sign-in page.
    fn ticket(&self) -> &str {
        let (_, rest) = self.body.split_once("name=\"ticket\" value=\"").unwrap();
        rest.split_once('"').unwrap().0
    }
}

/// A browser with the cookies of one application.
pub(crate) struct Browser {
    client: Client,
    /// The origin of the application, such as `http://localhost:3000`.
    pub(crate) app: Url,
    cookies: BTreeMap<String, String>,
    /// The lines `Set-Cookie` of all responses of the application.
    pub(crate) cookie_lines: Vec<String>,
    /// The addresses of all requests.
    pub(crate) addresses: Vec<String>,
}

impl Browser {
    pub(crate) fn new(app: &str) -> Self {
        let app: Url = app.parse().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], app.port().unwrap()));
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            // A connection of an earlier process would fail after a restart of the program.
            .pool_max_idle_per_host(0)
            .resolve("localhost", address)
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap();
        let (cookies, cookie_lines, addresses) = Default::default();
        Self { client, app, cookies, cookie_lines, addresses }
    }

    /// Returns the value of the header `Cookie`.
    pub(crate) fn cookies(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// Opens a page as if the user had typed its path.
    pub(crate) async fn open(&mut self, path: &str) -> Answer {
        let url = self.app.join(path).unwrap();
        self.navigate(url, "none").await
    }

    /// Opens a page as if a page of this relation had a link to it, and follows the redirects.
    pub(crate) async fn navigate(&mut self, mut url: Url, site: &str) -> Answer {
        let mut site = site.to_owned();
        loop {
            let request = self
                .client
                .get(url.clone())
                .header("sec-fetch-site", &site)
                .header("sec-fetch-mode", "navigate")
                .header("sec-fetch-dest", "document");
            let answer = self.send(request, &url).await;
            let Some(next) = answer.headers.get(LOCATION) else {
                return answer;
            };
            let next = url.join(next.to_str().unwrap()).unwrap();
            // A chain of redirects that was on another site remains cross-site. Without an
            // initiator it remains `none`.
            if next.host() != url.host() && site != "none" {
                "cross-site".clone_into(&mut site);
            }
            url = next;
        }
    }

    /// Sends the request of a script of the application.
    pub(crate) async fn fetch(&mut self, method: Method, path: &str, body: Option<&str>) -> Answer {
        self.fetch_from(method, path, body, "same-origin").await
    }

    /// Sends the request of a script of a page of this relation.
    pub(crate) async fn fetch_from(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&str>,
        site: &str,
    ) -> Answer {
        let url = self.app.join(path).unwrap();
        let origin = match site {
            "same-origin" => self.app.origin().ascii_serialization(),
            _ => "http://127.0.0.1:1".to_owned(),
        };
        let mut request = self
            .client
            .request(method.clone(), url.clone())
            .header("sec-fetch-site", site)
            .header("sec-fetch-mode", "cors")
            .header("sec-fetch-dest", "empty");
        if method != Method::GET {
            request = request.header("origin", origin);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_owned());
        }
        self.send(request, &url).await
    }

    /// Signs a user in at the provider, and returns the page after the sign-in.
    pub(crate) async fn sign_in(&mut self, subject: &str) -> Answer {
        let url = self.app.join("/login?return_to=%2F").unwrap();
        let page = self.navigate(url, "same-origin").await;
        assert_eq!(page.status, 200, "{page:?}");
        assert_eq!(page.url.host_str(), Some("127.0.0.1"), "{page:?}");
        let url = page.url.join("/consent").unwrap();
        let form =
            Url::parse_with_params("http://h/", [("ticket", page.ticket()), ("subject", subject)]);
        let request = self
            .client
            .post(url.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.unwrap().query().unwrap().to_owned());
        let answer = self.send(request, &url).await;
        let callback = answer.header("location").parse().unwrap();
        self.navigate(callback, "cross-site").await
    }

    async fn send(&mut self, request: RequestBuilder, url: &Url) -> Answer {
        self.addresses.push(url.to_string());
        let is_app = url.origin() == self.app.origin();
        let request = match self.cookies() {
            cookies if is_app && !cookies.is_empty() => request.header("cookie", cookies),
            _ => request,
        };
        let response = request.send().await.unwrap();
        let answer = Answer {
            status: response.status().as_u16(),
            url: url.clone(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        };
        if is_app {
            self.keep_cookies(&answer.headers);
        }
        answer
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, rest) = line.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            // Browsers ignore a cookie with this prefix without these attributes.
            assert!(name.starts_with("__Host-"), "{line}");
            for attribute in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite="] {
                assert!(line.contains(attribute), "{line}");
            }
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            self.cookie_lines.push(line.to_owned());
        }
    }
}
