//! Tests the measurement with instances whose faults are known.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::Load;
use tokio::time::Instant;

use crate::convergence::converge;
use crate::faults::Under;
use crate::fleet::{Fleet, INSTANCES};
use crate::instance::Instance;
use crate::measurement::Measurement;
use crate::tokens::Tokens;

/// An instance that knows a revocation after a delay, also where it was made.
#[derive(Clone)]
struct Instances {
    index: usize,
    delays: [Duration; INSTANCES],
    /// The instances that answer that only they know a revocation.
    local: [bool; INSTANCES],
    /// The answer to tokens that are not revoked.
    status: StatusCode,
    revoked: Arc<Mutex<HashMap<String, Instant>>>,
}

impl Instances {
    fn of_delays(millis: [u64; INSTANCES]) -> Self {
        Self {
            index: 0,
            delays: millis.map(Duration::from_millis),
            local: [false; INSTANCES],
            status: StatusCode::OK,
            revoked: Arc::default(),
        }
    }

    async fn serve(self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let ready = json!({ "revocation_feed": { "up_to_date": true, "unshared": 0 } });
        let app = Router::new()
            .route("/api/items", get(items))
            .route("/api/revocations", post(revoke))
            .route("/ready", get(|| async { Json(ready) }))
            .with_state(self);
        tokio::spawn(async move { axum::serve(listener, app).await });
        address
    }

    async fn fleet(self) -> Arc<Fleet> {
        let mut instances = Vec::new();
        for (index, name) in ["a", "b", "c"].into_iter().enumerate() {
            let address = Self { index, ..self.clone() }.serve().await;
            instances.push(Instance::of_address(name, address));
        }
        let instances = instances.try_into().unwrap();
        let (tokens, redis) = (Tokens::start().await, tokio::sync::Mutex::default());
        Arc::new(Fleet { tokens, instances, relays: Vec::new(), redis })
    }
}

async fn items(State(state): State<Instances>, headers: HeaderMap) -> (StatusCode, &'static str) {
    let payload = headers["authorization"].to_str().unwrap().split('.').nth(1).unwrap().to_owned();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    let revoked = state.revoked.lock().unwrap();
    let since = revoked.get(claims["jti"].as_str().unwrap()).map(Instant::elapsed);
    if since.is_some_and(|since| since >= state.delays[state.index]) {
        return (StatusCode::UNAUTHORIZED, "revoked_token");
    }
    (state.status, "")
}

async fn revoke(State(state): State<Instances>, Json(body): Json<Value>) -> StatusCode {
    let kinds = ["token", "session", "subject", "client"];
    let name = kinds.iter().find_map(|kind| body[kind].as_str()).unwrap();
    state.revoked.lock().unwrap().insert(name.to_owned(), Instant::now());
    let is_local = state.local[state.index];
    if is_local { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::NO_CONTENT }
}

async fn measure(instances: Instances) -> Measurement {
    let fleet = instances.fleet().await;
    let load = Load::start(&fleet);
    tokio::time::sleep(Duration::from_secs(4)).await;
    Measurement::of(&load.stop().await, Under::One)
}

fn is_about(time: Duration, millis: u64) -> bool {
    let expected = Duration::from_millis(millis);
    time.abs_diff(expected) < Duration::from_millis(150)
}

#[tokio::test]
async fn the_latest_acceptance_is_that_of_the_slowest_instance() {
    let seen = measure(Instances::of_delays([0, 400, 800])).await;
    assert!(is_about(seen.under.acknowledged, 800), "{seen:?}");
    assert!(is_about(seen.elsewhere.acknowledged, 400), "{seen:?}");
    assert!(seen.under.requested >= seen.under.acknowledged);
    // Of the revocations at `b` and `c`, both may accept the tokens further.
    assert!(seen.revocations >= 5 && seen.accepted_at_their_place > 0, "{seen:?}");
    assert_eq!((seen.local_only, seen.unmade, seen.never_valid), (0, 0, 0));
    assert!(seen.elsewhere.valid.requests >= 100 && seen.elsewhere.valid.refused == 0, "{seen:?}");
}

#[tokio::test]
async fn good_instances_look_good() {
    let seen = measure(Instances::of_delays([0; INSTANCES])).await;
    assert_eq!((seen.accepted_at_their_place, seen.never_valid), (0, 0), "{seen:?}");
    assert!(is_about(seen.under.acknowledged.max(seen.elsewhere.acknowledged), 0), "{seen:?}");
}

#[tokio::test]
async fn refusals_of_valid_tokens_and_local_revocations_are_counted() {
    let instances = Instances {
        local: [true; INSTANCES],
        status: StatusCode::UNAUTHORIZED,
        ..Instances::of_delays([0; INSTANCES])
    };
    let seen = measure(instances).await;
    assert_eq!(seen.local_only, seen.revocations);
    assert_eq!(seen.never_valid, seen.revocations);
    assert_eq!(seen.under.valid.refused, seen.under.valid.requests);
    assert!(seen.revocations > 0 && seen.under.valid.requests > 0, "{seen:?}");
}

#[tokio::test]
async fn convergence_is_the_time_until_the_last_instance_knows_all() {
    let fleet = Instances::of_delays([0, 0, 2500]).fleet().await;
    let load = Load::start(&fleet);
    while load.victims().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let victims = load.victims();
    load.stop().await;
    let time = converge(&fleet, &victims).await.unwrap();
    // The load has presented the token for some time before.
    assert!((700..=2600).contains(&time.as_millis()), "{time:?}");
}
