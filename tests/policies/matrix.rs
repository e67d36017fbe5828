//! Tests the access matrix, which must pass for a correct router and find each fault of an
//! incorrect router.

use std::convert::Infallible;

use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_protected::policy::Demand::{Client, Scope};
use axum_protected::policy::Operation;
use axum_protected::policy::Requirement::{All, Any, One};
use axum_protected::routing::{any, get, post};
use axum_protected::{
    Authorized, Claims, Issuer, Policy, ProtectedRouter, Provider, protected, public,
};
use serde::Deserialize;

use crate::api::{Api, AppState, router};

type Routes = ProtectedRouter<AppState>;

/// Returns the failures that the matrix finds if it compares `app` with the access table of
/// `routes`.
async fn failures_of(routes: &Routes, app: Routes) -> Vec<String> {
    failures(&Api::of(app).await, routes).await
}

async fn failures(api: &Api, routes: &Routes) -> Vec<String> {
    let table = routes.access_table();
    match api.issuer.access_matrix(api.app(), table).await {
        Ok(report) => {
            let requests = report.requests();
            assert!(requests >= table.routes().count(), "{requests}");
            Vec::new()
        }
        Err(error) => error.failures().map(str::to_owned).collect(),
    }
}

async fn assert_right(routes: impl Fn() -> Routes) {
    let failures = failures_of(&routes(), routes()).await;
    assert!(failures.is_empty(), "{failures:#?}");
}

#[public(reason = "a test")]
async fn open() -> StatusCode {
    StatusCode::NOT_FOUND
}

#[protected]
async fn any_token() {}

#[protected(scope = "a")]
async fn with_a() {}

#[protected(scope = "b")]
async fn with_b() {}

#[protected(all(scope = "a", role = "r"))]
async fn with_a_and_role() {}

#[tokio::test]
async fn the_matrix_tries_every_route_and_finds_a_missing_guard() {
    let api = Api::start().await;
    let table = router().access_table().clone();
    let report = api.issuer.access_matrix(api.app(), &table).await.unwrap();
    assert!(report.requests() > 50, "{report:?}");
    assert_eq!(
        report.untried().collect::<Vec<_>>(),
        [
            "GET /orders/{id}: a check decides",
            "PUT /orders/{id}: a check decides",
            "POST /export: it depends on the application's name for this issuer, or on its audiences",
            "GET /mine: a check decides",
            "GET /late: a check decides",
            "DELETE /day: a check decides",
        ]
    );

    let guarded = || Routes::new().route("/b", get(with_b));
    let routes = guarded().route("/a", get(with_a));
    let guarded = Api::of(guarded()).await;
    let naked = Router::new().route("/a", axum::routing::get(|| async {}));
    let app = naked.merge(guarded.app().clone());
    let table = routes.access_table();
    let error = guarded.issuer.access_matrix(&app, table).await.unwrap_err();
    assert_eq!(
        error.failures().collect::<Vec<_>>(),
        [
            "GET /a, no token: 200 instead of the refusal `missing_token`",
            "GET /a, garbage: 200 instead of the refusal `malformed_token`",
            "GET /a, an expired token: 200 instead of the refusal `expired_token`",
            "GET /a, another issuer: 200 instead of the refusal `unknown_issuer`",
            "GET /a, another audience: 200 instead of the refusal `wrong_audience`",
            "GET /a, another type: 200 instead of the refusal `wrong_type`",
            "GET /a, the token in the query: 200 instead of the refusal `missing_token`",
            "GET /a, without `a`: 200 instead of the refusal `insufficient_scope`",
        ]
    );
}

#[tokio::test]
async fn a_policy_that_differs_from_the_table_is_found() {
    let less = Routes::new().route("/", get(with_a));
    let more = || Routes::new().route("/", get(with_a_and_role));
    assert_eq!(
        failures_of(&less, more()).await,
        ["GET /, exactly enough: 403 (`insufficient_scope`), though it is enough"]
    );
    assert_eq!(
        failures_of(&more(), less).await,
        ["GET /, without role r: 200 instead of the refusal `insufficient_scope`"]
    );
    let public = Routes::new().route("/", get(open));
    assert_eq!(
        failures_of(&public, more()).await,
        ["GET /, no token: 401 (`missing_token`), though it is enough"]
    );
}

#[protected(any(scope = "a", client = "development"))]
async fn a_or_client() {}

#[protected(any(scope = "a", claim("sub" = "alice")))]
async fn a_or_alice() {}

#[protected(all(any(scope = "a", scope = "b"), any(scope = "b", scope = "c")))]
async fn overlapping() {}

#[protected(any(role = "r", all(acr = "gold", max_age = "1s")))]
async fn role_or_gold() {}

/// A policy with a manual implementation, because attributes reject a policy that can never be
/// satisfied.
enum OneClient {}

impl Policy for OneClient {
    type Checks = ();
    const OPERATION: Operation = Operation::new(
        "one client",
        All(&[One(Client("x")), Any(&[One(Client("y")), One(Scope("a"))])]),
    );
}

async fn one_client(_: Authorized<OneClient>) {}

#[protected(issuer = "acme", any(claim("n" = 1), claim(["a.b", "c"] = true)))]
async fn of_acme() {}

#[tokio::test]
async fn alternatives_are_judged_as_the_policy_judges_them() {
    let routes = || {
        Routes::new()
            .route("/client", get(a_or_client))
            .route("/alice", get(a_or_alice))
            .route("/overlapping", get(overlapping))
            .route("/gold", get(role_or_gold))
            .route("/one", get(one_client))
            .route("/acme", get(of_acme))
            .route("/any", get(any_token))
    };
    assert_right(routes).await;

    let lax = Routes::new()
        .route("/client", get(any_token))
        .route("/alice", get(any_token))
        .route("/overlapping", get(any_token))
        .route("/gold", get(any_token))
        .route("/one", get(a_or_client))
        .route("/acme", get(any_token))
        .route("/any", get(with_a));
    assert_eq!(
        failures_of(&routes(), lax).await,
        [
            "GET /client, without `a` (`a`): 200 instead of the refusal `insufficient_scope`",
            "GET /alice, without `a` (`a`): 200 instead of the refusal `insufficient_scope`",
            "GET /overlapping, without `b` (`a` and `b`): 200 instead of the refusal `insufficient_scope`",
            "GET /overlapping, without `a` (`a` and `c`): 200 instead of the refusal `insufficient_scope`",
            "GET /overlapping, without `b` (`b`): 200 instead of the refusal `insufficient_scope`",
            "GET /gold, without role r (role r): 200 instead of the refusal `insufficient_user_authentication`",
            "GET /gold, without acr gold (acr gold and authenticated within 1 s): 200 instead of the refusal `insufficient_user_authentication`",
            "GET /gold, without authenticated within 1 s (acr gold and authenticated within 1 s): 200 instead of the refusal `insufficient_user_authentication`",
            "GET /one, without client x (client x and `a`): 200 instead of the refusal `insufficient_scope`",
            "GET /acme, without claim n = 1 (issuer acme and claim n = 1): 200 instead of the refusal `insufficient_scope`",
            "GET /any, exactly enough: 403 (`insufficient_scope`), though it is enough",
        ]
    );
}

#[tokio::test]
async fn a_route_is_reached_beside_overlapping_routes() {
    let routes = || {
        let inner =
            Routes::new().route("/", get(with_a)).route("/{id}/b", get(with_b)).fallback(with_a);
        Routes::new()
            .route("/i/{id}", get(with_a).post(with_b))
            .route("/i/1", get(with_b))
            .route("/i/1/{b}", get(with_a))
            .route("/i/{a}/2", get(with_b))
            .route("/x-{id}", get(with_a))
            .route("/x-1", get(open))
            .route("/{{id}}", get(with_b))
            .route("/all/{*rest}", get(with_a))
            .route("/all/1", get(with_b))
            .nest("/in/{tenant}", inner)
            .fallback(with_b)
    };
    assert_right(routes).await;
    assert_right(|| Routes::new().fallback(open)).await;
    assert_eq!(failures_of(&Routes::new(), routes()).await, ["the table has no route"]);

    let lax = Routes::new()
        .route("/i/1", get(with_b))
        .route("/i/{*rest}", get(with_a).post(with_b))
        .route("/x-{id}", post(with_a))
        .route("/x-1", get(with_a))
        .fallback(with_b);
    assert_eq!(
        failures_of(&routes(), lax).await,
        [
            "GET /i/{id} leads to `/i/{*rest}`",
            "POST /i/{id} leads to `/i/{*rest}`",
            "GET /i/1/{b} leads to `/i/{*rest}`",
            "GET /i/{a}/2 leads to `/i/{*rest}`",
            "GET /x-{id} is not in the app",
            "GET /x-1, no token: 401 (`missing_token`), though it is enough",
            "GET /{{id}} is not in the app",
            "GET /all/{*rest} is not in the app",
            "GET /all/1 is not in the app",
            "GET /in/{tenant} is not in the app",
            "GET /in/{tenant}/{id}/b is not in the app",
            "* /in/{tenant}/* is not in the app",
        ]
    );
}

#[tokio::test]
async fn fallbacks_are_reached_beside_routes_of_any_depth() {
    assert_right(|| {
        let inner =
            Routes::new().route("/", get(with_b)).route("/{a}", get(with_b)).fallback(with_a);
        Routes::new()
            .route("/", get(with_a))
            .route("/{slug}", get(with_b))
            .route("/{a}/{b}/{c}", get(with_b))
            .nest_service("/files", protected(Files, tower::service_fn(files)))
            .route("/files/1", get(with_b))
            .nest("/in", inner)
            .fallback(open)
    })
    .await;
    assert_right(|| {
        let inner = || Routes::new().route("/x", get(with_a)).fallback(with_b);
        let outer = || inner().nest("/in", Routes::new().route("/x", get(with_a)).fallback(with_a));
        Routes::new().nest("/out", outer())
    })
    .await;

    // No request reaches the fallback of this router, because its routes match every path.
    let covered = || {
        let everything = Routes::new().route("/", any(open));
        everything.route("/{*rest}", any(open)).fallback(with_a)
    };
    assert_eq!(failures_of(&covered(), covered()).await, ["* /* leads to `/{*rest}`"]);
}

struct Unsatisfiable;

impl Policy for Unsatisfiable {
    type Checks = ();
    const OPERATION: Operation = Operation::new("of nobody", Any(&[]));
}

#[tokio::test]
async fn the_path_of_a_service_is_called_too() {
    let service = || tower::service_fn(files);
    let routes = Routes::new().nest_service("/files", protected(Files, service()));
    for path in ["/files", "/files/"] {
        let below = Routes::new().route("/files/{*rest}", any(with_a));
        let failures = failures_of(&routes, below.route(path, any(open))).await;
        let expected =
            format!("* /files/* at `{path}`, no token: 404 instead of the refusal `missing_token`");
        assert!(failures.iter().any(|failure| failure.starts_with(&expected)), "{failures:#?}");
    }

    let routes = Routes::new().nest_service("/x", protected(Unsatisfiable, service()));
    let api = Api::of(routes.clone()).await;
    let table = routes.access_table();
    let report = api.issuer.access_matrix(api.app(), table);
    assert_eq!(
        report.await.unwrap().untried().collect::<Vec<_>>(),
        ["* /x/*: no token of this issuer satisfies the policy"]
    );
}

/// Serves requests as a service. The router treats services differently from handlers.
async fn files(request: Request) -> Result<Response, Infallible> {
    Ok(request.uri().path().to_owned().into_response())
}

#[derive(Policy)]
#[policy(scope = "a")]
struct Files;

#[tokio::test]
async fn missing_fallbacks_and_services_are_failures() {
    let service = || tower::service_fn(files);
    let inner = || Routes::new().route("/x", get(with_a));
    let routes = || {
        Routes::new()
            .nest_service("/files", protected(Files, service()))
            .nest_service("/documents", public("for all", service()))
            .route("/files/1", get(with_b))
            .nest("/in", inner().fallback(open))
            .fallback(open)
    };
    assert_right(routes).await;

    let without = Routes::new().nest("/in", inner());
    assert_eq!(
        failures_of(&routes(), without).await,
        [
            "* /files/* is not in the app",
            "* /documents/* is not in the app",
            "GET /files/1 is not in the app",
            "* /in/* is not in the app",
            "* /* is not in the app",
        ]
    );
    // The fallback of the outer router does not replace the fallback of the inner router.
    let outer = Routes::new().nest("/in", inner()).fallback(open);
    let failures = failures_of(&routes(), outer).await;
    assert!(failures.contains(&"* /in/* is not in the app".to_owned()));
    assert!(!failures.contains(&"* /* is not in the app".to_owned()));

    let swapped = Routes::new()
        .nest_service("/files", public("for all", service()))
        .nest_service("/documents", protected(Files, service()));
    let failures = failures_of(&routes(), swapped).await;
    let has_failure = |wanted: &str| failures.iter().any(|failure| failure.starts_with(wanted));
    assert!(has_failure("* /files/*, no token: 200"), "{failures:#?}");
    assert!(has_failure("* /documents/*, no token: 401"), "{failures:#?}");
}

#[protected(all(role = "r", client = "web"))]
async fn of_web() {}

#[protected(any(role = "r", scope = "a"))]
async fn role_or_scope() {}

#[tokio::test]
async fn tokens_have_the_format_of_the_provider() {
    for provider in Provider::ALL.iter().copied() {
        let routes = || Routes::new().route("/web", get(of_web)).route("/role", get(role_or_scope));
        let api = Api::with(provider, routes()).await;
        let failures_of_right = failures(&api, &routes()).await;
        assert!(failures_of_right.is_empty(), "{failures_of_right:#?}");

        let strict =
            Routes::new().route("/web", get(any_token)).route("/role", get(with_a_and_role));
        let api = Api::with(provider, strict).await;
        let found = failures(&api, &routes()).await;
        // Google tokens have no roles. In Cognito tokens the client is the audience.
        let roleless = provider == Provider::Google;
        let clientless = provider == Provider::Cognito;
        let has_failure = |wanted: &str| found.iter().any(|failure| failure.starts_with(wanted));
        assert!(has_failure("GET /web, "), "{provider:?} {found:#?}");
        assert_eq!(has_failure("GET /web, without role r: 200"), !roleless);
        assert_eq!(has_failure("GET /web, without client web: 200"), !clientless);
        assert_eq!(has_failure("GET /role, exactly enough (role r): 403"), !roleless);
        assert!(has_failure("GET /role, exactly enough (`a`): 403"));
    }
}

/// The matrix writes roles, scopes, client and `kind_claim` into the claims that the settings of
/// the issuer name.
#[tokio::test]
async fn tokens_have_the_claims_that_the_settings_of_the_issuer_name() {
    let settings = |issuer: Issuer| {
        issuer
            .audience_claim("azp")
            .scopes_claim(["app", "permissions"])
            .roles_claim(["app", "{audience}", "roles"])
            .client_claim("app_id")
            .kind_claim("type", "access")
    };
    let routes = || Routes::new().route("/web", get(of_web)).route("/role", get(with_a_and_role));
    let api = Api::trusting_as(settings, routes()).await;
    let failures_of_right = failures(&api, &routes()).await;
    assert!(failures_of_right.is_empty(), "{failures_of_right:#?}");

    // The API reads other claims than the issuer writes.
    for elsewhere in [
        |issuer: Issuer| issuer.kind_claim("type", "other"),
        |issuer: Issuer| issuer.audience_claim("absent"),
    ] {
        let mut api = Api::trusting_as(elsewhere, routes()).await;
        api.issuer = api.issuer.trusted_as(settings);
        let found = failures(&api, &routes()).await;
        assert!(found.iter().any(|failure| failure.starts_with("GET /role, exactly enough: 401")));
    }
    let mut api = Api::of(routes()).await;
    api.issuer = api.issuer.trusted_as(|issuer| issuer.roles_claim(["elsewhere"]));
    let found = failures(&api, &routes()).await;
    assert!(found.iter().any(|failure| failure.starts_with("GET /role, exactly enough: 403")));
}

#[derive(Deserialize)]
struct Caller {
    #[allow(dead_code, reason = "only deserialized")]
    email: String,
}

#[protected(scope = "a")]
async fn with_email(_: Claims<Caller>) {}

#[public(reason = "has credentials of its own")]
async fn with_password() -> (StatusCode, [(header::HeaderName, &'static str); 1]) {
    let challenge = (header::WWW_AUTHENTICATE, "Basic realm=\"x\"");
    (StatusCode::UNAUTHORIZED, [challenge])
}

#[tokio::test]
async fn extractors_of_the_handler_are_not_judged() {
    assert_right(|| {
        Routes::new().route("/email", get(with_email)).route("/password", post(with_password))
    })
    .await;
}
