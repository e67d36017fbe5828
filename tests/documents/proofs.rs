//! Tests that a document states the proofs of possession with which an operation accepts tokens.

use axum_protected::api_key::ApiKeys;
use axum_protected::dpop::Dpop;
use axum_protected::routing::get;
use axum_protected::{
    AccessToken, Issuer, ProtectedRouter, ResourceServer, ResourceServerBuilder, protected, public,
};
use axum_protected_tests::keys;
use serde_json::{Value, json};
use utoipa::{Modify, OpenApi};

const SCHEME: &str = "Access tokens in `Authorization: DPoP <token>`. Each request has a new proof in \
                      the header `DPoP` (RFC 9449)";

#[protected(any(scope = "a", scope = "b"))]
#[utoipa::path(get, path = "/both")]
async fn of_both() {}

#[protected(all(scope = "a", issuer = "acme"))]
#[utoipa::path(get, path = "/acme")]
async fn of_acme() {}

#[protected(all(scope = "a", issuer = "api-keys"))]
#[utoipa::path(get, path = "/key")]
async fn of_key() {}

#[public(reason = "landing page")]
#[utoipa::path(get, path = "/known")]
async fn known(_: Option<AccessToken>) {}

#[public(reason = "liveness probe")]
#[utoipa::path(get, path = "/open")]
async fn open() {}

#[protected(scope = "a", proof = dpop)]
#[utoipa::path(get, path = "/dpop")]
async fn by_dpop() {}

#[protected(scope = "a", proof = mtls)]
#[utoipa::path(get, path = "/mtls")]
async fn by_mtls() {}

#[protected(scope = "a", any(proof = dpop, proof = mtls))]
#[utoipa::path(get, path = "/either")]
async fn by_either() {}

#[protected(all(proof = dpop, proof = mtls))]
#[utoipa::path(get, path = "/all")]
async fn by_all() {}

#[protected(any(scope = "a", proof = dpop))]
#[utoipa::path(get, path = "/instead")]
async fn instead() {}

#[derive(OpenApi)]
#[openapi(paths(
    of_both, of_acme, of_key, known, open, by_dpop, by_mtls, by_either, by_all, instead,
))]
struct Api;

fn builder() -> ResourceServerBuilder {
    let issuer = Issuer::new("https://id.example.com").name("acme").jwks(keys().jwks());
    ResourceServer::builder()
        .issuer(issuer)
        .audience("api")
        .public_url("https://api.example.com")
        .api_keys(ApiKeys::new())
}

fn with(dpop: Dpop) -> ResourceServer {
    builder().dpop(dpop).build().unwrap()
}

fn router() -> ProtectedRouter<ResourceServer> {
    ProtectedRouter::new()
        .route("/both", get(of_both))
        .route("/acme", get(of_acme))
        .route("/key", get(of_key))
        .route("/known", get(known))
        .route("/open", get(open))
        .route("/dpop", get(by_dpop))
        .route("/mtls", get(by_mtls))
        .route("/either", get(by_either))
        .route("/all", get(by_all))
        .route("/instead", get(instead))
}

/// Returns the document that the access table and a generator without knowledge of guards make.
fn in_json(server: &ResourceServer) -> Value {
    let operation = || json!({"get": {"responses": {}}});
    let mut document = json!({"openapi": "3.1.0", "paths": {
        "/both": operation(), "/acme": operation(), "/key": operation(),
        "/known": operation(), "/open": operation(), "/dpop": operation(), "/mtls": operation(),
        "/either": operation(), "/all": operation(), "/instead": operation(),
    }});
    router().access_table().describe(&mut document).unwrap();
    server.openapi_security().apply_to(&mut document);
    document
}

/// Returns the document of utoipa, whose attributes describe the operations.
fn in_utoipa(server: &ResourceServer) -> Value {
    let mut document = Api::openapi();
    server.openapi_security().modify(&mut document);
    serde_json::to_value(&document).unwrap()
}

fn assert_security(document: &Value, expected: &[(&str, Value)]) {
    for (path, security) in expected {
        let found = &document["paths"][path]["get"]["security"];
        assert!(found == security || (*path == "/open" && found.is_null()), "{path}: {found}");
    }
}

#[test]
fn a_token_with_a_proof_is_an_alternative() {
    let server = with(Dpop::new());
    for document in [in_json(&server), in_utoipa(&server)] {
        let both = json!([
            {"oauth2": ["a"]}, {"DPoP": ["a"]}, {"api_key": ["a"]},
            {"oauth2": ["b"]}, {"DPoP": ["b"]}, {"api_key": ["b"]},
        ]);
        assert_security(
            &document,
            &[
                ("/both", both),
                ("/acme", json!([{"oauth2": ["a"]}, {"DPoP": ["a"]}])),
                ("/key", json!([{"api_key": ["a"]}])),
                ("/known", json!([{}, {"oauth2": []}, {"DPoP": []}, {"api_key": []}])),
                ("/open", json!([])),
            ],
        );
    }
}

#[test]
fn an_operation_has_the_proofs_that_its_policy_demands() {
    let certificate = |scheme: &str, scope: &str| json!({scheme: [scope], "mutualTLS": []});
    let with_dpop = with(Dpop::new());
    let without = builder().build().unwrap();
    for (server, others) in [(&with_dpop, Some("DPoP")), (&without, None)] {
        let mtls: Vec<_> =
            Some("oauth2").into_iter().chain(others).map(|one| certificate(one, "a")).collect();
        let either = [vec![json!({"DPoP": ["a"]})], mtls.clone()].concat();
        for document in [in_json(server), in_utoipa(server)] {
            let others = others.map(|name| json!({name: ["a"]}));
            let instead = [Some(json!({"oauth2": ["a"]})), others, Some(json!({"api_key": ["a"]}))];
            let proven = Some(json!({"DPoP": []}));
            let instead: Vec<_> = instead.into_iter().chain([proven]).flatten().collect();
            assert_security(
                &document,
                &[
                    ("/dpop", json!([{"DPoP": ["a"]}])),
                    ("/mtls", json!(mtls)),
                    ("/either", json!(either)),
                    ("/all", json!([{"DPoP": [], "mutualTLS": []}])),
                    ("/instead", json!(instead)),
                ],
            );
            let schemes = &document["components"]["securitySchemes"];
            assert!(schemes["DPoP"].is_object());
            assert_eq!(
                schemes["mutualTLS"],
                json!({
                    "type": "mutualTLS",
                    "description": "The client certificate to which the access token is bound (RFC 8705)",
                })
            );
        }
    }
}

#[test]
fn a_server_that_requires_certificates_has_them_in_each_alternative_with_a_token() {
    let server = builder().certificate_bound_tokens_required().build().unwrap();
    for document in [in_json(&server), in_utoipa(&server)] {
        let both = json!([
            {"oauth2": ["a"], "mutualTLS": []}, {"api_key": ["a"]},
            {"oauth2": ["b"], "mutualTLS": []}, {"api_key": ["b"]},
        ]);
        assert_security(
            &document,
            &[
                ("/both", both),
                ("/acme", json!([{"oauth2": ["a"], "mutualTLS": []}])),
                ("/key", json!([{"api_key": ["a"]}])),
                ("/known", json!([{}, {"oauth2": [], "mutualTLS": []}, {"api_key": []}])),
                ("/dpop", json!([{"DPoP": ["a"], "mutualTLS": []}])),
            ],
        );
    }
}

/// The FAPI 2.0 Security Profile requires one of the two bindings.
#[test]
fn a_server_that_requires_a_binding_has_a_certificate_or_a_proof_in_each_alternative() {
    let server = ResourceServer::builder()
        .issuer("https://id.example.com")
        .resource("https://api.example.com")
        .dpop(Dpop::new())
        .revocations_fed_by_application()
        .fapi2()
        .build()
        .unwrap();
    for document in [in_json(&server), in_utoipa(&server)] {
        let both = json!([
            {"oauth2": ["a"], "mutualTLS": []}, {"DPoP": ["a"]},
            {"oauth2": ["b"], "mutualTLS": []}, {"DPoP": ["b"]},
        ]);
        let mtls = json!([{"oauth2": ["a"], "mutualTLS": []}, {"DPoP": ["a"], "mutualTLS": []}]);
        assert_security(&document, &[("/both", both), ("/mtls", mtls)]);
    }
}

/// A scheme that no operation and no setting needs is not listed.
#[test]
fn a_document_without_proofs_has_no_scheme_for_them() {
    let server = builder().build().unwrap();
    let mut document = json!({"openapi": "3.1.0", "paths": {"/acme": {"get": {}}}});
    let routes = ProtectedRouter::<ResourceServer>::new().route("/acme", get(of_acme));
    routes.access_table().describe(&mut document).unwrap();
    server.openapi_security().apply_to(&mut document);
    let schemes = document["components"]["securitySchemes"].as_object().unwrap();
    assert_eq!(schemes.keys().collect::<Vec<_>>(), ["api_key", "oauth2"]);
}

#[test]
fn a_server_that_requires_proofs_has_no_other_scheme_for_tokens() {
    let server = with(Dpop::new().required());
    for document in [in_json(&server), in_utoipa(&server)] {
        let both =
            json!([{"DPoP": ["a"]}, {"api_key": ["a"]}, {"DPoP": ["b"]}, {"api_key": ["b"]}]);
        assert_security(
            &document,
            &[
                ("/both", both),
                ("/acme", json!([{"DPoP": ["a"]}])),
                ("/key", json!([{"api_key": ["a"]}])),
                ("/known", json!([{}, {"DPoP": []}, {"api_key": []}])),
                ("/open", json!([])),
            ],
        );
        // The scheme of the issuer tells readers where to get tokens.
        assert!(document["components"]["securitySchemes"]["oauth2"].is_object());
    }
}

#[test]
fn the_scheme_is_the_http_scheme() {
    let server = with(Dpop::new());
    assert_eq!(
        in_json(&server)["components"]["securitySchemes"]["DPoP"],
        json!({"type": "http", "scheme": "DPoP", "description": SCHEME})
    );
    // utoipa has no value for schemes that it does not know.
    assert_eq!(
        in_utoipa(&server)["components"]["securitySchemes"]["DPoP"],
        json!({"type": "apiKey", "in": "header", "name": "Authorization", "description": SCHEME})
    );
}

#[test]
fn the_nonce_of_a_refusal_is_described() {
    let with_nonces = with(Dpop::new().nonce());
    let without = with(Dpop::new());
    for (documents, has_nonce) in [
        ([in_json(&with_nonces), in_utoipa(&with_nonces)], true),
        ([in_json(&without), in_utoipa(&without)], false),
    ] {
        for document in documents {
            for path in ["/both", "/known"] {
                let headers = &document["paths"][path]["get"]["responses"]["401"]["headers"];
                assert!(headers["WWW-Authenticate"].is_object(), "{headers}");
                assert_eq!(headers["DPoP-Nonce"].is_object(), has_nonce, "{headers}");
            }
            assert!(document["paths"]["/open"]["get"]["responses"]["401"].is_null());
        }
    }
}

/// The description that an author wrote stays as it was.
#[test]
fn a_response_of_the_author_gets_no_nonce() {
    let mine = json!({"401": {"description": "mine", "headers": {}}});
    let mut document =
        json!({"openapi": "3.1.0", "paths": {"/acme": {"get": {"responses": mine}}}});
    let routes = ProtectedRouter::<ResourceServer>::new().route("/acme", get(of_acme));
    routes.access_table().describe(&mut document).unwrap();
    with(Dpop::new().nonce()).openapi_security().apply_to(&mut document);
    assert_eq!(document["paths"]["/acme"]["get"]["responses"]["401"], mine["401"]);
}

/// Tokens of several issuers have one scheme if they come with a proof.
#[test]
fn all_issuers_have_one_scheme_of_proofs() {
    let other = Issuer::new("https://b.example.com").name("DPoP").jwks(keys().jwks());
    let server = builder().issuer(other).dpop(Dpop::new()).build().unwrap();
    let document = in_json(&server);
    // An issuer may have the name of the scheme.
    let expected = json!([
        {"DPoP": ["a"]}, {"acme": ["a"]}, {"DPoP_1": ["a"]}, {"api_key": ["a"]},
        {"DPoP": ["b"]}, {"acme": ["b"]}, {"DPoP_1": ["b"]}, {"api_key": ["b"]},
    ]);
    assert_security(&document, &[("/both", expected)]);
    assert_eq!(document["components"]["securitySchemes"]["DPoP_1"]["scheme"], "DPoP");
    assert_eq!(document["components"]["securitySchemes"]["DPoP"]["scheme"], "bearer");
}
