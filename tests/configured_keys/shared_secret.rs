//! Tests issuers that sign with a shared secret.

use axum_protected::revocation::Revocation;
use axum_protected::{Algorithm, Issuer, ResourceServer, ResourceServerBuilder};
use axum_protected_testing::SigningKeys;
use axum_protected_tests::{AUDIENCE, App, Call, encode, fresh_key, keys, trusting};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::directory::Directory;
use super::spki::pem;
use super::{ISSUER, build, code, problems, signed_by};

/// Its base64 has a character of each alphabet and padding.
const SECRET: [u8; 64] = [0xFB; 64];

fn issuer() -> Issuer {
    Issuer::new(ISSUER).shared_secret(SECRET)
}

fn secret() -> SigningKeys {
    SigningKeys::shared_secret(SECRET)
}

fn configured(members: &Value) -> Result<ResourceServer, String> {
    let mut issuer = json!({ "issuer": ISSUER });
    issuer.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    let configuration = json!({ "issuers": [issuer], "audiences": [AUDIENCE] });
    let builder: ResourceServerBuilder = serde_json::from_value(configuration).unwrap();
    builder.build().map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_token_of_the_secret_is_accepted_with_any_kid() {
    let server = build(issuer()).unwrap();
    assert!(server.health().ready);
    for kid in [json!("a"), json!("b"), Value::Null] {
        let token = signed_by(&secret()).header("kid", kid);
        assert_eq!(code(&server, token.clone()).await, "ok");
        assert_eq!(code(&server, token).await, "ok");
    }
    let app = App::serve(server).await;
    app.grants(&Call::get("/api/me").bearer(&signed_by(&secret()).sign())).await;
}

#[tokio::test]
async fn only_the_listed_algorithms_are_accepted() {
    let cases: [(Option<&[Algorithm]>, [&str; 3]); 3] = [
        (None, ["ok", "unsupported_algorithm", "unsupported_algorithm"]),
        (Some(&[Algorithm::HS512]), ["unsupported_algorithm", "unsupported_algorithm", "ok"]),
        (Some(&Algorithm::HMAC), ["ok", "ok", "ok"]),
    ];
    for (listed, expected) in cases {
        let issuer = match listed {
            Some(listed) => issuer().algorithms(listed.iter().copied()),
            None => issuer(),
        };
        let server = build(issuer).unwrap();
        for (algorithm, expected) in Algorithm::HMAC.into_iter().zip(expected) {
            let token = signed_by(&secret()).algorithm(algorithm);
            assert_eq!(code(&server, token).await, expected, "{listed:?} {algorithm}");
        }
    }
}

/// The algorithms of the server are for issuers that publish their keys.
#[tokio::test]
async fn the_algorithms_of_the_server_do_not_apply() {
    let server = trusting(issuer()).algorithms([Algorithm::RS256]).build().unwrap();
    assert_eq!(code(&server, signed_by(&secret())).await, "ok");
    let rs256 = signed_by(keys()).algorithm(Algorithm::RS256);
    assert_eq!(code(&server, rs256).await, "unsupported_algorithm");
    let problems = trusting("https://id.example.com").algorithms([Algorithm::HS256]).build();
    let problems = problems.unwrap_err().to_string();
    assert!(problems.contains("`HS256` of the server"), "{problems}");
}

#[tokio::test]
async fn forged_tokens_are_refused() {
    let server = build(issuer()).unwrap();
    let other = SigningKeys::shared_secret([7; 64]);
    let prefix = SigningKeys::shared_secret(&SECRET[..32]);
    for keys in [&other, &prefix] {
        for kid in [json!("a"), Value::Null] {
            let forged = signed_by(keys).header("kid", kid);
            assert_eq!(code(&server, forged).await, "invalid_signature");
        }
    }
    for algorithm in ["none", "hs256", "HS256 ", "RS256", "HS1"] {
        let forged = signed_by(&secret()).header("alg", algorithm);
        assert_eq!(code(&server, forged).await, "unsupported_algorithm", "{algorithm}");
    }
    let text = signed_by(&secret()).sign();
    let (signed, signature) = text.rsplit_once('.').unwrap();
    let decoded = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let longer = [&decoded[..], &[0]].concat();
    for signature in [&[], &decoded[..31], &decoded[..16], &longer, &[0; 32]] {
        let error =
            server.authenticate(&format!("{signed}.{}", encode(signature))).await.unwrap_err();
        assert_eq!(error.kind().code(), "invalid_signature");
    }
}

/// RFC 8725 section 2.1: an attacker knows the public key and signs with it as if it were a secret.
#[tokio::test]
async fn a_public_key_is_never_a_secret() {
    let key = fresh_key();
    let text = pem(&key, 0);
    let server = build(Issuer::new(ISSUER).public_key_pem(text.as_str())).unwrap();
    let forged = signed_by(&SigningKeys::shared_secret(text.as_bytes()));
    assert_eq!(code(&server, forged.clone()).await, "unsupported_algorithm");
    let forged = forged.header("alg", "ES256");
    assert_eq!(code(&server, forged).await, "invalid_signature");
}

/// A set that is configured or fetched is public, so its symmetric keys are known to everybody.
#[tokio::test]
async fn a_symmetric_key_of_a_set_is_never_used() {
    let oct = json!({ "kty": "oct", "k": encode(SECRET), "alg": "HS256", "kid": "a" });
    let mut set = fresh_key().jwks();
    set["keys"].as_array_mut().unwrap().push(oct);
    let problems = problems(Issuer::new(ISSUER).jwks(set.clone()));
    assert!(problems.contains("a symmetric key must not be published"), "{problems}");
    let directory = Directory::new();
    let path = directory.write("keys", set.to_string());
    let server = build(Issuer::new(ISSUER).jwks_file(path)).unwrap();
    let token = signed_by(&secret()).header("kid", "a");
    assert_eq!(code(&server, token).await, "unsupported_algorithm");
}

#[tokio::test]
async fn revocation_applies_to_tokens_of_a_secret() {
    let server = build(issuer()).unwrap();
    let token = signed_by(&secret()).claim("jti", "one");
    assert_eq!(code(&server, token.clone()).await, "ok");
    let until = server.authenticate(&token.clone().sign()).await.unwrap().expires_at().unwrap();
    server.revocations().revoke(Revocation::token(ISSUER, "one"), until).await.unwrap();
    assert_eq!(code(&server, token).await, "revoked_token");
    assert_eq!(code(&server, signed_by(&secret())).await, "ok");
}

#[tokio::test]
async fn a_file_has_the_secret_in_any_variant_of_base64() {
    let directory = Directory::new();
    let texts = [
        STANDARD.encode(SECRET),
        STANDARD_NO_PAD.encode(SECRET),
        URL_SAFE.encode(SECRET),
        URL_SAFE_NO_PAD.encode(SECRET),
    ];
    for text in &texts {
        let server = configured(&json!({ "shared_secret": text })).unwrap();
        assert_eq!(code(&server, signed_by(&secret())).await, "ok");
        for end in ["", "\n", "\r\n", " \t\n\n"] {
            let path = directory.write("secret", format!("{text}{end}"));
            let server = configured(&json!({ "shared_secret_file": path })).unwrap();
            assert_eq!(code(&server, signed_by(&secret())).await, "ok", "{end:?}");
        }
    }
    let hs512 = json!({ "shared_secret": texts[0], "algorithms": ["HS512"] });
    let server = configured(&hs512).unwrap();
    let token = signed_by(&secret()).algorithm(Algorithm::HS512);
    assert_eq!(code(&server, token).await, "ok");
}

#[test]
fn unusable_secrets_are_problems_of_the_configuration() {
    let directory = Directory::new();
    let file =
        |name: &str, content: &str| json!({ "shared_secret_file": directory.write(name, content) });
    let of = |length: usize| STANDARD.encode(vec![7; length]);
    let not_base64 = "is not one line of base64 of the octets of the secret: a passphrase cannot \
                      be used";
    let cases = [
        (json!({ "shared_secret": "correct horse battery staple" }), not_base64),
        (json!({ "shared_secret": format!("{}\n", of(32)) }), not_base64),
        (json!({ "shared_secret": format!(" {}", of(32)) }), not_base64),
        (file("spaces", &format!(" {}", of(32))), not_base64),
        (file("words", "passphrase with spaces\n"), not_base64),
        // `openssl rand -base64 64` alone writes two lines.
        (file("wrapped", &format!("{}\n{}\n", of(48), of(16))), "-base64 64 | tr -d '\\n'`"),
        (json!({ "shared_secret": "" }), "is empty"),
        (file("empty", "\n"), "is empty"),
        (json!({ "shared_secret": "mysecretpassword" }), "has 12 octets, and `HS256` needs at"),
        (json!({ "shared_secret": of(31) }), "has 31 octets, and `HS256` needs at least 32"),
        (
            json!({ "shared_secret": of(32), "algorithms": ["HS256", "HS384"] }),
            "has 32 octets, and `HS384` needs at least 48",
        ),
        (
            json!({ "shared_secret": of(63), "algorithms": ["HS512"] }),
            "has 63 octets, and `HS512` needs at least 64",
        ),
        (json!({ "shared_secret": of(32), "algorithms": [] }), "an empty list of algorithms"),
        (
            json!({ "shared_secret": of(32), "algorithms": ["HS256", "RS256"] }),
            "the algorithm `RS256` of the issuer `my-login` needs a public key",
        ),
        (
            json!({ "jwks": fresh_key().jwks(), "algorithms": ["HS256", "ES256"] }),
            "the algorithm `HS256` of the issuer `my-login` needs a shared secret",
        ),
        (json!({ "shared_secret_file": directory.at("missing") }), "cannot be read: No such file"),
        (json!({ "shared_secret_file": "/dev/zero" }), "not a regular file"),
        (json!({ "shared_secret_file": "" }), "cannot be read"),
    ];
    for (members, expected) in cases {
        let problems = configured(&members).unwrap_err();
        assert!(problems.contains(expected), "{members}: {problems}");
        assert!(problems.contains("`my-login`"), "{problems}");
    }
}

/// If an issuer had public keys and a secret, it would be unclear which of them verifies a token.
#[test]
fn a_secret_stands_alone() {
    let jwks = || fresh_key().jwks();
    let others = [
        issuer().jwks(jwks()),
        issuer().jwks_uri("https://id.example.com/keys"),
        issuer().jwks_file("/etc/hostname"),
        issuer().metadata_url("https://id.example.com/metadata"),
        issuer().seed_jwks(jwks()),
        issuer().public_key_pem(pem(&fresh_key(), 0)),
        issuer().public_key_der(""),
        issuer().shared_secret_file("/etc/hostname"),
    ];
    for issuer in others {
        let problems = problems(issuer);
        assert!(problems.contains("has both"), "{problems}");
    }
}
