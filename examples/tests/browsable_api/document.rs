//! Tests the OpenAPI document and the page without a browser.

use reqwest::{Client, Url};
use serde_json::Value;

use super::program::{browsable_api, start_error};

async fn get(url: &str) -> (u16, String) {
    let client = Client::builder().no_proxy().build().unwrap();
    let response = client.get(url).send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.text().await.unwrap())
}

#[tokio::test]
async fn the_document_names_an_issuer_that_redirects_back() {
    let (_program, page) = browsable_api();
    let origin = page.strip_suffix("/docs/").unwrap();
    let (_, document) = get(&format!("{origin}/api-docs/openapi.json")).await;
    let document: Value = serde_json::from_str(&document).unwrap();
    let value = |pointer: &str| document.pointer(pointer).unwrap_or(&Value::Null).clone();
    let flow = "/components/securitySchemes/oauth2/flows/authorizationCode";
    assert_eq!(value(&format!("{flow}/scopes/items:write")), "Create and change items");
    assert_eq!(value("/paths/~1api~1items/post/security/0/oauth2/0"), "items:write");
    assert_eq!(value("/paths/~1api~1items/get/security/0/oauth2/0"), "items:read");
    assert_eq!(value("/paths/~1health/get/security"), Value::Array(Vec::new()));

    let endpoint = value(&format!("{flow}/authorizationUrl"));
    let named = origin.replace("127.0.0.1", "localhost");
    for (origin, expected) in [(origin, 200), (&named, 200), ("http://127.0.0.1:1", 400)] {
        let parameters = [
            ("client_id", "swagger-ui"),
            ("redirect_uri", &format!("{origin}/docs/oauth2-redirect.html")),
            ("response_type", "code"),
            // The code challenge is the example in RFC 7636 appendix B.
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("code_challenge_method", "S256"),
        ];
        let url = Url::parse_with_params(endpoint.as_str().unwrap(), parameters).unwrap();
        assert_eq!(get(url.as_str()).await.0, expected, "{origin}");
    }
}

#[tokio::test]
async fn the_page_loads_nothing_from_other_origins() {
    let (_program, page) = browsable_api();
    let files = ["", "swagger-initializer.js", "oauth2-redirect.html", "swagger-ui.css"];
    for file in files {
        let (status, text) = get(&format!("{page}{file}")).await;
        assert_eq!(status, 200, "{file}");
        let foreign = ["src=\"http", "href=\"http", "url(http", "src=\"//", "href=\"//"];
        assert!(!foreign.iter().any(|link| text.contains(link)), "{file}");
    }
    let (status, script) = get(&format!("{page}swagger-ui-bundle.js")).await;
    assert_eq!((status, script.is_empty()), (200, false));
}

#[test]
fn the_error_says_why_it_does_not_start() {
    assert_eq!(
        start_error("here"),
        "error: `BROWSABLE_API_ADDR` is `here`, not an address such as `127.0.0.1:3000`\n"
    );
    let occupied = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = occupied.local_addr().unwrap().to_string();
    let message = start_error(&address);
    let expected = format!("error: cannot listen on {address}: ");
    assert!(message.starts_with(&expected), "{message}");
}
