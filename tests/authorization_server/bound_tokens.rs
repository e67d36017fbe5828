//! Tests tokens that are bound to a key (RFC 9449) or to a client certificate (RFC 8705).

use axum_protected::Algorithm;
use axum_protected_testing::{AuthorizationServer, Client, DpopKey, DpopProof, ProtectedResource};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::test_client::{
    Answer, VERIFIER, assert_refused, claims, code, code_for, posted, request, send,
};
use super::{BATCH, CALLBACK, PAGE, SECRET, builder, server};

const CREDENTIALS: [(&str, &str); 3] =
    [("grant_type", "client_credentials"), ("client_id", BATCH), ("client_secret", SECRET)];

fn proof(server: &AuthorizationServer, key: &DpopKey) -> DpopProof {
    key.proof("POST", server.token_endpoint())
}

/// Sends a token request with these proofs.
async fn token(server: &AuthorizationServer, form: &[(&str, &str)], proofs: &[&str]) -> Answer {
    let request = posted(server, "/token", form);
    send(proofs.iter().fold(request, |request, proof| request.header("dpop", *proof))).await
}

/// Redeems a code as the public client, with this proof.
async fn redeem(server: &AuthorizationServer, code: &str, proofs: &[&str]) -> Answer {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("client_id", PAGE),
        ("code_verifier", VERIFIER),
    ];
    token(server, &form, proofs).await
}

async fn refresh(server: &AuthorizationServer, token: &Value, key: Option<&DpopKey>) -> Answer {
    let refresh_token = token["refresh_token"].as_str().unwrap();
    let form =
        [("grant_type", "refresh_token"), ("refresh_token", refresh_token), ("client_id", PAGE)];
    match key {
        Some(key) => self::token(server, &form, &[&proof(server, key).sign()]).await,
        None => self::token(server, &form, &[]).await,
    }
}

fn issued(answer: &Answer, token_type: &str) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["token_type"], token_type);
    answer.json()
}

#[tokio::test]
async fn the_token_of_a_request_with_a_proof_is_bound_to_its_key() {
    let server = server().await;
    for algorithm in [Algorithm::ES256, Algorithm::EdDSA] {
        let key = DpopKey::for_algorithm(algorithm).unwrap();
        let bound =
            issued(&token(&server, &CREDENTIALS, &[&proof(&server, &key).sign()]).await, "DPoP");
        assert_eq!(claims(&bound["access_token"])["cnf"], json!({ "jkt": key.thumbprint() }));
        let code = code(&server).await;
        let bound = issued(&redeem(&server, &code, &[&proof(&server, &key).sign()]).await, "DPoP");
        assert_eq!(claims(&bound["access_token"])["cnf"], json!({ "jkt": key.thumbprint() }));
    }
    let unbound = issued(&token(&server, &CREDENTIALS, &[]).await, "Bearer");
    assert_eq!(claims(&unbound["access_token"]).get("cnf"), None);
}

#[tokio::test]
async fn a_wrong_proof_gets_no_token() {
    let server = server().await;
    let key = DpopKey::generate().unwrap();
    let good = proof(&server, &key);
    let used = good.clone().sign();
    issued(&token(&server, &CREDENTIALS, &[&used]).await, "DPoP");
    let wrong = [
        used,
        key.proof("GET", server.token_endpoint()).sign(),
        key.proof("POST", server.userinfo_endpoint()).sign(),
        good.clone().claim("jti", "1").issued_at(std::time::UNIX_EPOCH).sign(),
        good.clone().without("jti").sign(),
        good.clone().claim("jti", "2").signed_by(&DpopKey::generate().unwrap()).sign(),
        good.claim("jti", "3").private_jwk().sign(),
        "a.b.c".to_owned(),
    ];
    for wrong in wrong {
        let answer = token(&server, &CREDENTIALS, &[&wrong]).await;
        assert_refused(&answer, 400, "invalid_dpop_proof");
    }
    let two = [proof(&server, &key).sign(), proof(&server, &key).sign()];
    let answer = token(&server, &CREDENTIALS, &[&two[0], &two[1]]).await;
    assert_refused(&answer, 400, "invalid_dpop_proof");
    // A client that does not authenticate learns nothing about its proof, and uses none up.
    let unknown = [("grant_type", "client_credentials"), ("client_id", "unknown")];
    let proof = proof(&server, &key).sign();
    assert_refused(&token(&server, &unknown, &[&proof]).await, 401, "invalid_client");
    issued(&token(&server, &CREDENTIALS, &[&proof]).await, "DPoP");
}

#[tokio::test]
async fn the_refresh_tokens_of_a_public_client_are_bound_to_its_key() {
    let server = server().await;
    let (key, other) = (DpopKey::generate().unwrap(), DpopKey::generate().unwrap());
    let code = code(&server).await;
    let first = issued(&redeem(&server, &code, &[&proof(&server, &key).sign()]).await, "DPoP");
    for wrong in [None, Some(&other)] {
        assert_refused(&refresh(&server, &first, wrong).await, 400, "invalid_grant");
    }
    let second = issued(&refresh(&server, &first, Some(&key)).await, "DPoP");
    assert_eq!(claims(&second["access_token"])["cnf"], json!({ "jkt": key.thumbprint() }));
    issued(&refresh(&server, &second, Some(&key)).await, "DPoP");

    // A refresh token that is not bound may be used with any key, or without.
    let code = self::code(&server).await;
    let unbound = issued(&redeem(&server, &code, &[]).await, "Bearer");
    let bound = issued(&refresh(&server, &unbound, Some(&key)).await, "DPoP");
    issued(&refresh(&server, &bound, None).await, "Bearer");
}

#[tokio::test]
async fn the_refresh_tokens_of_a_confidential_client_are_bound_to_its_secret() {
    let server = AuthorizationServer::builder()
        .client(Client::confidential(BATCH, SECRET).redirect_uri(CALLBACK))
        .start()
        .await
        .unwrap();
    let (key, other) = (DpopKey::generate().unwrap(), DpopKey::generate().unwrap());
    let code = code_for(&server, &[("client_id", BATCH), ("scope", "openid")]).await;
    let client = [("client_id", BATCH), ("client_secret", SECRET)];
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        client[0],
        client[1],
    ];
    let first = issued(&token(&server, &form, &[&proof(&server, &key).sign()]).await, "DPoP");
    let refresh_token = first["refresh_token"].as_str().unwrap();
    let form =
        [("grant_type", "refresh_token"), ("refresh_token", refresh_token), client[0], client[1]];
    let second = issued(&token(&server, &form, &[&proof(&server, &other).sign()]).await, "DPoP");
    assert_eq!(claims(&second["access_token"])["cnf"], json!({ "jkt": other.thumbprint() }));
}

#[tokio::test]
async fn a_code_can_be_bound_to_a_key() {
    let server = server().await;
    let (key, other) = (DpopKey::generate().unwrap(), DpopKey::generate().unwrap());
    let jkt = key.thumbprint();
    let bound_code = async || code_for(&server, &[("dpop_jkt", &jkt)]).await;
    let code = bound_code().await;
    assert_refused(&redeem(&server, &code, &[]).await, 400, "invalid_grant");
    let code = bound_code().await;
    let by_other = proof(&server, &other).sign();
    assert_refused(&redeem(&server, &code, &[&by_other]).await, 400, "invalid_grant");
    let code = bound_code().await;
    issued(&redeem(&server, &code, &[&proof(&server, &key).sign()]).await, "DPoP");
    for wrong in ["short", &format!("{jkt}="), &format!("{jkt}AAAA")] {
        let answer = super::test_client::authorize(&server, &[("dpop_jkt", wrong)]).await;
        assert_eq!(answer.redirect_parameter("error").as_deref(), Some("invalid_request"));
    }
}

#[tokio::test]
async fn a_client_can_be_registered_for_bound_tokens_only() {
    let server = AuthorizationServer::builder()
        .client(Client::confidential(BATCH, SECRET).dpop_bound_access_tokens())
        .start()
        .await
        .unwrap();
    assert_refused(&token(&server, &CREDENTIALS, &[]).await, 400, "invalid_dpop_proof");
    let key = DpopKey::generate().unwrap();
    issued(&token(&server, &CREDENTIALS, &[&proof(&server, &key).sign()]).await, "DPoP");
}

#[tokio::test]
async fn a_proof_needs_a_nonce_where_the_server_requires_one() {
    let server = builder().require_dpop_nonce().start().await.unwrap();
    let key = DpopKey::generate().unwrap();
    let answer = token(&server, &CREDENTIALS, &[&proof(&server, &key).sign()]).await;
    assert_refused(&answer, 400, "use_dpop_nonce");
    let nonce = answer.header("dpop-nonce").to_owned();
    assert!(!nonce.is_empty());
    let invented = proof(&server, &key).nonce("invented").sign();
    assert_refused(&token(&server, &CREDENTIALS, &[&invented]).await, 400, "use_dpop_nonce");
    let answer = token(&server, &CREDENTIALS, &[&proof(&server, &key).nonce(&nonce).sign()]).await;
    issued(&answer, "DPoP");
    let next = answer.header("dpop-nonce");
    assert!(!next.is_empty() && next != nonce);
    issued(&token(&server, &CREDENTIALS, &[]).await, "Bearer");

    let without = builder().start().await.unwrap();
    let answer = token(&without, &CREDENTIALS, &[&proof(&without, &key).sign()]).await;
    assert_eq!(answer.header("dpop-nonce"), "");
}

#[tokio::test]
async fn the_userinfo_endpoint_takes_a_bound_token_only_with_its_proof() {
    let server = server().await;
    let (key, other) = (DpopKey::generate().unwrap(), DpopKey::generate().unwrap());
    let code = code_for(&server, &[("scope", "openid")]).await;
    let response = issued(&redeem(&server, &code, &[&proof(&server, &key).sign()]).await, "DPoP");
    let token = response["access_token"].as_str().unwrap();
    let user_info = async |scheme: &str, proof: Option<DpopProof>| {
        let call = request(&server, "GET", "/userinfo")
            .header("authorization", format!("{scheme} {token}"));
        send(match proof {
            Some(proof) => call.header("dpop", proof.sign()),
            None => call,
        })
        .await
    };
    let good = |key: &DpopKey| key.proof("GET", server.userinfo_endpoint()).access_token(token);
    assert_eq!(user_info("DPoP", Some(good(&key))).await.json()["sub"], "bob");
    let challenged = |answer: &Answer, start: &str| {
        assert_eq!(answer.status, 401);
        assert!(answer.header("www-authenticate").starts_with(start), "{start}");
    };
    let invalid_proof = r#"DPoP realm="userinfo", error="invalid_dpop_proof", algs=""#;
    challenged(&user_info("DPoP", Some(good(&other))).await, invalid_proof);
    challenged(&user_info("DPoP", Some(good(&key).without("ath"))).await, invalid_proof);
    challenged(&user_info("DPoP", None).await, invalid_proof);
    let invalid_token = r#"Bearer realm="userinfo", error="invalid_token""#;
    challenged(&user_info("Bearer", None).await, invalid_token);
    challenged(&user_info("Bearer", Some(good(&key))).await, invalid_token);
}

#[tokio::test]
async fn the_token_of_a_request_with_a_certificate_is_bound_to_it() {
    let server = server().await;
    let with_certificate = async |lines: &[&str]| {
        let request = posted(&server, "/token", &CREDENTIALS);
        send(lines.iter().fold(request, |request, line| request.header("client-cert", *line))).await
    };
    let line = format!(":{}:", STANDARD.encode("abc"));
    // The digest of `abc` is that of FIPS 180-2 appendix B.1.
    let x5t = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0";
    let bound = issued(&with_certificate(&[&line]).await, "Bearer");
    assert_eq!(claims(&bound["access_token"])["cnf"], json!({ "x5t#S256": x5t }));
    let made = claims(&json!(server.token().bound_to_certificate("abc").sign()));
    assert_eq!(made["cnf"], json!({ "x5t#S256": x5t }));
    let unpadded = URL_SAFE_NO_PAD.encode("ab");
    for wrong in ["", "::", "abc", &format!(":{unpadded}:"), ":YWJj"] {
        assert_refused(&with_certificate(&[wrong]).await, 400, "invalid_request");
    }
    assert_refused(&with_certificate(&[&line, &line]).await, 400, "invalid_request");

    let key = DpopKey::generate().unwrap();
    let both = posted(&server, "/token", &CREDENTIALS)
        .header("client-cert", line)
        .header("dpop", proof(&server, &key).sign());
    let both = issued(&send(both).await, "DPoP");
    let cnf = json!({ "jkt": key.thumbprint(), "x5t#S256": x5t });
    assert_eq!(claims(&both["access_token"])["cnf"], cnf);
}

#[tokio::test]
async fn the_binding_of_an_opaque_token_is_in_the_answer_about_it() {
    let server = AuthorizationServer::builder()
        .client(Client::confidential(BATCH, SECRET).opaque_access_tokens())
        .protected_resource(ProtectedResource::bearer("items", "secret"))
        .start()
        .await
        .unwrap();
    let key = DpopKey::generate().unwrap();
    let response =
        issued(&token(&server, &CREDENTIALS, &[&proof(&server, &key).sign()]).await, "DPoP");
    let token = response["access_token"].as_str().unwrap();
    let question = posted(&server, "/introspect", &[("token", token)])
        .header("authorization", "Bearer secret");
    let answer = send(question).await.json();
    assert_eq!(answer["token_type"], "DPoP");
    assert_eq!(answer["cnf"], json!({ "jkt": key.thumbprint() }));
}

#[tokio::test]
async fn the_metadata_and_cors_permit_proofs() {
    let server = server().await;
    let path = "/.well-known/oauth-authorization-server";
    let metadata = send(request(&server, "GET", path)).await.json();
    let algorithms = metadata["dpop_signing_alg_values_supported"].as_array().unwrap();
    for algorithm in ["ES256", "EdDSA", "RS256", "PS256"] {
        assert!(algorithms.contains(&json!(algorithm)), "{algorithm}");
    }
    assert!(!algorithms.contains(&json!("HS256")) && !algorithms.contains(&json!("none")));
    assert_eq!(metadata["tls_client_certificate_bound_access_tokens"], true);

    let preflight = request(&server, "OPTIONS", "/token")
        .header("origin", "http://127.0.0.1:3000")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "dpop");
    assert!(send(preflight).await.header("access-control-allow-headers").contains("dpop"));
    let call = request(&server, "POST", "/token").header("origin", "http://127.0.0.1:3000");
    let exposed = send(call).await.header("access-control-expose-headers").to_owned();
    assert!(exposed.contains("dpop-nonce") && exposed.contains("www-authenticate"), "{exposed}");
}
