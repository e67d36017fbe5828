//! Tests the lifetime of a key set, and the revalidation of the set.

use std::time::Duration;

use axum_protected::clock::{Clock, SystemClock};
use axum_protected_testing::ManualClock;
use axum_protected_tests::issuer::{JWKS, OPENID};
use axum_protected_tests::{Reply, ScriptedIssuer, fresh_key, keys, ready, trusting};

use super::{code, pass, pass_until_requests, signed_by, wait_for_code, warm, with_unknown_kid};

/// Returns the percentage of the lifetime after which the server has requested the set this number
/// of times. The result is a multiple of two.
async fn until_refreshed(issuer: &ScriptedIssuer, lifetime: Duration, times: usize) -> u32 {
    for percent in (0..=400).step_by(2) {
        if issuer.count(JWKS) >= times {
            return percent;
        }
        pass(issuer, lifetime / 50).await;
    }
    panic!("never refreshed");
}

/// The shortest lifetime of a key set, in seconds. `CEILING` is the longest lifetime.
const FLOOR: u64 = 300;
const CEILING: u64 = 24 * 3600;

/// Header fields of a response, and the lifetime in seconds that the fields set.
type Case<'a> = (&'a [(&'a str, &'a str)], u64);

async fn check(cases: &[Case<'_>]) {
    let mut complaints = Vec::new();
    for (headers, lifetime) in cases {
        let issuer = ScriptedIssuer::start().await;
        issuer.set(
            JWKS,
            headers
                .iter()
                .fold(Reply::keys(keys()), |reply: Reply, (name, value): &(&str, &str)| {
                    reply.header(name, value)
                }),
        );
        let _server = warm(&issuer).await;
        let lifetime = Duration::from_secs(*lifetime);
        let passed = until_refreshed(&issuer, lifetime, 2).await;
        if !(68..=84).contains(&passed) {
            complaints.push(format!("{headers:?}: at {passed} % of {lifetime:?}"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// The server requests the set again after 70 to 80 % of the lifetime in the response. A minimum
/// and a maximum limit this lifetime.
#[tokio::test]
async fn the_lifetime_is_that_of_the_answer_within_bounds() {
    let now = SystemClock.now();
    let expires = httpdate::fmt_http_date(now + Duration::from_secs(3000));
    let now = httpdate::fmt_http_date(now);
    let cases: &[Case<'_>] = &[
        (&[], 3600),
        (&[("Cache-Control", "max-age=1000")], 1000),
        (&[("Cache-Control", "public, max-age=1000, must-revalidate")], 1000),
        (&[("cache-control", "foo=bar, max-age=1000, baz=\"a, b\"")], 1000),
        (&[("Cache-Control", "max-age=\"1000\"")], 1000),
        (&[("Cache-Control", "max-age=1000"), ("Age", "400")], 600),
        (&[("Cache-Control", "s-maxage=1, max-age=1000")], 1000),
        (&[("Cache-Control", "max-age=1000"), ("Expires", "0")], 1000),
        (&[("Date", &now), ("Expires", &expires)], 3000),
        (&[("Cache-Control", "max-age=86400")], CEILING),
        (&[("Cache-Control", "max-age=31536000, immutable")], CEILING),
        (&[("Cache-Control", "max-age=0")], FLOOR),
        (&[("Cache-Control", "max-age=1")], FLOOR),
        (&[("Cache-Control", "max-age=-1")], FLOOR),
        (&[("Cache-Control", "max-age=abc")], FLOOR),
        (&[("Cache-Control", "max-age=1000"), ("Age", "4000")], FLOOR),
        (&[("Cache-Control", "no-cache")], FLOOR),
        (&[("Cache-Control", "no-store")], FLOOR),
        (&[("Cache-Control", "max-age=1000, no-cache")], FLOOR),
        (&[("Cache-Control", "max-age=1000"), ("Cache-Control", "no-cache")], FLOOR),
        (&[("Expires", "0")], FLOOR),
        (&[("Expires", "yesterday")], FLOOR),
    ];
    check(cases).await;
}

/// RFC 9111 section 5.2: names of cache directives are case-insensitive.
#[tokio::test]
async fn directives_are_case_insensitive() {
    check(&[
        (&[("Cache-Control", "Max-Age=1000")], 1000),
        (&[("Cache-Control", "MAX-AGE=1000, foo")], 1000),
        (&[("Cache-Control", "max-age=1000, NO-CACHE")], FLOOR),
        (&[("Cache-Control", "max-age=1000, No-Store")], FLOOR),
    ])
    .await;
}

/// RFC 9111 section 1.2.2: a `max-age` that is too large to represent means the longest lifetime.
#[tokio::test]
async fn an_unrepresentable_lifetime_is_the_longest_one() {
    check(&[
        (&[("Cache-Control", "max-age=2147483648")], CEILING),
        (&[("Cache-Control", "max-age=1000000000000")], CEILING),
        (&[("Cache-Control", "max-age=18446744073709551616")], CEILING),
        (&[("Cache-Control", "max-age=99999999999999999999")], CEILING),
    ])
    .await;
}

#[tokio::test]
async fn a_refresh_sends_the_validators_of_the_stored_set() {
    const MODIFIED: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    let issuer = ScriptedIssuer::start().await;
    let tagged = Reply::keys(keys()).header("ETag", "\"v1\"").header("Last-Modified", MODIFIED);
    issuer.set(JWKS, tagged);
    let server = warm(&issuer).await;
    issuer.set(JWKS, Reply::text(304, "").header("ETag", "\"v1\""));
    assert_eq!(code(&server, with_unknown_kid(&issuer, 0)).await, "unknown_key");
    assert_eq!(code(&server, issuer.token()).await, "ok");
    let conditions = |index: usize| {
        let seen =
            issuer.requests().into_iter().filter(|seen| seen.path == JWKS).collect::<Vec<_>>()
                [index]
                .clone();
        let header = |name| seen.header(name).map(str::to_owned);
        (header("if-none-match"), header("if-modified-since"))
    };
    assert_eq!(conditions(0), (None, None));
    let by_both = (Some("\"v1\"".to_owned()), Some(MODIFIED.to_owned()));
    assert_eq!(conditions(1), by_both);

    // The next request has the same `If-None-Match`, because the 304 confirmed the stored set.
    let new = fresh_key();
    issuer.set(JWKS, Reply::keys(&new).header("ETag", "\"v2\""));
    pass_until_requests(&issuer, JWKS, 3).await;
    assert_eq!(conditions(2).0.as_deref(), Some("\"v1\""));
    // A response with status 200 replaces the set.
    wait_for_code(&server, &signed_by(&new, &issuer), "ok").await;
    assert_eq!(code(&server, issuer.token()).await, "unknown_key");
}

/// The header fields of a 304 response replace or extend the fields of the stored response.
#[tokio::test]
async fn a_304_sets_a_new_lifetime() {
    let cases = [
        (Some("max-age=3000"), Some("max-age=1000"), 1000),
        (Some("max-age=1000"), Some("max-age=3000"), 3000),
        (Some("max-age=1000"), None, 1000),
        (None, Some("max-age=1000"), 1000),
        (None, None, 3600),
    ];
    let mut complaints = Vec::new();
    for (stored, confirmed, lifetime) in cases {
        let with = |reply: Reply, directive: Option<&str>| {
            let reply = reply.header("ETag", "\"v1\"");
            match directive {
                Some(directive) => reply.header("Cache-Control", directive),
                None => reply,
            }
        };
        let issuer = ScriptedIssuer::start().await;
        issuer.set(JWKS, with(Reply::keys(keys()), stored));
        let server = warm(&issuer).await;
        issuer.set(JWKS, with(Reply::text(304, ""), confirmed));
        assert_eq!(code(&server, with_unknown_kid(&issuer, 0)).await, "unknown_key");
        let lifetime = Duration::from_secs(lifetime);
        let passed = until_refreshed(&issuer, lifetime, 3).await;
        if !(68..=84).contains(&passed) {
            let case = format!("{stored:?}, then {confirmed:?}");
            complaints.push(format!("{case}: at {passed} % of {lifetime:?}"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// This issuer responds with 304 although its keys changed. The server keeps the confirmed keys
/// until the issuer sends a set with status 200.
#[tokio::test]
async fn a_wrong_304_only_hides_the_new_key() {
    let issuer = ScriptedIssuer::start().await;
    let (tag, other) = ("\"always\"", "\"other\"");
    issuer.set(JWKS, Reply::keys(keys()).header("ETag", tag));
    let server = warm(&issuer).await;
    let new = fresh_key();
    issuer.set(JWKS, Reply::text(304, "").header("ETag", tag));
    assert_eq!(code(&server, signed_by(&new, &issuer)).await, "unknown_key");
    assert_eq!(code(&server, issuer.token()).await, "ok");
    // A 304 response with another `ETag` does not confirm the stored document.
    issuer.set(JWKS, Reply::text(304, "").header("ETag", other));
    pass(&issuer, Duration::from_secs(10)).await;
    assert_eq!(code(&server, with_unknown_kid(&issuer, 0)).await, "unknown_key");
    assert_eq!(code(&server, issuer.token()).await, "ok");
    // Because the `ETag` differed, the next request has no `If-None-Match`.
    issuer.set(JWKS, Reply::keys(&new).header("ETag", tag));
    pass(&issuer, Duration::from_secs(10)).await;
    wait_for_code(&server, &signed_by(&new, &issuer), "ok").await;
    let seen = issuer.requests().into_iter().filter(|seen| seen.path == JWKS);
    let conditions: Vec<bool> = seen.map(|seen| seen.header("if-none-match").is_some()).collect();
    assert_eq!(conditions[..4], [false, true, true, false]);
}

/// The server uses the wall clock for claims only, and another clock for the lifetime of keys.
#[tokio::test]
async fn a_jump_of_the_wall_clock_does_not_affect_keys() {
    let issuer = ScriptedIssuer::start().await;
    let now = SystemClock.now();
    let clock = ManualClock::at(now);
    let server = trusting(issuer.url()).clock(clock.clone()).build().unwrap();
    ready(&server).await;
    let years = Duration::from_hours(10 * 365 * 24);
    for (jump, expected) in [
        (now, "ok"),
        (now + years, "expired_token"),
        (now, "ok"),
        (now.checked_sub(years).unwrap(), "not_yet_valid"),
        (now, "ok"),
    ] {
        clock.set(jump);
        assert_eq!(code(&server, issuer.token()).await, expected);
    }
    assert_eq!(issuer.count(JWKS), 1);
}

/// After an invalid response, the next request for the keys has no `If-None-Match`.
#[tokio::test]
async fn an_invalid_answer_is_never_revalidated() {
    let issuer = ScriptedIssuer::start().await;
    issuer.set(JWKS, Reply::keys(keys()).header("ETag", "\"v1\""));
    let server = warm(&issuer).await;
    issuer.set(JWKS, Reply::text(200, "{}").header("ETag", "\"broken\""));
    assert_eq!(code(&server, with_unknown_kid(&issuer, 0)).await, "unknown_key");
    let new = fresh_key();
    issuer.set(JWKS, Reply::keys(&new));
    pass_until_requests(&issuer, JWKS, 3).await;
    wait_for_code(&server, &signed_by(&new, &issuer), "ok").await;
    let last = issuer.requests().pop().unwrap();
    assert_eq!((last.path.as_str(), last.header("if-none-match")), (JWKS, None));
}

/// A request to the issuer names this crate and the resource, but contains no data of the API
/// request whose token made the server fetch the keys.
#[tokio::test]
async fn requests_to_the_issuer_reveal_nothing_of_the_callers() {
    let issuer = ScriptedIssuer::start().await;
    let server = warm(&issuer).await;
    assert_eq!(code(&server, with_unknown_kid(&issuer, 7)).await, "unknown_key");
    assert_eq!(issuer.paths(), [OPENID, JWKS, JWKS, OPENID]);
    for seen in issuer.requests() {
        assert_eq!(seen.header("authorization"), None);
        assert_eq!(seen.header("cookie"), None);
        assert_eq!(seen.header("accept"), Some("application/json"));
        let agent = seen.header("user-agent").unwrap();
        assert!(agent.starts_with("axum-protected/"), "{agent}");
        assert!(!format!("{seen:?}").contains("unknown-"), "{seen:?}");
    }
}
