//! Tests revoked tokens, and similar tokens that are not revoked.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum_protected::revocation::{Revocation, RevocationError};
use axum_protected::{Provider, ResourceServer, ResourceServerBuilder};
use axum_protected_testing::{ManualClock, TokenBuilder};
use axum_protected_tests::{token, trusting};
use serde_json::json;

use super::{ISSUER, good, issuer, outcome};

const NOW: u64 = 1_700_000_000;
const OTHER: &str = "https://id.example.com/realms/other";

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// Returns the builder of a server with two issuers, a manual clock and 30 s of leeway.
fn server_builder(clock: &ManualClock) -> ResourceServerBuilder {
    let builder = trusting(issuer(ISSUER)).issuer(issuer(OTHER));
    builder.clock(clock.clone())
}

fn server_and_clock() -> (ResourceServer, ManualClock) {
    let clock = ManualClock::at(at(NOW));
    (server_builder(&clock).build().unwrap(), clock)
}

fn dated(token: TokenBuilder) -> TokenBuilder {
    token.claim("exp", NOW + 600).claim("iat", NOW)
}

/// Returns the outcome of a token after a revocation. Asserts that the outcome does not depend on
/// earlier use of the token or on the cache.
async fn under(revocation: fn() -> Revocation, token: TokenBuilder) -> &'static str {
    let text = token.sign();
    let mut outcomes = Vec::new();
    for bytes in [0, 1 << 20] {
        for seen_before in [true, false] {
            let clock = ManualClock::at(at(NOW));
            let server = server_builder(&clock).verified_token_bytes(bytes).build().unwrap();
            if seen_before {
                assert_eq!(outcome(&server, &text).await, "ok");
            }
            let revoked = server.revocations().revoke(revocation(), at(NOW + 600));
            revoked.await.unwrap();
            for _ in 0..2 {
                outcomes.push(outcome(&server, &text).await);
            }
        }
    }
    outcomes.dedup();
    assert_eq!(outcomes.len(), 1, "the outcome depends on earlier use");
    outcomes[0]
}

type Case = (&'static str, fn() -> Revocation, TokenBuilder, &'static str);

#[tokio::test]
async fn tokens_sessions_and_subjects_are_revoked_exactly() {
    let by_jti = || Revocation::token(ISSUER, "j1");
    let by_sid = || Revocation::session(ISSUER, "s1");
    let by_sub = || Revocation::subject(ISSUER, "alice", at(NOW));
    let all = dated(good()).claim("jti", "j1").claim("sid", "s1");
    let others = dated(token(OTHER)).claim("jti", "j1").claim("sid", "s1");
    let cases: Vec<Case> = vec![
        ("jti", by_jti, all.clone(), "revoked_token"),
        ("another", by_jti, all.clone().claim("jti", "j2"), "ok"),
        ("case", by_jti, all.clone().claim("jti", "J1"), "ok"),
        ("longer", by_jti, all.clone().claim("jti", "j11"), "ok"),
        ("a sid is no jti", by_jti, all.clone().claim("jti", "s1"), "ok"),
        ("no jti", by_jti, all.clone().without("jti"), "ok"),
        ("another issuer's", by_jti, others.clone(), "ok"),
        ("sid", by_sid, all.clone(), "revoked_token"),
        ("another", by_sid, all.clone().claim("sid", "s2"), "ok"),
        ("no sid", by_sid, all.clone().without("sid"), "ok"),
        ("a number", by_sid, all.clone().claim("sid", 1), "revoked_token"),
        ("null", by_sid, all.clone().claim("sid", json!(null)), "ok"),
        ("null", by_jti, all.clone().claim("jti", json!(null)), "ok"),
        ("an array", by_sid, all.clone().claim("sid", json!(["s1"])), "revoked_token"),
        ("another issuer's", by_sid, others.clone(), "ok"),
        ("sub", by_sub, all.clone(), "revoked_token"),
        ("before", by_sub, all.clone().claim("iat", NOW - 600), "revoked_token"),
        ("a fraction after", by_sub, all.clone().claim("iat", 1_700_000_000.5), "ok"),
        ("a second after", by_sub, all.clone().claim("iat", NOW + 1), "ok"),
        ("no iat", by_sub, all.clone().without("iat"), "revoked_token"),
        ("another", by_sub, all.clone().subject("bob"), "ok"),
        ("no sub", by_sub, all.clone().without("sub"), "ok"),
        ("another issuer's", by_sub, others, "ok"),
    ];
    check_all(cases).await;
}

async fn check_all(cases: Vec<Case>) {
    for (name, revocation, token, expected) in cases {
        let outcome = under(revocation, token).await;
        assert_eq!(outcome, expected, "{:?}: {name}", revocation());
    }
}

#[tokio::test]
async fn clients_and_issuers_are_revoked_until_a_time() {
    let by_client = || Revocation::client(ISSUER, "web", at(NOW));
    let by_issuer = || Revocation::issuer(ISSUER, at(NOW));
    let all = dated(good());
    let others = dated(token(OTHER));
    let web = |token: TokenBuilder| token.claim("client_id", "web");
    let cases: Vec<Case> = vec![
        ("client", by_client, web(all.clone()), "revoked_token"),
        ("whatever the subject", by_client, web(all.clone()).without("sub"), "revoked_token"),
        ("before", by_client, web(all.clone()).claim("iat", NOW - 600), "revoked_token"),
        ("a second after", by_client, web(all.clone()).claim("iat", NOW + 1), "ok"),
        ("no iat", by_client, web(all.clone()).without("iat"), "revoked_token"),
        (
            "by azp",
            by_client,
            all.clone().without("client_id").claim("azp", "web"),
            "revoked_token",
        ),
        ("another", by_client, all.clone(), "ok"),
        ("longer", by_client, all.clone().claim("client_id", "web2"), "ok"),
        ("a sub is no client", by_client, all.clone().subject("web"), "ok"),
        ("no client", by_client, all.clone().without("client_id"), "ok"),
        ("another issuer's", by_client, web(others.clone()), "ok"),
        ("issuer", by_issuer, all.clone(), "revoked_token"),
        ("before", by_issuer, all.clone().claim("iat", NOW - 600), "revoked_token"),
        ("a second after", by_issuer, all.clone().claim("iat", NOW + 1), "ok"),
        ("no iat", by_issuer, all.clone().without("iat"), "revoked_token"),
        (
            "nothing but an issuer",
            by_issuer,
            all.without("sub").without("client_id").without("jti"),
            "revoked_token",
        ),
        ("another issuer's", by_issuer, others, "ok"),
    ];
    check_all(cases).await;
}

#[tokio::test]
async fn an_invalid_token_is_refused_for_its_own_defect() {
    let (server, clock) = server_and_clock();
    let token = dated(good()).claim("jti", "j1");
    let (revocations, expiry) = (server.revocations().clone(), at(NOW + 600));
    let revoked = revocations.revoke(Revocation::token(ISSUER, "j1"), expiry);
    revoked.await.unwrap();
    let forged = token.clone().sign();
    let forged = format!("{}A", &forged[..forged.len() - 2]);
    // The refusal of a forged token does not reveal whether the revocation list contains the token.
    assert_ne!(outcome(&server, &forged).await, "revoked_token");
    assert_eq!(outcome(&server, &token.clone().sign()).await, "revoked_token");
    clock.set(at(NOW + 700));
    assert_eq!(outcome(&server, &token.sign()).await, "expired_token");
}

#[tokio::test]
async fn the_latest_time_counts_regardless_of_the_order() {
    let (server, _) = server_and_clock();
    for issued in [NOW - 100, NOW, NOW - 50] {
        let revocation = Revocation::subject(ISSUER, "alice", at(issued));
        let revoked = server.revocations().revoke(revocation, at(NOW + 600));
        revoked.await.unwrap();
    }
    assert_eq!(outcome(&server, &dated(good()).sign()).await, "revoked_token");
    let later = dated(good()).claim("iat", NOW + 1).sign();
    assert_eq!(outcome(&server, &later).await, "ok");
}

/// The list may keep an entry that has ended. It does not concern tokens that are issued later.
#[tokio::test]
async fn a_revocation_that_has_ended_concerns_no_later_tokens() {
    let (server, clock) = server_and_clock();
    let revocation = Revocation::subject(ISSUER, "alice", at(NOW + 100_000));
    server.revocations().revoke(revocation, at(NOW + 60)).await.unwrap();
    let issued = |at: u64| good().claim("iat", at).claim("exp", at + 600).sign();
    assert_eq!(outcome(&server, &issued(NOW)).await, "revoked_token");
    clock.set(at(NOW + 91));
    assert_eq!(outcome(&server, &issued(NOW + 90)).await, "revoked_token");
    assert_eq!(outcome(&server, &issued(NOW + 91)).await, "ok");
}

/// A revocation of a client compares the claim that `AccessToken::client` returns.
#[tokio::test]
async fn a_client_revocation_uses_the_client_claim_of_the_provider() {
    let server = trusting(issuer(ISSUER).provider(Provider::Okta))
        .clock(ManualClock::at(at(NOW)))
        .build()
        .unwrap();
    let revocation = Revocation::client(ISSUER, "web", at(NOW));
    let revoked = server.revocations().revoke(revocation, at(NOW + 600));
    revoked.await.unwrap();
    for (claim, code) in [("cid", "revoked_token"), ("azp", "ok"), ("client_id", "ok")] {
        let token = dated(good()).claim(claim, "web").sign();
        assert_eq!(outcome(&server, &token).await, code, "{claim}");
    }
}

/// A revocation is in force even if the caller drops the future of `revoke` without awaiting it.
#[tokio::test]
async fn a_revocation_is_in_force_before_it_is_awaited() {
    let (server, _) = server_and_clock();
    let token = |jti: &str| dated(good()).claim("jti", jti).sign();
    let revoke = |jti: &str| {
        let revocation = Revocation::token(ISSUER, jti);
        server.revocations().revoke(revocation, at(NOW + 600))
    };
    let revoking = revoke("j1");
    assert_eq!(outcome(&server, &token("j1")).await, "revoked_token");
    assert_eq!(revoking.await, Ok(()));
    drop(revoke("j2"));
    assert_eq!(outcome(&server, &token("j2")).await, "revoked_token");
}

#[tokio::test]
async fn the_errors_say_that_nothing_was_revoked_and_why() {
    let clock = ManualClock::at(at(NOW));
    let server = server_builder(&clock).revocation_bytes(0).build().unwrap();
    let cases = [
        (OTHER, NOW, "full"),
        (OTHER, NOW - 30, "has passed"),
        ("https://x.example", NOW, "does not trust this issuer"),
    ];
    for (issuer, until, expected) in cases {
        let revocation = Revocation::issuer(issuer, at(NOW));
        let revoked = server.revocations().revoke(revocation, at(until));
        let error = revoked.await.unwrap_err().to_string();
        assert!(error.starts_with("nothing was revoked: "), "{error}");
        assert!(error.contains(expected), "{error}");
    }
}

#[tokio::test]
async fn an_unknown_issuer_is_an_error() {
    let (server, _) = server_and_clock();
    for wrong in ["", "acme", "https://id.example.com/realms/acme/", "https://x.example"] {
        let revoked = server.revocations().revoke(Revocation::token(wrong, "j1"), at(NOW));
        assert_eq!(revoked.await, Err(RevocationError::UnknownIssuer), "{wrong}");
    }
}

/// `revoke` refuses an `until` that has passed, because the list could remove the entry while the
/// token is valid.
#[tokio::test]
async fn a_revocation_that_has_already_ended_is_an_error() {
    let (server, _) = server_and_clock();
    let token = dated(good()).claim("jti", "j1").sign();
    for until in [SystemTime::UNIX_EPOCH, at(NOW - 30)] {
        let revoked = Revocation::token(ISSUER, "j1");
        let revoked = server.revocations().revoke(revoked, until);
        assert_eq!(revoked.await, Err(RevocationError::Over));
        assert_eq!(outcome(&server, &token).await, "ok");
    }
    // Because of the leeway of 30 s, a token that expired 29 s ago is valid, so `revoke` accepts an
    // `until` of 29 s ago.
    let revoked = Revocation::token(ISSUER, "j1");
    let revoked = server.revocations().revoke(revoked, at(NOW - 29));
    revoked.await.unwrap();
    assert_eq!(outcome(&server, &token).await, "revoked_token");
}

/// Revokes tokens, each with a different `until`, until the revocation list is full, and returns
/// their number.
async fn fill(server: &ResourceServer) -> u64 {
    for number in 0..100_000 {
        let revocation = Revocation::token(ISSUER, format!("{number}"));
        let revoked = server.revocations().revoke(revocation, at(NOW + number));
        match revoked.await {
            Ok(()) => {}
            Err(RevocationError::Full) => return number,
            Err(other) => panic!("{other}"),
        }
    }
    panic!("the list never fills");
}

#[tokio::test]
async fn a_full_list_is_an_error_and_drops_only_expired_entries() {
    let clock = ManualClock::at(at(NOW));
    let server = server_builder(&clock).revocation_bytes(20_000).build().unwrap();
    let room = fill(&server).await;
    assert!((50..200).contains(&room), "{room}");
    let numbered = |number: u64| dated(good()).claim("jti", number.to_string()).sign();
    let revoke = |name: &str| {
        let revocation = Revocation::token(ISSUER, name);
        server.revocations().revoke(revocation, at(NOW + 600))
    };
    for number in 0..room {
        assert_eq!(outcome(&server, &numbered(number)).await, "revoked_token");
    }
    assert_eq!(outcome(&server, &numbered(room)).await, "ok");
    // A second revocation of the same token needs no space.
    assert_eq!(revoke("7").await, Ok(()));
    // The list removes the first two entries when their `until` and the leeway have passed.
    clock.set(at(NOW + 29));
    assert_eq!(revoke("a").await, Err(RevocationError::Full));
    clock.set(at(NOW + 31));
    assert_eq!((revoke("a").await, revoke("b").await), (Ok(()), Ok(())));
    assert_eq!(revoke("c").await, Err(RevocationError::Full));
    for number in 2..room {
        assert_eq!(outcome(&server, &numbered(number)).await, "revoked_token");
    }
    // The list contains the entry whose `until` was extended.
    clock.set(at(NOW + 300));
    assert_eq!(revoke("c").await, Ok(()));
    assert_eq!(outcome(&server, &numbered(7)).await, "revoked_token");
}

#[tokio::test]
async fn a_list_of_size_zero_is_an_error() {
    let clock = ManualClock::at(at(NOW));
    let server = server_builder(&clock).revocation_bytes(0).build().unwrap();
    let revoked = server.revocations().revoke(Revocation::token(ISSUER, "j"), at(NOW));
    assert_eq!(revoked.await, Err(RevocationError::Full));
}

/// The clock jumps forward by mistake and later jumps back.
#[tokio::test]
async fn a_temporary_clock_error_ends_no_revocation() {
    let (server, clock) = server_and_clock();
    let token = dated(good()).claim("jti", "j1").sign();
    let revocations = server.revocations();
    let revoked = revocations.revoke(Revocation::token(ISSUER, "j1"), at(NOW + 600));
    revoked.await.unwrap();
    clock.set(at(NOW + 100_000));
    assert_eq!(outcome(&server, &token).await, "expired_token");
    let revoked = revocations.revoke(Revocation::token(ISSUER, "j2"), at(NOW + 200_000));
    revoked.await.unwrap();
    clock.set(at(NOW));
    assert_eq!(outcome(&server, &token).await, "revoked_token");
}

#[tokio::test]
async fn debug_output_and_logs_omit_the_revoked_value() {
    let (server, _) = server_and_clock();
    let secret = "5ecret";
    let shown = async |revocation: Revocation| {
        let shown = format!("{revocation:?}");
        let revoked = server.revocations().revoke(revocation, at(NOW + 600)).await;
        format!("{shown} {revoked:?} {:?} {server:?}", server.revocations())
    };
    for revocation in [
        Revocation::token(ISSUER, secret),
        Revocation::session(ISSUER, secret),
        Revocation::subject(ISSUER, secret, at(NOW)),
        Revocation::client(ISSUER, secret, at(NOW)),
        Revocation::token("https://x.example", secret),
    ] {
        let shown = shown(revocation).await;
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// After `revoke` returns on one thread, the next request on any thread is refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revocation_holds_from_the_next_request_on() {
    let (server, _) = server_and_clock();
    for number in 0..200 {
        let jti = format!("n{number}");
        let text = dated(good()).claim("jti", jti.as_str()).sign();
        assert_eq!(outcome(&server, &text).await, "ok");
        let revoking = server.clone();
        let revoked = tokio::spawn(async move {
            let revocation = Revocation::token(ISSUER, jti);
            revoking.revocations().revoke(revocation, at(NOW + 600)).await
        });
        revoked.await.unwrap().unwrap();
        assert_eq!(outcome(&server, &text).await, "revoked_token");
    }
}
