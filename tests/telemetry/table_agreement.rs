//! Causes every event, span and metric and compares them with the documented tables. Everything in
//! the tables must occur with its level, fields, unit and labels, and nothing else may occur.

use std::collections::BTreeSet;
use std::sync::mpsc::Receiver;
use std::sync::{Mutex, mpsc};
use std::time::Duration;

use axum_protected::api_key::ApiKeys;
use axum_protected::clock::{Clock, SystemClock};
use axum_protected::dpop::{Dpop, ProofId, ReplayFuture, ReplayStore};
use axum_protected::introspection::Introspection;
use axum_protected::revocation::{FeedHealth, Revocation, RevocationFeed};
use axum_protected::{Issuer, RefusalKind, ResourceServer};
use axum_protected_testing::{DpopKey, SigningKeys};
use axum_protected_tests::issuer::{JWKS, OPENID};
use axum_protected_tests::log::Entry;
use axum_protected_tests::{
    AUDIENCE, App, Call, Log, LogBehaviour, Reply, ScriptedIssuer, ScriptedLog, bounded, fresh_key,
    keys, ready, token, trusting,
};
use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};
use metrics_util::debugging::DebuggingRecorder;
use serde_json::json;

use super::documented_table::{DOCUMENT, name, quoted, rows};
use super::received_events::{poll_all_kinds, receive_all_kinds};
use super::{Measured, fields};

/// A text in every claim that the server could log by mistake.
const MARKER: &str = "m4rk3r";

/// Returns a listener that blocks until the test permits it to continue, and then panics.
fn blocking_listener(
    permission: Receiver<()>,
) -> impl Fn(&axum_protected::server::KeysChanged) + Send + Sync {
    let permission = Mutex::new(permission);
    move |_| {
        let _ = permission.lock().map(|permission| permission.recv());
        panic!("a listener that panics");
    }
}

async fn reload(server: &ResourceServer) -> bool {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(10)).await;
    tokio::time::resume();
    server.reload_keys().await.is_ok()
}

/// Causes more key changes than the queue of the listener holds.
async fn rotate_often(issuer: &ScriptedIssuer, server: &ResourceServer) {
    let sets: [SigningKeys; 2] = [fresh_key(), fresh_key()];
    for round in 0..70 {
        issuer.set(JWKS, Reply::keys(&sets[round % 2]));
        assert!(reload(server).await);
    }
}

async fn send_all_kinds(issuer: &ScriptedIssuer, app: &App) {
    let token = || {
        let token = issuer.token().subject(MARKER).claim("jti", MARKER);
        token.scope("items:read").claim("email", MARKER)
    };
    let good = token().sign();
    for (path, token) in [
        ("/api/items", good.clone()),
        ("/api/items", good.clone()),
        ("/api/export", good.clone()),
        ("/api/carol", token().sign()),
        ("/api/caller", good.clone()),
        ("/api/caller", token().without("email").sign()),
        ("/api/impossible", good.clone()),
        ("/api/lost", good.clone()),
        ("/api/items", token().expired().sign()),
        ("/api/items", token().header("kid", MARKER).sign()),
        ("/api/items", MARKER.to_owned()),
        ("/api/items", token().claim("aud", MARKER).sign()),
    ] {
        Call::get(path).bearer(&token).send(app.address).await;
    }
    Call::get("/api/items").send(app.address).await;
}

async fn end_a_stream(server: &ResourceServer, issuer: &ScriptedIssuer) {
    let token = issuer.token().claim("jti", MARKER).sign();
    let token = server.authenticate(&token).await.unwrap();
    let mut stream = Box::pin(server.while_valid(&token, stream::pending::<()>()));
    let revocation = Revocation::token(issuer.url(), MARKER);
    let until = token.expires_at().unwrap();
    let revoked = server.revocations().revoke(revocation, until);
    revoked.await.unwrap();
    assert_eq!(bounded("the end of a stream", stream.next()).await, None);
}

/// Builds a server that warns about ID tokens at the start, and again about a token.
async fn accept_an_ambiguous_token() {
    const NAME: &str = "http://127.0.0.1:1";
    let issuer = Issuer::new(NAME).jwks(keys().jwks()).audience_claim("azp");
    let server = trusting(issuer).build().unwrap();
    let token = token(NAME).header("typ", "JWT").claim("azp", AUDIENCE).sign();
    server.authenticate(&token).await.unwrap();
}

/// Sends a token to a server with questionable settings that gets no peer addresses.
async fn refuse_in_clear(issuer: &ScriptedIssuer) {
    let builder = trusting(issuer.url()).resource("https://api.example.com?x=1").require_https();
    let server = builder.on_decision(|_| panic!("a panic in `on_decision`")).build().unwrap();
    let app = App::serve(server).await;
    let token = issuer.token().scope("items:read").sign();
    Call::get("/api/items").bearer(&token).send(app.address).await;
}

/// Sends a token to a server whose issuer refuses connections.
async fn refuse_without_keys() {
    const NAME: &str = "http://127.0.0.1:1";
    let app = App::serve(trusting(NAME).build().unwrap()).await;
    Call::get("/api/items").bearer(&token(NAME).sign()).send(app.address).await;
}

/// Presents a token in a cookie to an application without the layer for private responses.
async fn present_in_a_cookie() {
    const NAME: &str = "http://127.0.0.1:1";
    let builder = trusting(Issuer::new(NAME).jwks(keys().jwks())).require_https();
    let server = builder.token_cookie("__Host-token").build().unwrap();
    let app = App::serve_over_tls(server, |router| router).await;
    let token = token(NAME).subject(MARKER).scope("items:read").sign();
    for site in ["same-origin", "cross-site"] {
        let call = Call::get("/api/items").header("Cookie", format!("__Host-token={token}"));
        call.header("Sec-Fetch-Site", site).send(app.address).await;
    }
}

/// Presents more keys than may be looked up, while look-ups fail.
async fn look_up_too_many_keys() {
    let keys = ApiKeys::new().unknown_look_ups_per_second(1).look_up(async |_| Err("down"));
    let app = App::serve(ResourceServer::builder().api_keys(keys).build().unwrap()).await;
    for number in 0..20 {
        let key = format!("{MARKER}-{number}");
        Call::get("/api/items").header("X-API-Key", key).send(app.address).await;
    }
}

/// Presents more proofs than the server can remember, and proofs to servers whose store is away.
async fn present_too_many_proofs() {
    const URL: &str = "https://api.example.com";
    let issuer = Issuer::new("http://127.0.0.1:1").jwks(keys().jwks());
    let key = DpopKey::generate().unwrap();
    let token = token("http://127.0.0.1:1").subject(MARKER).bound_to(&key).sign();
    let with_store = || Dpop::new().replay_store(AbsentStore);
    for dpop in [
        Dpop::new().replay_capacity(1),
        with_store(),
        with_store().insecure_accept_replays_in_outages(),
    ] {
        let server = trusting(issuer.clone()).public_url(URL).dpop(dpop).build().unwrap();
        let app = App::serve(server).await;
        for _ in 0..3 {
            let proof = key.proof("GET", format!("{URL}/api/items")).access_token(&token);
            let call = Call::get("/api/items").header("Authorization", format!("DPoP {token}"));
            call.header("DPoP", proof.sign()).send(app.address).await;
        }
    }
}

struct AbsentStore;

impl ReplayStore for AbsentStore {
    fn add(&self, _: ProofId, _: Duration) -> ReplayFuture<'_> {
        Box::pin(async { Err("down".into()) })
    }
}

/// Presents more opaque tokens than may be asked about, to an issuer that refuses the server.
async fn ask_about_too_many_tokens() {
    let issuer = ScriptedIssuer::silent().await;
    let settings = Introspection::new().client_id("api").client_secret(MARKER);
    let settings = settings.endpoint(issuer.at("/introspect")).audience_of_client();
    let server = trusting(Issuer::new(issuer.url()).introspection(settings)).build().unwrap();
    for (number, status) in [401, 500].into_iter().enumerate() {
        issuer.set("/introspect", Reply::text(status, MARKER));
        assert!(server.authenticate(&format!("{MARKER}-{number}")).await.is_err());
    }
    let flood = (0..600).map(|number| {
        let server = server.clone();
        async move { server.authenticate(&format!("{MARKER}.{number}")).await.is_err() }
    });
    assert!(join_all(flood).await.into_iter().all(|is_refused| is_refused));
}

async fn feed_until(server: &ResourceServer, what: &str, is_reached: impl Fn(&FeedHealth) -> bool) {
    bounded(what, async {
        while !is_reached(&server.health().revocation_feed.unwrap()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

/// Shares revocations through a log that fails in all ways.
async fn share_revocations() {
    const NAME: &str = "http://127.0.0.1:1";
    let log = ScriptedLog::default();
    let server = |bytes: usize| {
        let builder = trusting(Issuer::new(NAME).jwks(keys().jwks()));
        let feed = RevocationFeed::new(log.clone());
        builder.revocation_feed(feed).revocation_bytes(bytes).build().unwrap()
    };
    log.set(LogBehaviour::Keep);
    let (one, small) = (server(1 << 20), server(200));
    ready(&one).await;
    ready(&small).await;
    let until = SystemClock.now() + Duration::from_secs(600);
    let revoke = |jti: &str| one.revocations().revoke(Revocation::token(NAME, jti), until);
    log.set(LogBehaviour::Fail);
    revoke(MARKER).await.unwrap_err();
    feed_until(&one, "an outage", |health| health.last_error.is_some()).await;
    log.set(LogBehaviour::Answer);
    feed_until(&one, "the end of the outage", |health| health.last_error.is_none()).await;
    revoke("another").await.unwrap();
    feed_until(&small, "an entry without room", |health| health.overflow).await;
    log.lose_everything();
    feed_until(&one, "a repair", |_| log.len() >= 2).await;
    log.push(MARKER);
    feed_until(&one, "an unreadable record", |health| health.unreadable == 1).await;
    log.set(LogBehaviour::Panic);
    let panicked = |health: &FeedHealth| {
        health.last_error.as_ref().is_some_and(|error| error.contains("panicked"))
    };
    feed_until(&one, "a panic", panicked).await;
}

/// Builds a server from variables of which one has a misspelt name.
fn misspell_a_variable(issuer: &ScriptedIssuer) {
    let variables =
        [("OAUTH_ISSUER", issuer.url()), ("OAUTH_AUDIENCE", AUDIENCE), ("OAUTH_AUDIANCE", MARKER)];
    ResourceServer::from_variables(variables).unwrap();
}

async fn everything(log: &Log) -> Vec<Entry> {
    let issuer = ScriptedIssuer::start().await;
    let mut set = keys().jwks();
    let odd = json!({ "kty": "odd", "kid": "odd" });
    set["keys"].as_array_mut().unwrap().push(odd);
    // The exponent 65537 with a leading zero.
    assert_eq!(set["keys"][0]["e"], "AQAB");
    set["keys"][0]["e"] = "AAEAAQ".into();
    issuer.set(JWKS, Reply::json(&set));
    let (permit, permission) = mpsc::channel();
    let trusted = Issuer::new(issuer.url()).insecure_http();
    let server = trusting(trusted).on_keys_changed(blocking_listener(permission)).build().unwrap();
    ready(&server).await;
    misspell_a_variable(&issuer);
    let app = App::serve(server.clone()).await;
    send_all_kinds(&issuer, &app).await;
    accept_an_ambiguous_token().await;
    refuse_without_keys().await;
    look_up_too_many_keys().await;
    ask_about_too_many_tokens().await;
    present_too_many_proofs().await;
    present_in_a_cookie().await;
    receive_all_kinds(MARKER).await;
    poll_all_kinds(MARKER).await;
    end_a_stream(&server, &issuer).await;
    share_revocations().await;
    refuse_in_clear(&issuer).await;
    assert!(reload(&server).await);
    issuer.down(true);
    assert!(!reload(&server).await);
    issuer.down(false);
    let metadata = issuer.take(OPENID);
    assert!(!reload(&server).await);
    issuer.set(OPENID, metadata);
    rotate_often(&issuer, &server).await;
    drop(permit);
    let mut entries = Vec::new();
    bounded("the event of the panic", async {
        while !entries.iter().any(|entry: &Entry| entry.name == "axum_protected.listener.panicked")
        {
            tokio::time::sleep(Duration::from_millis(1)).await;
            entries.extend(log.take());
        }
    })
    .await;
    entries
}

/// Returns the fields of a row that an entry always has, and those that it may have.
fn documented_fields(cell: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (always, optional) = cell.split_once("optional").unwrap_or((cell, ""));
    (quoted(always), quoted(optional))
}

/// Returns the differences between the entries and the table with this heading.
fn compare(heading: &str, entries: &[Entry]) -> Vec<String> {
    let mut differences = Vec::new();
    let rows = rows(heading);
    for row in &rows {
        let mut occurring = entries.iter().filter(|entry| entry.name == name(row[0])).peekable();
        if occurring.peek().is_none() {
            differences.push(format!("{} does not occur", row[0]));
        }
        let fields: BTreeSet<_> = occurring.flat_map(fields).collect();
        let (_, optional) = documented_fields(row[2]);
        for field in optional.difference(&fields) {
            differences.push(format!("{} never has the field {field}", row[0]));
        }
    }
    for entry in entries {
        let row = rows.iter().find(|row| name(row[0]) == entry.name);
        let agrees = row.is_some_and(|row| {
            let (always, optional) = documented_fields(row[2]);
            let extra: BTreeSet<_> = fields(entry).difference(&always).cloned().collect();
            name(row[1]) == entry.level.as_str()
                && fields(entry).is_superset(&always)
                && extra.is_subset(&optional)
        });
        if !agrees {
            differences.push(format!("the table has {row:?} for {entry:?}"));
        }
    }
    differences
}

fn compare_metrics(measured: &Measured, issuer_like: &str) -> Vec<String> {
    let mut differences = Vec::new();
    let mut missing: BTreeSet<_> = rows("metric").iter().map(|row| name(row[0])).collect();
    let documented = quoted(DOCUMENT);
    let codes: BTreeSet<_> = RefusalKind::ALL.iter().map(|kind| kind.code()).collect();
    for ((metric, kind, unit), series) in measured.take() {
        missing.remove(&metric);
        let rows = rows("metric");
        let row = rows.iter().find(|row| name(row[0]) == metric);
        let agrees = row.is_some_and(|row| row[1] == kind && unit.starts_with(row[2]));
        for (labels, _) in &series {
            let names: BTreeSet<_> = labels.keys().cloned().collect();
            if !agrees || row.is_none_or(|row| quoted(row[3]) != names) {
                differences
                    .push(format!("the table has {row:?} for {metric} {kind} {unit} {names:?}"));
            }
            for (label, value) in labels {
                let known = match label.as_str() {
                    "issuer" | "transmitter" => value.starts_with(issuer_like),
                    "alg" => axum_protected::Algorithm::named(value).is_some(),
                    "code" if codes.contains(value.as_str()) => true,
                    _ => documented.contains(value),
                };
                if !known {
                    differences.push(format!("{metric} has {label} {value}"));
                }
            }
        }
    }
    differences.extend(missing.iter().map(|name| format!("{name} does not occur")));
    differences
}

#[tokio::test]
async fn the_table_lists_exactly_what_is_emitted() {
    let recorder = DebuggingRecorder::new();
    let (measured, _measuring) = Measured::begin(&recorder);
    let (log, _logging) = Log::open();
    let events = everything(&log).await;
    let spans = log.take_spans();
    let mut differences = compare("event", &events);
    differences.extend(compare("span", &spans));
    differences.extend(compare_metrics(&measured, "http://127.0.0.1:"));
    differences.sort_unstable();
    differences.dedup();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    let text = format!("{events:?} {spans:?}");
    assert!(!text.contains(MARKER), "{text}");
}
