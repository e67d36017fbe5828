//! Tests that the access matrix finds a router that takes a token from a cookie without evidence of
//! the same origin.

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum_protected::routing::{any, get, post};
use axum_protected::{
    Policy, ProtectedLayer, ProtectedRouter, ResourceServer, ResourceServerBuilder, check,
    protected, public,
};
use axum_protected_testing::{AccessMatrix, AccessMatrixError, AuthorizationServer};

const COOKIE_NAME: &str = "__Host-token";

type Routes = ProtectedRouter<ResourceServer>;

#[protected(scope = "notes:read", page)]
async fn print() {}

#[protected(scope = "notes:read")]
async fn closed() {}

#[protected(any(scope = "notes:read", role = "auditor"))]
async fn list() {}

#[protected(scope = "notes:write")]
async fn create() {}

#[check]
async fn is_owner() -> bool {
    false
}

#[protected(scope = "notes:read", check = is_owner, page)]
async fn show() {}

#[protected(issuer = "api-keys")]
async fn of_key() {}

#[public(reason = "landing page", page)]
async fn landing() {}

#[derive(Policy)]
#[policy(role = "staff", page)]
struct Staff;

fn routes() -> Routes {
    Routes::new()
        .route("/print", get(print).post(print))
        .route("/notes", get(list).post(create))
        .route("/notes/{id}", get(show))
        .route("/everything", any(print))
        .route("/", get(landing))
}

fn with_cookie(builder: ResourceServerBuilder) -> ResourceServer {
    builder.require_https().token_cookie(COOKIE_NAME).build().unwrap()
}

fn app(routes: Routes, server: &ResourceServer) -> Router {
    routes.with_state(server.clone()).into_router().unwrap()
}

async fn tried(
    issuer: &AuthorizationServer,
    app: &Router,
    routes: &Routes,
) -> Result<AccessMatrix, AccessMatrixError> {
    issuer.access_matrix(app, routes.access_table()).token_cookie(COOKIE_NAME).await
}

async fn failures(issuer: &AuthorizationServer, app: &Router, routes: &Routes) -> Vec<String> {
    let error = tried(issuer, app, routes).await.unwrap_err();
    error.failures().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_correct_router_is_tried_with_the_cookie() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let server = with_cookie(issuer.resource_server());
    let guarded = |server: &ResourceServer| {
        let guard = ProtectedLayer::<Staff, _>::new(server.clone());
        routes().merge(Routes::new().route("/staff", get(print)).guard(guard))
    };
    let app = app(guarded(&server), &server);
    let table = guarded(&server).access_table().clone();
    let in_header = issuer.access_matrix(&app, &table).await.unwrap();
    let report = issuer.access_matrix(&app, &table).token_cookie(COOKIE_NAME).await.unwrap();
    // Six requests to each of the six routes that a token enters, and four to the one that a check
    // decides.
    assert_eq!(report.requests(), in_header.requests() + 6 * 6 + 4);
    assert_eq!(report.untried().collect::<Vec<_>>(), ["GET /notes/{id}: a check decides"]);
}

/// A middleware that makes a header of the cookie, as if the page had sent it.
async fn as_header(mut request: Request, next: Next) -> Response {
    let cookie = request.headers().get(COOKIE).and_then(|line| line.to_str().ok());
    let token = cookie.and_then(|line| line.strip_prefix(COOKIE_NAME)?.strip_prefix('='));
    if let Some(token) = token.map(str::to_owned) {
        let bearer = HeaderValue::try_from(format!("Bearer {token}")).unwrap();
        request.headers_mut().insert(AUTHORIZATION, bearer);
    }
    next.run(request).await
}

#[tokio::test]
async fn a_cookie_without_evidence_is_found() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let routes = Routes::new().route("/notes", post(create));
    let server = issuer.resource_server().build().unwrap();
    let app = app(routes.clone(), &server).layer(from_fn(as_header));
    let refusal = "200 instead of the refusal `cross_site_request`";
    let place = "POST /notes, the token in the cookie";
    assert_eq!(
        failures(&issuer, &app, &routes).await,
        [
            format!("{place}, caused by a link on another site: {refusal}"),
            format!("{place}, caused by a page of another site: {refusal}"),
            format!("{place}, caused by a page of the same site: {refusal}"),
            format!("{place}, caused by a page of `https://other.invalid`: {refusal}"),
            format!("{place} and in the header: 200 instead of the refusal `invalid_request`"),
        ]
    );
}

#[tokio::test]
async fn a_page_that_differs_from_the_table_is_found() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let server = with_cookie(issuer.resource_server());
    let [page, api] = [get(print), get(closed)].map(|methods| Routes::new().route("/", methods));
    let link = "GET /, the token in the cookie, caused by a link on another site";
    assert_eq!(
        failures(&issuer, &app(page.clone(), &server), &api).await,
        [format!("{link}: 200 instead of the refusal `cross_site_request`")]
    );
    assert_eq!(
        failures(&issuer, &app(api, &server), &page).await,
        [format!("{link}: 403 (`cross_site_request`), though it is enough")]
    );
}

#[tokio::test]
async fn a_server_that_takes_no_cookie_is_found() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let server = issuer.resource_server().build().unwrap();
    let routes = Routes::new().route("/notes", post(create));
    let found = failures(&issuer, &app(routes.clone(), &server), &routes).await;
    let first = "POST /notes, the token in the cookie, caused by a page of the same origin: 401 (`missing_token`), though it is enough";
    assert_eq!(found.first().map(String::as_str), Some(first), "{found:#?}");
}

/// No token enters this route, but the evidence of its origin is judged all the same.
#[tokio::test]
async fn a_route_for_api_keys_is_tried_with_the_cookie() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let keys = axum_protected::api_key::ApiKeys::new();
    let server = with_cookie(issuer.resource_server().api_keys(keys));
    let routes = Routes::new().route("/", get(of_key));
    let report = tried(&issuer, &app(routes.clone(), &server), &routes).await.unwrap();
    assert_eq!(report.untried().count(), 1, "{report:?}");
}

#[tokio::test]
async fn headers_of_the_caller_do_not_disturb() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let further = "https://app.example.com";
    let server = with_cookie(issuer.resource_server().token_cookie_origin(further));
    let routes = routes();
    let app = app(routes.clone(), &server);
    let matrix = || issuer.access_matrix(&app, routes.access_table()).token_cookie(COOKIE_NAME);
    matrix().header("Origin", further).header("Cookie", "theme=dark").await.unwrap();

    let error = matrix().header("Cookie", "theme=dark; __Host-token=x").await.unwrap_err();
    assert_eq!(
        error.failures().collect::<Vec<_>>(),
        ["`__Host-token` is the cookie of the token, which the access matrix sets"]
    );
    let error = matrix().token_cookie("a b").await.unwrap_err();
    assert_eq!(error.failures().collect::<Vec<_>>(), ["`a b` is not the name of a cookie"]);
}
