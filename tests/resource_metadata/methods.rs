//! Tests methods, preflight requests and cache headers.

use axum::body::Body;
use axum::http::Request;

use super::{PATH_FORM, RESOURCE, ROOT_FORM, app, call, offline, send};

/// HEAD returns the head of the response to GET without the body.
#[tokio::test]
async fn head_is_get_without_the_body() {
    let app = app(&offline(RESOURCE).build().unwrap());
    for path in [PATH_FORM, ROOT_FORM] {
        let get = call(&app, "GET", path).await;
        let head = call(&app, "HEAD", path).await;
        assert_eq!((head.status, head.body.len()), (200, 0));
        for name in ["content-type", "cache-control", "access-control-allow-origin"] {
            assert_eq!(head.header(name), get.header(name), "{name}");
        }
        let length = get.body.len().to_string();
        assert_eq!(head.header("content-length"), Some(length.as_str()));
    }
}

/// Scripts in browsers need the permission, and caches need the lifetime.
#[tokio::test]
async fn scripts_of_every_origin_may_read_and_everybody_may_cache() {
    let app = app(&offline(RESOURCE).build().unwrap());
    let request = Request::get(PATH_FORM).header("origin", "https://spa.example.com");
    let answer = send(&app, request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    assert_eq!(answer.header("cache-control"), Some("public, max-age=3600"));
}

/// MCP clients in a browser send a header that needs a preflight request.
#[tokio::test]
async fn a_preflight_request_is_answered() {
    let app = app(&offline(RESOURCE).build().unwrap());
    for path in [PATH_FORM, ROOT_FORM, "/.well-known/oauth-protected-resource/other"] {
        let request = Request::builder()
            .method("OPTIONS")
            .uri(path)
            .header("origin", "https://spa.example.com")
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "mcp-protocol-version")
            .body(Body::empty())
            .unwrap();
        let answer = send(&app, request).await;
        assert_eq!((answer.status, answer.body.len()), (204, 0), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        let headers = answer.header("access-control-allow-headers").unwrap().to_lowercase();
        assert!(headers.split(", ").any(|name| name == "mcp-protocol-version"), "{headers}");
        assert!(answer.header("access-control-allow-methods").unwrap().contains("GET"));
    }
}

/// The document can only be read.
#[tokio::test]
async fn other_methods_are_not_allowed() {
    let app = app(&offline(RESOURCE).build().unwrap());
    for method in ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get"] {
        for path in [PATH_FORM, ROOT_FORM] {
            let answer = call(&app, method, path).await;
            assert_eq!(answer.status, 405, "{method}");
            assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"));
        }
    }
}

/// The routes of the document read no token, not even an invalid one.
#[tokio::test]
async fn a_token_changes_nothing() {
    let app = app(&offline(RESOURCE).build().unwrap());
    let expected = call(&app, "GET", PATH_FORM).await.body;
    for credential in ["Bearer garbage", "Basic dXNlcjpwYXNz", "Bearer"] {
        let request = Request::get(PATH_FORM).header("authorization", credential);
        let answer = send(&app, request.body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status, &answer.body), (200, &expected), "{credential}");
    }
}
