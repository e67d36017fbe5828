//! Tests the addresses of the document (RFC 9728 section 3.1).

use axum_protected::{ProtectedRouter, ResourceServer, protected};

use super::{ROOT_FORM, app, call, document, items, offline};

#[protected]
async fn fallback() {}

/// The well-known path is inserted between host and path, and a slash after the host is removed.
/// Clients differ in a slash at the end, so both forms are answered.
#[tokio::test]
async fn the_document_is_at_the_path_of_the_resource_and_at_the_root() {
    for (resource, found, missing) in [
        ("https://h", vec!["", "/"], vec!["/v1", "/.well-known"]),
        ("https://h/", vec!["", "/"], vec!["/v1", "/v1/"]),
        ("https://h/v1", vec!["", "/", "/v1", "/v1/"], vec!["/v1//", "/V1", "/v1/x", "/v"]),
        ("https://h/v1/", vec!["", "/", "/v1", "/v1/"], vec!["/v1/x", "/v2"]),
        ("https://h/a/b%20c", vec!["/a/b%20c"], vec!["/a", "/a/b", "/a/b%2520c"]),
        ("https://h/v1", vec!["/v1?x=1"], vec!["?x=1", "/x?v1"]),
        (
            "https://h/v1?x=1",
            vec!["", "/v1?x=1", "/v1/?x=1"],
            vec!["/v1", "/v1?x=2", "/v1?", "?x=1"],
        ),
        ("https://h?x=1", vec!["", "?x=1", "/?x=1"], vec!["?x=2", "/v1?x=1"]),
    ] {
        let app = app(&offline(resource).build().unwrap());
        for suffix in found {
            let found = document(&app, &format!("{ROOT_FORM}{suffix}")).await;
            assert_eq!(found["resource"], resource, "{suffix}");
        }
        for suffix in missing {
            let answer = call(&app, "GET", &format!("{ROOT_FORM}{suffix}")).await;
            assert_eq!(answer.status, 404, "{resource} {suffix}");
        }
    }
}

/// A request for an address without a document gets a 404, even if a protected fallback answers
/// every other path with a 401.
#[tokio::test]
async fn an_unknown_address_is_not_guarded() {
    let server = offline("https://api.example.com/v1").build().unwrap();
    let app = items()
        .fallback(fallback)
        .merge(server.resource_metadata().routes())
        .with_state(server)
        .into_router()
        .unwrap();
    assert_eq!(call(&app, "GET", "/elsewhere").await.status, 401);
    for method in ["GET", "HEAD", "POST", "DELETE"] {
        let answer = call(&app, method, &format!("{ROOT_FORM}/v2")).await;
        assert_eq!(answer.status, 404, "{method}");
        assert_eq!(answer.header("www-authenticate"), None);
        // A script in a browser learns of the 404 and asks for the root form.
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    }
    assert_eq!(call(&app, "GET", ROOT_FORM).await.status, 200);
}

#[tokio::test]
async fn a_path_that_axum_cannot_route_is_an_error() {
    let server = offline("https://api.example.com/:v1").build().unwrap();
    let metadata = || server.resource_metadata();
    let path_form: ProtectedRouter<ResourceServer> = metadata().path_form_only().routes();
    assert!(path_form.into_router().is_err());
    // The service below the root form compares the path itself.
    let app = app(&server);
    assert_eq!(call(&app, "GET", &format!("{ROOT_FORM}/:v1")).await.status, 200);
}
