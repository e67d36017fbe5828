//! Tests that a proof is judged once a request, whichever parts of the application ask for the token.

use axum::RequestExt;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_protected::dpop::Dpop;
use axum_protected::policy::{Demand, Operation, Requirement};
use axum_protected::{
    AccessToken, Authorized, Policy, Proof, ProtectedLayer, ResourceServer, protected,
};
use tower::ServiceExt;

use super::counting_store::CountingStore;
use super::{Client, accepting};

enum Read {}

impl Policy for Read {
    type Checks = ();
    const OPERATION: Operation =
        Operation::new("read", Requirement::One(Demand::Scope("items:read")));
}

#[protected(all(scope = "items:read", scope = "items:write"))]
async fn handler(token: AccessToken, State(_): State<ResourceServer>) -> String {
    format!("{:?}", token.proof())
}

/// Asks for the token and for a proof of the policy, without an attribute.
async fn plain(token: AccessToken, _: Authorized<Read>) -> String {
    assert!(token.has_proof(Proof::Dpop) && !token.has_proof(Proof::Mtls));
    format!("{:?}", token.proof())
}

async fn extract(
    State(server): State<ResourceServer>,
    mut request: Request,
    next: Next,
) -> Response {
    match request.extract_parts_with_state::<AccessToken, _>(&server).await {
        Ok(token) => assert_eq!(token.proof(), Some(Proof::Dpop)),
        Err(refusal) => return refusal.into_response(),
    }
    next.run(request).await
}

/// Returns a router with a middleware, a layer, a nested router with a guard, and extractors.
fn router(server: &ResourceServer, inner: ResourceServer) -> Router {
    let nested = Router::new()
        .route("/guarded", get(handler))
        .route("/plain", get(plain))
        .layer(ProtectedLayer::<Read, _>::new(inner.clone()))
        .with_state(inner);
    Router::new()
        .nest("/nested", nested)
        .layer(ProtectedLayer::<Read, _>::new(server.clone()))
        .layer(from_fn_with_state(server.clone(), extract))
}

fn request(client: &Client, path: &str) -> Request {
    Request::get(path)
        .header("authorization", format!("DPoP {}", client.token))
        .header("dpop", client.proof("GET", path).sign())
        .body(Body::empty())
        .unwrap()
}

async fn answer(router: Router, request: Request) -> (u16, String) {
    let response = router.oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn server(store: &CountingStore) -> ResourceServer {
    accepting(Dpop::new().replay_store(store.clone())).build().unwrap()
}

#[tokio::test]
async fn all_parts_of_one_request_make_one_entry() {
    let store = CountingStore::default();
    let server = server(&store);
    let (client, mut requests) = (Client::new(), 0);
    // The first request verifies the token, and the later ones find it in the cache.
    for path in ["/nested/guarded", "/nested/plain", "/nested/guarded"] {
        let router = router(&server, server.clone());
        let (status, body) = answer(router, request(&client, path)).await;
        assert_eq!((status, body.as_str()), (200, "Some(Dpop)"), "{path}");
        requests += 1;
        assert_eq!(store.calls(), requests, "{path}");
    }
}

#[tokio::test]
async fn a_server_for_another_resource_shares_the_judgement() {
    let store = CountingStore::default();
    let server = server(&store);
    let other = server.for_resource("https://api.example.com/nested").unwrap();
    let (status, body) =
        answer(router(&server, other), request(&Client::new(), "/nested/guarded")).await;
    assert_eq!((status, body.as_str()), (200, "Some(Dpop)"));
    assert_eq!(store.calls(), 1);
}

#[tokio::test]
async fn another_server_judges_anew() {
    let (outer, inner) = (CountingStore::default(), CountingStore::default());
    let router_of_two = || router(&server(&outer), server(&inner));
    let client = Client::new();
    let (status, _) = answer(router_of_two(), request(&client, "/nested/guarded")).await;
    assert_eq!(status, 200);
    assert_eq!((outer.calls(), inner.calls()), (1, 1));
    // With one store, the second server finds that the proof was used.
    let both = router(&server(&outer), server(&outer));
    let (status, body) = answer(both, request(&client, "/nested/guarded")).await;
    assert_eq!(status, 401, "{body}");
    assert!(body.contains("invalid_dpop_proof"), "{body}");
}

/// The guards of two servers may alternate in one request.
#[tokio::test]
async fn each_server_judges_a_proof_once_in_any_order() {
    let (first, second) = (CountingStore::default(), CountingStore::default());
    let (own, other) = (server(&first), server(&second));
    let router = router(&own, own.clone())
        .layer(from_fn_with_state(other.clone(), extract))
        .layer(from_fn_with_state(own.clone(), extract))
        .layer(from_fn_with_state(other, extract));
    let (status, body) = answer(router, request(&Client::new(), "/nested/guarded")).await;
    assert_eq!((status, body.as_str()), (200, "Some(Dpop)"));
    assert_eq!((first.calls(), second.calls()), (1, 1));
}

#[tokio::test]
async fn nothing_of_a_judgement_survives_its_request() {
    let store = CountingStore::default();
    let server = server(&store);
    let client = Client::new();
    let first = request(&client, "/nested/guarded");
    let copy = |from: &Request| {
        let mut copy = Request::get("/nested/guarded").body(Body::empty()).unwrap();
        copy.headers_mut().clone_from(from.headers());
        copy
    };
    let second = copy(&first);
    assert_eq!(answer(router(&server, server.clone()), first).await.0, 200);
    let (status, body) = answer(router(&server, server.clone()), second).await;
    assert_eq!(status, 401);
    assert!(body.contains("invalid_dpop_proof"), "{body}");
    // The memory of the process knows the proof.
    assert_eq!(store.calls(), 1);
}

/// The change of a request by a middleware, after it has extracted the token.
#[derive(Clone)]
struct Middleware {
    server: ResourceServer,
    change: fn(&mut Request, &Client),
    client: Client,
}

async fn change(
    State(middleware): State<Middleware>,
    mut request: Request,
    next: Next,
) -> Response {
    let Middleware { server, change, client } = middleware;
    let _: AccessToken = request.extract_parts_with_state(&server).await.unwrap();
    change(&mut request, &client);
    next.run(request).await
}

/// The outcome belongs to the token, the proof, the method and the URI that the judge has read.
#[tokio::test]
async fn a_middleware_that_changes_the_request_causes_another_judgement() {
    type Case = (fn(&mut Request, &Client), u16, usize);
    let cases: [Case; 5] = [
        (
            |request, _| {
                drop(request.headers_mut().insert("x-other", HeaderValue::from_static("a")));
            },
            200,
            1,
        ),
        (|request, _| *request.method_mut() = Method::POST, 401, 1),
        (|request, _| drop(request.headers_mut().remove("dpop")), 401, 1),
        (
            |request, client| {
                let proof = client.proof("GET", "/").sign();
                request.headers_mut().insert("dpop", proof.parse().unwrap());
            },
            200,
            2,
        ),
        (
            |request, _| {
                let line = format!("DPoP {}", Client::new().token);
                request.headers_mut().insert("authorization", line.parse().unwrap());
            },
            401,
            1,
        ),
    ];
    for (number, (change_of_request, status, calls)) in cases.into_iter().enumerate() {
        let (store, client) = (CountingStore::default(), Client::new());
        let server = server(&store);
        let middleware = Middleware {
            server: server.clone(),
            change: change_of_request,
            client: client.clone(),
        };
        let router = Router::new()
            .route("/", get(handler).post(handler))
            .layer(from_fn_with_state(middleware, change))
            .with_state(server);
        let (found, body) = answer(router, request(&client, "/")).await;
        assert_eq!((found, store.calls()), (status, calls), "case {number}: {body}");
    }
}
