//! Tests introspection: over real HTTP, and with a double of the endpoint behind the trait `Fetch`
//! where a paused clock must not wait for sockets.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::similar_names,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod always;
mod answers;
mod authentication;
#[path = "../authority.rs"]
mod authority;
mod cache;
mod confidentiality;
mod configuration;
mod double;
mod flood;
mod jwt_answers;
mod metadata;
mod modes;
mod operation;
mod outages;
mod policies;
mod request;
mod streams;
mod transport;

use std::time::{Duration, SystemTime};

use axum_protected::clock::{Clock, SystemClock};
use axum_protected::introspection::Introspection;
use axum_protected::{AccessToken, Issuer, RefusalKind, ResourceServer, TokenError};
use serde_json::{Value, json};

pub(crate) use self::double::{Double, Reply};

const SECOND: Duration = Duration::from_secs(1);
const MILLISECOND: Duration = Duration::from_millis(1);

/// Returns settings with the credentials of all tests.
fn settings() -> Introspection {
    Introspection::new().client_id("items-api").client_secret("s3cret")
}

fn now() -> u64 {
    SystemClock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()
}

/// Returns an answer that satisfies all rules of an issuer.
fn active(issuer: &str) -> Value {
    json!({
        "active": true,
        "iss": issuer,
        "aud": axum_protected_tests::AUDIENCE,
        "exp": now() + 600,
        "scope": "items:read items:write",
        "client_id": "web",
        "sub": "alice",
        "username": "alice@example.com",
        "token_type": "Bearer",
    })
}

/// Returns the answer with other members. A member `null` is left out.
fn with(mut answer: Value, members: Value) -> Value {
    let object = answer.as_object_mut().unwrap();
    let Value::Object(members) = members else { panic!("not an object") };
    for (name, value) in members {
        if value.is_null() {
            object.remove(&name);
        } else {
            object.insert(name, value);
        }
    }
    answer
}

fn inactive() -> Value {
    json!({ "active": false })
}

async fn present(server: &ResourceServer, token: &str) -> Result<AccessToken, TokenError> {
    server.authenticate(token).await
}

async fn refused(server: &ResourceServer, token: &str) -> RefusalKind {
    present(server, token).await.unwrap_err().kind()
}

/// Returns the issuer of a double whose URL is this.
fn issuer(url: &str) -> Issuer {
    Issuer::new(url).introspection(settings().endpoint(format!("{url}/introspect")))
}
