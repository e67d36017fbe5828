//! Tests the profiles that a whole configuration must satisfy.

use std::time::Duration;

use axum_protected::api_key::ApiKeys;
use axum_protected::dpop::Dpop;
use axum_protected::introspection::{Introspection, Mode};
use axum_protected::server::{ClientCertificateFormat, ClientCertificateHeader};
use axum_protected::{Algorithm, Issuer, ResourceServer, ResourceServerBuilder};
use axum_protected_testing::DpopKey;
use axum_protected_tests::{App, Call, keys, token, trusting};

use serde_json::{Value, json};

use super::{Client, ISSUER, URL, refuses};

/// Returns an issuer with keys of permitted algorithms only.
fn issuer() -> Issuer {
    Issuer::new(ISSUER).jwks(permitted_keys())
}

fn permitted_keys() -> Value {
    let mut set: Value = serde_json::from_str(&keys().jwks().to_string()).unwrap();
    set["keys"].as_array_mut().unwrap().retain(|key| key["alg"] != "RS256");
    set
}

/// Returns a configuration that satisfies the profile.
fn fapi2() -> ResourceServerBuilder {
    with(issuer()).revocations_fed_by_application()
}

fn with(issuer: Issuer) -> ResourceServerBuilder {
    trusting(issuer).public_url(URL).dpop(Dpop::new()).fapi2()
}

fn introspection() -> Introspection {
    let endpoint = "https://id.example.com/introspect";
    Introspection::new().endpoint(endpoint).client_id("api").client_secret("m4rk3r")
}

fn problems(builder: ResourceServerBuilder) -> String {
    builder.build().err().map(|error| error.to_string()).unwrap_or_default()
}

type Configure = fn(ResourceServerBuilder) -> ResourceServerBuilder;

#[test]
fn the_configuration_keeps_the_fapi_profile_or_is_not_built() {
    let cases: [(&str, Configure); 9] = [
        ("the algorithm `RS256` of the server", |b| b.algorithms([Algorithm::RS256])),
        ("the algorithm `ES384` of `dpop`", |b| {
            b.dpop(Dpop::new().algorithms([Algorithm::ES256, Algorithm::ES384]))
        }),
        ("the leeway is longer than 60 s", |b| b.leeway(Duration::from_secs(61))),
        ("`token_scheme`", |b| b.token_scheme("Token")),
        ("`token_header`", |b| b.token_header("x-token")),
        ("`token_cookie`", |b| b.require_https().token_cookie("__Host-token")),
        ("`websocket_protocol_token`", |b| b.websocket_protocol_token()),
        ("`api_keys`", |b| b.api_keys(ApiKeys::new())),
        ("`shared_secret` of the issuer", |b| {
            b.issuer(Issuer::new("other").shared_secret("a secret of at least 32 bytes, or more"))
        }),
    ];
    assert_eq!(problems(fapi2()), "");
    for (problem, configure) in cases {
        let found = problems(configure(fapi2()));
        assert!(found.contains("`fapi2`") && found.contains(problem), "{problem}: {found}");
    }
    let other_algorithms = Issuer::new("other").algorithms([Algorithm::RS256]);
    let found = problems(fapi2().issuer(other_algorithms));
    assert!(found.contains("`algorithms` of the issuer `other`"), "{found}");
    let without_tls = Issuer::new("http://id.example.com").insecure_http();
    let found = problems(fapi2().issuer(without_tls));
    assert!(found.contains("`insecure_http` of the issuer"), "{found}");
}

#[test]
fn the_fapi_profile_demands_a_proof_and_the_status_of_revocation() {
    let without_proof = || trusting(issuer()).fapi2().revocations_fed_by_application();
    assert!(problems(without_proof()).contains("no proof of possession"));
    assert_eq!(problems(without_proof().certificate_bound_tokens_required()), "");
    let by_proxy = without_proof()
        .trusted_proxy("10.0.0.1")
        .client_certificate_header(ClientCertificateHeader::new(ClientCertificateFormat::Rfc9440));
    assert_eq!(problems(by_proxy), "");

    let asked = |mode| problems(with(issuer().introspection(introspection().mode(mode))));
    assert_eq!(asked(Mode::Always), "");
    let only = Issuer::new(ISSUER).introspection(introspection());
    assert_eq!(problems(with(only)), "");
    let remedies = [
        (asked(Mode::Opaque), "set the `mode` of its `introspection`"),
        (problems(with(issuer())), "configure its `introspection`"),
    ];
    for (found, remedy) in remedies {
        assert!(found.contains("does not know which tokens"), "{found}");
        assert!(found.contains(remedy), "{found}");
    }
}

#[test]
fn all_problems_of_the_profile_are_reported_together() {
    let lax = trusting(issuer().algorithms([Algorithm::RS256]))
        .token_scheme("Token")
        .leeway(Duration::from_secs(90))
        .fapi2();
    let found = problems(lax);
    for problem in
        ["`RS256`", "token_scheme", "the leeway", "no proof", "which tokens of the issuer"]
    {
        assert!(found.contains(problem), "{problem}: {found}");
    }
}

#[tokio::test]
async fn the_fapi_profile_accepts_only_bound_tokens() {
    let app = App::serve_over_tls(fapi2().build().unwrap(), |router| router).await;
    let es256 = |key: &DpopKey| Client::of(key.clone(), |token| token.algorithm(Algorithm::ES256));
    let client = es256(&DpopKey::generate().unwrap());
    app.grants(&client.get("/api/items")).await;

    let unbound = token(ISSUER).scope("items:read").algorithm(Algorithm::ES256).sign();
    refuses(&app, &Call::get("/api/items").bearer(&unbound), 401, "unbound_token").await;
    let rs256 = Client::with(|token| token.algorithm(Algorithm::RS256));
    refuses(&app, &rs256.get("/api/items"), 401, "unsupported_algorithm").await;
}

#[test]
fn settings_with_which_rfc_9068_cannot_hold_are_reported() {
    let strict = |issuer: Issuer| problems(trusting(issuer).rfc9068());
    assert_eq!(strict(issuer()), "");
    let audience = strict(issuer().audience_claim("client_id"));
    assert!(audience.contains("`audience_claim`") && audience.contains("`aud`"), "{audience}");
    let asked = |mode| strict(issuer().introspection(introspection().mode(mode)));
    assert_eq!(asked(Mode::Always), "");
    assert!(asked(Mode::Opaque).contains("not verified as JWTs"));
    let only = Issuer::new(ISSUER).introspection(introspection());
    assert!(strict(only).contains("not verified as JWTs"));
    let own = issuer().audience_claim("client_id").rfc9068();
    assert!(problems(trusting(own)).contains("`audience_claim`"));
}

#[test]
fn the_description_of_the_configuration_names_the_profile() {
    let server: ResourceServer = fapi2().build().unwrap();
    let described = serde_json::to_value(server.configuration()).unwrap();
    assert_eq!(described["fapi2"], true);
    assert_eq!(described["require_https"], true);
    assert_eq!(described["issuers"][0]["algorithms"], json!(["PS256", "ES256", "EdDSA"]));
}
