//! Checks that no error, no log entry and no debug output contains a shared secret.

use axum_protected::{Algorithm, Issuer};
use axum_protected_testing::SigningKeys;
use axum_protected_tests::{Log, trusting};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::directory::Directory;
use super::{ISSUER, build, code, signed_by};

/// Octets that are readable, so that both forms of the secret can be searched for.
const OCTETS: &[u8] = b"s3cr3t-s3cr3t-s3cr3t-s3cr3t-s3cr3t";

#[tokio::test]
async fn a_secret_is_not_shown() {
    let base64 = STANDARD.encode(OCTETS);
    let (log, _guard) = Log::open();
    let directory = Directory::new();
    let in_file: Issuer = serde_json::from_value(json!({
        "issuer": ISSUER,
        "shared_secret": base64,
    }))
    .unwrap();
    let issuers = [
        Issuer::new(ISSUER).shared_secret(OCTETS),
        in_file,
        Issuer::new(ISSUER).shared_secret_file(directory.write("secret", &base64)),
    ];
    let mut shown = Vec::new();
    for issuer in issuers {
        let builder = trusting(issuer.clone());
        shown.push(format!("{issuer:?} {builder:?}"));
        let server = builder.build().unwrap();
        let keys = SigningKeys::shared_secret(OCTETS);
        assert_eq!(code(&server, signed_by(&keys)).await, "ok");
        let forger = SigningKeys::shared_secret([1; 32]);
        assert_eq!(code(&server, signed_by(&forger)).await, "invalid_signature");
        let token = server.authenticate(&signed_by(&keys).sign()).await.unwrap();
        shown.push(format!("{server:?} {keys:?} {token:?} {:?}", server.health()));
        let too_short = issuer.clone().algorithms([Algorithm::HS512]);
        let with_set = issuer.jwks(json!({}));
        for issuer in [too_short, with_set] {
            shown.push(build(issuer).unwrap_err().to_string());
        }
    }
    // A passphrase that is not base64.
    let text = String::from_utf8(OCTETS.to_vec()).unwrap() + "!";
    let passphrase: Issuer =
        serde_json::from_value(json!({ "issuer": ISSUER, "shared_secret": text })).unwrap();
    shown.push(build(passphrase).unwrap_err().to_string());
    // The secret in the place of the path of its file.
    let problem = build(Issuer::new(ISSUER).shared_secret_file(&base64)).unwrap_err().to_string();
    assert!(
        problem.contains("`shared_secret_file`") && problem.contains("No such file"),
        "{problem}"
    );
    shown.push(problem);
    shown.push(log.text());
    let shown = shown.join("\n");
    for secret in ["s3cr3t", &base64[..12], "115, 51, 99"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
