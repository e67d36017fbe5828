//! Transmitters that fail, that are slow, or that are hostile. The time is paused, except where a
//! redirect or a connection matters.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Response, StatusCode};
use axum_protected::ResourceServer;
use axum_protected::fetch::{Fetch, FetchFuture, FetchRequest, FetchResponse};
use axum_protected::security_event::{EventTransmitter, ReceivedEvent};
use axum_protected_testing::SecurityEventBuilder;
use axum_protected_tests::{AUDIENCE, Log, Reply, ScriptedIssuer, bounded, keys};
use futures_util::{StreamExt, stream};
use serde_json::{Map, Value, json};
use tokio::time::{Instant, sleep};

use super::polled::{SESSION_REVOKED, about, health, judged, server, token};

const TRANSMITTER: &str = "https://tr.example.com";
const ENDPOINT: &str = "https://tr.example.com/poll";
const SECOND: Duration = Duration::from_secs(1);

/// A request that the endpoint received.
#[derive(Clone)]
struct Poll {
    at: Instant,
    headers: HeaderMap,
    body: Value,
}

impl Poll {
    fn is_long(&self) -> bool {
        self.body["returnImmediately"] == false
    }
}

/// Behaviour of the endpoint.
enum Reaction {
    Answer(Response<Body>),
    /// Answers after this time.
    Later(Duration, Response<Body>),
    Never,
    Panic,
}

type React = dyn Fn(usize, &Poll) -> Reaction + Send + Sync;

/// A poll endpoint behind the trait `Fetch`.
#[derive(Clone)]
struct Endpoint {
    react: Arc<React>,
    polls: Arc<Mutex<Vec<Poll>>>,
}

impl Endpoint {
    /// Returns an endpoint that reacts to the request with this number. The first has the number 0.
    fn new(react: impl Fn(usize, &Poll) -> Reaction + Send + Sync + 'static) -> Self {
        Self { react: Arc::new(react), polls: Arc::default() }
    }

    fn server(&self) -> ResourceServer {
        self.server_with(|settings| settings)
    }

    fn server_with(
        &self,
        change: impl FnOnce(EventTransmitter) -> EventTransmitter,
    ) -> ResourceServer {
        let settings = EventTransmitter::new(TRANSMITTER)
            .audience(AUDIENCE)
            .about(super::polled::ISSUER)
            .jwks(keys().jwks())
            .poll(ENDPOINT)
            .poll_authorization("Bearer s3cret");
        server().fetch(self.clone()).event_transmitter(change(settings)).build().unwrap()
    }

    fn polls(&self) -> Vec<Poll> {
        self.polls.lock().unwrap().clone()
    }

    /// Runs a server for this time, and returns the times of the requests in seconds.
    async fn times(&self, duration: Duration) -> Vec<f64> {
        self.times_of(self.server(), duration).await
    }

    async fn times_of(&self, server: ResourceServer, duration: Duration) -> Vec<f64> {
        let began = Instant::now();
        sleep(duration).await;
        drop(server);
        self.polls().iter().map(|poll| (poll.at - began).as_secs_f64()).collect()
    }
}

impl Fetch for Endpoint {
    fn fetch(&self, request: FetchRequest) -> FetchFuture<'_> {
        panic!("a request for a document: {request:?}")
    }

    fn post(&self, request: FetchRequest, body: Bytes) -> FetchFuture<'_> {
        let (url, headers) = request.into_parts();
        let body = serde_json::from_slice(&body).unwrap();
        let poll = Poll { at: Instant::now(), headers, body };
        let number = {
            let mut polls = self.polls.lock().unwrap();
            polls.push(poll.clone());
            polls.len() - 1
        };
        let reaction = (self.react)(number, &poll);
        Box::pin(async move {
            let response = match reaction {
                Reaction::Answer(response) => response,
                Reaction::Later(delay, response) => {
                    sleep(delay).await;
                    response
                }
                Reaction::Never => std::future::pending().await,
                Reaction::Panic => panic!("the client panics"),
            };
            Ok(FetchResponse::new(url, response))
        })
    }
}

fn answer(body: &Value) -> Reaction {
    Reaction::Answer(Response::new(body.to_string().into()))
}

fn nothing() -> Value {
    json!({ "sets": {} })
}

fn status(status: u16) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

/// Returns an event with this name that ends the sessions of the subject.
fn event(name: &str, subject: &str) -> String {
    event_builder(name, subject).sign()
}

fn event_builder(name: &str, subject: &str) -> SecurityEventBuilder {
    let event = SecurityEventBuilder::new(keys(), TRANSMITTER, AUDIENCE, SESSION_REVOKED);
    about(event, subject).claim("jti", name)
}

fn sets(events: impl IntoIterator<Item = (String, String)>) -> Value {
    let sets: Map<_, _> =
        events.into_iter().map(|(name, event)| (name, Value::String(event))).collect();
    json!({ "sets": sets })
}

#[tokio::test(start_paused = true)]
async fn a_transmitter_that_never_holds_a_request_is_asked_every_two_seconds() {
    let endpoint = Endpoint::new(|_, _| answer(&nothing()));
    assert_eq!(endpoint.times(7 * SECOND).await, [0.0, 2.0, 4.0, 6.0]);
    // The first request learns if the transmitter can be reached.
    let long: Vec<_> = endpoint.polls().iter().map(Poll::is_long).collect();
    assert_eq!(long, [false, true, true, true]);
}

#[tokio::test(start_paused = true)]
async fn a_held_request_is_followed_by_the_next_one() {
    let held = || Reaction::Later(20 * SECOND, Response::new(nothing().to_string().into()));
    let endpoint =
        Endpoint::new(move |_, poll| if poll.is_long() { held() } else { answer(&nothing()) });
    assert_eq!(endpoint.times(63 * SECOND).await, [0.0, 2.0, 22.0, 42.0, 62.0]);
}

#[tokio::test(start_paused = true)]
async fn a_transmitter_that_always_has_more_cannot_cause_a_flood() {
    let new = Endpoint::new(|number, _| answer(&more(&[number])));
    assert_eq!(new.times(SECOND).await.len(), 100);
    // A transmitter that does not read the replies, and one whose events are all invalid.
    let same = Endpoint::new(|_, _| answer(&more(&[0])));
    assert_eq!(same.times(SECOND).await.len(), 11);
    let invalid = Endpoint::new(|number, _| {
        let mut answered = sets([(format!("event-{number}"), "x.y.z".to_owned())]);
        answered["moreAvailable"] = true.into();
        answer(&answered)
    });
    assert_eq!(invalid.times(SECOND).await.len(), 10);
    let empty = Endpoint::new(|_, _| answer(&more(&[])));
    assert_eq!(empty.times(7 * SECOND).await, [0.0, 2.0, 4.0, 6.0]);
}

/// Number of an event that one of the tests cannot accept.
const WAITING: usize = 1000;

/// Returns an answer with events of these numbers, after which there are more.
fn more(numbers: &[usize]) -> Value {
    let events = numbers.iter().map(|number| {
        let name = format!("event-{number}");
        let event = event_builder(&name, "alice");
        let event = if *number == WAITING { event.member("wait", true) } else { event };
        (name, event.sign())
    });
    let mut answered = sets(events);
    answered["moreAvailable"] = true.into();
    answered
}

/// RFC 8936 section 2.3.
#[tokio::test(start_paused = true)]
async fn more_events_are_fetched_immediately() {
    let took = |took: u64, body: Value| {
        Reaction::Later(Duration::from_millis(took), Response::new(body.to_string().into()))
    };
    let endpoint = Endpoint::new(move |number, _| match number {
        0..=3 => took(50, more(&[number])),
        4 => took(50, sets([("last".to_owned(), event("last", "alice"))])),
        _ => took(50, nothing()),
    });
    let times = endpoint.times(Duration::from_millis(2200)).await;
    // The last events have no more behind them: their acknowledgement is not urgent.
    assert_eq!(times, [0.0, 0.05, 0.1, 0.15, 0.2, 0.3]);
    let acknowledged: Vec<_> =
        endpoint.polls()[1..6].iter().map(|poll| poll.body["ack"][0].clone()).collect();
    assert_eq!(acknowledged, ["event-0", "event-1", "event-2", "event-3", "last"]);
}

/// An answer has the event that must wait and one of those behind it.
#[tokio::test(start_paused = true)]
async fn an_event_that_must_wait_does_not_delay_more_events() {
    let endpoint = Endpoint::new(|number, _| match number {
        0..=9 => answer(&more(&[WAITING, number])),
        _ => answer(&more(&[WAITING])),
    });
    let server = endpoint.server_with(|settings| {
        settings.further_revocations(async |event: ReceivedEvent| {
            match event.claims().get("wait") {
                Some(_) => Err("not now"),
                None => Ok(Vec::new()),
            }
        })
    });
    let times = endpoint.times_of(server, 3 * SECOND).await;
    assert!((0.1..0.12).contains(&times[10]), "{times:?}");
    assert!(times[11] - times[10] >= 1.0, "{times:?}");
    for poll in &endpoint.polls()[1..] {
        let acknowledged = poll.body.get("ack").map_or(0, |ack| ack.as_array().unwrap().len());
        assert!(
            acknowledged <= 1 && !poll.body.to_string().contains("event-1000"),
            "{}",
            poll.body
        );
    }
}

#[tokio::test(start_paused = true)]
async fn only_an_answer_to_a_short_request_tells_silence_from_an_outage() {
    // A transmitter without events that holds requests for longer than the server waits.
    let quiet =
        Endpoint::new(|_, poll| if poll.is_long() { Reaction::Never } else { answer(&nothing()) });
    let server = quiet.server();
    sleep(60 * SECOND).await;
    assert_eq!(health(&server).poll.unwrap().last_error, None);
    let long: Vec<_> = quiet.polls().iter().map(Poll::is_long).collect();
    assert_eq!(long, [false, true, false, true, false, true]);
    // A transmitter that never answers again.
    let dead = Endpoint::new(|number, _| match number {
        0 => answer(&nothing()),
        _ => Reaction::Never,
    });
    let server = dead.server();
    sleep(26 * SECOND).await;
    assert_eq!(health(&server).poll.unwrap().last_error, None);
    sleep(10 * SECOND).await;
    let error = health(&server).poll.unwrap().last_error.unwrap();
    assert!(error.contains("timed out"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_polling_ends_with_the_last_clone_of_the_server() {
    let endpoint = Endpoint::new(|_, _| answer(&nothing()));
    let server = endpoint.server();
    let clones = [server.clone(), server.for_resource("https://api.example.com/mcp").unwrap()];
    sleep(3 * SECOND).await;
    drop(server);
    sleep(SECOND * 2).await;
    let polls = endpoint.polls().len();
    assert_eq!(polls, 3);
    drop(clones);
    sleep(3600 * SECOND).await;
    assert_eq!(endpoint.polls().len(), polls);
    assert_eq!(Arc::strong_count(&endpoint.polls), 1, "nothing of the server is left");
}

#[test]
fn a_server_that_was_built_outside_of_a_runtime_polls_when_it_is_asked_for_readiness() {
    let endpoint = Endpoint::new(|_, _| answer(&nothing()));
    let server = endpoint.server();
    for times in 1..=2 {
        // The task ends with its runtime, and starts again in the next one.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            server.ready().await.unwrap();
            bounded("a poll", async {
                while endpoint.polls().len() < times {
                    sleep(Duration::from_millis(5)).await;
                }
            })
            .await;
        });
    }
}

#[tokio::test(start_paused = true)]
async fn failures_are_followed_by_pauses_that_grow_to_a_minute() {
    let endpoint = Endpoint::new(|_, _| Reaction::Answer(status(500)));
    let times = endpoint.times(3600 * SECOND).await;
    let pauses: Vec<_> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(pauses.iter().all(|pause| (1.0..=60.0).contains(pause)), "{pauses:?}");
    assert!(pauses[..3].iter().all(|pause| *pause <= 4.0), "{pauses:?}");
    assert!(pauses[8..].iter().all(|pause| *pause >= 30.0), "{pauses:?}");
    // Instances that failed together do not come back together.
    let distinct: std::collections::BTreeSet<_> =
        pauses[8..].iter().map(|pause| format!("{pause:.3}")).collect();
    assert!(distinct.len() > 10, "{pauses:?}");
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_honoured_up_to_five_minutes() {
    for (value, status, expected) in [("30", 429, 30.0), ("86400", 503, 300.0)] {
        let endpoint = Endpoint::new(move |_, _| {
            let mut response = self::status(status);
            response.headers_mut().insert("retry-after", value.parse().unwrap());
            Reaction::Answer(response)
        });
        let times = endpoint.times(301 * SECOND).await;
        assert_eq!(times[1..2], [expected], "{value}");
    }
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_not_of_the_protocol_have_no_effect() {
    let good = event("good", "alice");
    let bodies = [
        format!(r#"{{"sets":{{"good":"{good}","good":"{good}"}}}}"#),
        format!(r#"{{"sets":{{"good":"{good}"}},"sets":{{}}}}"#),
        format!(r#"{{"sets":{{"good":"{good}"}},"moreAvailable":"true"}}"#),
        format!(r#"[{{"sets":{{"good":"{good}"}}}}]"#),
        format!(r#"{{"sets":["{good}"]}}"#),
        good.clone(),
        "{}".to_owned(),
        "<html>".to_owned(),
        String::new(),
        "[".repeat(100_000),
    ];
    for body in bodies {
        let shown = body.chars().take(40).collect::<String>();
        let endpoint =
            Endpoint::new(move |_, _| Reaction::Answer(Response::new(body.clone().into())));
        let server = endpoint.server();
        sleep(10 * SECOND).await;
        let error = health(&server).poll.unwrap().last_error;
        assert!(error.as_ref().is_some_and(|error| error.contains("answer")), "{shown}: {error:?}");
        assert_eq!(judged(&server, &token("alice").sign()).await, "accepted", "{shown}");
        assert!(endpoint.polls().iter().all(|poll| poll.body.get("ack").is_none()), "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn of_ten_thousand_events_the_server_takes_one_hundred_at_a_time() {
    let endpoint = Endpoint::new(|_, _| {
        answer(&sets((0..10_000).map(|number| (format!("event-{number}"), "x.y.z".to_owned()))))
    });
    let server = endpoint.server();
    sleep(SECOND).await;
    drop(server);
    let polls = endpoint.polls();
    assert!(polls.len() > 2);
    for poll in &polls[1..] {
        assert_eq!(poll.body["maxEvents"], 100);
        assert_eq!(poll.body["setErrs"].as_object().unwrap().len(), 100);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_too_long_makes_the_next_one_shorter() {
    let endpoint = Endpoint::new(|number, poll| {
        if poll.body["maxEvents"].as_u64().unwrap() > 10 {
            let spaces = stream::repeat(Bytes::from_static(&[b' '; 4096]));
            let endless = spaces.map(Ok::<_, std::io::Error>);
            return Reaction::Answer(Response::new(Body::from_stream(endless)));
        }
        let name = format!("event-{number}");
        answer(&sets([(name.clone(), event(&name, "alice"))]))
    });
    let server = endpoint.server();
    sleep(40 * SECOND).await;
    let asked: Vec<_> =
        endpoint.polls().iter().map(|poll| poll.body["maxEvents"].as_u64().unwrap()).collect();
    assert_eq!(asked[..6], [100, 50, 25, 12, 6, 11]);
    assert_eq!(judged(&server, &token("alice").sign()).await, "revoked_token");
}

#[tokio::test(start_paused = true)]
async fn replies_are_repeated_until_the_transmitter_has_received_them() {
    let endpoint = Endpoint::new(|number, _| match number {
        0 => answer(&sets([
            ("good".to_owned(), event("good", "alice")),
            ("bad".to_owned(), "x.y.z".to_owned()),
        ])),
        1 | 2 => Reaction::Answer(status(503)),
        3 => Reaction::Never,
        _ => answer(&nothing()),
    });
    let server = endpoint.server();
    sleep(60 * SECOND).await;
    drop(server);
    let polls = endpoint.polls();
    for poll in &polls[1..=4] {
        assert_eq!(poll.body["ack"], json!(["good"]));
        assert_eq!(poll.body["setErrs"]["bad"]["err"], "invalid_request");
        assert_eq!(poll.headers["content-language"], "en");
    }
    for poll in &polls[5..] {
        assert_eq!(poll.body.get("ack"), None);
        assert_eq!(poll.body.get("setErrs"), None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_transmitter_that_does_not_understand_the_replies_still_delivers() {
    let endpoint = Endpoint::new(|number, poll| {
        if poll.body.get("setErrs").is_some() {
            return Reaction::Answer(status(400));
        }
        match number {
            0 => answer(&sets([("bad".to_owned(), "x.y.z".to_owned())])),
            _ => answer(&sets([("good".to_owned(), event("good", "alice"))])),
        }
    });
    let server = endpoint.server();
    sleep(10 * SECOND).await;
    assert_eq!(judged(&server, &token("alice").sign()).await, "revoked_token");
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_a_failed_request() {
    let endpoint = Endpoint::new(|number, _| match number {
        0..=2 => Reaction::Panic,
        3 => answer(&sets([("good".to_owned(), event("good", "alice"))])),
        _ => answer(&nothing()),
    });
    let server = endpoint.server();
    sleep(SECOND / 2).await;
    assert!(health(&server).poll.unwrap().last_error.unwrap().contains("panicked"));
    sleep(20 * SECOND).await;
    assert_eq!(health(&server).poll.unwrap().last_error, None);
    assert_eq!(endpoint.polls()[4].body["ack"], json!(["good"]));
}

#[tokio::test(start_paused = true)]
async fn a_repeated_error_is_logged_once_a_minute_and_without_secrets() {
    let (log, _guard) = Log::open();
    let endpoint = Endpoint::new(|number, _| match number % 2 {
        0 => answer(&nothing()),
        _ => Reaction::Answer(status(500)),
    });
    drop(endpoint.times(119 * SECOND).await);
    let events = log.take();
    let failed: Vec<_> = events.iter().filter(|one| one.name.ends_with("poll_failed")).collect();
    assert_eq!(failed.len(), 2, "{failed:?}");
    assert_eq!(failed[0].get("transmitter"), Some(TRANSMITTER));
    assert!(failed[0].get("error").unwrap().contains("status 500"));
    assert!(!format!("{events:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_redirect_gets_neither_the_credentials_nor_the_replies() {
    let (transmitter, other) = (ScriptedIssuer::silent().await, ScriptedIssuer::silent().await);
    for status in [301, 302, 303, 307, 308] {
        let redirect = Reply::text(status, "").header("Location", &other.at("/poll"));
        transmitter.set("/poll", redirect);
        let settings = EventTransmitter::new(TRANSMITTER)
            .audience(AUDIENCE)
            .about(super::polled::ISSUER)
            .jwks(keys().jwks())
            .poll(transmitter.at("/poll"))
            .poll_authorization("Bearer s3cret");
        let server = server().event_transmitter(settings).build().unwrap();
        bounded("an error", async {
            while health(&server).poll.unwrap().last_error.is_none() {
                sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
        let error = health(&server).poll.unwrap().last_error.unwrap();
        assert!(error.contains("redirect"), "{error}");
    }
    assert_eq!(other.connections(), 0);
    let first = &transmitter.requests()[0];
    assert_eq!(first.method, "POST");
    assert_eq!(first.header("authorization"), Some("Bearer s3cret"));
    assert_eq!(first.header("content-type"), Some("application/json"));
    assert_eq!(first.header("accept"), Some("application/json"));
}

#[tokio::test]
async fn an_answer_that_breaks_off_has_no_effect() {
    use axum_protected_tests::issuer::Manner;
    let transmitter = ScriptedIssuer::silent().await;
    let body = sets([("good".to_owned(), event("good", "alice"))]);
    transmitter.set("/poll", Reply::json(&body).manner(Manner::Half));
    let settings = EventTransmitter::new(TRANSMITTER)
        .audience(AUDIENCE)
        .about(super::polled::ISSUER)
        .jwks(keys().jwks())
        .poll(transmitter.at("/poll"));
    let server = server().event_transmitter(settings).build().unwrap();
    transmitter.wait_for_requests("/poll", 2).await;
    assert_eq!(judged(&server, &token("alice").sign()).await, "accepted");
    transmitter.set("/poll", Reply::json(&body));
    bounded("the revocation", async {
        while judged(&server, &token("alice").sign()).await == "accepted" {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}
