//! Tests every refusal in the documented table. Each test also sends the same request without the
//! defect.

use std::collections::BTreeSet;
use std::time::{Duration, UNIX_EPOCH};

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum_protected::__browser::{
    SessionError, SessionFuture, SessionSource, SessionToken, set_session_cookie,
};
use axum_protected::api_key::{ApiKey, ApiKeys, KeyDigest};
use axum_protected::clock::{Clock, SystemClock};
use axum_protected::dpop::Dpop;
use axum_protected::introspection::Introspection;
use axum_protected::revocation::{FeedOutage, Revocation, RevocationFeed};
use axum_protected::{Algorithm, Issuer, RefusalKind, ResourceServerBuilder};
use axum_protected_testing::{DpopKey, SigningKeys, TokenBuilder};
use axum_protected_tests::{
    AUDIENCE, App, Call, LogBehaviour, Reply, ScriptedIssuer, ScriptedLog, bounded, encode, kid,
    ready, trusting,
};
use serde_json::json;

use super::Bench;
use super::dpop_challenges::{BOTH, DpopBench, ONLY_DPOP, with_dpop};

/// A session without a token.
#[derive(Clone, Copy)]
struct NoToken(SessionError);

impl SessionSource for NoToken {
    fn access_token(&self) -> SessionFuture<'_> {
        Box::pin(std::future::ready(Err(self.0)))
    }
}

/// Serves the application for browsers: a cookie contains the token or names a session.
async fn browser_app(issuer: &str) -> App {
    let builder = trusting(issuer).require_https().token_cookie("__Host-token");
    let server = builder.build().unwrap();
    assert!(set_session_cookie(&server, "__Host-session"));
    ready(&server).await;
    App::serve_over_tls(server, |router| router.layer(from_fn(attach_session))).await
}

async fn attach_session(mut request: Request, next: Next) -> Response {
    let session = match request.headers().get("cookie").map(HeaderValue::as_bytes) {
        Some(b"session=ended") => Some(NoToken(SessionError::Ended)),
        Some(b"session=unavailable") => Some(NoToken(SessionError::Unavailable)),
        _ => None,
    };
    if let Some(session) = session {
        SessionToken::attach(request.extensions_mut(), session);
    }
    next.run(request).await
}

type Defect = fn(TokenBuilder) -> TokenBuilder;

/// The code of each refusal, and a defect of a token that causes the refusal.
const DEFECTS: &[(&str, Defect)] = &[
    ("unsupported_algorithm", |token| token.header("alg", "HS256")),
    ("unsupported_algorithm", |token| token.header("alg", "none")),
    ("unsupported_extension", |token| token.header("crit", vec!["exp"])),
    ("wrong_type", |token| token.header("typ", "dpop+jwt")),
    ("unknown_issuer", |token| token.claim("iss", "https://id.example.com")),
    ("unknown_key", |token| token.header("kid", "another")),
    ("unsuitable_key", |token| token.algorithm(Algorithm::ES256).header("alg", "RS256")),
    ("malformed_claim", |token| token.claim("exp", "tomorrow")),
    ("missing_claim", |token| token.without("aud")),
    ("expired_token", TokenBuilder::expired),
    ("not_yet_valid", |token| token.claim("nbf", 4_000_000_000_u64)),
    ("wrong_audience", |token| token.claim("aud", "https://other.example.com")),
    ("bound_token", |token| token.claim("cnf", serde_json::json!({ "jkt": "abc" }))),
];

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "one line or two for each code")]
async fn every_cause_has_its_status_and_code() {
    let Bench { issuer, app, .. } = &Bench::start().await;
    let bench = Bench::start().await;
    let good = bench.good();
    let items = |token: &str| Call::get("/api/items").bearer(token);
    let mut seen = BTreeSet::new();
    let mut note = |code: &'static str| {
        seen.insert(code);
        code
    };
    let app_of = &bench.app;

    app_of.refuses(&Call::get("/api/items"), 401, note("missing_token")).await;
    let twice = items(&good).bearer(&good);
    app_of.refuses(&twice, 400, note("invalid_request")).await;
    for (code, defect) in DEFECTS {
        app_of.grants(&items(&good)).await;
        let bad = defect(bench.token()).sign();
        app_of.refuses(&items(&bad), 401, note(code)).await;
    }
    app_of.refuses(&items("abc.def"), 401, note("malformed_token")).await;
    app_of.refuses(&items("a.b.c.d.e"), 401, note("encrypted_token")).await;
    let other = bench.token().subject("bob").sign();
    let (_, signature) = other.rsplit_once('.').unwrap();
    let (content, _) = good.rsplit_once('.').unwrap();
    let spliced = format!("{content}.{signature}");
    app_of.refuses(&items(&spliced), 401, note("invalid_signature")).await;
    app_of.grants(&items(&other)).await;

    let bob = Revocation::subject(bench.issuer.url(), "bob", SystemClock.now());
    let hour = SystemClock.now() + Duration::from_hours(1);
    let revoked = bench.server.revocations().revoke(bob, hour);
    revoked.await.unwrap();
    app_of.refuses(&items(&other), 401, note("revoked_token")).await;
    app_of.grants(&items(&good)).await;

    let caller = |token: TokenBuilder| Call::get("/api/caller").bearer(&token.sign());
    app_of.grants(&caller(bench.token())).await;
    let call = caller(bench.token().without("email"));
    app_of.refuses(&call, 401, note("unexpected_claims")).await;
    let call = Call::get("/api/impossible").bearer(&good);
    app_of.refuses(&call, 500, note("claims_type")).await;
    let call = Call::get("/api/lost").bearer(&good);
    app_of.refuses(&call, 500, note("value_not_loaded")).await;

    let reader = bench.token().scope("items:read").sign();
    app_of.grants(&items(&reader)).await;
    let write = |token: &str| Call::post("/api/items").bearer(token);
    app_of.refuses(&write(&reader), 403, note("insufficient_scope")).await;
    app_of.grants(&write(&good)).await;

    let carol = |token: &str| Call::get("/api/carol").bearer(token);
    let subject = bench.token().subject("carol").sign();
    app_of.grants(&carol(&subject)).await;
    app_of.refuses(&carol(&good), 403, note("denied")).await;

    let step_up = |token: &str| Call::get("/api/gold").bearer(token);
    let now = SystemClock.now().duration_since(UNIX_EPOCH).unwrap();
    let strong = bench.token().claim("acr", "gold").claim("auth_time", now.as_secs()).sign();
    app_of.grants(&step_up(&strong)).await;
    let weak = note("insufficient_user_authentication");
    app_of.refuses(&step_up(&good), 401, weak).await;

    // The application is served without the addresses of its peers.
    let server = trusting(bench.issuer.url()).require_https().build().unwrap();
    ready(&server).await;
    let strict = App::serve(server).await;
    strict.refuses(&items(&good), 400, note("insecure_transport")).await;

    let key = |text: &str| ApiKey::new(KeyDigest::of(text)).subject("ci").scopes(["items:read"]);
    let stored = KeyDigest::of("in-an-unavailable-store");
    let keys = ApiKeys::new().key(key("valid")).key(key("expired").expires_at(UNIX_EPOCH)).look_up(
        move |digest| async move { if digest == stored { Err("down") } else { Ok(None) } },
    );
    let with_keys = App::serve(trusting(bench.issuer.url()).api_keys(keys).build().unwrap()).await;
    let present = |key: &str| Call::get("/api/items").header("X-API-Key", key);
    with_keys.grants(&present("valid")).await;
    with_keys.refuses(&present("another"), 401, note("unknown_api_key")).await;
    with_keys.refuses(&present("expired"), 401, note("expired_api_key")).await;
    let unavailable = present("in-an-unavailable-store");
    with_keys.refuses(&unavailable, 503, note("api_keys_unavailable")).await;

    let browser = browser_app(bench.issuer.url()).await;
    let present = |cookie: &str| Call::get("/api/items").header("Cookie", cookie);
    let in_cookie = present(&format!("__Host-token={good}"));
    browser.grants(&in_cookie.clone().header("Sec-Fetch-Site", "same-origin")).await;
    let cross_site = in_cookie.header("Sec-Fetch-Site", "cross-site");
    browser.refuses(&cross_site, 403, note("cross_site_request")).await;
    browser.refuses(&present("session=ended"), 401, note("session_ended")).await;
    browser.refuses(&present("session=unavailable"), 503, note("session_unavailable")).await;

    // This server has never loaded the keys of its issuer.
    issuer.down(true);
    let server = trusting(issuer.url()).build().unwrap();
    let cold = App::serve(server).await;
    let call = items(&issuer.token().scope("items:read").sign());
    cold.refuses(&call, 503, note("keys_unavailable")).await;
    app.grants(&call).await;

    let server = trusting(bench.issuer.url()).refuse_undemanded_details().build().unwrap();
    ready(&server).await;
    let without_details = App::serve(server).await;
    without_details.grants(&items(&good)).await;
    let details = bench.token().claim("authorization_details", json!([{"type": "payment"}]));
    let call = items(&details.sign());
    without_details.refuses(&call, 403, note("undemanded_details")).await;

    let further = [
        &codes_about_proofs().await[..],
        &codes_about_introspection().await,
        &codes_about_revocations().await,
    ];
    for code in further.concat() {
        note(code);
    }
    let every: BTreeSet<_> = RefusalKind::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(seen, every);
}

/// Provokes the refusals about proofs of possession, and returns their codes.
async fn codes_about_proofs() -> [&'static str; 6] {
    let path = "/api/items";
    let bench = DpopBench::start(with_dpop).await;
    let (app, token) = (&bench.bench.app, bench.bound().sign());
    app.grants(&bench.present(path, &token)).await;
    let unbound = bench.present(path, &bench.bench.good());
    app.refuses_in(&unbound, (401, "unbound_token"), BOTH).await;
    let proven = "/api/proven";
    app.grants(&bench.present(proven, &token)).await;
    let call = Call::get(proven).bearer(&bench.bench.good());
    app.refuses_in(&call, (401, "proof_required"), ONLY_DPOP).await;
    let other_path = bench.proof("/api/me", &token).sign();
    let dpop = || Call::get(path).header("Authorization", format!("DPoP {token}"));
    let call = dpop().header("DPoP", other_path);
    app.refuses_in(&call, (401, "invalid_dpop_proof"), BOTH).await;
    let other_key = DpopKey::generate().unwrap();
    let proof = other_key.proof("GET", format!("{AUDIENCE}{path}")).access_token(&token).sign();
    let call = dpop().header("DPoP", proof);
    app.refuses_in(&call, (401, "wrong_proof_key"), BOTH).await;

    let with_nonces =
        |builder: ResourceServerBuilder| builder.public_url(AUDIENCE).dpop(Dpop::new().nonce());
    let bench = DpopBench::start(with_nonces).await;
    let call = bench.present(path, &bench.bound().sign());
    bench.bench.app.refuses_in(&call, (401, "use_dpop_nonce"), BOTH).await;

    let full = |builder: ResourceServerBuilder| {
        builder.public_url(AUDIENCE).dpop(Dpop::new().replay_capacity(1))
    };
    let bench = DpopBench::start(full).await;
    let token = bench.bound().sign();
    bench.bench.app.grants(&bench.present(path, &token)).await;
    let call = bench.present(path, &token);
    bench.bench.app.refuses_in(&call, (503, "proofs_unavailable"), BOTH).await;
    [
        "proof_required",
        "unbound_token",
        "invalid_dpop_proof",
        "wrong_proof_key",
        "use_dpop_nonce",
        "proofs_unavailable",
    ]
}

/// Provokes the refusals of an issuer that is asked about its tokens, and returns their codes.
async fn codes_about_introspection() -> [&'static str; 2] {
    const ENDPOINT: &str = "/introspect";
    let issuer = ScriptedIssuer::silent().await;
    let settings = Introspection::new()
        .endpoint(issuer.at(ENDPOINT))
        .client_id("items-api")
        .client_secret("a secret of this API");
    let server = trusting(Issuer::new(issuer.url()).introspection(settings)).build().unwrap();
    let app = App::serve(server).await;
    let items = |token: &str| Call::get("/api/items").bearer(token);
    let active = json!({"active": true, "aud": AUDIENCE, "scope": "items:read"});
    issuer.set(ENDPOINT, Reply::json(&active));
    app.grants(&items("opaque-1")).await;
    issuer.set(ENDPOINT, Reply::json(&json!({"active": false})));
    app.refuses(&items("opaque-2"), 401, "inactive_token").await;
    issuer.take(ENDPOINT);
    app.refuses(&items("opaque-3"), 503, "introspection_unavailable").await;
    ["inactive_token", "introspection_unavailable"]
}

/// Provokes the refusals of a server that lacks revocations, and returns their code.
async fn codes_about_revocations() -> [&'static str; 1] {
    const CODE: &str = "revocations_unavailable";
    let issuer = ScriptedIssuer::start().await;
    let log = ScriptedLog::default();
    let serve = async |feed: RevocationFeed| {
        let server = trusting(issuer.url()).revocation_feed(feed).build().unwrap();
        (App::serve(server.clone()).await, server)
    };
    let token = issuer.token().scope("items:read").sign();
    let call = Call::get("/api/items").bearer(&token);
    log.set(LogBehaviour::Fail);
    let (required, server) = serve(RevocationFeed::new(log.clone()).required()).await;
    required.refuses(&call, 503, CODE).await;
    log.set(LogBehaviour::Answer);
    ready(&server).await;
    required.grants(&call).await;
    let feed = RevocationFeed::new(log.clone()).outage(FeedOutage::Refuse);
    let (refusing, server) = serve(feed).await;
    ready(&server).await;
    refusing.grants(&call).await;
    log.set(LogBehaviour::Fail);
    bounded("an outage", async {
        while server.health().revocation_feed.unwrap().up_to_date {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    refusing.refuses(&call, 503, CODE).await;
    assert_eq!(call.send(refusing.address).await.header("retry-after").as_deref(), Some("1"));
    required.grants(&call).await;
    [CODE]
}

#[tokio::test]
async fn the_challenge_names_the_required_scopes() {
    let bench = Bench::start().await;
    let nothing = bench.token().scope("").sign();
    let expired = bench.token().expired().sign();
    let cases = [
        (Call::get("/api/items"), Some("items:read")),
        (Call::post("/api/items"), Some("items:write")),
        (Call::post("/api/both"), Some("items:read items:write")),
        (Call::get("/api/export"), Some("items:admin")),
        (Call::get("/nested/items"), Some("items:read")),
        (Call::get("/api/me"), None),
        (Call::get("/api/caller"), None),
    ];
    for (call, scope) in cases {
        let mut refusals = vec![
            bench.app.refuses(&call, 401, "missing_token").await,
            bench.app.refuses(&call.clone().bearer(&expired), 401, "expired_token").await,
        ];
        if scope.is_some() {
            let call = call.clone().bearer(&nothing);
            let refusal = bench.app.refuses(&call, 403, "insufficient_scope").await;
            refusals.push(refusal);
        }
        for challenge in refusals.into_iter().flatten() {
            assert_eq!(challenge.get("realm"), Some("api"));
            assert_eq!(challenge.get("scope"), scope);
            assert_eq!(challenge.get("resource_metadata"), None);
        }
    }
}

#[tokio::test]
async fn the_challenge_names_realm_and_metadata_as_configured() {
    const METADATA: &str = "https://api.example.com/.well-known/oauth-protected-resource/v1";
    let bench = Bench::configured(|builder| {
        builder.realm("items, of the  house").resource("https://api.example.com/v1")
    })
    .await;
    let expired = bench.token().expired().sign();
    let nothing = bench.token().scope("").sign();
    let items = Call::get("/api/items");
    for (call, status, code) in [
        (items.clone(), 401, "missing_token"),
        (items.clone().bearer(&expired), 401, "expired_token"),
        (items.clone().bearer(&nothing), 403, "insufficient_scope"),
        (items.clone().bearer("a b"), 400, "invalid_request"),
    ] {
        let challenge = bench.app.refuses(&call, status, code).await.unwrap();
        assert_eq!(challenge.get("realm"), Some("items, of the  house"));
        assert_eq!(challenge.get("resource_metadata"), Some(METADATA));
    }
}

#[tokio::test]
async fn scopes_grant_by_their_whole_value_only() {
    let bench = Bench::start().await;
    let with = |scope: serde_json::Value| bench.token().claim("scope", scope).sign();
    let granting = [
        "items:read",
        "items:write items:read",
        "a b items:read c",
        "items:read items:read",
        " items:read ",
        "a  items:read",
    ];
    for scope in granting {
        let call = Call::get("/api/items").bearer(&with(scope.into()));
        bench.app.grants(&call).await;
    }
    let array = with(vec!["items:read", "x"].into());
    bench.app.grants(&Call::get("/api/items").bearer(&array)).await;
    let lacking = [
        "",
        " ",
        "items",
        "items:",
        "read",
        "items:readonly",
        "xitems:read",
        "Items:Read",
        "ITEMS:READ",
        "items:write",
        "items:read,items:write",
        "items:read\titems:write",
        "items:read\nitems:write",
        "items:read\u{a0}",
        "items:rea\u{501}",
        "items:read\"",
        "items:read\\",
        "*",
        "items:*",
    ];
    for scope in lacking {
        let token = with(scope.into());
        let call = Call::get("/api/items").bearer(&token);
        bench.app.refuses(&call, 403, "insufficient_scope").await;
        bench.app.grants(&Call::get("/api/me").bearer(&token)).await;
    }
    let none = bench.token().without("scope").sign();
    let call = Call::get("/api/items").bearer(&none);
    bench.app.refuses(&call, 403, "insufficient_scope").await;
    let together = with(vec!["items:read items:write"].into());
    let call = Call::get("/api/items").bearer(&together);
    bench.app.refuses(&call, 403, "insufficient_scope").await;
    let call = Call::get("/api/items").bearer(&with(serde_json::Value::Null));
    bench.app.refuses(&call, 403, "insufficient_scope").await;
    for scope in [7.into(), vec![7].into(), true.into()] {
        let call = Call::get("/api/items").bearer(&with(scope));
        bench.app.refuses(&call, 401, "malformed_claim").await;
    }
}

#[tokio::test]
async fn all_and_any_combine_demands() {
    let bench = Bench::start().await;
    let cases = [
        ("items:read", false, false),
        ("items:write", false, false),
        ("items:read items:write", true, false),
        ("items:admin", false, true),
        ("items:export", false, false),
        ("items:export items:read", false, true),
    ];
    for (scope, both, export) in cases {
        let token = bench.token().scope(scope).sign();
        for (call, granted) in [(Call::post("/api/both"), both), (Call::get("/api/export"), export)]
        {
            let call = call.bearer(&token);
            if granted {
                bench.app.grants(&call).await;
            } else {
                bench.app.refuses(&call, 403, "insufficient_scope").await;
            }
        }
    }
}

#[tokio::test]
async fn an_invalid_token_is_reported_before_a_missing_scope() {
    let bench = Bench::start().await;
    let cases = [
        ("expired_token", bench.token().expired()),
        ("wrong_audience", bench.token().claim("aud", "x")),
        ("unknown_key", bench.token().header("kid", "x")),
    ];
    for (code, token) in cases {
        let call = Call::get("/api/items").bearer(&token.scope("").sign());
        bench.app.refuses(&call, 401, code).await;
    }
}

/// The caller signs this token with its own key. Everything else in the token is correct.
#[tokio::test]
async fn a_key_in_the_token_header_is_ignored() {
    let bench = Bench::start().await;
    let canary = ScriptedIssuer::start().await;
    let own = SigningKeys::generate(&[Algorithm::RS256]).unwrap();
    canary.set("/jwks", Reply::keys(&own));
    let jwk = own.jwks().pointer("/keys/0").unwrap().clone();
    let forged = || {
        TokenBuilder::new(&own, bench.issuer.url(), AUDIENCE)
            .scope("items:read")
            .header("kid", kid(axum_protected_tests::keys(), 0))
    };
    let url = canary.at("/jwks");
    for token in [
        forged(),
        forged().header("jwk", jwk),
        forged().header("jku", url.clone()),
        forged().header("x5u", url.clone()),
        forged().header("x5c", vec![encode("certificate")]),
    ] {
        let call = Call::get("/api/items").bearer(&token.sign());
        bench.app.refuses(&call, 401, "invalid_signature").await;
    }
    for kid in [url.as_str(), "../../jwks", "a%0d%0ab", "\u{0}", "' OR 1=1 --"] {
        let call = Call::get("/api/items").bearer(&forged().header("kid", kid).sign());
        bench.app.refuses(&call, 401, "unknown_key").await;
    }
    let call = forged().claim("iss", canary.url()).sign();
    let call = Call::get("/api/items").bearer(&call);
    bench.app.refuses(&call, 401, "unknown_issuer").await;
    assert_eq!(canary.connections(), 0);
    // The server also ignores these header parameters in a token that the issuer signed.
    let honest = bench.token().header("jku", url.clone()).header("x5u", url);
    let call = Call::get("/api/items").bearer(&honest.sign());
    bench.app.grants(&call).await;
    assert_eq!(canary.connections(), 0);
}
