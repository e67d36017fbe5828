//! Tests that every challenge leads to the document of its resource.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use axum_protected::{
    Authorized, Denied, Policy, ProtectedLayer, ResourceServer, check, protected,
};

use super::{RESOURCE, app, document, offline, send, token_for};

#[check]
async fn expired_session() -> Result<bool, StatusCode> {
    Err(StatusCode::UNAUTHORIZED)
}

#[check]
async fn never() -> Result<(), Denied> {
    Err(Denied)
}

#[protected(check = expired_session)]
async fn own_401() {}

#[protected(check = never)]
async fn denied() {}

#[protected(acr = "gold")]
async fn step_up() {}

#[protected(scope = "items:admin")]
async fn admin() {}

#[derive(Policy)]
#[policy(scope = "items:admin")]
struct CanAdministrate;

async fn proof(_: Authorized<CanAdministrate>) {}

fn guarded(server: &ResourceServer) -> Router {
    let layer = ProtectedLayer::<CanAdministrate, _>::new(server.clone());
    let layered = Router::new().route("/layer", get(async || ())).route_layer(layer);
    Router::new()
        .route("/own-401", get(own_401))
        .route("/denied", get(denied))
        .route("/step-up", get(step_up))
        .route("/admin", get(admin))
        .route("/proof", get(proof))
        .with_state(server.clone())
        .merge(layered)
        .merge(app(server))
}

/// Returns the `resource_metadata` of the challenge.
async fn metadata_of(app: &Router, path: &str, token: Option<&str>, status: u16) -> String {
    let mut request = Request::get(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let answer = send(app, request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, status, "{path}");
    let challenge = answer.header("www-authenticate").unwrap();
    let (_, rest) = challenge.split_once("resource_metadata=\"").expect("resource_metadata");
    assert!(!rest.contains("resource_metadata"), "{challenge}");
    rest.split_once('"').unwrap().0.to_owned()
}

/// The address in each 401 and 403 is the address of the document, whose `resource` is the
/// configured identifier.
#[tokio::test]
async fn every_challenge_leads_to_the_document() {
    for resource in [
        "https://api.example.com",
        RESOURCE,
        "https://api.example.com/v1/",
        "https://api.example.com/v1?tenant=a",
        "http://127.0.0.1:3000/v1",
    ] {
        let server = offline(resource).build().unwrap();
        let app = guarded(&server);
        let good = token_for(resource, "items:read");
        for (path, token, status) in [
            ("/v1/items", None, 401),
            ("/v1/items", Some("garbage"), 401),
            ("/v1/items", Some("a b"), 400),
            ("/admin", Some(good.as_str()), 403),
            ("/proof", Some(&good), 403),
            ("/layer", None, 401),
            ("/layer", Some(&good), 403),
            ("/denied", Some(&good), 403),
            ("/step-up", Some(&good), 401),
            ("/own-401", Some(&good), 401),
        ] {
            let url = metadata_of(&app, path, token, status).await;
            let origin = resource.split('/').take(3).collect::<Vec<_>>().join("/");
            let origin = origin.split('?').next().unwrap();
            let at = url.strip_prefix(origin).expect("the origin of the resource");
            assert_eq!(document(&app, at).await["resource"], resource, "{path}: {url}");
        }
    }
}

/// The identifier is the audience unless another is configured, for the server or for the issuer.
#[tokio::test]
async fn the_resource_is_the_audience_unless_another_is_set() {
    let explicit = || offline(RESOURCE).audience("api");
    for (builder, audience, status) in [
        (offline(RESOURCE), RESOURCE, 200),
        (offline(RESOURCE), "https://api.example.com/v1/", 401),
        (offline(RESOURCE), "https://api.example.com", 401),
        (offline(RESOURCE), "HTTPS://api.example.com/v1", 401),
        (explicit(), "api", 200),
        (explicit(), RESOURCE, 401),
    ] {
        let app = app(&builder.build().unwrap());
        let token = token_for(audience, "items:read");
        let request = Request::get("/v1/items").header("authorization", format!("Bearer {token}"));
        let answer = send(&app, request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, status, "{audience}");
    }
}

#[test]
fn the_public_url_is_the_resource_unless_it_is_set() {
    let server = offline(RESOURCE).build().unwrap();
    assert_eq!(server.public_url(), Some(RESOURCE));
    let server = offline(RESOURCE).public_url("https://gateway.example.com/items").build().unwrap();
    assert_eq!(server.public_url(), Some("https://gateway.example.com/items"));
    assert_eq!(server.resource(), Some(RESOURCE));
}
