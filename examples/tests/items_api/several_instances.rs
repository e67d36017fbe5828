//! Tests several instances of the program that share their revocations and proofs through Redis.

use std::time::Duration;

use axum_protected_testing::{AuthorizationServer, DpopKey};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::configuration::file;
use super::instance::{Instance, answer, now};
use super::redis::{RedisServer, free_port};
use super::start_error;

/// Longest time in seconds until a revocation holds in all instances.
const BOUND: u64 = 1;

/// Longest time in seconds until an instance has noticed an outage, or the end of one. Connections are
/// opened again after growing pauses.
const RECOVERY: u64 = 10;

/// Waits until the instance is ready, for some seconds.
async fn wait_until_ready(api: &Instance) -> Value {
    let deadline = Instant::now() + Duration::from_secs(RECOVERY);
    loop {
        let (status, health) = api.ready().await;
        let is_up_to_date = health["revocation_feed"]["up_to_date"] == json!(true);
        if status == 200 && is_up_to_date {
            return health;
        }
        assert!(Instant::now() < deadline, "{status}: {health}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// Starts an instance that trusts the issuer and uses this Redis, and waits until it is ready.
async fn instance(issuer: &AuthorizationServer, url: &str, outage: &str) -> Instance {
    let variables = [("OAUTH_REVOCATION_REDIS", url), ("OAUTH_REVOCATION_OUTAGE", outage)];
    let api = Instance::trusting(issuer, &variables);
    wait_until_ready(&api).await;
    api
}

#[tokio::test]
async fn a_revocation_at_one_instance_holds_at_the_other_within_a_second() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let redis = RedisServer::start(&[]);
    let one = instance(&issuer, &redis.url(), "go_on").await;
    let other = instance(&issuer, &redis.url(), "refuse").await;
    let token = |subject: &str| issuer.token().subject(subject).claim("jti", subject).sign();
    let (alice, bob) = (token("alice"), token("bob"));
    for api in [&one, &other] {
        assert_eq!(api.judge(&alice).await.0, 200);
        assert_eq!(api.judge(&bob).await.0, 200);
    }
    assert_eq!(one.revoke(&issuer, json!({ "subject": "alice" })).await, (204, Value::Null));
    other.answers_within(BOUND, &alice, 401).await;
    assert_eq!(other.revoke(&issuer, json!({ "token": "bob" })).await.0, 204);
    one.answers_within(BOUND, &bob, 401).await;
    assert_eq!(other.judge(&token("carol")).await.0, 200);

    // An instance that starts later knows them when it is ready.
    let third = instance(&issuer, &redis.url(), "go_on").await;
    assert_eq!(third.judge(&alice).await, (401, "revoked_token".to_owned()));
    assert_eq!(third.judge(&bob).await, (401, "revoked_token".to_owned()));
    let health = wait_until_ready(&third).await;
    assert_eq!(health["revocation_feed"]["entries"], 2, "{health}");
}

#[tokio::test]
async fn a_revocation_during_an_outage_holds_locally_and_is_sent_later() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let mut redis = RedisServer::start(&[]);
    let one = instance(&issuer, &redis.url(), "go_on").await;
    let other = instance(&issuer, &redis.url(), "refuse").await;
    let token = |subject: &str| issuer.token().subject(subject).sign();
    let (alice, bob) = (token("alice"), token("bob"));
    redis.stop();

    let (status, problem) = one.revoke(&issuer, json!({ "subject": "alice" })).await;
    assert_eq!((status, &problem["code"]), (503, &json!("revoked_locally")), "{problem}");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("this instance refuses the tokens already"), "{detail}");
    assert!(!detail.contains("127.0.0.1"), "{detail}");
    assert_eq!(one.judge(&alice).await, (401, "revoked_token".to_owned()));
    assert_eq!(one.judge(&bob).await.0, 200);
    let (status, health) = one.ready().await;
    assert_eq!((status, &health["revocation_feed"]["unshared"]), (200, &json!(1)), "{health}");
    assert_eq!(health["revocation_feed"]["last_error"], json!(null), "it names an address");

    // The other instance refuses all tokens, because it may lack a revocation.
    other.answers_within(RECOVERY, &bob, 503).await;
    assert_eq!(other.judge(&bob).await, (503, "revocations_unavailable".to_owned()));
    assert_eq!(other.ready().await.0, 503);

    redis.start_again();
    wait_until_ready(&other).await;
    other.answers_within(RECOVERY, &alice, 401).await;
    assert_eq!(other.judge(&bob).await.0, 200);
    let health = wait_until_ready(&one).await;
    assert_eq!(health["revocation_feed"]["unshared"], 0, "{health}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_requires_the_feed_does_not_start_without_it() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let port = free_port();
    let url = format!("redis://operator:s3cr3t@127.0.0.1:{port}");
    let trust = [
        ("OAUTH_ISSUER", issuer.issuer()),
        ("OAUTH_AUDIENCE", issuer.audience()),
        ("OAUTH_REVOCATION_REDIS", &*url),
    ];
    let required = [&trust[..], &[("OAUTH_REVOCATION_REQUIRED", "true")]].concat();
    let error = tokio::task::block_in_place(|| start_error(&required));
    let expected =
        format!("error: the required revocations cannot be read from redis://127.0.0.1:{port}: ");
    assert!(error.starts_with(&expected) && !error.contains("s3cr3t"), "{error}");

    // By default the program starts, and says that it lacks the revocations.
    let api = Instance::start(&trust);
    assert_eq!(api.judge(&issuer.token().sign()).await.0, 200);
    let (status, health) = api.ready().await;
    assert_eq!((status, &health["revocation_feed"]["synchronized"]), (200, &json!(false)));
    assert!(!health.to_string().contains("s3cr3t"), "{health}");

    // With Redis the requirement is satisfied.
    let redis = RedisServer::start(&[]);
    let url = redis.url();
    let variables = [("OAUTH_REVOCATION_REDIS", &*url), ("OAUTH_REVOCATION_REQUIRED", "true")];
    let api = Instance::trusting(&issuer, &variables);
    assert_eq!(api.judge(&issuer.token().sign()).await.0, 200);
}

/// Redis answers each request, and reading everything takes longer than a start may wait for an answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_requires_the_feed_reads_a_long_stream_before_it_serves() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let redis = RedisServer::start(&[]);
    let (name, until) = (issuer.issuer(), now() + 3600);
    let record =
        |number: u32| format!(r#"{{"v":1,"issuer":"{name}","token":"{number}","until":{until}}}"#);
    let add = |number| format!("XADD axum-protected:revocations * r '{}'\r\n", record(number));
    redis.run(&(0..8500).map(add).collect::<String>());
    let url = redis.delayed(Duration::from_millis(700));
    let variables = [("OAUTH_REVOCATION_REDIS", &*url), ("OAUTH_REVOCATION_REQUIRED", "true")];
    let start = Instant::now();
    let api = tokio::task::block_in_place(|| Instance::trusting(&issuer, &variables));
    assert!(start.elapsed() > Duration::from_secs(5), "it takes long");
    assert_eq!(api.judge(&issuer.token().claim("jti", "8499").sign()).await.0, 401);
}

#[tokio::test]
async fn a_file_configures_the_feed() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let redis = RedisServer::start(&["--requirepass", "s3cr3t"]);
    let toml = format!(
        r#"
        audiences = ["{}"]
        [[issuers]]
        issuer = "{}"
        [revocation]
        outage = "refuse"
        required = true
        horizon_seconds = 120
        [revocation.redis]
        url = "{}"
        password = "s3cr3t"
        stream = "test"
        "#,
        issuer.audience(),
        issuer.issuer(),
        redis.url(),
    );
    let url = redis.url().replace("//", "//:s3cr3t@");
    let json = json!({
        "revocation": { "redis": { "url": url, "stream": "test" }, "horizon_seconds": 120 },
        "issuers": [{ "issuer": issuer.issuer() }],
        "audiences": [issuer.audience()],
    });
    let start = |path: String| Instance::start(&[("ITEMS_API_CONFIG", &path)]);
    let one = start(file("shared.toml", &toml));
    let other = start(file("shared.json", &json.to_string()));
    wait_until_ready(&other).await;
    let health = wait_until_ready(&one).await;
    assert_eq!(health["revocation_feed"]["outage"], "refuse", "{health}");
    assert_eq!(health["revocation_feed"]["required"], true, "{health}");

    let token = issuer.token().subject("alice").sign();
    let late = json!({ "subject": "alice", "until": now() + 300 });
    let (status, problem) = one.revoke(&issuer, late).await;
    assert_eq!((status, &problem["code"]), (422, &json!("until_beyond_horizon")), "{problem}");
    assert_eq!(one.judge(&token).await.0, 200);
    assert_eq!(one.revoke(&issuer, json!({ "subject": "alice" })).await, (204, Value::Null));
    other.answers_within(BOUND, &token, 401).await;
}

#[tokio::test]
async fn a_proof_is_accepted_by_one_instance_only() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let mut redis = RedisServer::start(&[]);
    let url = redis.url();
    let public = "https://api.example.com";
    let variables =
        [("OAUTH_REVOCATION_REDIS", &*url), ("OAUTH_DPOP", "true"), ("OAUTH_PUBLIC_URL", public)];
    let instances = [0, 1].map(|_| Instance::trusting(&issuer, &variables));
    let key = DpopKey::generate().unwrap();
    let token = issuer.token().bound_to(&key).sign();
    let proof = || key.proof("GET", format!("{public}/api/whoami")).access_token(&token).sign();
    let judge = async |api: &Instance, proof: &str| {
        let request = api.get("/api/whoami").header("authorization", format!("DPoP {token}"));
        let (status, body) = answer(request.header("dpop", proof).send().await.unwrap()).await;
        (status, body["code"].as_str().unwrap_or_default().to_owned())
    };
    let [one, other] = &instances;
    let used = proof();
    assert_eq!(judge(one, &used).await.0, 200);
    for api in [one, other] {
        assert_eq!(judge(api, &used).await, (401, "invalid_dpop_proof".to_owned()));
    }
    redis.stop();
    assert_eq!(judge(other, &proof()).await, (503, "proofs_unavailable".to_owned()));
    redis.start_again();
    let deadline = Instant::now() + Duration::from_secs(RECOVERY);
    while judge(other, &proof()).await.0 != 200 {
        assert!(Instant::now() < deadline);
        sleep(Duration::from_millis(50)).await;
    }
}

/// A logout that one instance receives ends the tokens of the session in all of them.
#[tokio::test]
async fn a_logout_at_one_instance_holds_at_the_other() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let redis = RedisServer::start(&[]);
    let configuration = json!({
        "issuers": [{ "issuer": issuer.issuer(), "logout_clients": ["shop"] }],
        "audiences": [issuer.audience()],
        "revocation": { "redis": redis.url() },
    });
    let path = file("logout.json", &configuration.to_string());
    let [one, other] = [0, 1].map(|_| Instance::start(&[("ITEMS_API_CONFIG", &path)]));
    wait_until_ready(&one).await;
    wait_until_ready(&other).await;
    let token = issuer.token().claim("sid", "session-1").sign();
    assert_eq!(other.judge(&token).await.0, 200);
    let event = "http://schemas.openid.net/event/backchannel-logout";
    let logout = issuer.token().header("typ", "logout+jwt").without("client_id").without("scope");
    let logout = logout.claim("aud", "shop").claim("sid", "session-1").claim("jti", "logout-1");
    let logout = logout.claim("events", json!({ event: {} })).sign();
    let request = one.post_form("/backchannel-logout", &[("logout_token", &logout)]);
    assert_eq!(request.send().await.unwrap().status(), 200);
    other.answers_within(BOUND, &token, 401).await;

    // Without the setting there is no such route.
    let plain = Instance::trusting(&issuer, &[]);
    let request = plain.post_form("/backchannel-logout", &[("logout_token", &logout)]);
    assert_eq!(request.send().await.unwrap().status(), 404);
}
