//! The keys of transmitters.

use axum_protected::security_event::EventTransmitter;
use axum_protected::{Algorithm, Issuer, ResourceServer};
use axum_protected_testing::{
    EventTransmitterServer, SecurityEventBuilder, SigningKeys, TokenBuilder,
};
use axum_protected_tests::issuer::{JWKS, OPENID};
use axum_protected_tests::{AUDIENCE, Reply, ScriptedIssuer, fresh_key, keys, trusting};
use serde_json::{Value, json};

use super::Receiver;
use super::polled::{
    ISSUER, SESSION_REVOKED, about, judged, polled, server, session_revoked, settled, token,
    transmitter, until,
};

type Change<'a> = Box<dyn Fn(EventTransmitter) -> EventTransmitter + 'a>;

const SSF: &str = "/.well-known/ssf-configuration";

#[tokio::test]
async fn keys_of_a_transmitter_verify_no_access_tokens() {
    let transmitter = EventTransmitterServer::start_with(&fresh_key()).await.unwrap();
    let keys = fresh_key();
    transmitter.set_keys(&keys);
    let server = server().event_transmitter(polled(&transmitter)).build().unwrap();
    transmitter.offer(&session_revoked(&transmitter, "alice").sign());
    settled(&transmitter).await;
    assert_eq!(transmitter.acknowledged().len(), 1);
    let of = |issuer: &str| TokenBuilder::new(&keys, issuer, AUDIENCE).sign();
    assert_eq!(judged(&server, &of(transmitter.issuer())).await, "unknown_issuer");
    assert_eq!(judged(&server, &of(ISSUER)).await, "unknown_key");
}

/// A scripted issuer that is a transmitter too. It publishes other keys for events than for tokens.
struct Both {
    scripted: ScriptedIssuer,
    for_events: SigningKeys,
}

impl Both {
    async fn start() -> Self {
        let scripted = ScriptedIssuer::silent().await;
        scripted.publish_metadata(OPENID, scripted.url());
        scripted.set(JWKS, Reply::keys(keys()));
        let for_events = fresh_key();
        let jwks_uri = scripted.at("/event-keys");
        scripted.set("/event-keys", Reply::keys(&for_events));
        let metadata = json!({ "issuer": scripted.url(), "jwks_uri": jwks_uri });
        scripted.set(SSF, Reply::json(&metadata));
        Self { scripted, for_events }
    }

    fn settings(&self) -> EventTransmitter {
        EventTransmitter::new(self.scripted.url())
            .audience(AUDIENCE)
            .poll(self.scripted.at("/poll"))
    }

    /// Delivers one event that these keys have signed, and returns the reply to it.
    async fn reply(&self, server: &ResourceServer, keys: &SigningKeys) -> Value {
        let url = self.scripted.url();
        let event = SecurityEventBuilder::new(keys, url, AUDIENCE, SESSION_REVOKED)
            .subject(json!({ "format": "iss_sub", "iss": url, "sub": "alice" }))
            .claim("jti", "event")
            .sign();
        let polls = self.scripted.count("/poll");
        self.scripted.set("/poll", Reply::json(&json!({ "sets": { "event": event } })));
        until(server, "a poll", |_| self.scripted.count("/poll") > polls + 1).await;
        self.scripted.set("/poll", Reply::json(&json!({ "sets": {} })));
        let requests = self.scripted.requests();
        let last = requests.iter().rev().find(|request| request.path == "/poll").unwrap();
        serde_json::from_str(&last.body).unwrap()
    }
}

#[tokio::test]
async fn an_issuer_signs_events_with_the_keys_of_its_tokens() {
    let both = Both::start().await;
    let server = trusting(both.scripted.url()).event_transmitter(both.settings()).build().unwrap();
    assert_eq!(both.reply(&server, keys()).await["ack"], json!(["event"]));
    assert_eq!(
        both.reply(&server, &both.for_events).await["setErrs"]["event"]["err"],
        "invalid_key"
    );
    assert_eq!(both.scripted.count(SSF), 0);
}

/// Returns an event about a session that these keys have signed.
fn pushed(both: &Both, keys: &SigningKeys) -> String {
    let url = both.scripted.url();
    let subject = json!({ "format": "iss_sub", "iss": url, "sub": "alice" });
    SecurityEventBuilder::new(keys, url, AUDIENCE, SESSION_REVOKED).subject(subject).sign()
}

async fn receiver(both: &Both) -> Receiver {
    let settings = EventTransmitter::new(both.scripted.url()).audience(AUDIENCE);
    let server = trusting(both.scripted.url()).event_transmitter(settings).build().unwrap();
    server.ready().await.unwrap();
    Receiver::of_server(server)
}

/// A transmitter drops an event that was refused, and the revocation would be lost.
#[tokio::test]
async fn an_event_with_a_new_key_is_not_refused_while_the_keys_cannot_be_fetched() {
    let both = Both::start().await;
    let api = receiver(&both).await;
    let rotated = fresh_key();
    both.scripted.set(JWKS, Reply::text(500, ""));
    let answer = api.push_text(pushed(&both, &rotated)).await;
    assert_eq!(answer.status, 503);
    assert!(answer.header("retry-after").is_some(), "the transmitter learns when to send it again");
    both.scripted.set(JWKS, Reply::keys(&rotated));
    assert_eq!(api.push_text(pushed(&both, &rotated)).await.status, 202);
}

#[tokio::test]
async fn a_flood_of_unknown_keys_does_not_refuse_the_event_with_a_new_key() {
    let both = Both::start().await;
    let api = receiver(&both).await;
    let (forged, rotated) = (fresh_key(), fresh_key());
    let first = api.push_text(pushed(&both, &forged)).await;
    assert_eq!(first.outcome(), (400, "invalid_key".to_owned()));
    for _ in 0..50 {
        api.push_text(pushed(&both, &forged)).await;
    }
    both.scripted.set(JWKS, Reply::keys(&rotated));
    assert_eq!(api.push_text(pushed(&both, &rotated)).await.status, 503);
}

#[tokio::test]
async fn an_issuer_may_have_other_keys_for_events() {
    let both = Both::start().await;
    let settings = both.settings().own_keys();
    let server = trusting(both.scripted.url()).event_transmitter(settings).build().unwrap();
    assert_eq!(both.reply(&server, &both.for_events).await["ack"], json!(["event"]));
    assert_eq!(both.reply(&server, keys()).await["setErrs"]["event"]["err"], "invalid_key");
    // The keys for events verify no tokens of the issuer.
    let of = |keys| TokenBuilder::new(keys, both.scripted.url(), AUDIENCE).subject("bob").sign();
    assert_eq!(judged(&server, &of(keys())).await, "accepted");
    assert_eq!(judged(&server, &of(&both.for_events)).await, "unknown_key");
}

#[tokio::test]
async fn metadata_of_another_transmitter_is_not_used() {
    let both = Both::start().await;
    let metadata = json!({ "issuer": ISSUER, "jwks_uri": both.scripted.at("/event-keys") });
    both.scripted.set(SSF, Reply::json(&metadata));
    let settings = both.settings().about(ISSUER);
    let server = server().event_transmitter(settings).build().unwrap();
    until(&server, "an error", |health| health.last_error.is_some()).await;
    let health = server.health().event_transmitters.remove(0);
    assert!(health.last_error.unwrap().contains("another issuer"));
    assert!(!health.keys_usable);
    assert_eq!(both.scripted.count("/event-keys"), 0);
    assert_eq!(both.scripted.count(OPENID), 0, "only the metadata of transmitters counts");
}

#[tokio::test]
async fn the_metadata_is_between_host_and_path() {
    let scripted = ScriptedIssuer::silent().await;
    scripted.set("/event-keys", Reply::keys(keys()));
    let identifier = scripted.at("/tenants/7");
    let metadata = json!({
        "spec_version": "1_0",
        "issuer": identifier,
        "jwks_uri": scripted.at("/event-keys"),
        "delivery_methods_supported": ["urn:ietf:rfc:8936"],
        "configuration_endpoint": 7,
    });
    scripted.set(&format!("{SSF}/tenants/7"), Reply::json(&metadata));
    let settings = EventTransmitter::new(identifier).audience(AUDIENCE).about(ISSUER);
    let server = server().event_transmitter(settings).build().unwrap();
    until(&server, "keys", |health| health.keys_usable).await;
    assert_eq!(scripted.paths(), [format!("{SSF}/tenants/7"), "/event-keys".to_owned()]);
}

#[tokio::test]
async fn a_new_key_of_a_transmitter_is_fetched_for_its_first_event() {
    let transmitter = transmitter().await;
    let server = server().event_transmitter(polled(&transmitter)).build().unwrap();
    until(&server, "keys", |health| health.keys_usable).await;
    transmitter.set_keys(&fresh_key());
    transmitter.offer(&session_revoked(&transmitter, "alice").sign());
    settled(&transmitter).await;
    assert_eq!(transmitter.acknowledged().len(), 1);
    assert_eq!(judged(&server, &token("alice").sign()).await, "revoked_token");
    // After a withdrawal, the operator can reload the keys.
    transmitter.set_keys(&SigningKeys::generate(&[]).unwrap());
    let error = server.reload_keys().await.unwrap_err().to_string();
    assert!(error.contains(transmitter.issuer()), "{error}");
}

#[tokio::test]
async fn keys_in_the_configuration_need_no_metadata() {
    let path = std::env::temp_dir().join(format!("event-keys-{}.json", std::process::id()));
    std::fs::write(&path, keys().jwks().to_string()).unwrap();
    let transmitter = transmitter().await;
    let uri = format!("{}/jwks", transmitter.issuer());
    let changes: [(&str, Change<'_>); 3] = [
        ("jwks", Box::new(|settings| settings.jwks(keys().jwks()))),
        ("jwks_file", Box::new(|settings| settings.jwks_file(&path))),
        ("jwks_uri", Box::new(|settings| settings.jwks_uri(&uri))),
    ];
    for (name, change) in changes {
        // An identifier need not be a URL.
        let settings = EventTransmitter::new("events").audience(AUDIENCE).about(ISSUER);
        let settings = change(settings).poll(transmitter.poll_endpoint());
        let server = server().event_transmitter(settings).build().unwrap();
        let event = about(transmitter.event(SESSION_REVOKED), name);
        transmitter.offer(&event.claim("iss", "events").claim("jti", name).sign());
        settled(&transmitter).await;
        assert_eq!(transmitter.acknowledged().last().unwrap(), name);
        assert_eq!(judged(&server, &token(name).sign()).await, "revoked_token");
    }
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn the_algorithms_of_access_tokens_do_not_apply_to_events() {
    let transmitter = transmitter().await;
    let settings = polled(&transmitter);
    let es256 = fresh_key();
    let issuer = Issuer::new(ISSUER).jwks(es256.jwks());
    let builder = trusting(issuer).algorithms([Algorithm::ES256]);
    let server = builder.event_transmitter(settings).build().unwrap();
    // The first of the shared keys is RS256.
    transmitter.offer(&session_revoked(&transmitter, "alice").sign());
    settled(&transmitter).await;
    assert_eq!(transmitter.acknowledged().len(), 1);
    drop(server);
    let settings = polled(&transmitter).algorithms([Algorithm::ES256]);
    let _server = super::polled::server().event_transmitter(settings).build().unwrap();
    transmitter.offer(&session_revoked(&transmitter, "alice").sign());
    settled(&transmitter).await;
    let reported = transmitter.reported();
    assert_eq!(reported.len(), 1, "RS256 is not configured: {reported:?}");
}

fn transmitter_settings() -> EventTransmitter {
    EventTransmitter::new("https://tr.example.com").audience(AUDIENCE).about(ISSUER)
}

#[test]
fn the_configuration_describes_the_transmitter_without_secrets() {
    let settings = transmitter_settings()
        .poll("https://tr.example.com/poll?key=s3cret")
        .poll_authorization("Bearer s3cret");
    let build = |settings| {
        let built = server().event_transmitter(settings).build().unwrap();
        serde_json::to_value(&built.configuration().event_transmitters[0]).unwrap()
    };
    let described = build(settings);
    assert_eq!(described["keys"], "discovery");
    assert_eq!(described["poll_endpoint"], "https://tr.example.com/poll?(not shown)");
    assert_eq!(described["poll_authorization"], true);
    assert!(!described.to_string().contains("s3cret"), "{described}");
    assert_eq!(build(transmitter_settings().jwks(keys().jwks()))["keys"], "jwks");
    let same = EventTransmitter::new(ISSUER).audience(AUDIENCE);
    assert_eq!(build(same.clone())["keys"], "issuer");
    assert_eq!(build(same.own_keys())["keys"], "discovery");
}

#[test]
fn a_file_has_all_settings_of_a_transmitter() {
    let file = json!({
        "issuers": [{ "issuer": ISSUER, "jwks": keys().jwks() }],
        "audiences": [AUDIENCE],
        "event_transmitters": [{
            "issuer": ISSUER,
            "audiences": [AUDIENCE],
            "own_keys": true,
            "metadata_url": "http://tr.internal/metadata",
            "algorithms": ["RS256"],
            "poll_endpoint": "http://tr.internal/poll",
            "poll_authorization": "Bearer x",
            "insecure_http": true,
        }],
    });
    let builder: axum_protected::ResourceServerBuilder = serde_json::from_value(file).unwrap();
    let server = builder.build().unwrap();
    let [described] = &*server.configuration().event_transmitters else { panic!() };
    assert_eq!(described.poll_endpoint.as_deref(), Some("http://tr.internal/poll"));
    assert!(described.insecure_http);
}

/// Returns the problems of a server with this issuer and this transmitter.
fn problems(issuer: Issuer, settings: EventTransmitter) -> String {
    let built = trusting(issuer).event_transmitter(settings).build();
    built.err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn each_wrong_setting_is_a_problem_that_names_it() {
    let own = |change: fn(EventTransmitter) -> EventTransmitter| {
        problems(Issuer::new(ISSUER).jwks(keys().jwks()), change(transmitter_settings()))
    };
    let cases: [(&str, String); 15] = [
        (
            "`poll_endpoint` `http://tr.example.com/poll` is not https",
            own(|it| it.poll("http://tr.example.com/poll")),
        ),
        ("`poll_endpoint` \"\" is not an https URL", own(|it| it.poll(""))),
        (
            "`poll_endpoint` has a user name or a password",
            own(|it| it.poll("https://a:s3cret@tr.example.com/")),
        ),
        (
            "`poll_authorization` of the event transmitter `https://tr.example.com` is empty",
            own(|it| it.poll("https://tr.example.com/p").poll_authorization(" ")),
        ),
        (
            "has a character that a header cannot have",
            own(|it| it.poll("https://tr.example.com/p").poll_authorization("s3cret\n")),
        ),
        (
            "`poll_bearer_file` of the event transmitter `https://tr.example.com` cannot be used: the file cannot be read",
            own(|it| it.poll("https://tr.example.com/p").poll_bearer_file("/absent/s3cret")),
        ),
        (
            "is set beside `poll_bearer_file`: keep one",
            own(|it| {
                it.poll("https://tr.example.com/p")
                    .poll_authorization("x")
                    .poll_bearer_file("/dev/null")
            }),
        ),
        (
            "`poll_authorization` of the event transmitter `https://tr.example.com` has no effect without `poll_endpoint`",
            own(|it| it.poll_authorization("s3cret")),
        ),
        ("`jwks_uri` \"keys\" is not an https URL", own(|it| it.jwks_uri("keys"))),
        (
            "the event transmitter `https://tr.example.com` has both `jwks_uri` and `jwks`",
            own(|it| it.jwks_uri("https://a.example.com").jwks(json!({}))),
        ),
        (
            "`metadata_url` of the event transmitter `https://tr.example.com` has no effect",
            own(|it| it.jwks_uri("https://a.example.com").metadata_url("https://a.example.com")),
        ),
        (
            "`insecure_http` of the event transmitter `https://tr.example.com` has no effect",
            own(|it| it.jwks(keys().jwks()).insecure_http()),
        ),
        (
            "the event transmitter `https://tr.example.com` has an empty list of algorithms",
            own(|it| it.algorithms([])),
        ),
        (
            "needs a shared secret, which it cannot have",
            own(|it| it.algorithms([Algorithm::HS256])),
        ),
        (
            "an event transmitter has an empty identifier",
            problems(
                Issuer::new(ISSUER).jwks(keys().jwks()),
                EventTransmitter::new("").audience(AUDIENCE).about(ISSUER),
            ),
        ),
    ];
    for (expected, found) in cases {
        assert!(found.contains(expected), "{expected}: {found}");
        assert!(!found.contains("s3cret"), "{found}");
    }
}

#[test]
fn an_issuer_without_public_keys_needs_other_keys_for_events() {
    let shared = || Issuer::new(ISSUER).shared_secret([7; 32]);
    let settings = || EventTransmitter::new(ISSUER).audience(AUDIENCE);
    let found = problems(shared(), settings());
    assert!(found.contains("has a shared secret") && found.contains("`own_keys`"), "{found}");
    assert_eq!(problems(shared(), settings().jwks(keys().jwks())), "");
    let introspection = axum_protected::introspection::Introspection::new()
        .endpoint("https://id.example.com/introspect")
        .client_id("api")
        .client_secret("secret");
    let found = problems(Issuer::new(ISSUER).introspection(introspection), settings());
    assert!(found.contains("`introspection.mode` is `only`"), "{found}");
    let found = problems(
        Issuer::new(ISSUER).jwks(keys().jwks()),
        settings().algorithms([Algorithm::ES256]),
    );
    assert!(found.contains("`algorithms`") && found.contains("set `own_keys`"), "{found}");
}
