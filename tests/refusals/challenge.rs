//! Tests the scopes that a challenge names, and a 401 with a challenge that a check returns.

use axum::Router;
use std::error::Error;

use axum::body::{Body, to_bytes};
use axum::extract::FromRequestParts as _;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_protected::check::CheckList;
use axum_protected::policy::{Demand, Operation, Requirement};
use axum_protected::{
    AccessToken, Authorized, Policy, Refusal, ResourceServer, Scopes, check, protected,
};
use axum_protected_testing::AuthorizationServer;
use tower::ServiceExt as _;

#[derive(Scopes)]
enum Scope {
    /// Read
    #[scope("read")]
    Read,
    /// Read and write
    #[scope("write", implies = [Read])]
    Write,
}

#[check]
async fn no() -> bool {
    false
}

#[check]
async fn log_in_again() -> Result<(), (StatusCode, &'static str)> {
    Err((StatusCode::UNAUTHORIZED, "the session has ended"))
}

#[check]
async fn negotiate() -> Result<(), Response> {
    let mut response = StatusCode::UNAUTHORIZED.into_response();
    let challenge = HeaderValue::from_static("Negotiate");
    response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    Err(response)
}

#[protected(scope = "a", role = "clerk")]
async fn scope_and_role() {}

#[protected(any(scope = "a", role = "clerk"))]
async fn scope_or_role() {}

#[protected(any(role = "clerk", all(scope = "a", scope = "b")))]
async fn role_or_scopes() {}

#[protected(any(all(scope = "a", role = "clerk"), scope = "b"))]
async fn alternatives() {}

#[protected(scope = Scope::Read)]
async fn vocabulary() {}

#[protected(scope = "a", check = no)]
async fn scope_and_check() {}

#[protected(any(scope = "a", check = no))]
async fn scope_or_check() {}

#[protected(scope = "a", acr = "gold")]
async fn scope_and_acr() {}

#[protected(any(all(scope = "a", role = "clerk"), all(scope = "b", acr = "gold")))]
async fn step_up() {}

#[derive(Policy)]
#[policy(scope = "a", check = no)]
struct Inner;

#[protected(any(policy = Inner, scope = "z"))]
async fn policy_or_scope() {}

#[protected(check = log_in_again)]
async fn own_refusal() {}

#[protected(check = negotiate)]
async fn own_challenge() {}

/// A policy with a manual implementation, whose scopes cannot appear in the quoted string of a
/// challenge.
enum ByHand {}

impl Policy for ByHand {
    type Checks = ();
    const OPERATION: Operation = Operation::new(
        "by hand",
        Requirement::All(&[
            Requirement::One(Demand::Scope("a\", error=\"none")),
            Requirement::One(Demand::Scope("with space")),
            Requirement::One(Demand::Scope("")),
            Requirement::One(Demand::Scope("good")),
        ]),
    );
}

async fn by_hand(_: Authorized<ByHand>) {}

struct Api {
    issuer: AuthorizationServer,
    router: Router,
}

impl Api {
    async fn start() -> Self {
        let issuer = AuthorizationServer::start().await.unwrap();
        let server: ResourceServer = issuer.resource_server().build().unwrap();
        server.ready().await.unwrap();
        let router = Router::new()
            .route("/scope-and-role", get(scope_and_role))
            .route("/scope-or-role", get(scope_or_role))
            .route("/role-or-scopes", get(role_or_scopes))
            .route("/alternatives", get(alternatives))
            .route("/vocabulary", get(vocabulary))
            .route("/scope-and-check", get(scope_and_check))
            .route("/scope-or-check", get(scope_or_check))
            .route("/scope-and-acr", get(scope_and_acr))
            .route("/step-up", get(step_up))
            .route("/policy-or-scope", get(policy_or_scope))
            .route("/own-refusal", get(own_refusal))
            .route("/own-challenge", get(own_challenge))
            .route("/by-hand", get(by_hand))
            .with_state(server);
        Self { issuer, router }
    }

    /// Sends a request whose token has these scopes and this role, and returns the status and the
    /// challenge.
    async fn challenge(&self, path: &str, scope: &str, role: &str) -> (u16, String) {
        let token = self.issuer.token().scope(scope).claim("roles", [role]).sign();
        let request = Request::get(path)
            .header("authorization", format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let challenges: Vec<_> = response.headers().get_all(WWW_AUTHENTICATE).iter().collect();
        let challenge = challenges.first().map_or("", |only| only.to_str().unwrap());
        assert!(challenges.len() <= 1, "{path}: {challenges:?}");
        (response.status().as_u16(), challenge.to_owned())
    }
}

fn scope_of(challenge: &str) -> Option<&str> {
    challenge
        .split(", ")
        .find_map(|parameter| parameter.strip_prefix("scope=\"")?.strip_suffix('"'))
}

#[tokio::test]
async fn a_403_names_scopes_only_if_they_would_be_sufficient() {
    let api = Api::start().await;
    let cases = [
        ("/scope-and-role", "", "", None),
        ("/scope-and-role", "a", "", None),
        ("/scope-and-role", "", "clerk", Some("a")),
        ("/scope-or-role", "", "", Some("a")),
        ("/role-or-scopes", "", "", Some("a b")),
        ("/role-or-scopes", "a", "", Some("a b")),
        ("/alternatives", "", "", Some("b")),
        ("/alternatives", "", "clerk", Some("a")),
        ("/alternatives", "a", "", Some("b")),
        ("/vocabulary", "", "", Some("read")),
        ("/scope-and-check", "", "", Some("a")),
        ("/scope-and-check", "a", "", None),
        ("/scope-or-check", "", "", Some("a")),
        // A token with the scope would get a second refusal, which asks for another authentication.
        // Therefore the challenge names no scope.
        ("/scope-and-acr", "", "", None),
        ("/step-up", "", "", None),
        ("/policy-or-scope", "a", "", Some("z")),
        ("/by-hand", "", "", Some("good")),
        ("/by-hand", "good", "", Some("good")),
    ];
    for (path, scope, role, expected) in cases {
        let (status, challenge) = api.challenge(path, scope, role).await;
        let case = format!("{path} with `{scope}` and `{role}`: {challenge}");
        assert_eq!(status, 403, "{case}");
        assert!(challenge.contains("error=\"insufficient_scope\""), "{case}");
        assert_eq!(scope_of(&challenge), expected, "{case}");
    }
}

#[tokio::test]
async fn a_step_up_names_the_scopes_of_the_alternative_that_needs_it() {
    let api = Api::start().await;
    let (status, challenge) = api.challenge("/step-up", "b", "").await;
    assert_eq!(status, 401, "{challenge}");
    assert!(challenge.contains("acr_values=\"gold\""), "{challenge}");
    assert_eq!(scope_of(&challenge), Some("b"), "{challenge}");
}

#[tokio::test]
async fn a_challenge_has_no_scope_that_does_not_fit_between_quotes() {
    let api = Api::start().await;
    let request = Request::get("/by-hand").body(Body::empty()).unwrap();
    let response = api.router.clone().oneshot(request).await.unwrap();
    let challenge = response.headers().get(WWW_AUTHENTICATE).unwrap();
    assert_eq!(challenge, "Bearer realm=\"api\", scope=\"good\"");
}

#[tokio::test]
async fn the_401_of_a_check_has_a_challenge() {
    let api = Api::start().await;
    let expected = (401, "Bearer realm=\"api\"".to_owned());
    assert_eq!(api.challenge("/own-refusal", "", "").await, expected);
    let expected = (401, "Negotiate".to_owned());
    assert_eq!(api.challenge("/own-challenge", "", "").await, expected);
}

/// An error type of the application. The operator `?` converts a refusal into this type.
#[derive(Debug)]
struct AppError(Box<dyn Error + Send + Sync>);

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.into())
    }
}

async fn admitted<P>(request: Request<()>, server: &ResourceServer) -> Result<AccessToken, AppError>
where
    P: Policy<Checks: CheckList<ResourceServer>> + 'static,
{
    let (mut parts, ()) = request.into_parts();
    let proof = Authorized::<P>::from_request_parts(&mut parts, server).await?;
    Ok(proof.token().clone())
}

#[derive(Policy)]
#[policy(check = log_in_again)]
struct LoggedIn;

#[tokio::test]
async fn a_refusal_is_an_error_and_a_response() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let server = issuer.resource_server().build().unwrap();
    let request = Request::get("/").body(()).unwrap();
    let error = admitted::<ByHand>(request, &server).await.unwrap_err().0;
    assert_eq!(error.to_string(), "401 Unauthorized: the request carries no access token");

    let header = format!("Bearer {}", issuer.token().sign());
    let request = Request::get("/").header("authorization", header).body(()).unwrap();
    let error = admitted::<LoggedIn>(request, &server).await.unwrap_err().0;
    let refusal = error.downcast::<Refusal>().unwrap();
    assert_eq!((refusal.status().as_u16(), refusal.code()), (401, "denied"));
    let response = refusal.into_response();
    let body = to_bytes(response.into_body(), 100).await.unwrap();
    assert_eq!(body, "the session has ended");
}
