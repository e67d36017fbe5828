//! A double of an authorization server with an introspection endpoint.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Response};
use axum_protected::ResourceServerBuilder;
use axum_protected::fetch::{Fetch, FetchFuture, FetchRequest, FetchResponse};
use axum_protected_tests::trusting;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;
use tokio::time::sleep;

use super::{inactive, issuer};

/// The issuer of a double without a socket.
pub(crate) const ISSUER: &str = "https://id.example.com";

/// A response of the double.
#[derive(Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    delay: Duration,
}

impl Reply {
    #[must_use]
    pub(crate) fn json(value: &Value) -> Self {
        Self::text("application/json", value.to_string())
    }

    pub(crate) fn text(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type", content_type.to_owned())];
        Self { status: 200, headers, body: body.into(), delay: Duration::ZERO }
    }

    #[must_use]
    pub(crate) fn status(status: u16) -> Self {
        Self { status, ..Self::json(&json!({ "active": true, "error": "invalid_client" })) }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    #[must_use]
    pub(crate) fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// A response that never comes.
    #[must_use]
    pub(crate) fn never() -> Self {
        Self::json(&inactive()).after(Duration::from_secs(86_400))
    }

    fn response(&self) -> Response<Body> {
        let mut response = Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(*name, value);
        }
        response.body(self.body.clone().into()).unwrap()
    }
}

impl From<Value> for Reply {
    fn from(value: Value) -> Self {
        Self::json(&value)
    }
}

/// A question that the double received.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Question {
    /// Returns the parameters of the form. Panics if a parameter occurs twice.
    pub(crate) fn form(&self) -> BTreeMap<String, String> {
        let url = format!("http://form?{}", self.body).parse::<reqwest::Url>().unwrap();
        let mut form = BTreeMap::new();
        for (name, value) in url.query_pairs() {
            assert_eq!(form.insert(name.into_owned(), value.into_owned()), None);
        }
        form
    }

    pub(crate) fn token(&self) -> String {
        self.form().get("token").cloned().unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let values: Vec<_> = self.headers.get_all(name).iter().collect();
        assert!(values.len() < 2, "{name} is there twice");
        values.first().map(|value| value.to_str().unwrap())
    }
}

#[derive(Default)]
struct Script {
    /// The replies to questions, by token.
    tokens: BTreeMap<String, Reply>,
    /// The reply to questions about other tokens. Without it, they are not active.
    others: Option<Reply>,
    /// The replies to GET requests, by path.
    documents: BTreeMap<String, Reply>,
    questions: Vec<Question>,
    /// The greatest number of questions at the same time, and the present number.
    running: (usize, usize),
}

/// The double. Clones share its script.
#[derive(Clone, Default)]
pub(crate) struct Double {
    script: Arc<Mutex<Script>>,
}

impl Double {
    /// Sets the reply to questions about this token.
    pub(crate) fn answer(&self, token: &str, reply: impl Into<Reply>) {
        self.script.lock().unwrap().tokens.insert(token.to_owned(), reply.into());
    }

    /// Sets the reply to questions about all other tokens.
    pub(crate) fn answer_others(&self, reply: impl Into<Reply>) {
        self.script.lock().unwrap().others = Some(reply.into());
    }

    pub(crate) fn publish(&self, path: &str, reply: impl Into<Reply>) {
        self.script.lock().unwrap().documents.insert(path.to_owned(), reply.into());
    }

    #[must_use]
    pub(crate) fn questions(&self) -> Vec<Question> {
        self.script.lock().unwrap().questions.clone()
    }

    /// Returns the number of questions about this token.
    #[must_use]
    pub(crate) fn count(&self, token: &str) -> usize {
        self.questions().iter().filter(|question| question.token() == token).count()
    }

    #[must_use]
    pub(crate) fn total(&self) -> usize {
        self.script.lock().unwrap().questions.len()
    }

    /// Returns the greatest number of questions that ran at the same time.
    #[must_use]
    pub(crate) fn most_at_once(&self) -> usize {
        self.script.lock().unwrap().running.0
    }

    /// Returns the builder of a server that asks this double in the mode `only`, without a socket.
    #[must_use]
    pub(crate) fn server(&self) -> ResourceServerBuilder {
        trusting(issuer(ISSUER)).fetch(self.clone())
    }

    async fn reply(self, question: Question) -> Response<Body> {
        let reply = {
            let mut script = self.script.lock().unwrap();
            let reply = if question.method == Method::GET {
                script.documents.get(path(&question.target)).cloned()
            } else {
                let token = question.token();
                script.questions.push(question);
                script.running.1 += 1;
                script.running.0 = script.running.0.max(script.running.1);
                let reply = script.tokens.get(&token).or(script.others.as_ref()).cloned();
                Some(reply.unwrap_or_else(|| Reply::json(&inactive())))
            };
            reply.unwrap_or_else(|| Reply::status(404))
        };
        let _running = Running(Arc::clone(&self.script));
        if reply.delay > Duration::ZERO {
            sleep(reply.delay).await;
        }
        reply.response()
    }

    /// Serves the double over HTTP. It stops when the server is dropped.
    pub(crate) async fn serve(&self) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(handle).with_state(self.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await });
        Served { url, task: task.abort_handle() }
    }
}

/// Counts a question that runs. A question ends also if the server gives it up.
struct Running(Arc<Mutex<Script>>);

impl Drop for Running {
    fn drop(&mut self) {
        let mut script = self.0.lock().unwrap();
        script.running.1 = script.running.1.saturating_sub(1);
    }
}

/// A double on a socket.
pub(crate) struct Served {
    pub(crate) url: String,
    task: AbortHandle,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn path(target: &str) -> &str {
    let after_scheme = target.split_once("://").map_or(target, |(_, rest)| rest);
    after_scheme.find('/').map_or("/", |start| &after_scheme[start..])
}

async fn handle(State(double): State<Double>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let question = Question {
        method: parts.method,
        target: parts.uri.to_string(),
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    double.reply(question).await
}

impl Double {
    fn exchange(&self, method: Method, request: FetchRequest, body: &Bytes) -> FetchFuture<'_> {
        let (url, headers) = request.into_parts();
        let body = String::from_utf8(body.to_vec()).unwrap();
        let question = Question { method, target: url.clone(), headers, body };
        let double = self.clone();
        Box::pin(async move { Ok(FetchResponse::new(url, double.reply(question).await)) })
    }
}

impl Fetch for Double {
    fn fetch(&self, request: FetchRequest) -> FetchFuture<'_> {
        self.exchange(Method::GET, request, &Bytes::new())
    }

    fn post(&self, request: FetchRequest, body: Bytes) -> FetchFuture<'_> {
        self.exchange(Method::POST, request, &body)
    }
}
