//! Tests guards in front of the routes of a router.

use std::convert::Infallible;

use axum::extract::Request;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum_protected::routing::{any, get};
use axum_protected::{
    AccessToken, Authorized, Issuer, Policy, ProtectedLayer, ProtectedRouter, ResourceServer,
    check, protected, public,
};
use serde_json::{Value, json};

use crate::api::{Api, AppState, challenge};

type Routes = ProtectedRouter<AppState>;

#[derive(Policy)]
#[policy(scope = "group")]
struct Group;

#[derive(Policy)]
#[policy(any(scope = "outer", role = "chief"))]
struct Outer;

#[protected(scope = "middle")]
async fn middle(request: Request, next: Next) -> Response {
    next.run(request).await
}

#[protected(scope = "read")]
async fn read() -> &'static str {
    "read"
}

#[protected]
async fn any_token() -> &'static str {
    "any"
}

#[protected(acr = "gold")]
async fn gold() {}

#[public(reason = "a page")]
async fn page() -> &'static str {
    "page"
}

#[check]
async fn refuses() -> bool {
    false
}

#[check]
async fn is_alice(caller: AccessToken) -> bool {
    caller.subject() == Some("alice")
}

#[protected(all(scope = "read", policy = Alice))]
async fn with_proof(proof: Authorized<Alice>) -> String {
    proof.token().subject().unwrap().to_owned()
}

#[derive(Policy)]
#[policy(check = is_alice)]
struct Alice;

/// Serves requests as a service.
async fn files(request: Request) -> Result<Response, Infallible> {
    Ok(request.uri().path().to_owned().into_response())
}

fn guarded(state: AppState) -> Routes {
    Routes::new()
        .route("/", get(read))
        .route("/read", get(read).post(any_token))
        .route("/page", get(page))
        .route("/gold", get(gold))
        .route("/items/{id}", any(read))
        .guard(ProtectedLayer::<Group, _>::new(state))
        .route("/later", get(read))
}

/// Returns the scopes that the challenge of a response names.
fn scopes(response: &Response) -> String {
    let challenge = challenge(response);
    let scopes = challenge.split_once("scope=\"").map(|(_, rest)| rest);
    scopes
        .and_then(|rest| rest.split_once('"'))
        .map_or_else(String::new, |(scopes, _)| scopes.to_owned())
}

/// Sends a request with a token of these scopes, and returns the status and the scopes that the
/// challenge names. `None` stands for a request without a token.
async fn refusal(api: &Api, route: &str, granted: Option<&str>) -> (u16, String) {
    let (method, path) = route.split_once(' ').unwrap();
    let token = granted.map(|granted| api.issuer.token().scope(granted).sign());
    let response = api.call(method, path, token.as_deref()).await;
    (response.status().as_u16(), scopes(&response))
}

#[tokio::test]
async fn both_refusals_name_the_scopes_of_the_guard_and_of_the_handler() {
    let api = Api::built_for(guarded).await;
    for (route, granted, status, named) in [
        // The guard refuses.
        ("GET /read", None, 401, "group read"),
        ("GET /read", Some("read"), 403, "group read"),
        ("GET /read", Some("other"), 403, "group read"),
        ("HEAD /read", Some("read"), 403, "group read"),
        ("POST /read", Some("read"), 403, "group"),
        ("GET /", Some("read"), 403, "group read"),
        ("DELETE /items/7", Some("read"), 403, "group read"),
        // The handler refuses.
        ("GET /read", Some("group"), 403, "group read"),
        ("HEAD /read", Some("group"), 403, "group read"),
        ("PATCH /items/7", Some("group"), 403, "group read"),
        ("GET /read", Some("group read"), 200, ""),
        ("POST /read", Some("group"), 200, ""),
        // A public handler is as public as its guard.
        ("GET /page", None, 401, "group"),
        ("GET /page", Some("read"), 403, "group"),
        ("GET /page", Some("group"), 200, ""),
        // Neither a handler nor a row.
        ("GET /nowhere", None, 401, "group"),
        ("GET /nowhere", Some("read"), 403, "group"),
        ("GET /nowhere", Some("group"), 404, ""),
        ("DELETE /read", Some("read"), 403, "group"),
        ("DELETE /read", Some("group"), 405, ""),
        // The route was added after the guard.
        ("GET /later", None, 401, "read"),
        ("GET /later", Some("read"), 200, ""),
    ] {
        let found = refusal(&api, route, granted).await;
        assert_eq!(found, (status, named.to_owned()), "{route} {granted:?}");
    }
    let garbage = api.call("GET", "/read", Some("garbage")).await;
    assert_eq!((garbage.status().as_u16(), scopes(&garbage)), (401, "group read".to_owned()));
}

#[tokio::test]
async fn no_scopes_are_named_if_scopes_do_not_help() {
    let api = Api::built_for(guarded).await;
    // The handler would refuse the token with all scopes, because of its `acr`.
    assert_eq!(refusal(&api, "GET /gold", Some("read")).await, (403, String::new()));
    let weak = api.issuer.token().scope("group").sign();
    let response = api.call("GET", "/gold", Some(&weak)).await;
    assert_eq!(response.status(), 401);
    let text = challenge(&response);
    assert!(text.contains("acr_values=\"gold\"") && text.contains("scope=\"group\""), "{text}");
}

#[tokio::test]
async fn the_table_shows_the_demands_of_the_guard() {
    let api = Api::built_for(guarded).await;
    let routes = guarded(api.state.clone());
    let table = routes.access_table();
    let text = table.to_string();
    let rows: Vec<_> = text.lines().filter_map(|line| line.split(" [").next()).collect();
    assert_eq!(
        rows,
        [
            "GET /: group and read",
            "GET /gold: group and acr gold",
            "* /items/{id}: group and read",
            "GET /later: read",
            "GET /page: group",
            "GET /read: group and read",
            "POST /read: group",
        ]
    );
    assert_eq!(table.to_json()[1]["name"], "policies::guards::gold");
    let report = api.issuer.access_matrix(api.app(), table).await.unwrap();
    assert_eq!(report.untried().count(), 0);
}

#[tokio::test]
async fn a_missing_guard_is_found() {
    let api = Api::built_for(guarded).await;
    let routes =
        |state| {
            Routes::new()
                .route("/page", get(page))
                .route("/read", get(read))
                .guard(ProtectedLayer::<Group, _>::new(state))
        };
    let table = routes(api.state.clone()).access_table().clone();
    let bare = Routes::new().route("/page", get(page)).route("/read", get(read));
    let changes = bare.access_table().compare(&table.to_snapshot()).unwrap_err();
    assert_eq!(
        changes.to_string(),
        "WEAKER GET /page: group -> public (a page)\nWEAKER GET /read: group and read -> read\n"
    );
    let changes = table.compare(&bare.access_table().to_snapshot()).unwrap_err();
    assert_eq!(
        changes.to_string(),
        "stronger GET /page: public (a page) -> group\nstronger GET /read: read -> group and read\n"
    );
    let bare = Api::of(bare).await;
    let error = bare.issuer.access_matrix(bare.app(), &table).await.unwrap_err().to_string();
    assert!(error.contains("GET /page, no token: 200"), "{error}");
    assert!(error.contains("GET /read, without `group`: 200"), "{error}");
}

#[tokio::test]
async fn guards_compose_in_nested_routers() {
    let build = |state: AppState| {
        let inner = Routes::new()
            .route("/", get(read))
            .route("/x/{id}", get(read))
            .nest_service("/files", protected(Group, tower::service_fn(files)))
            .fallback(page)
            .guard(from_fn_with_state(state.clone(), middle));
        Routes::new()
            .nest("/in/{tenant}", inner)
            .route("/read", get(read))
            .guard(ProtectedLayer::<Group, _>::new(state.clone()))
            .guard(ProtectedLayer::<Outer, _>::new(state))
            .route("/free", get(page))
    };
    let api = Api::built_for(build).await;
    let table = build(api.state.clone()).access_table().clone();
    let outer = "(outer or role chief) and group";
    assert_eq!(
        table.to_string().lines().filter_map(|line| line.split(" [").next()).collect::<Vec<_>>(),
        [
            "GET /free: public (a page)".to_owned(),
            format!("GET /in/{{tenant}}: {outer} and middle and read"),
            format!("* /in/{{tenant}}/*: {outer} and middle"),
            format!("* /in/{{tenant}}/files/*: {outer} and middle"),
            format!("GET /in/{{tenant}}/x/{{id}}: {outer} and middle and read"),
            format!("GET /read: {outer} and read"),
        ]
    );
    let whole = "outer group middle read";
    for path in ["/in/t", "/in/t/x/1"] {
        let route = format!("GET {path}");
        for granted in ["", "outer", "outer group", "outer group middle", "read", "middle read"] {
            let refused = refusal(&api, &route, Some(granted)).await;
            assert_eq!(refused, (403, whole.to_owned()), "{route} {granted}");
        }
        assert_eq!(refusal(&api, &route, None).await, (401, whole.to_owned()), "{route}");
        assert_eq!(refusal(&api, &route, Some(whole)).await.0, 200, "{route}");
    }
    // The service has the same demand as one of its guards, which is not named twice.
    let without_read = "outer group middle";
    for path in ["/in/t/files", "/in/t/files/", "/in/t/files/a/b", "/in/t/", "/in/t/a", "/in/t/a/b"]
    {
        let route = format!("GET {path}");
        for granted in ["", "outer", "outer group", "group middle"] {
            let refused = refusal(&api, &route, Some(granted)).await;
            assert_eq!(refused, (403, without_read.to_owned()), "{route} {granted}");
        }
        assert_eq!(refusal(&api, &route, Some(without_read)).await.0, 200, "{route}");
    }
    // A token with the role needs no scope `outer`.
    let chief = api.issuer.token().scope("group").claim("roles", json!(["chief"])).sign();
    let response = api.call("GET", "/read", Some(&chief)).await;
    assert_eq!(
        (response.status().as_u16(), scopes(&response)),
        (403, "outer group read".to_owned())
    );
    let chief = api.issuer.token().scope("group read").claim("roles", json!(["chief"])).sign();
    assert_eq!(api.call("GET", "/read", Some(&chief)).await.status(), 200);
    api.issuer.access_matrix(api.app(), &table).await.unwrap();
}

/// A request for `/in/` reaches the fallback of the router at `/in`, and a request for `/in` its
/// route `/`.
#[tokio::test]
async fn the_fallback_of_a_nested_router_has_its_own_demands() {
    let api = Api::built_for(|state| {
        let inner = Routes::new()
            .route("/", get(read))
            .fallback(page)
            .guard(ProtectedLayer::<Group, _>::new(state));
        Routes::new().nest("/in", inner).fallback(page)
    })
    .await;
    for (path, named) in [("/in", "group read"), ("/in/", "group"), ("/in/x", "group")] {
        let route = format!("GET {path}");
        assert_eq!(refusal(&api, &route, None).await, (401, named.to_owned()), "{path}");
        assert_eq!(refusal(&api, &route, Some("")).await, (403, named.to_owned()), "{path}");
        assert_eq!(refusal(&api, &route, Some("group read")).await.0, 200, "{path}");
    }
    assert_eq!(refusal(&api, "GET /other", None).await.0, 200);
}

#[tokio::test]
async fn checks_of_the_guard_and_of_the_handler_decide_for_themselves() {
    #[protected(check = is_alice)]
    async fn of_alice(request: Request, next: Next) -> Response {
        next.run(request).await
    }
    let build = |state: AppState| {
        Routes::new()
            .route("/proof", get(with_proof))
            .route("/any", get(any_token))
            .guard(from_fn_with_state(state, of_alice))
    };
    let api = Api::built_for(build).await;
    let token =
        |subject: &str, scope: &str| api.issuer.token().subject(subject).scope(scope).sign();
    for (path, subject, scope, status, named) in [
        ("/proof", "alice", "read", 200, ""),
        ("/proof", "alice", "other", 403, "read"),
        // The check of the guard refuses: no scope helps.
        ("/proof", "bob", "read", 403, ""),
        ("/proof", "bob", "other", 403, ""),
        ("/any", "alice", "", 200, ""),
        ("/any", "bob", "", 403, ""),
    ] {
        let response = api.call("GET", path, Some(&token(subject, scope))).await;
        let found = (response.status().as_u16(), scopes(&response));
        assert_eq!(found, (status, named.to_owned()), "{path} {subject} {scope}");
    }
    let table = build(api.state.clone()).access_table().clone();
    let report = api.issuer.access_matrix(api.app(), &table).await.unwrap();
    assert_eq!(
        report.untried().collect::<Vec<_>>(),
        ["GET /proof: a check decides", "GET /any: a check decides"]
    );
}

/// The first alternative of the handler failed by its check, so the challenge names the second.
#[tokio::test]
async fn the_scopes_of_a_failed_alternative_are_not_named() {
    #[protected(any(all(scope = "a", check = refuses), scope = "b"))]
    async fn two_ways() {}
    let api = Api::built_for(|state| {
        Routes::new().route("/", get(two_ways)).guard(ProtectedLayer::<Group, _>::new(state))
    })
    .await;
    assert_eq!(refusal(&api, "GET /", Some("group a")).await, (403, "group b".to_owned()));
    assert_eq!(refusal(&api, "GET /", Some("a")).await, (403, "group a".to_owned()));
}

#[tokio::test]
async fn mistakes_with_guards_are_reported() {
    #[derive(Policy)]
    #[policy(issuer = "nowhere")]
    struct Nowhere;
    #[protected(issuer = "nowhere")]
    async fn of_nowhere(request: Request, next: Next) -> Response {
        next.run(request).await
    }
    let api = Api::built_for(guarded).await;
    let state = || api.state.clone();
    let early = Routes::new().guard(ProtectedLayer::<Group, _>::new(state())).route("/", get(read));
    let unknown = Routes::new()
        .route("/", get(read))
        .route("/page", get(page))
        .guard(ProtectedLayer::<Nowhere, _>::new(state()));
    let unknown_later =
        Routes::new().route("/", get(read)).guard(from_fn_with_state(state(), of_nowhere));
    for (routes, problem) in [
        (early, "`guard` is called before any route is added: add routes first"),
        (unknown, "the guard `policies::guards::Nowhere` names the unknown issuer `nowhere`"),
        (unknown_later, "`GET /` names the unknown issuer `nowhere`"),
    ] {
        let error = routes.with_state::<()>(state()).into_router().unwrap_err();
        assert_eq!(error.problems().collect::<Vec<_>>(), [problem]);
    }
}

/// A guarded router inside a service has a table of its own.
#[tokio::test]
async fn a_guard_in_a_service_states_the_demands_of_its_own_router() {
    let api = Api::built_for(|state| {
        let inner = Routes::new()
            .route("/read", get(read))
            .guard(from_fn_with_state(state.clone(), middle))
            .with_state::<()>(state.clone())
            .into_router()
            .unwrap();
        Routes::new()
            .nest_service("/service", public("has guards of its own", inner))
            .guard(ProtectedLayer::<Group, _>::new(state))
    })
    .await;
    for (granted, status, named) in [
        ("", 403, "group"),
        ("group", 403, "middle read"),
        ("group middle", 403, "middle read"),
        ("group middle read", 200, ""),
    ] {
        let found = refusal(&api, "GET /service/read", Some(granted)).await;
        assert_eq!(found, (status, named.to_owned()), "{granted}");
    }
}

#[tokio::test]
async fn documents_and_metadata_show_the_demands_of_the_guard() {
    let api = Api::built_for(guarded).await;
    let table = guarded(api.state.clone()).access_table().clone();
    let mut document = json!({"openapi": "3.1.0", "paths": {
        "/": {"get": {"security": [{"x": ["read"]}]}},
        "/read": {"get": {}, "post": {}},
        "/page": {"get": {}},
        "/gold": {"get": {}},
        "/items/{id}": {"get": {}},
        "/later": {"get": {}},
    }});
    let mismatch = table.describe(&mut document).unwrap_err().to_string();
    assert!(mismatch.contains("GET /") && !mismatch.contains("/read"), "{mismatch}");
    let operation = |path: &str| document["paths"][path]["get"].clone();
    assert_eq!(operation("/")["security"], json!([{"oauth2": ["group", "read"]}]));
    let read = operation("/read");
    assert_eq!(read["security"], json!([{"oauth2": ["group", "read"]}]));
    assert_eq!(
        read["x-access"],
        json!({"requires": {"all": [{"scope": "group"}, {"scope": "read"}]}})
    );
    assert_eq!(operation("/page")["security"], json!([{"oauth2": ["group"]}]));
    assert_eq!(operation("/later")["security"], json!([{"oauth2": ["read"]}]));

    let server = ResourceServer::builder()
        .issuer(Issuer::new("https://id.example.com"))
        .resource("https://api.example.com")
        .build()
        .unwrap();
    let metadata = server.resource_metadata().scopes_of(&table);
    let app = metadata.routes::<()>().into_router().unwrap();
    let request = Request::get("/.well-known/oauth-protected-resource");
    let response =
        tower::ServiceExt::oneshot(app, request.body(axum::body::Body::empty()).unwrap());
    let body = axum::body::to_bytes(response.await.unwrap().into_body(), 10_000).await.unwrap();
    let metadata: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(metadata["scopes_supported"], json!(["group", "read"]));
}
