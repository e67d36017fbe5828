//! The settings of an access matrix.

use std::sync::{Arc, Mutex};

use axum::extract::Request;
use axum::http::HeaderName;
use axum::http::header::AUTHORIZATION;
use axum::middleware::map_request;
use axum_protected::routing::{get, post};
use axum_protected::{Claims, check, protected, public};
use axum_protected_testing::{AuthorizationServer, Case};
use serde_json::{Value, json};

use crate::api::{Api, Routes, failures, untried};
use crate::layers::reading_tokens_from;

#[protected(scope = "a")]
async fn list() {}

#[public(reason = "a test")]
async fn open() {}

#[protected(any(scope = "a", claim("app.tenant" = "acme")))]
async fn scope_or_tenant() {}

#[check]
async fn is_alice_of_acme(claims: Claims<Value>) -> bool {
    claims["sub"] == "alice" && claims["app"]["region"] == "eu"
}

#[protected(scope = "a", check = is_alice_of_acme)]
async fn of_alice() {}

#[tokio::test]
async fn chosen_claims_are_in_every_token() {
    let api = Api::of(Routes::new().route("/", get(of_alice))).await;
    let matrix = || api.issuer.access_matrix(&api.app, &api.table).subject("alice");
    let granted = || Case::granted();
    matrix().claims(json!({"app": {"region": "eu"}})).case("GET /", granted()).await.unwrap();
    assert_eq!(
        failures(matrix().claim("app", json!({"region": "us"})).case("GET /", granted()).await),
        ["GET /, case 1 (granted): 403 (`denied`), though it is enough"]
    );
}

#[tokio::test]
async fn a_chosen_claim_that_decides_is_named() {
    let api = Api::of(Routes::new().route("/", get(scope_or_tenant)).route("/a", get(list))).await;
    let matrix = || api.issuer.access_matrix(&api.app, &api.table).subject("alice");
    matrix().claim("app", json!({"region": "eu"})).await.unwrap();

    let problem = |place: &str, claim| {
        format!("a chosen claim decides {place}: {claim}: leave it out, or write a `case`")
    };
    let either = "(claim app.tenant = \"acme\")";
    assert_eq!(
        failures(matrix().claim("app", json!({"tenant": "acme"})).await),
        [
            problem("GET /, without `a` (`a`)", "`app`"),
            problem(&format!("GET /, without claim app.tenant = \"acme\" {either}"), "`app`"),
        ]
    );
    assert_eq!(
        failures(matrix().claim("scope", "b").await),
        [
            problem("GET /, exactly enough (`a`)", "`scope`"),
            problem("GET /a, exactly enough", "`scope`"),
        ]
    );
    // Some products write scopes into `scp`, which the server reads as well.
    let scp = failures(matrix().claim("scp", json!(["a"])).await);
    assert!(scp.contains(&problem("GET /a, without `a`", "`scp`")), "{scp:#?}");

    assert_eq!(
        failures(matrix().claims(json!({"iss": 1, "aud": 1, "exp": 1})).claims(json!([])).await),
        [
            "the claim `aud` cannot be chosen, because the access matrix sets it: use `audience`",
            "the claim `exp` cannot be chosen, because the access matrix sets it",
            "the claim `iss` cannot be chosen, because the access matrix sets it",
            "`claims` takes a JSON object",
        ]
    );
}

#[tokio::test]
async fn the_audience_can_be_that_of_the_application() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let routes = Routes::new().route("/", get(list));
    let table = routes.access_table().clone();
    let server = axum_protected::ResourceServer::builder()
        .issuer(issuer.issuer())
        .audience("https://own.example.com")
        .build()
        .unwrap();
    let app = routes.with_state(server).into_router().unwrap();
    assert_eq!(failures(issuer.access_matrix(&app, &table).await).len(), 3);
    issuer.access_matrix(&app, &table).audience("https://own.example.com").await.unwrap();
}

#[protected(issuer = "acme", scope = "a")]
async fn of_acme() {}

#[protected(issuer = "partner")]
async fn of_partner() {}

/// Trusts the issuer as `acme` and the partner as `partner`.
async fn with_partner() -> (Api, AuthorizationServer) {
    let partner = AuthorizationServer::start().await.unwrap();
    let issuer = AuthorizationServer::start().await.unwrap();
    let routes = Routes::new()
        .route("/acme", get(of_acme))
        .route("/partner", get(of_partner))
        .route("/all", get(list));
    let server = axum_protected::ResourceServer::builder()
        .issuer(axum_protected::Issuer::new(issuer.issuer()).name("acme"))
        .issuer(axum_protected::Issuer::new(partner.issuer()).name("partner"))
        .audience(issuer.audience())
        .build()
        .unwrap();
    let table = routes.access_table().clone();
    let app = routes.with_state(server).into_router().unwrap();
    (Api { issuer, table, app }, partner)
}

#[tokio::test]
async fn routes_for_a_named_issuer_are_tried() {
    let (mut api, partner) = with_partner().await;
    let unknown = "it depends on the application's name for this issuer, or on its audiences";
    assert_eq!(
        untried(&api.report().await),
        [format!("GET /acme: {unknown}"), format!("GET /partner: {unknown}")]
    );
    let matrix = || api.issuer.access_matrix(&api.app, &api.table);
    assert_eq!(
        untried(&matrix().issuer_name("acme").await.unwrap()),
        ["GET /partner: no token of this issuer satisfies the policy"]
    );
    let both = matrix().issuer_name("acme").partner("partner", &partner).await.unwrap();
    assert_eq!(untried(&both), Vec::<&str>::new());

    let swapped = failures(matrix().issuer_name("partner").await);
    assert_eq!(
        swapped,
        [
            "GET /acme, a good token: 200 instead of the refusal `insufficient_scope`",
            "GET /partner, exactly enough: 403 (`insufficient_scope`), though it is enough",
        ]
    );

    api.issuer = api.issuer.trusted_as(|issuer| issuer.name("acme"));
    let both = api.issuer.access_matrix(&api.app, &api.table).partner("partner", &partner).await;
    assert_eq!(untried(&both.unwrap()), Vec::<&str>::new());
}

#[tokio::test]
async fn a_route_that_takes_any_issuer_is_found() {
    let (mut api, partner) = with_partner().await;
    api.table = Routes::new().route("/all", get(of_acme)).access_table().clone();
    let matrix = api.issuer.access_matrix(&api.app, &api.table).issuer_name("acme");
    assert_eq!(
        failures(matrix.partner("partner", &partner).await),
        ["GET /all, a good token of partner: 200 instead of the refusal `insufficient_scope`"]
    );
}

#[tokio::test]
async fn the_token_is_sent_where_the_application_reads_it() {
    let api = Api::of(Routes::new().route("/", get(list))).await;
    let Api { issuer, table, app } = api;
    let matrix = |app| issuer.access_matrix(app, &table);

    let with_scheme = reading_tokens_from(app.clone(), AUTHORIZATION, "Token ");
    matrix(&with_scheme).token_scheme("Token").await.unwrap();
    failures(matrix(&with_scheme).await);

    let header = || HeaderName::from_static("x-forwarded-access-token");
    let with_header = reading_tokens_from(app.clone(), header(), "");
    matrix(&with_header).token_header("X-Forwarded-Access-Token").await.unwrap();
    failures(matrix(&with_header).await);

    let with_both = reading_tokens_from(app.clone(), header(), "Token ");
    matrix(&with_both).token_header(header().as_str()).token_scheme("Token").await.unwrap();

    assert_eq!(
        failures(matrix(&app).token_header("a b").token_header("").await),
        ["`a b` is not the name of a header", "`` is not the name of a header"]
    );
    assert_eq!(
        failures(matrix(&app).token_scheme("a\nb").await),
        ["the scheme of the token has characters that no header has"]
    );
    let reserved = "`authorization` is the header of the token, which the access matrix sets";
    let case = Case::denied().header("Authorization", "Bearer x");
    assert_eq!(
        failures(matrix(&app).header("Authorization", "Bearer x").case("GET /", case).await),
        [reserved.to_owned(), format!("GET /, case 1 (denied): {reserved}")]
    );
}

#[tokio::test]
async fn every_request_has_the_headers_and_path_values() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let api = Api::of(Routes::new().route("/{tenant}/{id}", post(list))).await;
    let log = Arc::clone(&seen);
    let app = api.app.layer(map_request(move |request: Request| {
        let version = request.headers().get("api-version").map(|value| value.to_str().unwrap());
        let line = format!("{} {}", request.uri().path(), version.unwrap_or_default());
        log.lock().unwrap().push(line);
        async move { request }
    }));
    let report = api
        .issuer
        .access_matrix(&app, &api.table)
        .header("api-version", "3")
        .path_value("id", "8a6e0804 2bd0")
        .await
        .unwrap();
    let seen = std::mem::take(&mut *seen.lock().unwrap());
    assert_eq!(seen.len(), report.requests());
    assert!(seen.iter().all(|line| line == "/1/8a6e0804%202bd0 3"), "{seen:#?}");

    let unknown = api.issuer.access_matrix(&app, &api.table).path_value("order", "1").await;
    assert_eq!(
        failures(unknown),
        ["`path_value` names the parameter `order`, which is in no path"]
    );
    let empty = api.issuer.access_matrix(&app, &api.table).path_value("id", "").await;
    assert_eq!(failures(empty), ["POST /{tenant}/{id} is not in the app"]);
}

#[tokio::test]
async fn a_table_without_routes_is_an_error() {
    let mut api = Api::of(Routes::new().route("/", get(open))).await;
    api.table = Routes::new().access_table().clone();
    assert_eq!(api.failures().await, ["the table has no route"]);
}
