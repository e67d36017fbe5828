//! Tests several resources on one host.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum_protected::{ProtectedRouter, ResourceServer, protected, routing::get};
use serde_json::json;

use super::{RESOURCE, ROOT_FORM, document, items, offline, send, token_for};

const MCP: &str = "https://api.example.com/mcp";

#[protected(scope = "notes:read")]
async fn notes() {}

/// Sends a request and returns its status and its challenge.
async fn refusal(app: &Router, path: &str, token: &str) -> (u16, String) {
    let request = Request::get(path).header("authorization", format!("Bearer {token}"));
    let answer = send(app, request.body(Body::empty()).unwrap()).await;
    (answer.status, answer.header("www-authenticate").unwrap_or_default().to_owned())
}

fn mcp() -> ProtectedRouter<ResourceServer> {
    ProtectedRouter::new().route("/notes", get(notes))
}

/// A strict client demands that `resource` is the URL that it requested (RFC 9728 section 3.3), so
/// each path can have its own document. The documents are never merged.
#[tokio::test]
async fn each_path_of_an_api_can_have_a_document() {
    let server = offline(RESOURCE).audience(RESOURCE).audience(MCP).build().unwrap();
    let other = server.for_resource(MCP).unwrap();
    let mcp_metadata = other
        .resource_metadata()
        .scopes_of(mcp().access_table())
        .path_form_only()
        .routes::<ResourceServer>();
    let app = items()
        .merge(server.resource_metadata().scopes_of(items().access_table()).routes())
        .merge(mcp_metadata)
        .nest("/mcp", mcp().with_state(other.clone()))
        .with_state(server.clone())
        .into_router()
        .unwrap();

    for (path, resource, scopes) in [
        ("/v1", RESOURCE, json!(["items:read", "items:write", "items:import"])),
        ("", RESOURCE, json!(["items:read", "items:write", "items:import"])),
        ("/mcp", MCP, json!(["notes:read"])),
        ("/mcp/", MCP, json!(["notes:read"])),
    ] {
        let found = document(&app, &format!("{ROOT_FORM}{path}")).await;
        assert_eq!((&found["resource"], &found["scopes_supported"]), (&json!(resource), &scopes));
    }
    for (path, url) in [
        ("/v1/items", "https://api.example.com/.well-known/oauth-protected-resource/v1"),
        ("/mcp/notes", "https://api.example.com/.well-known/oauth-protected-resource/mcp"),
    ] {
        let (status, challenge) = refusal(&app, path, &token_for(MCP, "")).await;
        assert_eq!(status, 403);
        let expected = format!("resource_metadata=\"{url}\"");
        assert!(challenge.ends_with(&expected), "{challenge}");
    }

    // Both servers share the revocations.
    let token = other.authenticate(&token_for(MCP, "notes:read")).await.unwrap();
    let all =
        axum_protected::revocation::Revocation::issuer(token.issuer(), token.expires_at().unwrap());
    server.revocations().revoke(all, token.expires_at().unwrap()).await.unwrap();
    let (status, challenge) = refusal(&app, "/mcp/notes", &token_for(MCP, "notes:read")).await;
    assert_eq!(status, 401);
    assert!(challenge.contains("has been revoked"), "{challenge}");
}

/// Two resources of one host cannot both be published at the root form.
#[tokio::test]
async fn two_documents_at_one_address_are_an_error() {
    let first = offline(RESOURCE).build().unwrap();
    let second = offline(MCP).build().unwrap();
    let both = |second: ProtectedRouter<ResourceServer>| {
        let first = first.resource_metadata().routes::<ResourceServer>();
        first.merge(second).into_router()
    };
    assert!(both(second.resource_metadata().routes()).is_err());
    assert!(both(second.resource_metadata().path_form_only().routes()).is_ok());
}

#[test]
fn the_identifier_of_another_resource_is_checked() {
    let server = offline(RESOURCE).build().unwrap();
    for wrong in ["", "/mcp", "http://api.example.com/mcp", "https://api.example.com/mcp#a"] {
        assert!(server.for_resource(wrong).is_err(), "{wrong}");
    }
    let other = server.for_resource(MCP).unwrap();
    assert_eq!((other.resource(), server.resource()), (Some(MCP), Some(RESOURCE)));
}
