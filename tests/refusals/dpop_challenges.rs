//! Tests the challenges of a server that accepts DPoP proofs (RFC 9449 section 7): one for each
//! scheme, with the error in the one that the request used.

use axum::Router;
use axum::body::Body;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{Request, Response, StatusCode};
use axum::routing::get;
use axum_protected::dpop::Dpop;
use axum_protected::{Algorithm, ResourceServerBuilder, check, protected};
use axum_protected_testing::{AuthorizationServer, DpopKey, DpopProof, TokenBuilder};
use axum_protected_tests::{AUDIENCE, Call, Challenge};
use tower::ServiceExt;

use super::Bench;

pub(super) const BOTH: &[&str] = &["Bearer", "DPoP"];
pub(super) const ONLY_DPOP: &[&str] = &["DPoP"];

pub(super) fn with_dpop(builder: ResourceServerBuilder) -> ResourceServerBuilder {
    builder.public_url(AUDIENCE).dpop(Dpop::new())
}

fn required(builder: ResourceServerBuilder) -> ResourceServerBuilder {
    builder.public_url(AUDIENCE).dpop(Dpop::new().required())
}

/// A server that accepts proofs, and a key of a client.
pub(super) struct DpopBench {
    pub(super) bench: Bench,
    key: DpopKey,
}

impl DpopBench {
    pub(super) async fn start(more: fn(ResourceServerBuilder) -> ResourceServerBuilder) -> Self {
        Self { bench: Bench::configured(more).await, key: DpopKey::generate().unwrap() }
    }

    pub(super) fn bound(&self) -> TokenBuilder {
        self.bench.token().bound_to(&self.key)
    }

    pub(super) fn proof(&self, path: &str, token: &str) -> DpopProof {
        self.key.proof("GET", format!("{AUDIENCE}{path}")).access_token(token)
    }

    pub(super) fn present(&self, path: &str, token: &str) -> Call {
        self.present_as("DPoP", path, token)
    }

    fn present_as(&self, scheme: &str, path: &str, token: &str) -> Call {
        let proof = self.proof(path, token).sign();
        Call::get(path).header("Authorization", format!("{scheme} {token}")).header("DPoP", proof)
    }
}

/// Returns the schemes whose challenges have an error.
fn blamed(challenges: &[Challenge]) -> Vec<&str> {
    let with_error = challenges.iter().filter(|challenge| challenge.get("error").is_some());
    with_error.map(|challenge| challenge.scheme).collect()
}

#[tokio::test]
async fn a_request_without_a_token_gets_both_challenges_without_an_error() {
    let bench = DpopBench::start(with_dpop).await;
    let app = &bench.bench.app;
    let items = || Call::get("/api/items");
    let token = bench.bound().sign();
    app.grants(&bench.present("/api/items", &token)).await;
    let proof = bench.proof("/api/items", &token).sign();
    for call in [
        items(),
        // A proof is not a credential.
        items().header("DPoP", &proof),
        items().header("Authorization", "Basic dXNlcjpwYXNz"),
        // RFC 9449 section 7.1: the scheme is not for proxies.
        items().header("Proxy-Authorization", format!("DPoP {token}")).header("DPoP", &proof),
    ] {
        let challenges = app.refuses_in(&call, (401, "missing_token"), BOTH).await;
        for challenge in &challenges {
            assert_eq!(challenge.get("realm"), Some("api"));
            assert_eq!(challenge.get("scope"), Some("items:read"));
        }
    }
}

#[tokio::test]
async fn no_response_challenges_a_proxy() {
    let bench = DpopBench::start(with_dpop).await;
    let token = bench.bound().sign();
    let proof = bench.proof("/api/items", &token).sign();
    let call = Call::get("/api/items")
        .header("Proxy-Authorization", format!("DPoP {token}"))
        .header("DPoP", &proof);
    let answer = call.send(bench.bench.app.address).await;
    assert_eq!((answer.status, answer.header("proxy-authenticate")), (401, None));
}

#[tokio::test]
async fn the_error_is_in_the_challenge_of_the_scheme_that_the_request_used() {
    let bench = DpopBench::start(with_dpop).await;
    let app = &bench.bench.app;
    let path = "/api/items";
    let bearer = |token: &str| Call::get(path).bearer(token);
    let (good, bound) = (bench.bench.good(), bench.bound().sign());
    let lacking = bench.bound().scope("").sign();
    let expired = bench.bound().expired().sign();
    app.grants(&bearer(&good)).await;
    let unscoped = bench.bench.token().scope("").sign();
    // The second round takes the texts of the first.
    for _ in 0..2 {
        let cases: [(Call, (u16, &str), &[&str]); 13] = [
            (bearer("garbage"), (401, "malformed_token"), &["Bearer"]),
            (bearer(&bound), (401, "bound_token"), &["Bearer"]),
            (bench.present_as("Bearer", path, &bound), (401, "bound_token"), &["Bearer"]),
            (bearer(&unscoped), (403, "insufficient_scope"), &["Bearer"]),
            (bearer("a b"), (400, "invalid_request"), &["Bearer"]),
            (bench.present(path, "garbage"), (401, "malformed_token"), &["DPoP"]),
            (bench.present(path, &expired), (401, "expired_token"), &["DPoP"]),
            (bench.present_as("dpop", path, &expired), (401, "expired_token"), &["DPoP"]),
            (bench.present(path, &good), (401, "unbound_token"), &["DPoP"]),
            (bench.present(path, &lacking), (403, "insufficient_scope"), &["DPoP"]),
            (bench.present(path, "a b"), (400, "invalid_request"), &["DPoP"]),
            // It is not clear which of two lines counts.
            (bench.present(path, &bound).bearer(&good), (400, "invalid_request"), BOTH),
            (bearer(&good).bearer(&good), (400, "invalid_request"), BOTH),
        ];
        for (call, refusal, schemes) in cases {
            let challenges = app.refuses_in(&call, refusal, BOTH).await;
            assert_eq!(blamed(&challenges), schemes, "{refusal:?}");
            let [bearer, dpop] = challenges.as_slice() else { panic!("{challenges:?}") };
            assert_eq!(bearer.get("scope"), dpop.get("scope"));
        }
    }
}

#[tokio::test]
async fn a_request_without_its_proof_is_told_so() {
    let bench = DpopBench::start(with_dpop).await;
    let token = bench.bound().sign();
    let call = Call::get("/api/items").header("Authorization", format!("DPoP {token}"));
    let proof = bench.proof("/api/items", &token).sign();
    for call in [
        call.clone(),
        call.clone().header("DPoP", &proof).header("DPoP", &proof),
        call.clone().header("DPoP", bench.proof("/api/other", &token).sign()),
    ] {
        let refusal = (401, "invalid_dpop_proof");
        let challenges = bench.bench.app.refuses_in(&call, refusal, BOTH).await;
        assert_eq!(blamed(&challenges), ["DPoP"]);
    }
    bench.bench.app.grants(&call.header("DPoP", &proof)).await;
}

#[tokio::test]
async fn the_challenge_names_the_configured_algorithms() {
    let several = |builder: ResourceServerBuilder| {
        let algorithms = [Algorithm::ES256, Algorithm::PS256];
        builder.public_url(AUDIENCE).dpop(Dpop::new().algorithms(algorithms))
    };
    let bench = DpopBench::start(several).await;
    let call = Call::get("/api/items");
    let challenges = bench.bench.app.refuses_in(&call, (401, "missing_token"), BOTH).await;
    assert_eq!(challenges[1].get("algs"), Some("ES256 PS256"));
}

#[tokio::test]
async fn both_challenges_state_the_authentication_that_is_required() {
    let bench = DpopBench::start(with_dpop).await;
    let token = bench.bound().sign();
    let refusal = (401, "insufficient_user_authentication");
    let call = bench.present("/api/gold", &token);
    let challenges = bench.bench.app.refuses_in(&call, refusal, BOTH).await;
    assert_eq!(blamed(&challenges), ["DPoP"]);
    for challenge in &challenges {
        assert_eq!(challenge.get("acr_values"), Some("gold"));
        assert_eq!(challenge.get("max_age"), Some("300"));
    }
}

/// A server that accepts no other tokens does not offer `Bearer`. Its only challenge has the error.
#[tokio::test]
async fn a_server_that_requires_proofs_has_one_challenge() {
    let bench = DpopBench::start(required).await;
    let app = &bench.bench.app;
    let path = "/api/items";
    let token = bench.bound().sign();
    app.grants(&bench.present(path, &token)).await;
    let missing = app.refuses_in(&Call::get(path), (401, "missing_token"), ONLY_DPOP).await;
    assert_eq!(blamed(&missing), [""; 0]);
    for (call, refusal) in [
        (Call::get(path).bearer(&bench.bench.good()), (401, "unbound_token")),
        (Call::get(path).bearer(&token), (401, "bound_token")),
        (bench.present(path, &bench.bound().expired().sign()), (401, "expired_token")),
        (bench.present(path, &bench.bound().scope("").sign()), (403, "insufficient_scope")),
    ] {
        let challenges = app.refuses_in(&call, refusal, ONLY_DPOP).await;
        assert_eq!(blamed(&challenges), ["DPoP"]);
    }
}

/// An operation that accepts no other tokens does not offer `Bearer` either.
#[tokio::test]
async fn an_operation_that_demands_a_proof_has_one_challenge() {
    let bench = DpopBench::start(with_dpop).await;
    let app = &bench.bench.app;
    let path = "/api/proven";
    app.grants(&bench.present(path, &bench.bound().sign())).await;
    let missing = app.refuses_in(&Call::get(path), (401, "missing_token"), ONLY_DPOP).await;
    assert_eq!(blamed(&missing), [""; 0]);
    let bearer = Call::get(path).bearer(&bench.bench.good());
    let challenges = app.refuses_in(&bearer, (401, "proof_required"), ONLY_DPOP).await;
    assert_eq!(blamed(&challenges), ["DPoP"]);
    assert_eq!(challenges[0].get("scope"), Some("items:read"));
    // A server that accepts no proofs cannot offer them.
    let without = Bench::start().await;
    let bearer = Call::get(path).bearer(&without.good());
    without.app.refuses(&bearer, 401, "proof_required").await;
}

#[tokio::test]
async fn a_server_that_requires_nonces_sends_one_with_its_refusal() {
    let with_nonces =
        |builder: ResourceServerBuilder| builder.public_url(AUDIENCE).dpop(Dpop::new().nonce());
    let bench = DpopBench::start(with_nonces).await;
    let app = &bench.bench.app;
    let token = bench.bound().sign();
    let call = bench.present("/api/items", &token);
    let answer = call.send(app.address).await;
    let nonce = answer.header("dpop-nonce").expect("a nonce");
    let challenges = app.refuses_in(&call, (401, "use_dpop_nonce"), BOTH).await;
    assert_eq!(blamed(&challenges), ["DPoP"]);

    let present = |nonce: &str| {
        let proof = bench.proof("/api/items", &token).nonce(nonce).sign();
        Call::get("/api/items")
            .header("Authorization", format!("DPoP {token}"))
            .header("DPoP", proof)
    };
    let granted = app.grants(&present(&nonce)).await;
    assert_eq!(granted.header("dpop-nonce"), None);
    app.refuses_in(&present("made-up"), (401, "use_dpop_nonce"), BOTH).await;
    // Another refusal demands no nonce.
    app.refuses_in(&Call::get("/api/items"), (401, "missing_token"), BOTH).await;
}

/// The body is the application's, but not the headers by which clients learn of the refusal.
#[tokio::test]
async fn a_custom_body_changes_neither_the_challenges_nor_the_nonce() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let server = issuer
        .resource_server()
        .public_url(AUDIENCE)
        .dpop(Dpop::new().nonce())
        .refusal_body(|_| {
            let headers = [("dpop-nonce", "mine"), ("www-authenticate", "Mine")];
            headers
                .iter()
                .fold(Response::builder(), |response, (name, value)| response.header(*name, *value))
                .body(Body::empty())
                .unwrap()
        })
        .build()
        .unwrap();
    let app: Router = Router::new().route("/", get(any)).with_state(server);
    let key = DpopKey::generate().unwrap();
    let token = issuer.token().bound_to(&key).sign();
    let proof = key.proof("GET", format!("{AUDIENCE}/")).access_token(&token).sign();
    let proven = Request::get("/").header("authorization", format!("DPoP {token}"));
    for (request, has_nonce) in [(proven.header("dpop", proof), true), (Request::get("/"), false)] {
        let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 401);
        let nonces: Vec<_> = response.headers().get_all("dpop-nonce").iter().collect();
        assert_eq!(nonces.len(), usize::from(has_nonce));
        assert!(nonces.iter().all(|nonce| *nonce != "mine"));
        let challenges: Vec<_> = response.headers().get_all(WWW_AUTHENTICATE).iter().collect();
        assert!(challenges.len() == 2 && challenges.iter().all(|line| *line != "Mine"));
    }
}

#[protected]
async fn any() {}

#[check]
async fn log_in_again() -> Result<(), StatusCode> {
    Err(StatusCode::UNAUTHORIZED)
}

#[protected(check = log_in_again)]
async fn own_401() {}

#[tokio::test]
async fn the_401_of_a_check_has_both_challenges() {
    let issuer = AuthorizationServer::start().await.unwrap();
    for (dpop, expected) in [
        (Dpop::new(), &["Bearer realm=\"api\"", "DPoP realm=\"api\", algs=\""][..]),
        (Dpop::new().required(), &["DPoP realm=\"api\", algs=\""]),
    ] {
        let key = DpopKey::generate().unwrap();
        let server = issuer.resource_server().public_url(AUDIENCE).dpop(dpop).build().unwrap();
        let app: Router = Router::new().route("/", get(own_401)).with_state(server);
        let bound = issuer.token().bound_to(&key).sign();
        let proof = key.proof("GET", format!("{AUDIENCE}/")).access_token(&bound).sign();
        let request = Request::get("/").header("authorization", format!("DPoP {bound}"));
        let request = request.header("dpop", proof).body(Body::empty()).unwrap();
        let response = app.oneshot(request).await.unwrap();
        assert_eq!(response.status(), 401);
        let lines = response.headers().get_all(WWW_AUTHENTICATE).iter();
        let lines: Vec<_> = lines.map(|line| line.to_str().unwrap()).collect();
        assert_eq!(lines.len(), expected.len(), "{lines:?}");
        for (line, start) in lines.iter().zip(expected) {
            assert!(line.starts_with(start) && !line.contains("error"), "{line}");
        }
    }
}
