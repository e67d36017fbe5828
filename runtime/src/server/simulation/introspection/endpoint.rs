//! The simulated introspection endpoints, as the HTTP client of the server.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum_core::body::Body;
use bytes::Bytes;
use fastrand::Rng;
use http::{Response, StatusCode};
use reqwest::Url;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::super::log::Moment;
use super::super::signing::{AUDIENCE, NOW, POOLS};
use super::log::{Log, Outcome};
use super::question_check::QuestionCheck;
use super::schedule::{Behaviour, Terms};
use super::token::Token;
use crate::fetch::{Fetch, FetchFuture, FetchRequest, FetchResponse};

/// A time after which the server has given up.
const NEVER: Duration = Duration::from_hours(1);

/// The endpoint of one issuer. Clones share one `Script`.
#[derive(Clone)]
pub(super) struct Endpoint {
    begin: Instant,
    issuer: usize,
    script: Arc<Mutex<Script>>,
}

pub(super) struct Script {
    pub(super) log: Log,
    pub(super) check: QuestionCheck,
    pub(super) behaviour: Behaviour,
    seed: u64,
}

/// The HTTP client of the server, whose other side is these endpoints.
pub(super) struct Network(pub(super) Vec<Endpoint>);

impl Endpoint {
    pub(super) fn new(issuer: usize, terms: Terms, seed: u64) -> Self {
        let (log, behaviour) = (Log::new(terms), Behaviour::Normal);
        let script = Script { log, check: QuestionCheck::new(), behaviour, seed };
        Self { begin: Instant::now(), issuer, script: Arc::new(Mutex::new(script)) }
    }

    pub(super) fn now(&self) -> Moment {
        self.begin.elapsed()
    }

    pub(super) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn url(issuer: usize) -> String {
        format!("{}/introspect", POOLS[issuer].identifier)
    }

    async fn answer(&self, token: Token) -> Option<(StatusCode, String)> {
        let exchange = Exchange::begin(self, token);
        let (behaviour, delay, is_early) = self.script().draw(token);
        sleep(delay).await;
        let as_of = if is_early { exchange.started_at } else { self.now() };
        let (outcome, answer) = self.respond(behaviour, token, as_of);
        exchange.end(outcome);
        answer
    }

    fn respond(
        &self,
        behaviour: Behaviour,
        token: Token,
        as_of: Moment,
    ) -> (Outcome, Option<(StatusCode, String)>) {
        let (now, script) = (self.now(), self.script());
        let end = script.log.end_of(token);
        let is_active = script.log.is_active(token, as_of);
        let ok = |answer: Value| Some((StatusCode::OK, answer.to_string()));
        match behaviour {
            Behaviour::Hangs | Behaviour::Down => (Outcome::Failed, None),
            Behaviour::Status(code) => {
                let status = StatusCode::from_u16(code).unwrap();
                (Outcome::Failed, Some((status, active(AUDIENCE, end).to_string())))
            }
            Behaviour::Garbage(kind) => (Outcome::Failed, Some((StatusCode::OK, garbage(kind)))),
            _ if !is_active => (Outcome::Inactive, ok(json!({ "active": false }))),
            Behaviour::OtherAudience => (Outcome::Unacceptable, ok(active("https://other", end))),
            _ if end.is_some_and(|end| end <= now) => {
                (Outcome::Unacceptable, ok(active(AUDIENCE, end)))
            }
            Behaviour::Normal | Behaviour::Slow(_) => (Outcome::Active, ok(active(AUDIENCE, end))),
        }
    }
}

impl Script {
    /// Draws the behaviour in an exchange, its duration, and true if the answer is as of its start.
    /// Each question about a token has numbers of its own, so that other tokens do not change them.
    fn draw(&self, token: Token) -> (Behaviour, Duration, bool) {
        let mut hasher = DefaultHasher::new();
        (self.seed, token, self.log.about(token).count()).hash(&mut hasher);
        let mut rng = Rng::with_seed(hasher.finish());
        let delay = match self.behaviour {
            Behaviour::Slow(delay) => delay,
            Behaviour::Hangs => NEVER,
            _ => Duration::from_millis(rng.u64(1..=50)),
        };
        (self.behaviour, delay, rng.bool())
    }
}

fn active(audience: &str, end: Option<Moment>) -> Value {
    let mut answer = json!({
        "active": true,
        "aud": audience,
        "sub": "alice",
        "client_id": "development",
    });
    if let Some(end) = end {
        answer["exp"] = json!((NOW + end).as_secs());
    }
    answer
}

fn garbage(kind: u8) -> String {
    let texts = [
        "",
        "<html>maintenance</html>",
        "{}",
        r#"{"active":"true"}"#,
        r#"{"active":null,"aud":"https://api.example.com"}"#,
        r#"{"active":false,"active":true,"aud":"https://api.example.com"}"#,
        r#"[{"active":true}]"#,
        r#"{"active":true,"aud":"https://api.example.com""#,
    ];
    texts[usize::from(kind) % texts.len()].to_owned()
}

impl Fetch for Network {
    fn fetch(&self, _: FetchRequest) -> FetchFuture<'_> {
        panic!("the keys are configured");
    }

    fn post(&self, request: FetchRequest, body: Bytes) -> FetchFuture<'_> {
        let (url, _) = request.into_parts();
        let mut endpoints = self.0.iter();
        let endpoint = endpoints.find(|endpoint| Endpoint::url(endpoint.issuer) == url).unwrap();
        let form = Url::parse(&format!("form:?{}", str::from_utf8(&body).unwrap())).unwrap();
        let token = form.query_pairs().find(|(name, _)| name == "token").unwrap().1;
        let token = Token::of_text(&token).unwrap();
        assert_eq!(token.issuer(), endpoint.issuer, "{token:?} for another issuer");
        Box::pin(async move {
            let (status, answer) = endpoint.answer(token).await.ok_or("no connection")?;
            let response = Response::builder().status(status).body(Body::from(answer))?;
            Ok(FetchResponse::new(url, response))
        })
    }
}

/// An exchange that is logged as dropped if the server drops it before its end.
struct Exchange<'a> {
    endpoint: &'a Endpoint,
    index: usize,
    started_at: Moment,
    has_ended: bool,
}

impl<'a> Exchange<'a> {
    fn begin(endpoint: &'a Endpoint, token: Token) -> Self {
        let started_at = endpoint.now();
        let mut script = endpoint.script();
        let Script { log, check, .. } = &mut *script;
        check.begin(log, token, started_at);
        let index = log.begin(started_at, token);
        Self { endpoint, index, started_at, has_ended: false }
    }

    fn end(mut self, outcome: Outcome) {
        self.log(outcome);
        self.has_ended = true;
    }

    fn log(&self, outcome: Outcome) {
        let (now, mut script) = (self.endpoint.now(), self.endpoint.script());
        let Script { log, check, .. } = &mut *script;
        check.end(log.questions[self.index], outcome, now);
        log.end(self.index, now, outcome);
    }
}

impl Drop for Exchange<'_> {
    fn drop(&mut self) {
        if !self.has_ended {
            self.log(Outcome::Dropped);
        }
    }
}
